"""Large archives: articles by their address, and outlines of what stands where in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Articles have theirs once they have been read again, which is done little by little while Rasid runs.
    op.create_table(
        "outlines",
        sa.Column("place", ID, autoincrement=False, nullable=False),
        sa.Column("outline", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_outlines"),
    )
    other = sa.text("canonical_url <> url")
    op.create_index("ix_articles_url", "articles", ["url"], postgresql_using="hash")
    op.create_index(
        "ix_articles_canonical_url",
        "articles",
        ["canonical_url"],
        postgresql_using="hash",
        sqlite_where=other,
        postgresql_where=other,
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup from before instead")
