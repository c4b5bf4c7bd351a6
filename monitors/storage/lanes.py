"""Lanes: which chats have something to be told, what comes next in each, and whose turn it is.

A chat's lane is three columns of its row, made by `refresh` of its deliveries whenever those, its state or its rest
change. So claiming reads the lanes whose turn it is and no others, however much is pending. What comes next in a lane:
answers; what may have been said already, when it is due to be said again; then everything else, first in, first out.
Only answers and changes of messages pass an alert that may have been said. Of lanes with equally urgent things, first
comes the chat that has been told nothing for longest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Executable,
    Integer,
    Row,
    Select,
    bindparam,
    case,
    exists,
    func,
    literal,
    select,
    union_all,
    update,
)

from monitors.alerts import Room
from monitors.chats import ChatState, Transport
from monitors.storage.portions import portions
from monitors.storage.tables import chats, deliveries

ANSWERS: Final = 0
NOTICES: Final = 1
ALERTS: Final = 2
PROGRESS: Final = 3
BROADCASTS: Final = 4
"""Priorities of deliveries: the smallest goes first."""

# What is asked for every message is made once (`@cache`) and then given its values: SQLAlchemy takes longer to make
# such a statement than the database to answer it.

_PASSING = (ANSWERS, PROGRESS)
_QUEUES = [(priority, edits) for priority in range(BROADCASTS + 1) for edits in (False, True)]
_SORTS = ((True, False), (False, False), (False, True))
"""Of deliveries, between which room is shared out: (answers, changes of messages)."""
_AT_ONCE = 500

# Partial indexes are used only for literal states.
PENDING, SENDING, UNCERTAIN = (literal(state, literal_execute=True) for state in ("pending", "sending", "uncertain"))

TURN = func.coalesce(chats.c.spoken_at, chats.c.created_at)
"""Since when a chat has been told nothing."""


def refresh(connection: Connection, chat_ids: Iterable[int], *, waits: bool = True) -> None:
    """Makes the lanes of these chats of what their rows say; asked for by everything that changes those.

    Whoever did not change them does not wait either, but leaves out those that another process has changed and not
    committed yet: the two might wait for each other.
    """
    for some in portions(sorted(set(chat_ids)), _AT_ONCE):
        _refresh(connection, some, waits=waits)


def refresh_all(connection: Connection, transport: Transport) -> None:
    """The lanes of every chat that something waits for, or seems to."""
    waiting = select(deliveries.c.chat_id).where(deliveries.c.state == PENDING)
    uncertain = select(deliveries.c.chat_id).where(deliveries.c.state == UNCERTAIN)
    open_ones = chats.c.id.in_(waiting) | chats.c.id.in_(uncertain) | chats.c.lane_priority.is_not(None)
    refresh(connection, connection.scalars(select(chats.c.id).where(chats.c.transport == transport, open_ones)).all())


def astray(connection: Connection) -> list[int]:
    """Chats for which something waits and that have no lane. Nothing leaves any behind; it is looked for all the same,
    for what waits there would wait until the next start."""
    waiting = exists().where(_mine(PENDING)).correlate(chats)
    uncertain = exists().where(_mine(UNCERTAIN)).correlate(chats)
    in_flight = exists().where(_mine(SENDING)).correlate(chats)
    idle = select(chats.c.id).where(chats.c.state == ChatState.ACTIVE, chats.c.lane_priority.is_(None))
    return list(connection.scalars(idle.where(waiting | uncertain, ~in_flight)))


def _refresh(connection: Connection, ids: Sequence[int], *, waits: bool) -> None:
    if connection.dialect.name != "sqlite":  # others write there meanwhile: what they enqueue must be seen
        these = select(chats.c.id).where(chats.c.id.in_(ids)).order_by(chats.c.id)
        ids = connection.scalars(these.with_for_update(key_share=True, skip_locked=not waits)).all()
    connection.execute(_closing(), {"these": ids})
    if heads := next_deliveries(connection, ids):
        connection.execute(_opening(), {"heads": heads})


@cache
def _closing() -> Executable:
    these = chats.c.id.in_(bindparam("these", expanding=True))
    return update(chats).where(these, chats.c.lane_priority.is_not(None)).values(lane_priority=None)


@cache
def _opening() -> Executable:
    at = case((deliveries.c.state == UNCERTAIN, deliveries.c.not_before), else_=TURN)
    heads = deliveries.c.id.in_(bindparam("heads", expanding=True))
    return (
        update(chats)
        .where(chats.c.id == deliveries.c.chat_id, heads)
        .values(
            lane_priority=deliveries.c.priority,
            lane_edits=deliveries.c.edits,
            lane_at=case((chats.c.rests_until > at, chats.c.rests_until), else_=at),
        )
    )


def next_deliveries(connection: Connection, chat_ids: Collection[int]) -> list[int]:
    """What comes next in these lanes, of chats that can be told something and are not being told something now.

    It may be uncertain and not due yet.
    """
    return [head for head in connection.scalars(_heads(), {"these": list(chat_ids)}) if head is not None]


@cache
def _heads() -> Select[Any]:
    in_flight = exists().where(_mine(SENDING)).correlate(chats)
    doubtful = exists().where(_mine(UNCERTAIN), deliveries.c.priority.not_in(_PASSING)).correlate(chats)
    uncertain = select(deliveries.c.id).where(_mine(UNCERTAIN)).order_by(deliveries.c.not_before)
    waiting = select(deliveries.c.id).where(_mine(PENDING)).order_by(deliveries.c.priority, deliveries.c.id)
    head = func.coalesce(
        _first(waiting.where(deliveries.c.priority == ANSWERS)),
        _first(uncertain.where(deliveries.c.not_before <= TURN)),
        case((doubtful, _first(waiting.where(deliveries.c.priority == PROGRESS))), else_=_first(waiting)),
        _first(uncertain),
    )
    these = chats.c.id.in_(bindparam("these", expanding=True))
    return select(head).where(these, chats.c.state == ChatState.ACTIVE, ~in_flight)


def _mine(state: ColumnElement[str]) -> ColumnElement[bool]:
    return (deliveries.c.chat_id == chats.c.id) & (deliveries.c.state == state)


def _first(query: Any) -> Any:
    return query.limit(1).correlate(chats).scalar_subquery()


def is_any_ready(connection: Connection, transport: Transport, *, now: datetime, room: Room) -> bool:
    """Whether it is any lane's turn: a cheap look before the writing claim."""
    return bool(_ready(connection, transport, now, 1, room))


def choose(connection: Connection, transport: Transport, *, now: datetime, limit: int, room: Room) -> list[int]:
    """The chats whose turn it is, at most one topic of each Telegram chat: topics share one limit."""
    chosen: dict[int, int] = {}
    while limit > len(chosen):
        ready = _ready(connection, transport, now, limit - len(chosen), room)
        for lane in ready:
            most, resting = room.of(answer=lane.lane_priority == ANSWERS, edits=lane.lane_edits)
            if len(chosen) < limit and most > 0 and lane.telegram_chat_id not in resting:
                chosen[lane.telegram_chat_id] = lane.id
                room = room.without(lane.telegram_chat_id, edits=lane.lane_edits)
        if len(ready) == len({lane.telegram_chat_id for lane in ready}):
            break  # no topic has kept the turn of another chat from being seen
    return list(chosen.values())


def _ready(connection: Connection, transport: Transport, now: datetime, limit: int, room: Room) -> list[Row[Any]]:
    """Lanes whose turn it is, the most urgent first."""
    given: dict[str, Any] = {"transport": transport, "now": now}
    for answer, edits in _SORTS:
        most, resting = room.of(answer=answer, edits=edits)
        given |= {_most(answer, edits): max(0, min(limit, most)), _resting(answer, edits): sorted(resting)}
    ready = connection.execute(_turns(), given)
    return sorted(ready, key=lambda lane: (lane.lane_priority, lane.lane_at))


@cache
def _turns() -> CompoundSelect[Any]:
    queues = []
    for priority, edits in _QUEUES:
        answer = priority == ANSWERS and not edits
        queue = select(chats.c.id, chats.c.telegram_chat_id, chats.c.lane_priority, chats.c.lane_edits, chats.c.lane_at)
        queue = queue.where(chats.c.transport == bindparam("transport"), chats.c.lane_edits == edits)
        queue = queue.where(chats.c.lane_priority == priority, chats.c.lane_at <= bindparam("now"))
        queue = queue.where(chats.c.telegram_chat_id.not_in(bindparam(_resting(answer, edits), expanding=True)))
        most = bindparam(_most(answer, edits), type_=Integer)
        queues.append(select(queue.order_by(chats.c.lane_at).limit(most).subquery()))
    return union_all(*queues)


def _most(answer: bool, edits: bool) -> str:
    return f"most_{answer:d}{edits:d}"


def _resting(answer: bool, edits: bool) -> str:
    return f"resting_{answer:d}{edits:d}"
