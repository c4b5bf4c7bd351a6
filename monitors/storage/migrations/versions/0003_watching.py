"""Watching: the words of articles, by which the archive is searched; since when watches are as they are."""

from __future__ import annotations

import string

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("watches", sa.Column("state_since", TIME))
    # With its default, every article there is has yet to be read; that is done little by little while Rasid runs.
    op.add_column("articles", sa.Column("words_version", sa.Integer(), server_default="0", nullable=False))
    op.add_column("articles", sa.Column("words_place", sa.BigInteger()))
    op.create_index(
        "ix_articles_unread",
        "articles",
        ["id"],
        sqlite_where=sa.text("words_version <> version"),
        postgresql_where=sa.text("words_version <> version"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE words (place bigint PRIMARY KEY, keys tsvector NOT NULL)")
        op.execute("CREATE INDEX ix_words_keys ON words USING gin (keys)")
    else:
        # https://sqlite.org/fts5.html: nothing but the index. A key is whatever stands between two spaces.
        signs = string.punctuation.replace("'", "''").replace('"', '""')
        op.execute(
            "CREATE VIRTUAL TABLE words USING "
            f"fts5(keys, content='', contentless_delete=1, tokenize=\"ascii tokenchars '{signs}'\")"
        )


def downgrade() -> None:
    raise NotImplementedError("restore a backup from before instead")
