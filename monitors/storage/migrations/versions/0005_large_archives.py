"""Large archives: articles by their address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
