"""The inbox: raw updates stored before they are confirmed, handled once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    delete,
    func,
    literal_column,
    select,
    tuple_,
    update,
)

from monitors.storage.marks import mark_of, set_mark
from monitors.storage.tables import inbox

FORGOTTEN_AT_ONCE = LOOKED_AT_ONCE = 1_000

MOST_WAITING = 1_000
"""Of one chat. Nobody asks for as much while Rasid is away for a day; it takes a quarter of an hour to answer."""
TOO_MANY = "too many at once"
NEXT = 50
"""So many of a chat's updates are looked at together."""

_BEFORE_ALL_CHATS = -(2**63)
_BEFORE_ALL = "1970-01-01T00:00:00+00:00 0"


class Need(Enum):
    """What has to come of an update."""

    NOTHING = auto()
    ANSWER = auto()
    """Somebody wants something, and is refused where too much waits."""
    HEED = auto()
    """It changes what is known of a chat, and must not be missed."""


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """One raw update, as Telegram sent it. `refused` when it is the first of too many: with its turn the time has come
    to say so."""

    update_id: int
    payload: Mapping[str, Any]
    refused: bool = False


def store_updates(
    connection: Connection,
    updates: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
    chat_of: Callable[[Mapping[str, Any]], int] = lambda _: 0,
    need_of: Callable[[Mapping[str, Any]], Need] = lambda _: Need.ANSWER,
) -> set[int]:
    """Stores those not yet known by their `update_id`; the numbers of those that were new and wait now.

    `chat_of` says in whose order each is handled (Telegram's number of a chat, 0: in nobody's).

    Only the numbers are kept of what needs nothing, and of what somebody wants while more waits of their chat than may:
    from the first that is refused until its turn has come.
    """
    waiting, refusing = _waiting_of(connection, {chat_of(update) for update in updates})
    numbers = [each["update_id"] for each in updates]
    known = set(connection.scalars(select(inbox.c.update_id).where(inbox.c.update_id.in_(numbers))))
    rows: dict[int, dict[str, Any]] = {}
    for each in updates:
        if each["update_id"] in known:
            continue
        chat_id, need = chat_of(each), need_of(each)
        kept: dict[str, Any] = {"payload": dict(each), "handled_at": None, "error": None}
        if need is Need.NOTHING:
            kept |= {"payload": {}, "handled_at": now}
        elif need is Need.ANSWER and chat_id in refusing:
            kept |= {"payload": {}, "handled_at": now, "error": TOO_MANY}
        elif need is Need.ANSWER and waiting[chat_id] >= MOST_WAITING:
            kept["error"] = TOO_MANY
            refusing.add(chat_id)
        waiting[chat_id] += kept["handled_at"] is None
        rows[each["update_id"]] = {"update_id": each["update_id"], "chat_id": chat_id, "received_at": now} | kept
    if rows:
        connection.execute(inbox.insert(), list(rows.values()))
    return {number for number, row in rows.items() if row["handled_at"] is None}


def _waiting_of(connection: Connection, chat_ids: Collection[int]) -> tuple[Counter[int], set[int]]:
    """How many updates of each of these chats wait to be handled, and those of which one was refused."""
    rows = connection.execute(
        select(inbox.c.chat_id, func.count(), func.count(inbox.c.error))
        .where(_unhandled(connection.dialect.name), inbox.c.chat_id.in_(chat_ids))
        .group_by(inbox.c.chat_id)
    ).all()
    return Counter({row[0]: row[1] for row in rows}), {row[0] for row in rows if row[2]}


def count_refused(connection: Connection, first_id: int) -> int:
    """How many updates of the same chat were refused since this one, which was the first and counts."""
    first = select(inbox.c.chat_id, inbox.c.received_at).where(inbox.c.update_id == first_id).subquery()
    refused = select(func.count()).where(inbox.c.handled_at >= first.c.received_at, inbox.c.error == TOO_MANY)
    return connection.scalar(refused.where(inbox.c.chat_id == first.c.chat_id)) or 0


def chats_waiting(connection: Connection, *, limit: int, after: int = _BEFORE_ALL_CHATS) -> list[int]:
    """Chats (Telegram's numbers) of which updates wait to be handled, in a circle that begins behind `after`.

    One step through the index for each, however much waits.
    """
    behind = _chats_behind(connection.dialect.name)
    chats = list(connection.scalars(behind, {"after": after, "most": limit}))
    if len(chats) < limit and after != _BEFORE_ALL_CHATS:
        around = connection.scalars(behind, {"after": _BEFORE_ALL_CHATS, "most": limit - len(chats)})
        chats += [chat_id for chat_id in around if chat_id <= after]
    return chats


@cache
def _chats_behind(dialect: str) -> Select[Any]:
    lowest = select(inbox.c.chat_id).where(_unhandled(dialect)).order_by(inbox.c.chat_id).limit(literal_column("1"))
    first = lowest.where(inbox.c.chat_id > bindparam("after", type_=BigInteger)).scalar_subquery()
    chats = select(first.label("chat_id")).cte("waiting", recursive=True)
    following = lowest.where(inbox.c.chat_id > chats.c.chat_id).scalar_subquery()
    chats = chats.union_all(select(following).where(chats.c.chat_id.is_not(None)))
    return select(chats.c.chat_id).where(chats.c.chat_id.is_not(None)).limit(bindparam("most", type_=Integer))


def next_updates(connection: Connection, chat_id: int) -> list[StoredUpdate]:
    """The next ones of the chat to be handled, in the order Telegram numbered them."""
    these = {"chat_id": chat_id, "most": NEXT}
    rows = connection.execute(_next_of_a_chat(connection.dialect.name), these)
    return [StoredUpdate(row.update_id, row.payload, row.error is not None) for row in rows]


@cache
def _next_of_a_chat(dialect: str) -> Select[Any]:
    one = bindparam("chat_id", type_=BigInteger)
    return (
        select(inbox.c.update_id, inbox.c.payload, inbox.c.error)
        .where(_unhandled(dialect), inbox.c.chat_id.between(one, one))  # `==`, and PostgreSQL walks by number alone
        .order_by(inbox.c.chat_id, inbox.c.update_id)
        .limit(bindparam("most", type_=Integer))
    )


def _unhandled(dialect: str) -> ColumnElement[bool]:
    unhandled = inbox.c.handled_at.is_(None)
    return func.likely(unhandled) if dialect == "sqlite" else unhandled  # which takes them for few, and reads them all


def payload_of(connection: Connection, update_id: int) -> Mapping[str, Any] | None:
    """An update as Telegram sent it, while it is kept."""
    payload: Mapping[str, Any] | None = connection.scalar(select(inbox.c.payload).where(inbox.c.update_id == update_id))
    return payload


def mark_handled(connection: Connection, update_id: int, *, now: datetime, error: str | None = None) -> bool:
    """Part of the transaction that holds the update's effects, so that they happen once.

    False when it was handled already: then this transaction must have no effects.
    """
    marked: int = connection.execute(
        update(inbox)
        .where(inbox.c.update_id == update_id, inbox.c.handled_at.is_(None))
        .values(handled_at=now, error=error)
    ).rowcount
    return marked == 1


def forget_person(connection: Connection, user_id: int) -> bool:
    """Empties this person's among the next updates that were handled, some at a time, for everybody waits meanwhile;
    whether there may be more. A mark says how far it has come, until `forgot_person`.

    Their numbers stay, by which a repeat is recognised: they are Telegram's and say nothing of anybody.
    """
    known = mark_of(connection, _forgetting(user_id))
    moment, _, number = (known or _BEFORE_ALL).partition(" ")
    looked_at = connection.execute(
        select(inbox.c.update_id, inbox.c.handled_at)
        .where(tuple_(inbox.c.handled_at, inbox.c.update_id) > (datetime.fromisoformat(moment), int(number)))
        .order_by(inbox.c.handled_at, inbox.c.update_id)
        .limit(LOOKED_AT_ONCE)
    ).all()
    if not looked_at:
        return False
    mentioned = cast(inbox.c.payload, Text).contains(str(user_id))
    these = inbox.c.update_id.in_([row.update_id for row in looked_at])
    found = connection.execute(select(inbox.c.update_id, inbox.c.payload).where(these, mentioned))
    theirs = [row.update_id for row in found if _is_of(row.payload, user_id)]
    connection.execute(update(inbox).where(inbox.c.update_id.in_(theirs)).values(payload={}, error=None))
    last = looked_at[-1]
    set_mark(connection, _forgetting(user_id), f"{last.handled_at.isoformat()} {last.update_id}")
    return len(looked_at) == LOOKED_AT_ONCE


def forgot_person(connection: Connection, user_id: int) -> None:
    set_mark(connection, _forgetting(user_id), None)


def _forgetting(user_id: int) -> str:
    return f"inbox.forgetting.{user_id}"


def _is_of(value: Any, user_id: int) -> bool:
    """Whether somebody or some chat of this number is in it."""
    if isinstance(value, Mapping):
        return value.get("id") == user_id or any(_is_of(item, user_id) for item in value.values())
    return isinstance(value, list) and any(_is_of(item, user_id) for item in value)


def forget_handled(connection: Connection, *, before: datetime) -> bool:
    """Deletes updates handled before then, some at a time, for everybody waits meanwhile; whether there may be more.

    Telegram offers none again after 24 hours.
    """
    old = (
        select(inbox.c.update_id)
        .where(inbox.c.handled_at < before)
        .order_by(inbox.c.handled_at)
        .limit(FORGOTTEN_AT_ONCE)
    )
    forgotten = connection.execute(delete(inbox).where(inbox.c.update_id.in_(old)))
    return forgotten.rowcount == FORGOTTEN_AT_ONCE
