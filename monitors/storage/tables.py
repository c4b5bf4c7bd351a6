"""The tables.

Times are UTC (`UtcTime` refuses naive ones). Large texts live in `articles` only. Partial indexes: `indexes.py`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """An instant. Stored as timestamptz on PostgreSQL and as sortable ISO text in UTC on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive time cannot be stored: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = value
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A JSON document: jsonb on PostgreSQL, whose dialect is imported only there."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import JSONB

            return dialect.type_descriptor(JSONB())
        return dialect.type_descriptor(JSON())


Id = BigInteger().with_variant(Integer, "sqlite")

outlets = Table(
    "outlets",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("homepage", Text, nullable=False, unique=True),
    Column("language", Text),
    Column("country", Text),
    Column("time_zone", Text),
    Column("state", Text, nullable=False),
    Column("added_at", UtcTime, nullable=False),
    Column("health", Text, nullable=False, server_default="ok"),
    Column("health_since", UtcTime),
    # Whether its followers have been told of the present health.
    Column("health_told", Boolean, nullable=False, server_default=true()),
)

followers = Table(
    "followers",
    metadata,
    Column("outlet_id", Id, ForeignKey("outlets.id"), primary_key=True),
    Column("chat_id", Id, ForeignKey("chats.id"), primary_key=True, index=True),
    Column("since", UtcTime, nullable=False),
    sqlite_with_rowid=False,
)

sources = Table(
    "sources",
    metadata,
    Column("id", Id, primary_key=True),
    Column("outlet_id", Id, ForeignKey("outlets.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("url", Text, nullable=False, unique=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", Text),
    Column("next_poll_at", UtcTime, nullable=False),
    Column("first_polled_at", UtcTime),
    Column("last_polled_at", UtcTime),
    Column("last_unconditional_at", UtcTime),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("strikes", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    # Polled at all: its outlet is active and the server has not said "gone".
    Column("active", Boolean, nullable=False),
    # Why it is due when it is.
    Column("poll_reason", Text),
    Column("last_new_at", UtcTime),
    # Since when it has failed, poll after poll.
    Column("failing_since", UtcTime),
    # For how long its document says of itself that it holds.
    Column("ttl_s", Float),
    # How long its server asked to be left alone at its last answer, all its ways of asking taken together.
    Column("asked_s", Float),
    # What it publishes: a daily rate and its profile over the hours; the rate once more, for sums over all sources.
    Column("rate", Json),
    Column("items_per_day", Float),
    # The server says "not modified" although something is new, so it is asked without validators.
    Column("validators_broken", Boolean, nullable=False, server_default=false()),
    # Where a permanent redirect has been leading, since when, and how often it was seen.
    Column("moved_to", Text),
    Column("moved_since", UtcTime),
    Column("moved_times", Integer, nullable=False, server_default="0"),
    # Where pushes can be had, as its document last said (WebSub).
    Column("hub", Text),
    Column("topic", Text),
    # The further documents it consists of (a sitemap index), with the validators of each.
    Column("parts", Json),
)

hub_subscriptions = Table(
    "hub_subscriptions",
    metadata,
    Column("source_id", Id, ForeignKey("sources.id"), primary_key=True),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    # The unguessable end of our callback address, and what the hub signs with.
    Column("token", Text, nullable=False, unique=True),
    Column("secret", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("verified_at", UtcTime),
    Column("lease_until", UtcTime),
    # When to ask (again).
    Column("next_ask_at", UtcTime, nullable=False, index=True),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("error", Text),
    Column("last_push_at", UtcTime),
    # Which way showed an article first.
    Column("first_by_push", Integer, nullable=False, server_default="0"),
    Column("first_by_poll", Integer, nullable=False, server_default="0"),
)

catalogue = Table(
    "catalogue",
    metadata,
    Column("key", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_ar", Text, nullable=False),
    Column("homepage", Text, nullable=False),
    Column("host", Text, nullable=False, index=True),
    Column("country", Text, nullable=False),
    Column("leaning", Text),
    Column("language", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("verified", Boolean, nullable=False),
    # Its names as they are searched: folded, lower case.
    Column("words", Text, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("outlet_id", Id, ForeignKey("outlets.id"), primary_key=True),
    Column("fingerprint", BigInteger, primary_key=True, autoincrement=False),
    # Whose it is; no constraint, for identities outlive their articles.
    Column("article_id", Id),
    sqlite_with_rowid=False,
)

articles = Table(
    "articles",
    metadata,
    Column("id", Id, primary_key=True),
    Column("outlet_id", Id, ForeignKey("outlets.id"), nullable=False),
    Column("source_id", Id, ForeignKey("sources.id")),
    Column("url", Text, nullable=False),
    Column("canonical_url", Text, nullable=False),
    Column("guid", Text),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_origin", Text, nullable=False),
    Column("text_note", Text),
    Column("authors", Json, nullable=False, server_default="[]"),
    Column("published_at", UtcTime),
    Column("published_origin", Text),
    Column("published_confidence", Text),
    Column("modified_at", UtcTime),
    Column("language", Text),
    Column("image_url", Text),
    Column("section", Text),
    Column("tags", Json, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("saved_at", UtcTime, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("decided_at", UtcTime),
    Column("story_id", Id, ForeignKey("stories.id"), index=True),
    # Its text has versions: the present one, and the last one that was matched (0: none).
    Column("version", Integer, nullable=False, server_default="1"),
    Column("judged_version", Integer, nullable=False, server_default="0"),
    # When the present one was first seen; None for the first.
    Column("edited_at", UtcTime),
    # What its entry said of it, by which an edit is seen.
    Column("entry_hash", BigInteger),
    # How many identities it has been given since it was saved.
    Column("aliases", Integer, nullable=False, server_default="0"),
    # When its page, which could not be had, is asked for again.
    Column("retry_at", UtcTime),
    # The crawl on demand that found it; no constraint, for SQLite cannot add one.
    Column("crawl_id", Id, index=True),
    # The version whose words can be searched (0: none), and where they are kept (words.py).
    Column("words_version", Integer, nullable=False, server_default="0"),
    Column("words_place", BigInteger),
    Index("ix_articles_outlet_seen", "outlet_id", "first_seen_at"),
    Index("ix_articles_source_seen", "source_id", "first_seen_at"),
)

# What stands where in the articles of the words' index (words.py, query/outline.py), by their places there.
outlines = Table(
    "outlines",
    metadata,
    Column("place", Id, primary_key=True, autoincrement=False),
    Column("outline", LargeBinary, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
)

page_copies = Table(
    "page_copies",
    metadata,
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("url", Text, nullable=False),
    Column("content_type", Text),
    Column("fetched_at", UtcTime, nullable=False),
    # The page's bytes as they came, compressed (zlib).
    Column("body", LargeBinary, nullable=False),
)

chats = Table(
    "chats",
    metadata,
    Column("id", Id, primary_key=True),
    Column("transport", Text, nullable=False),
    Column("telegram_chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("title", Text),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_reason", Text),
    Column("created_at", UtcTime, nullable=False),
    # Until when this chat's lane rests: flood control, or a failure to be tried again.
    Column("rests_until", UtcTime),
    # Its lane (lanes.py): how urgent what comes next is, None for nothing; whether that changes a message; since when,
    # or from when on, it is this chat's turn.
    Column("lane_priority", Integer),
    Column("lane_edits", Boolean, nullable=False, server_default=false()),
    Column("lane_at", UtcTime),
    # When it was last told anything.
    Column("spoken_at", UtcTime),
    # Its watches are asked of an article after those of all others (owed).
    Column("late", Boolean, nullable=False, server_default=false()),
    # private, group, supergroup or channel (Bot API, Chat.type), as far as it is known.
    Column("type", Text),
    # Where its days begin and end (IANA); None: as the operator says for everybody.
    Column("time_zone", Text),
    # The private chat from which it is managed and whose owner hears when it cannot be told anything any more.
    Column("keeper_id", Id),
    # Whether the picture and the first lines of an article are shown with its alert.
    Column("previews", Boolean, nullable=False, server_default=true()),
    UniqueConstraint("transport", "telegram_chat_id", "thread_id"),
)

# Articles that are decided but for the watches that are asked after all others.
owed = Table(
    "owed",
    metadata,
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    # The last version those watches were asked of (0: none), and up to which it is owed.
    Column("judged_version", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)

watchlists = Table(
    "watchlists",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", Id, ForeignKey("chats.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # What an article must not meet (a query), and the outlets (ids) and languages (codes) it must be of; None: any.
    Column("excluding", Text),
    Column("outlets", Json),
    Column("languages", Json),
    # Its watches find nothing from then until it is resumed.
    Column("paused_at", UtcTime),
    # When it was deleted; it can be had back for a while.
    Column("removed_at", UtcTime),
    UniqueConstraint("chat_id", "name"),
)

watches = Table(
    "watches",
    metadata,
    Column("id", Id, primary_key=True),
    Column("watchlist_id", Id, ForeignKey("watchlists.id"), nullable=False, index=True),
    Column("query", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # When it was last paused, resumed, changed or removed; None: never.
    Column("state_since", UtcTime),
    # Grows with every change of any watch, without gaps or disorder: what the index of watches reads on from.
    Column("revision", BigInteger, nullable=False, unique=True),
)

revisions = Table(
    "revisions",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

stories = Table(
    "stories",
    metadata,
    Column("id", Id, primary_key=True),
    Column("created_at", UtcTime, nullable=False),
)

matches = Table(
    "matches",
    metadata,
    Column("article_id", Id, ForeignKey("articles.id"), primary_key=True),
    Column("watch_id", Id, ForeignKey("watches.id"), primary_key=True),
    Column("spans", Json, nullable=False),
    # The version of the article the spans point into.
    Column("version", Integer, nullable=False, server_default="1"),
    Index("ix_matches_watch", "watch_id"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", Id, ForeignKey("chats.id"), nullable=False),
    Column("story_id", Id, ForeignKey("stories.id"), nullable=False),
    Column("article_id", Id, ForeignKey("articles.id"), nullable=False, index=True),
    Column("verdict", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # When what it tells had arrived: from there its delay counts.
    Column("seen_at", UtcTime),
    # Which of the chat's subscriptions brought it; no constraint, for subscriptions end.
    Column("subscription_id", Id),
    UniqueConstraint("chat_id", "story_id"),
    Index("ix_alerts_subscription", "subscription_id", "created_at"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", Id, ForeignKey("chats.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("alert_id", Id, ForeignKey("alerts.id"), unique=True),
    Column("payload", Json, nullable=False),
    # 0 goes first: answers to people before alerts; within one priority, first in first out.
    Column("priority", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("repeats", Integer, nullable=False, server_default="0"),
    # When an uncertain delivery is repeated, and a held one is due.
    Column("not_before", UtcTime),
    # The delivery that tells this one with others.
    Column("told_in", Id, index=True),
    # Without a sound.
    Column("silent", Boolean, nullable=False, server_default=false()),
    # It changes a message, and sends none.
    Column("edits", Boolean, nullable=False, server_default=false()),
    Column("created_at", UtcTime, nullable=False),
    Column("claimed_at", UtcTime),
    Column("settled_at", UtcTime),
    Column("message_id", BigInteger),
    Column("error", Text),
    Index("ix_deliveries_chat", "chat_id", "state"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("payload", Json, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("handled_at", UtcTime),
    Column("error", Text),
)

crawl_requests = Table(
    "crawl_requests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("outlet_id", Id, ForeignKey("outlets.id"), nullable=False),
    Column("chat_id", Id, ForeignKey("chats.id")),
    # Who asked, by Telegram's number; None for the shell.
    Column("person_id", BigInteger),
    Column("requested_at", UtcTime, nullable=False),
    # How far back it goes; None for a poll of what is new.
    Column("since", UtcTime),
    # Whether what a back-fill finds may alert.
    Column("alerts", Boolean, nullable=False, server_default=true()),
    Column("state", Text, nullable=False),
    Column("found", Integer, nullable=False, server_default="0"),
    Column("new", Integer, nullable=False, server_default="0"),
    Column("failed", Integer, nullable=False, server_default="0"),
    Column("updated_at", UtcTime),
    Column("error", Text),
    # The message that shows its progress.
    Column("delivery_id", Id),
    Index("ix_crawl_requests_outlet", "outlet_id"),
    Index("ix_crawl_requests_person", "person_id", "requested_at"),
    Index("ix_crawl_requests_updated_at", "updated_at"),
)

discoveries = Table(
    "discoveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", Id, ForeignKey("chats.id"), nullable=False),
    Column("person_id", BigInteger),
    # An address, an entry of the catalogue, or a list of outlets.
    Column("kind", Text, nullable=False),
    # What was pasted, and what was found there.
    Column("address", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("result", Json),
    Column("error", Text),
    Column("requested_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime),
    # What it is followed as, and whether it was not followed before.
    Column("outlet_id", Id, index=True),
    Column("added", Boolean, nullable=False, server_default=false()),
    Column("delivery_id", Id),
    Index("ix_discoveries_person", "person_id", "requested_at"),
    Index("ix_discoveries_updated_at", "updated_at"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", Id, ForeignKey("chats.id"), nullable=False),
    # One of the two: what the chat is told of.
    Column("watchlist_id", Id, ForeignKey("watchlists.id"), index=True),
    Column("outlet_id", Id, ForeignKey("outlets.id")),
    # Sent there by the watchlist's owner; others subscribed themselves.
    Column("owned", Boolean, nullable=False, server_default=true()),
    Column("state", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
    # The rules (monitors/subscriptions.py); times of day are minutes after midnight in the chat's zone.
    Column("mode", Text, nullable=False),
    Column("digest_at", Integer, nullable=False),
    Column("quiet_from", Integer),
    Column("quiet_to", Integer),
    Column("daily_limit", Integer),
    UniqueConstraint("chat_id", "watchlist_id"),
    UniqueConstraint("outlet_id", "chat_id"),
)

mutes = Table(
    "mutes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", Id, ForeignKey("chats.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    # Of a story, an outlet or a watch.
    Column("target_id", Id),
    # None: for good.
    Column("until", UtcTime),
    Column("since", UtcTime, nullable=False),
)

saved_articles = Table(
    "saved_articles",
    metadata,
    Column("chat_id", Id, ForeignKey("chats.id"), primary_key=True),
    Column("article_id", Id, ForeignKey("articles.id"), primary_key=True),
    Column("saved_at", UtcTime, nullable=False),
    sqlite_with_rowid=False,
)

shares = Table(
    "shares",
    metadata,
    # The unguessable part of the link.
    Column("token", Text, primary_key=True),
    Column("watchlist_id", Id, ForeignKey("watchlists.id"), nullable=False, unique=True),
    Column("created_at", UtcTime, nullable=False),
)

people = Table(
    "people",
    metadata,
    # Telegram's number.
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
    # The operator who let them in or shut them out, or whose invitation they took.
    Column("by_id", BigInteger),
    # When somebody who is shut out was told so, which is done once.
    Column("answered_at", UtcTime),
)

invitations = Table(
    "invitations",
    metadata,
    Column("token", Text, primary_key=True),
    Column("by_id", BigInteger, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    # How many more people it lets in; None: any number.
    Column("uses_left", Integer),
)

# What was searched in a chat, whose pages are turned by buttons.
searches = Table(
    "searches",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", Id, ForeignKey("chats.id"), nullable=False, index=True),
    Column("query", Text, nullable=False),
    # The last so many days; None: everything.
    Column("days", Integer),
    # Where each page that was turned to begins (`searching.Page.next` of the one before; null for the first).
    Column("starts", Json, nullable=False),
    Column("asked_at", UtcTime, nullable=False, index=True),
)

dialogs = Table(
    "dialogs",
    metadata,
    # Whose next message in which chat answers which question.
    Column("chat_id", Id, ForeignKey("chats.id"), primary_key=True),
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("question", Text, nullable=False),
    Column("about", Json, nullable=False),
    Column("until", UtcTime, nullable=False),
    sqlite_with_rowid=False,
)

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", BigInteger, nullable=False),
    # The words, as the bot says them (JSON of a message).
    Column("message", Json, nullable=False),
    Column("state", Text, nullable=False),
    # It goes to chats in the order of their ids; the last one it has been enqueued for.
    Column("reached", Id, nullable=False, server_default="0"),
    Column("created_at", UtcTime, nullable=False),
    # When it was ordered to be sent.
    Column("begun_at", UtcTime),
)

alert_articles = Table(
    "alert_articles",
    metadata,
    # Articles of the story that came after its alert, or its own one when it met more: they are added to its message.
    Column("alert_id", Id, ForeignKey("alerts.id"), primary_key=True),
    Column("article_id", Id, ForeignKey("articles.id"), primary_key=True),
    Column("seen_at", UtcTime, nullable=False, index=True),
    sqlite_with_rowid=False,
)
