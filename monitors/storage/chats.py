"""Chats as rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, func, select, update

from monitors.chats import Chat, ChatAddress, ChatState, Transport
from monitors.storage import lanes
from monitors.storage.tables import chats
from monitors.storage.upserts import insert


def ensure_chat(
    connection: Connection,
    address: ChatAddress,
    *,
    now: datetime,
    language: str,
    title: str | None = None,
    kind: str | None = None,
    topic: str | None = None,
) -> Chat:
    """The chat at this address, created on first sight and reachable again if it had not been; one that waits for
    another bot still does.

    `kind` is Telegram's word for what it is (`Chat.type`). `language` counts only for a new chat; a known one keeps
    what it chose, and a new topic has its group's. `topic`, what a forum topic was called at first, counts until it is
    known better. One that was barred is tried again, and why it was barred is remembered until that has worked.
    """
    known = find_chat(connection, address)
    waits, gone = chats.c.state == ChatState.WAITING, chats.c.state == ChatState.UNREACHABLE
    changes: dict[str, Any] = {
        "state": case((waits, ChatState.WAITING), else_=ChatState.ACTIVE),
        "state_reason": case((gone, None), else_=chats.c.state_reason),
    }
    if topic is not None:
        changes["topic"] = func.coalesce(chats.c.topic, topic)
    changes |= {name: value for name, value in (("title", title), ("type", kind)) if value is not None}
    connection.execute(
        insert(connection, chats)
        .values(
            transport=address.transport,
            telegram_chat_id=address.chat_id,
            thread_id=address.thread_id,
            title=title,
            type=kind,
            topic=topic,
            language=(_language_of_group(connection, address) if known is None else None) or language,
            state=ChatState.ACTIVE,
            created_at=now,
        )
        .on_conflict_do_update(index_elements=["transport", "telegram_chat_id", "thread_id"], set_=changes)
    )
    found = find_chat(connection, address)
    assert found is not None
    if known is not None and known.state is not ChatState.ACTIVE:
        lanes.refresh(connection, [found.id])
    return found


def _language_of_group(connection: Connection, address: ChatAddress) -> str | None:
    """What is spoken in its General or else in its first topic; None where nothing of it is known."""
    return connection.scalar(
        select(chats.c.language)
        .where(chats.c.transport == address.transport, chats.c.telegram_chat_id == address.chat_id)
        .order_by(chats.c.thread_id)
        .limit(1)
    )


def find_chat(connection: Connection, address: ChatAddress) -> Chat | None:
    row = connection.execute(
        select(chats).where(
            chats.c.transport == address.transport,
            chats.c.telegram_chat_id == address.chat_id,
            chats.c.thread_id == address.thread_id,
        )
    ).one_or_none()
    return None if row is None else chat_of(row)


def get_chat(connection: Connection, chat_id: int) -> Chat | None:
    row = connection.execute(select(chats).where(chats.c.id == chat_id)).one_or_none()
    return None if row is None else chat_of(row)


def get_chats(connection: Connection, ids: Collection[int]) -> dict[int, Chat]:
    """By their numbers."""
    return {row.id: chat_of(row) for row in connection.execute(select(chats).where(chats.c.id.in_(ids)))}


def name_topic(connection: Connection, address: ChatAddress, name: str) -> None:
    """What this forum topic is called, if it is known."""
    connection.execute(
        update(chats)
        .where(chats.c.transport == address.transport, chats.c.telegram_chat_id == address.chat_id)
        .where(chats.c.thread_id == address.thread_id)
        .values(topic=name)
    )


def keep(connection: Connection, chat_id: int, keeper_id: int) -> None:
    """From then on the chat is managed from the private chat `keeper_id`."""
    connection.execute(update(chats).where(chats.c.id == chat_id).values(keeper_id=keeper_id))


def set_up(connection: Connection, chat_id: int, person_id: int) -> None:
    """This administrator (a number on Telegram) has something told there."""
    connection.execute(update(chats).where(chats.c.id == chat_id).values(set_up_by=person_id))


def kept_by(connection: Connection, keeper_id: int) -> list[Chat]:
    """The chats managed from this one, in the order in which they were met."""
    rows = connection.execute(select(chats).where(chats.c.keeper_id == keeper_id).order_by(chats.c.id))
    return [chat_of(row) for row in rows]


def list_chats(connection: Connection, transport: Transport | None = None) -> list[Chat]:
    """Every chat ever met, oldest first."""
    query = select(chats).order_by(chats.c.id)
    if transport is not None:
        query = query.where(chats.c.transport == transport)
    return [chat_of(row) for row in connection.execute(query)]


def set_language(connection: Connection, chat_id: int, language: str) -> None:
    connection.execute(update(chats).where(chats.c.id == chat_id).values(language=language))


def zone_of(connection: Connection, chat_id: int) -> str | None:
    """The chat's own time zone (IANA), if it has one."""
    return connection.scalar(select(chats.c.time_zone).where(chats.c.id == chat_id))


def set_zone(connection: Connection, chat_id: int, zone: str | None) -> None:
    connection.execute(update(chats).where(chats.c.id == chat_id).values(time_zone=zone))


def wants_previews(connection: Connection, chat_id: int) -> bool:
    """Whether an alert comes with the article's picture and first lines."""
    return bool(connection.scalar(select(chats.c.previews).where(chats.c.id == chat_id)))


def set_previews(connection: Connection, chat_id: int, previews: bool) -> None:
    connection.execute(update(chats).where(chats.c.id == chat_id).values(previews=previews))


def set_unreachable(connection: Connection, telegram_chat_id: int, reason: str) -> None:
    """Every thread of this Telegram chat keeps its settings and is told nothing until it writes again."""
    connection.execute(
        update(chats)
        .where(chats.c.transport == Transport.TELEGRAM, chats.c.telegram_chat_id == telegram_chat_id)
        .values(state=ChatState.UNREACHABLE, state_reason=reason, lane_priority=None)
    )


def chat_of(row: Row[Any]) -> Chat:
    """A chat from a row that holds the columns of `chats`."""
    return Chat(
        id=row.id,
        address=ChatAddress(Transport(row.transport), row.telegram_chat_id, row.thread_id),
        title=row.title,
        language=row.language,
        state=ChatState(row.state),
        created_at=row.created_at,
        type=row.type,
        keeper_id=row.keeper_id,
        state_reason=row.state_reason,
        topic=row.topic,
    )
