"""Chats and what is said in them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, Table, Text, UniqueConstraint, false, true

from monitors.storage.tables.columns import Id, Json, UtcTime, metadata

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
    # What the forum topic is called, as far as Telegram has said so.
    Column("topic", Text),
    # Where its days begin and end (IANA); None: as the operator says for everybody.
    Column("time_zone", Text),
    # The private chat from which it is managed and whose owner hears when it cannot be told anything any more.
    Column("keeper_id", Id),
    # Which administrator, by their number on Telegram, last had something told there.
    Column("set_up_by", BigInteger),
    # Whether the picture and the first lines of an article are shown with its alert.
    Column("previews", Boolean, nullable=False, server_default=true()),
    UniqueConstraint("transport", "telegram_chat_id", "thread_id"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    # In whose order it is handled, by Telegram's number of the chat; 0: in nobody's.
    Column("chat_id", BigInteger, nullable=False, server_default="0"),
    Column("payload", Json, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("handled_at", UtcTime, index=True),
    Column("error", Text),
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

# What was searched in a chat, whose pages are turned by buttons.
searches = Table(
    "searches",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", Id, ForeignKey("chats.id"), nullable=False, index=True),
    Column("query", Text, nullable=False),
    # The article that others like it are searched for; neither it nor its copies are found.
    Column("like_id", Id),
    # The last so many days; None: everything.
    Column("days", Integer),
    # Where each page that was turned to begins (`searching.Page.next` of the one before; null for the first).
    Column("starts", Json, nullable=False),
    Column("asked_at", UtcTime, nullable=False, index=True),
)

saved_articles = Table(
    "saved_articles",
    metadata,
    Column("chat_id", Id, ForeignKey("chats.id"), primary_key=True),
    Column("article_id", Id, ForeignKey("articles.id"), primary_key=True),
    Column("saved_at", UtcTime, nullable=False),
    sqlite_with_rowid=False,
)
