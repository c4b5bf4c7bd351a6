"""The bot: subscriptions and their rules, what is muted and saved, links, people, dialogs, broadcasts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    _extend()
    _give_lanes()
    _subscribe()
    _remember_wishes()
    _remember_people()


def _extend() -> None:
    op.add_column("chats", sa.Column("type", sa.Text()))
    op.add_column("chats", sa.Column("topic", sa.Text()))
    op.add_column("chats", sa.Column("time_zone", sa.Text()))
    op.add_column("chats", sa.Column("keeper_id", ID))
    op.add_column("chats", sa.Column("previews", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("watchlists", sa.Column("excluding", sa.Text()))
    op.add_column("watchlists", sa.Column("outlets", JSON))
    op.add_column("watchlists", sa.Column("languages", JSON))
    op.add_column("watchlists", sa.Column("paused_at", TIME))
    op.add_column("watchlists", sa.Column("pauses", JSON))
    op.add_column("watchlists", sa.Column("removed_at", TIME))
    op.add_column("watches", sa.Column("pauses", JSON))
    op.add_column("discoveries", sa.Column("watchlist_id", ID))
    op.add_column("alerts", sa.Column("subscription_id", ID))
    op.create_index("ix_alerts_subscription", "alerts", ["subscription_id", "created_at"])
    op.add_column("deliveries", sa.Column("told_in", ID))
    op.create_index("ix_deliveries_told_in", "deliveries", ["told_in"])
    op.add_column("deliveries", sa.Column("silent", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("inbox", sa.Column("chat_id", sa.BigInteger(), server_default="0", nullable=False))
    op.create_index("ix_inbox_handled_at", "inbox", ["handled_at"])
    waiting = sa.text("handled_at IS NULL")
    op.drop_index("ix_inbox_unhandled", "inbox")
    op.create_index(
        "ix_inbox_unhandled", "inbox", ["chat_id", "update_id"], sqlite_where=waiting, postgresql_where=waiting
    )
    held = sa.text("state = 'held'")
    op.create_index("ix_deliveries_held", "deliveries", ["not_before"], sqlite_where=held, postgresql_where=held)


def _give_lanes() -> None:
    """Whose turn it is belongs to the chat; what waits now is put into the lanes roughly, and exactly at the start."""
    op.add_column("chats", sa.Column("lane_priority", sa.Integer()))
    op.add_column("chats", sa.Column("lane_edits", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("chats", sa.Column("lane_at", TIME))
    op.add_column("chats", sa.Column("spoken_at", TIME))
    op.add_column("deliveries", sa.Column("edits", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("deliveries", sa.Column("withheld", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE deliveries SET edits = (1 = 1) WHERE state = 'pending' AND message_id IS NOT NULL")
    op.execute(
        "UPDATE chats SET lane_at = created_at, lane_priority = "
        "(SELECT min(priority) FROM deliveries WHERE chat_id = chats.id AND state = 'pending') WHERE state = 'active'"
    )
    op.drop_index("ix_deliveries_pending", "deliveries")
    op.drop_index("uq_deliveries_in_flight", "deliveries")
    for name, table, columns, where, unique in (
        ("uq_deliveries_in_flight", "deliveries", ["chat_id"], "state = 'sending'", True),
        ("ix_deliveries_uncertain", "deliveries", ["chat_id", "not_before"], "state = 'uncertain'", False),
        ("ix_deliveries_pending", "deliveries", ["chat_id", "priority", "id"], "state = 'pending'", False),
        (
            "ix_chats_lane",
            "chats",
            ["transport", "lane_edits", "lane_priority", "lane_at"],
            "lane_priority IS NOT NULL",
            False,
        ),
    ):
        some = sa.text(where)
        op.create_index(name, table, columns, unique=unique, sqlite_where=some, postgresql_where=some)


def _subscribe() -> None:
    """Whoever had watchlists goes on taking them as before, at once."""
    op.create_table(
        "subscriptions",
        sa.Column("id", ID, primary_key=True),
        sa.Column("chat_id", ID, sa.ForeignKey("chats.id"), nullable=False),
        sa.Column("watchlist_id", ID, sa.ForeignKey("watchlists.id"), index=True),
        sa.Column("outlet_id", ID, sa.ForeignKey("outlets.id")),
        sa.Column("owned", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("pauses", JSON),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("digest_at", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Integer()),
        sa.Column("quiet_to", sa.Integer()),
        sa.Column("daily_limit", sa.Integer()),
        sa.UniqueConstraint("chat_id", "watchlist_id", name="uq_subscriptions_chat_id_watchlist_id"),
        sa.UniqueConstraint("outlet_id", "chat_id", name="uq_subscriptions_outlet_id_chat_id"),
    )
    op.execute(
        "INSERT INTO subscriptions (chat_id, watchlist_id, state, since, mode, digest_at) "
        "SELECT chat_id, id, 'active', created_at, 'instant', 480 FROM watchlists"
    )


def _remember_wishes() -> None:
    op.create_table(
        "mutes",
        sa.Column("id", ID, primary_key=True),
        sa.Column("chat_id", ID, sa.ForeignKey("chats.id"), nullable=False, index=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target_id", ID),
        sa.Column("until", TIME),
        sa.Column("since", TIME, nullable=False),
    )
    op.create_table(
        "saved_articles",
        sa.Column("chat_id", ID, sa.ForeignKey("chats.id"), primary_key=True),
        sa.Column("article_id", ID, sa.ForeignKey("articles.id"), primary_key=True),
        sa.Column("saved_at", TIME, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "shares",
        sa.Column("token", sa.Text(), primary_key=True),
        sa.Column("watchlist_id", ID, sa.ForeignKey("watchlists.id"), nullable=False, unique=True),
        sa.Column("created_at", TIME, nullable=False),
    )
    op.create_table(
        "dialogs",
        sa.Column("chat_id", ID, sa.ForeignKey("chats.id"), primary_key=True),
        sa.Column("person_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("about", JSON, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "searches",
        sa.Column("id", ID, primary_key=True),
        sa.Column("chat_id", ID, sa.ForeignKey("chats.id"), nullable=False, index=True),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("like_id", ID),
        sa.Column("days", sa.Integer()),
        sa.Column("starts", JSON, nullable=False),
        sa.Column("asked_at", TIME, nullable=False, index=True),
    )
    op.create_table(
        "alert_articles",
        sa.Column("alert_id", ID, sa.ForeignKey("alerts.id"), primary_key=True),
        sa.Column("article_id", ID, sa.ForeignKey("articles.id"), primary_key=True),
        sa.Column("seen_at", TIME, nullable=False, index=True),
        sqlite_with_rowid=False,
    )


def _remember_people() -> None:
    op.create_table(
        "people",
        sa.Column("user_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("by_id", sa.BigInteger()),
        sa.Column("answered_at", TIME),
    )
    op.create_table(
        "own_limits",
        sa.Column("user_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("size", sa.Text(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("by_id", sa.BigInteger()),
    )
    op.create_table(
        "invitations",
        sa.Column("token", sa.Text(), primary_key=True),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME),
        sa.Column("uses_left", sa.Integer()),
    )
    op.create_table(
        "broadcasts",
        sa.Column("id", ID, primary_key=True),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("message", JSON, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reached", ID, server_default="0", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("begun_at", TIME),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup from before instead")
