"""Collecting: kinds of sources, rates, health, versions, the catalogue, pushes, and requests from chats."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    _articles()
    _crawl_requests()
    _new_tables()


def _columns() -> dict[str, list[sa.Column[Any]]]:
    return {
        "outlets": [
            sa.Column("health", sa.Text(), server_default="ok", nullable=False),
            sa.Column("health_since", TIME),
            sa.Column("health_told", sa.Boolean(), server_default=sa.true(), nullable=False),
        ],
        "sources": [
            sa.Column("poll_reason", sa.Text()),
            sa.Column("last_new_at", TIME),
            sa.Column("failing_since", TIME),
            sa.Column("ttl_s", sa.Float()),
            sa.Column("asked_s", sa.Float()),
            sa.Column("rate", JSON),
            sa.Column("items_per_day", sa.Float()),
            sa.Column("validators_broken", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("moved_to", sa.Text()),
            sa.Column("moved_since", TIME),
            sa.Column("moved_times", sa.Integer(), server_default="0", nullable=False),
            sa.Column("hub", sa.Text()),
            sa.Column("topic", sa.Text()),
            sa.Column("parts", JSON),
        ],
        "fingerprints": [sa.Column("article_id", ID)],
        "matches": [sa.Column("version", sa.Integer(), server_default="1", nullable=False)],
        "alerts": [sa.Column("seen_at", TIME)],
        "articles": [
            sa.Column("authors", JSON, server_default="[]", nullable=False),
            sa.Column("published_confidence", sa.Text()),
            sa.Column("modified_at", TIME),
            sa.Column("section", sa.Text()),
            sa.Column("version", sa.Integer(), server_default="1", nullable=False),
            sa.Column("judged_version", sa.Integer(), server_default="0", nullable=False),
            sa.Column("edited_at", TIME),
            sa.Column("entry_hash", sa.BigInteger()),
            sa.Column("aliases", sa.Integer(), server_default="0", nullable=False),
            sa.Column("retry_at", TIME),
            sa.Column("crawl_id", ID),
        ],
        "crawl_requests": [
            sa.Column("person_id", sa.BigInteger()),
            sa.Column("since", TIME),
            sa.Column("alerts", sa.Boolean(), server_default=sa.true(), nullable=False),
            sa.Column("state", sa.Text(), server_default="finished", nullable=False),
            sa.Column("updated_at", TIME),
            sa.Column("error", sa.Text()),
            sa.Column("delivery_id", ID),
        ],
    }


def _articles() -> None:
    one = "jsonb_build_array" if op.get_bind().dialect.name == "postgresql" else "json_array"
    op.execute(f"UPDATE articles SET authors = {one}(author) WHERE author IS NOT NULL")  # noqa: S608 - our own words
    op.drop_column("articles", "author")
    # Whatever has been matched, or was never to be, is not matched again for being edited.
    op.execute("UPDATE articles SET judged_version = 1 WHERE state <> 'pending'")
    op.create_index(
        "ix_articles_retry",
        "articles",
        ["retry_at"],
        sqlite_where=sa.text("retry_at IS NOT NULL"),
        postgresql_where=sa.text("retry_at IS NOT NULL"),
    )
    op.create_index("ix_articles_crawl_id", "articles", ["crawl_id"])
    op.create_index("ix_articles_saved_at", "articles", ["saved_at"])


def _crawl_requests() -> None:
    op.execute("UPDATE crawl_requests SET state = 'running' WHERE NOT finished")
    op.drop_column("crawl_requests", "finished")
    op.create_index("ix_crawl_requests_person", "crawl_requests", ["person_id", "requested_at"])
    op.create_index("ix_crawl_requests_updated_at", "crawl_requests", ["updated_at"])
    op.create_index(
        "ix_crawl_requests_open",
        "crawl_requests",
        ["id"],
        sqlite_where=sa.text("state IN ('waiting', 'running')"),
        postgresql_where=sa.text("state IN ('waiting', 'running')"),
    )


def _new_tables() -> None:
    op.create_table(
        "followers",
        sa.Column("outlet_id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_followers_outlet_id")),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_followers_chat_id")),
        sa.PrimaryKeyConstraint("outlet_id", "chat_id", name=op.f("pk_followers")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_followers_chat_id", "followers", ["chat_id"])
    op.create_table(
        "hub_subscriptions",
        sa.Column("source_id", ID, nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("verified_at", TIME),
        sa.Column("lease_until", TIME),
        sa.Column("next_ask_at", TIME, nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("last_push_at", TIME),
        sa.Column("first_by_push", sa.Integer(), server_default="0", nullable=False),
        sa.Column("first_by_poll", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_hub_subscriptions_source_id")),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_hub_subscriptions")),
        sa.UniqueConstraint("token", name=op.f("uq_hub_subscriptions_token")),
    )
    op.create_index("ix_hub_subscriptions_next_ask_at", "hub_subscriptions", ["next_ask_at"])
    op.create_table(
        "catalogue",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_ar", sa.Text(), nullable=False),
        sa.Column("homepage", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("leaning", sa.Text()),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_catalogue")),
    )
    op.create_index("ix_catalogue_host", "catalogue", ["host"])
    op.create_table(
        "marks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )
    op.create_table(
        "versions",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_versions_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "number", name=op.f("pk_versions")),
    )
    op.create_table(
        "page_copies",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text()),
        sa.Column("fetched_at", TIME, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_page_copies_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "version", name=op.f("pk_page_copies")),
    )
    op.create_table(
        "discoveries",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("person_id", sa.BigInteger()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("result", JSON),
        sa.Column("error", sa.Text()),
        sa.Column("requested_at", TIME, nullable=False),
        sa.Column("updated_at", TIME),
        sa.Column("outlet_id", ID),
        sa.Column("added", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("delivery_id", ID),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_discoveries_chat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discoveries")),
    )
    op.create_index("ix_discoveries_outlet_id", "discoveries", ["outlet_id"])
    op.create_index("ix_discoveries_person", "discoveries", ["person_id", "requested_at"])
    op.create_index("ix_discoveries_updated_at", "discoveries", ["updated_at"])
    op.create_index(
        "ix_discoveries_open",
        "discoveries",
        ["id"],
        sqlite_where=sa.text("state IN ('waiting', 'following')"),
        postgresql_where=sa.text("state IN ('waiting', 'following')"),
    )


def downgrade() -> None:
    raise NotImplementedError("articles have versions now; restore a backup from before instead")
