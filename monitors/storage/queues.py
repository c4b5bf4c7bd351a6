"""What waits to be told, what went wrong with it, and whether anything is told at all: for operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, update

from monitors.alerts import DeliveryKind, DeliveryState
from monitors.chats import ChatState
from monitors.storage import lanes
from monitors.storage.deliveries import say_again
from monitors.storage.marks import mark_of, set_mark
from monitors.storage.settlements import over_at
from monitors.storage.tables import alerts, articles, chats, deliveries

TROUBLES = (DeliveryState.UNCERTAIN, DeliveryState.UNCONFIRMED, DeliveryState.UNDELIVERABLE)
"""States an operator may want to look into."""

_HELD_BACK = "telling.held_back"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Deliveries of a kind that are on their way out, and since when the oldest has been."""

    kind: DeliveryKind
    count: int
    oldest_at: datetime


def waiting(connection: Connection) -> list[Waiting]:
    """What is pending, by kind; without what is kept for chats that cannot be told anything now: that is no delay."""
    rows = connection.execute(
        select(deliveries.c.kind, func.count(), func.min(deliveries.c.created_at))
        .join(chats, deliveries.c.chat_id == chats.c.id)
        .where(deliveries.c.state == DeliveryState.PENDING, chats.c.state == ChatState.ACTIVE)
        .group_by(deliveries.c.kind)
        .order_by(deliveries.c.kind)
    )
    return [Waiting(DeliveryKind(kind), count, oldest_at) for kind, count, oldest_at in rows]


@dataclass(frozen=True, slots=True)
class Troubled:
    """A delivery that may not have arrived, or did not. `title` is the article's, of an alert; `reachable` whether its
    chat can be told anything now."""

    id: int
    kind: DeliveryKind
    state: DeliveryState
    telegram_chat_id: int
    chat: str | None
    created_at: datetime
    error: str | None
    attempts: int
    title: str | None
    reachable: bool


def count_troubled(connection: Connection) -> dict[DeliveryState, int]:
    rows = connection.execute(
        select(deliveries.c.state, func.count()).where(deliveries.c.state.in_(TROUBLES)).group_by(deliveries.c.state)
    )
    return {DeliveryState(state): count for state, count in rows}


def troubled(connection: Connection, state: DeliveryState, *, first: int, limit: int) -> Sequence[Troubled]:
    """Those in this state, the latest first."""
    mine = _troubled().where(deliveries.c.state == state).order_by(deliveries.c.id.desc())
    return [_troubled_of(row) for row in connection.execute(mine.offset(first).limit(limit))]


def find_troubled(connection: Connection, delivery_id: int) -> Troubled | None:
    """None for a delivery that is none, or no trouble any more."""
    mine = _troubled().where(deliveries.c.id == delivery_id, deliveries.c.state.in_(TROUBLES))
    row = connection.execute(mine).one_or_none()
    return None if row is None else _troubled_of(row)


def _troubled() -> Select[Any]:
    return (
        select(deliveries, chats.c.title.label("chat"), chats.c.telegram_chat_id, articles.c.title)
        .add_columns((chats.c.state == ChatState.ACTIVE).label("reachable"))
        .join(chats, deliveries.c.chat_id == chats.c.id)
        .outerjoin(alerts, deliveries.c.alert_id == alerts.c.id)
        .outerjoin(articles, alerts.c.article_id == articles.c.id)
    )


def _troubled_of(row: Row[Any]) -> Troubled:
    return Troubled(
        id=row.id,
        kind=DeliveryKind(row.kind),
        state=DeliveryState(row.state),
        telegram_chat_id=row.telegram_chat_id,
        chat=row.chat,
        created_at=row.created_at,
        error=row.error,
        attempts=row.attempts,
        title=row.title,
        reachable=bool(row.reachable),
    )


def give_up(connection: Connection, which: int | DeliveryState, *, now: datetime) -> int:
    """An operator has seen it: that delivery, or all in that state, is not told and is no trouble any more; how many.

    What was held up by it goes on. Why it could not be told stays with it.
    """
    mine = deliveries.c.state == which if isinstance(which, DeliveryState) else deliveries.c.id == which
    ended = connection.scalars(
        update(deliveries)
        .where(mine, deliveries.c.state.in_(TROUBLES))
        .values(state=DeliveryState.DROPPED, settled_at=over_at(now), not_before=None)
        .returning(deliveries.c.chat_id)
    ).all()
    lanes.refresh(connection, ended)
    return len(ended)


def send_again(connection: Connection, delivery_id: int) -> bool:
    """Lets out once more what was refused, or may have arrived, which is said with it. False when that is no use: it
    is on its way, or its chat cannot be reached."""
    row = connection.execute(select(deliveries).where(deliveries.c.id == delivery_id)).one_or_none()
    if row is None or row.state not in (DeliveryState.UNCONFIRMED, DeliveryState.UNDELIVERABLE):
        return False
    return say_again(connection, delivery_id, DeliveryKind(row.kind))


def is_held_back(connection: Connection) -> bool:
    """Whether an operator lets nothing be told but answers, until further notice."""
    return mark_of(connection, _HELD_BACK) is not None


def hold_back(connection: Connection, held: bool, *, now: datetime) -> None:
    set_mark(connection, _HELD_BACK, now.isoformat() if held else None)
    if held:
        _let_progress_by(connection)


def _let_progress_by(connection: Connection) -> None:
    """How far something is that somebody asked for waits behind alerts, and would with them."""
    waiting = (deliveries.c.state == lanes.PENDING, deliveries.c.priority == lanes.PROGRESS)
    asked = update(deliveries).where(*waiting, deliveries.c.alert_id.is_(None)).values(priority=lanes.ANSWERS)
    lanes.refresh(connection, connection.scalars(asked.returning(deliveries.c.chat_id)).all())
