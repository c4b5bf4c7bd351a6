"""Stories that several outlets tell: what of an article is compared with others, and which ones said it before. And who
set up what a group is told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "retellings",
        sa.Column("article_id", ID, sa.ForeignKey("articles.id"), primary_key=True, autoincrement=False),
        sa.Column("told_id", ID, sa.ForeignKey("articles.id"), primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("told_version", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "gists",
        sa.Column("day", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("article_id", ID, sa.ForeignKey("articles.id"), primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outlet_id", ID, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("published_at", TIME),
        sa.Column("gist", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "story_runs",
        sa.Column("day", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("run", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("article_id", ID, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    _grow()
    op.add_column("chats", sa.Column("set_up_by", sa.BigInteger()))


def _grow() -> None:
    """An alert knows itself that its article has met more since: nothing else ever made it grow."""
    op.add_column("alerts", sa.Column("grown_at", TIME))
    op.execute(
        "UPDATE alerts SET grown_at = grown.at FROM "
        "(SELECT alert_id, max(seen_at) AS at FROM alert_articles GROUP BY alert_id) AS grown "
        "WHERE grown.alert_id = alerts.id"
    )
    op.drop_table("alert_articles")
    grown = sa.text("grown_at IS NOT NULL")
    op.create_index("ix_alerts_grown", "alerts", ["grown_at"], sqlite_where=grown, postgresql_where=grown)


def downgrade() -> None:
    raise NotImplementedError("restore a backup from before instead")
