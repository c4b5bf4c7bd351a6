"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "chats",
        sa.Column("id", ID, nullable=False),
        sa.Column("transport", sa.Text(), nullable=False),
        sa.Column("telegram_chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("rests_until", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chats")),
        sa.UniqueConstraint(
            "transport",
            "telegram_chat_id",
            "thread_id",
            name=op.f("uq_chats_transport_telegram_chat_id_thread_id"),
        ),
    )
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("handled_at", TIME, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_inbox")),
    )
    op.create_index(
        "ix_inbox_unhandled",
        "inbox",
        ["update_id"],
        unique=False,
        sqlite_where=sa.text("handled_at IS NULL"),
        postgresql_where=sa.text("handled_at IS NULL"),
    )

    op.create_table(
        "outlets",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("homepage", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlets")),
        sa.UniqueConstraint("homepage", name=op.f("uq_outlets_homepage")),
    )
    op.create_table(
        "revisions",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_revisions")),
    )
    op.create_table(
        "stories",
        sa.Column("id", ID, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
    )
    op.create_table(
        "crawl_requests",
        sa.Column("id", ID, nullable=False),
        sa.Column("outlet_id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=True),
        sa.Column("requested_at", TIME, nullable=False),
        sa.Column("finished", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("found", sa.Integer(), server_default="0", nullable=False),
        sa.Column("new", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_crawl_requests_chat_id")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_crawl_requests_outlet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawl_requests")),
    )
    op.create_index("ix_crawl_requests_outlet", "crawl_requests", ["outlet_id"], unique=False)

    op.create_table(
        "fingerprints",
        sa.Column("outlet_id", ID, nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_fingerprints_outlet_id")),
        sa.PrimaryKeyConstraint("outlet_id", "fingerprint", name=op.f("pk_fingerprints")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sources",
        sa.Column("id", ID, nullable=False),
        sa.Column("outlet_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.Text(), nullable=True),
        sa.Column("next_poll_at", TIME, nullable=False),
        sa.Column("first_polled_at", TIME, nullable=True),
        sa.Column("last_polled_at", TIME, nullable=True),
        sa.Column("last_unconditional_at", TIME, nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("strikes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_sources_outlet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("url", name=op.f("uq_sources_url")),
    )
    op.create_index(
        "ix_sources_due",
        "sources",
        ["next_poll_at"],
        unique=False,
        sqlite_where=sa.text("active = 1"),
        postgresql_where=sa.text("active"),
    )
    op.create_index(op.f("ix_sources_outlet_id"), "sources", ["outlet_id"], unique=False)

    op.create_table(
        "watchlists",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_watchlists_chat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watchlists")),
        sa.UniqueConstraint("chat_id", "name", name=op.f("uq_watchlists_chat_id_name")),
    )
    op.create_table(
        "articles",
        sa.Column("id", ID, nullable=False),
        sa.Column("outlet_id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("canonical_url", sa.Text(), nullable=False),
        sa.Column("guid", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_origin", sa.Text(), nullable=False),
        sa.Column("text_note", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("published_at", TIME, nullable=True),
        sa.Column("published_origin", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("first_seen_at", TIME, nullable=False),
        sa.Column("saved_at", TIME, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("story_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_articles_outlet_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_articles_source_id")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_articles_story_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
    )
    op.create_index("ix_articles_outlet_seen", "articles", ["outlet_id", "first_seen_at"], unique=False)
    op.create_index(
        "ix_articles_pending",
        "articles",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_articles_source_seen", "articles", ["source_id", "first_seen_at"], unique=False)
    op.create_index(op.f("ix_articles_story_id"), "articles", ["story_id"], unique=False)

    op.create_table(
        "watches",
        sa.Column("id", ID, nullable=False),
        sa.Column("watchlist_id", ID, nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["watchlist_id"], ["watchlists.id"], name=op.f("fk_watches_watchlist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
        sa.UniqueConstraint("revision", name=op.f("uq_watches_revision")),
    )
    op.create_index(op.f("ix_watches_watchlist_id"), "watches", ["watchlist_id"], unique=False)
    op.create_index(
        "uq_watches_standing",
        "watches",
        ["watchlist_id", "query"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )

    op.create_table(
        "alerts",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("story_id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_alerts_article_id")),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_alerts_chat_id")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_alerts_story_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("chat_id", "story_id", name=op.f("uq_alerts_chat_id_story_id")),
    )
    op.create_index(op.f("ix_alerts_article_id"), "alerts", ["article_id"], unique=False)

    op.create_table(
        "matches",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("watch_id", ID, nullable=False),
        sa.Column("spans", JSON, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_matches_article_id")),
        sa.ForeignKeyConstraint(["watch_id"], ["watches.id"], name=op.f("fk_matches_watch_id")),
        sa.PrimaryKeyConstraint("article_id", "watch_id", name=op.f("pk_matches")),
    )
    op.create_index("ix_matches_watch", "matches", ["watch_id"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("alert_id", ID, nullable=True),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("repeats", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("claimed_at", TIME, nullable=True),
        sa.Column("settled_at", TIME, nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_deliveries_alert_id")),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_deliveries_chat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("alert_id", name=op.f("uq_deliveries_alert_id")),
    )
    op.create_index("ix_deliveries_chat", "deliveries", ["chat_id", "state"], unique=False)
    op.create_index(
        "ix_deliveries_pending",
        "deliveries",
        ["priority", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "uq_deliveries_in_flight",
        "deliveries",
        ["chat_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('sending', 'uncertain')"),
        postgresql_where=sa.text("state IN ('sending', 'uncertain')"),
    )


def downgrade() -> None:
    for name in (
        "deliveries",
        "matches",
        "alerts",
        "watches",
        "articles",
        "watchlists",
        "sources",
        "fingerprints",
        "crawl_requests",
        "stories",
        "revisions",
        "outlets",
        "inbox",
        "chats",
    ):
        op.drop_table(name)
