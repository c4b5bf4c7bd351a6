"""Groups that became supergroups: what belonged to the one belongs to the other, under another number.

Telegram announces it to both sides and answers with it, so the new chat may already have rows of its own. What is being
sent at that moment comes after it (`follow`).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, case, delete, exists, select, update

from monitors.alerts import Delivery, DeliveryState
from monitors.chats import Chat, ChatAddress, ChatState, Transport
from monitors.storage import lanes
from monitors.storage.chats import find_chat
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
_MOVED = "migrated to "
"""Why a row that another one took over can be told nothing; the number of that group follows."""


def migrate(connection: Connection, old_id: int, new_id: int) -> None:
    """What belonged to `old_id` belongs to `new_id` from here on; rows of the new chat take over the watchlists and
    whatever is still to be said. Asked again, it does so with what has come since."""
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
            .values(state=ChatState.UNREACHABLE, state_reason=f"{_MOVED}{new_id}")
        )
        lanes.refresh(connection, [row.id, target.id])
        if row.late:  # so its watches have yet to be asked of what is owed
            connection.execute(update(chats).where(chats.c.id == target.id).values(late=True))


def moved_to(connection: Connection, chat: Chat) -> int | None:
    """The number of the group that this chat, as it was when it was read, has become since; None while it is that, and
    when it was deleted."""
    row = connection.execute(_place(), {"chat": chat.id}).one_or_none()
    if row is None:
        return None
    if row.telegram_chat_id != chat.address.chat_id:
        return int(row.telegram_chat_id)
    reason = row.state_reason or ""
    return int(reason.removeprefix(_MOVED)) if reason.startswith(_MOVED) else None


@cache
def _place() -> Select[Any]:
    return select(chats.c.telegram_chat_id, chats.c.state_reason).where(chats.c.id == bindparam("chat"))


def follow(connection: Connection, delivery: Delivery, new_id: int) -> None:
    """T3: what was under way while its chat became that one goes there as well, and if it arrived, its number means
    nothing now."""
    forget_messages(connection, deliveries.c.id == delivery.id)
    migrate(connection, delivery.chat.address.chat_id, new_id)


def fetch(connection: Connection) -> None:
    """At start: what a dead process was sending to chats that have become others goes there."""
    left = select(chats.c.telegram_chat_id, chats.c.state_reason).where(
        chats.c.transport == Transport.TELEGRAM, chats.c.state_reason.startswith(_MOVED)
    )
    waiting = exists().where(deliveries.c.chat_id == chats.c.id, deliveries.c.state.in_(_OPEN))
    for row in connection.execute(left.where(waiting).distinct()).all():
        migrate(connection, row.telegram_chat_id, int(row.state_reason.removeprefix(_MOVED)))


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
