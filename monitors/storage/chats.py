"""Chats as rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, delete, func, select, update

from monitors.alerts import DeliveryState
from monitors.chats import Chat, ChatAddress, ChatState, Transport
from monitors.storage import lanes
from monitors.storage.message_ids import forget_messages
from monitors.storage.subscriptions import hand_over
from monitors.storage.tables import (
    alerts,
    chats,
    crawl_requests,
    deliveries,
    dialogs,
    discoveries,
    followers,
    mutes,
    own_limits,
    people,
    saved_articles,
    searches,
    watchlists,
)
from monitors.storage.upserts import insert

_OPEN = (DeliveryState.HELD, DeliveryState.PENDING, DeliveryState.UNCERTAIN)


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
    what it chose. `topic`, what a forum topic was called at first, counts until it is known better. One that was barred
    is tried again, and why it was barred is remembered until that has worked.
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
            language=language,
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


def migrate(connection: Connection, old_id: int, new_id: int) -> None:
    """A group became a supergroup: what belonged to `old_id` belongs to `new_id` from here on.

    Telegram announces it to both sides, so the new chat may already have rows of its own; they take over the
    watchlists and whatever is still to be said.
    """
    _keep_decisions(connection, old_id, new_id)
    mine = (chats.c.transport == Transport.TELEGRAM, chats.c.telegram_chat_id == old_id)
    for row in connection.execute(select(chats).where(*mine)).all():
        address = ChatAddress(Transport.TELEGRAM, new_id, row.thread_id)
        target = find_chat(connection, address)
        forget_messages(connection, deliveries.c.chat_id == row.id)
        if target is None:
            connection.execute(
                update(chats)
                .where(chats.c.id == row.id)
                .values(telegram_chat_id=new_id, type="supergroup", rests_until=None)
            )
            lanes.refresh(connection, [row.id])
            continue
        taken = set(connection.scalars(select(watchlists.c.name).where(watchlists.c.chat_id == target.id)))
        for watchlist in connection.execute(select(watchlists).where(watchlists.c.chat_id == row.id)).all():
            name = watchlist.name
            while name in taken:
                name = f"{name}+"
            taken.add(name)
            connection.execute(
                update(watchlists).where(watchlists.c.id == watchlist.id).values(chat_id=target.id, name=name)
            )
        _move_subscriptions(connection, row.id, target.id)
        move_deliveries(connection, row.id, target.id)
        _move_requests(connection, row.id, target.id)
        _move_what_is_kept(connection, row, target)
        connection.execute(
            update(chats)
            .where(chats.c.id == row.id)
            .values(state=ChatState.UNREACHABLE, state_reason=f"migrated to {new_id}")
        )
        lanes.refresh(connection, [row.id, target.id])
        if row.late:  # so its watches have yet to be asked of what is owed
            connection.execute(update(chats).where(chats.c.id == target.id).values(late=True))


def _keep_decisions(connection: Connection, old_id: int, new_id: int) -> None:
    """What operators decided of the group holds on, unless they have decided of the new one."""
    for decided in (people, own_limits):
        there = select(decided.c.user_id).where(decided.c.user_id == new_id)
        of_old = update(decided).where(decided.c.user_id == old_id, ~there.exists())
        connection.execute(of_old.values(user_id=new_id))


def move_deliveries(connection: Connection, old_lane: int, new_lane: int) -> None:
    """What is still to be said goes to the new lane; what may have been said already, as a marked repeat."""
    digests = select(deliveries.c.id).where(deliveries.c.chat_id == old_lane, deliveries.c.state.in_(_OPEN))
    parts = update(deliveries).where(deliveries.c.chat_id == old_lane, deliveries.c.told_in.in_(digests))
    connection.execute(parts.values(chat_id=new_lane))
    open_ones = update(deliveries).where(deliveries.c.chat_id == old_lane)
    doubtful = deliveries.c.state == DeliveryState.UNCERTAIN
    repeats = deliveries.c.repeats + case((doubtful, 1), else_=0)
    state = case((doubtful, DeliveryState.PENDING.value), else_=deliveries.c.state)
    connection.execute(
        open_ones.where(deliveries.c.state.in_(_OPEN)).values(chat_id=new_lane, state=state, repeats=repeats)
    )


def _move_subscriptions(connection: Connection, old: int, new: int) -> None:
    """What both took, the new one goes on taking by its own rules; what is muted stays so."""
    hand_over(connection, old, new)
    connection.execute(update(mutes).where(mutes.c.chat_id == old).values(chat_id=new))
    connection.execute(update(chats).where(chats.c.keeper_id == old).values(keeper_id=new))


def _move_what_is_kept(connection: Connection, old: Row[Any], new: Chat) -> None:
    """What is saved, what was told, open questions, and who manages the chat. What both have, the new one's counts."""
    for table, key in ((saved_articles, "article_id"), (dialogs, "person_id"), (alerts, "story_id")):
        there = select(table.c[key]).where(table.c.chat_id == new.id)
        mine = table.c.chat_id == old.id
        connection.execute(update(table).where(mine, table.c[key].not_in(there)).values(chat_id=new.id))
        if table is not alerts:  # those that are left have deliveries
            connection.execute(delete(table).where(mine))
    connection.execute(update(chats).where(chats.c.id == old.id).values(keeper_id=None))
    if new.keeper_id is None:
        managed = {"keeper_id": old.keeper_id, "set_up_by": old.set_up_by}
        connection.execute(update(chats).where(chats.c.id == new.id).values(managed))


def _move_requests(connection: Connection, old: int, new: int) -> None:
    """Outlets followed, and what was asked for: crawls, looks at addresses, searches whose pages can be turned."""
    mine = connection.execute(select(followers).where(followers.c.chat_id == old)).all()
    for row in mine:
        connection.execute(
            insert(connection, followers)
            .values(outlet_id=row.outlet_id, chat_id=new, since=row.since)
            .on_conflict_do_nothing()
        )
    connection.execute(delete(followers).where(followers.c.chat_id == old))
    for table in (crawl_requests, discoveries, searches):
        connection.execute(update(table).where(table.c.chat_id == old).values(chat_id=new))


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
