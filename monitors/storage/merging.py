"""Alerts told together: one delivery in their chat's lane for many, which are merged into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from monitors import merging
from monitors.alerts import Delivery, DeliveryKind, DeliveryState, NewDelivery
from monitors.chats import Transport
from monitors.storage import lanes
from monitors.storage.deliveries import enqueue_all
from monitors.storage.tables import deliveries

_AT_ONCE = 5_000  # in a question: SQLite takes 32,766 parameters, PostgreSQL 65,535

_UNTOLD = (DeliveryState.HELD, DeliveryState.PENDING)


def merge(
    connection: Connection, chat_id: int, parts: Sequence[int], *, now: datetime, silent: bool = False
) -> int | None:
    """Lets one digest tell these alerts of the chat (delivery ids); its id, None if none was left to be told.

    What was claimed, told, changed or dropped meanwhile stays as it is, and so does what may have been told already:
    its repeat has to be marked.
    """
    digest: int | None = None
    for start in range(0, len(parts), _AT_ONCE):
        mine = (
            select(deliveries.c.id)
            .where(deliveries.c.id.in_(parts[start : start + _AT_ONCE]), deliveries.c.chat_id == chat_id)
            .where(deliveries.c.state.in_([state.value for state in _UNTOLD]))
            .where(deliveries.c.kind == DeliveryKind.ALERT)
            .where(deliveries.c.repeats == 0, deliveries.c.message_id.is_(None))
            .with_for_update()
        )
        untold = connection.scalars(mine).all()
        if untold and digest is None:
            (digest,) = enqueue_all(connection, [NewDelivery(chat_id, DeliveryKind.DIGEST, silent=silent)], now=now)
        merged = {"state": DeliveryState.MERGED, "told_in": digest, "not_before": None, "settled_at": now}
        connection.execute(update(deliveries).where(deliveries.c.id.in_(untold)).values(**merged))
    lanes.refresh(connection, [chat_id])
    return digest


def gather(connection: Connection, claimed: Sequence[Delivery], *, now: datetime) -> list[Delivery]:
    """The claimed deliveries, with those that are alerts in a lane that has grown made digests of what waits there."""
    return [_with_the_waiting(connection, delivery, now) for delivery in claimed]


def _with_the_waiting(connection: Connection, first: Delivery, now: datetime) -> Delivery:
    hurried = first.chat.address.transport is Transport.TELEGRAM  # a terminal has no pace that a lane could outgrow
    if not hurried or first.kind is not DeliveryKind.ALERT or first.repeats or first.edits:
        return first
    behind = (
        select(deliveries)
        .where(deliveries.c.chat_id == first.chat.id, deliveries.c.state == lanes.PENDING)
        .where(deliveries.c.priority == lanes.ALERTS)
        .order_by(deliveries.c.id)
        .limit(merging.MOST - 1)
    )
    waiting = connection.execute(behind).all()
    if not waiting:
        return first
    since = connection.scalar(select(deliveries.c.created_at).where(deliveries.c.id == first.id)) or now
    lane = [merging.Waiting(first.id, since)]
    lane += [merging.Waiting(row.id, row.created_at, alone=_is_alone(row)) for row in waiting]
    together = merging.told_together(lane, now=now)
    if not together:
        return first
    silent = first.silent and all(row.silent for row in waiting if row.id in together)
    return _claimed_digest(connection, first, together, silent=silent, now=now)


def _is_alone(row: Row[Any]) -> bool:
    return row.kind != DeliveryKind.ALERT or row.repeats > 0 or row.message_id is not None


def _claimed_digest(
    connection: Connection, first: Delivery, parts: Sequence[int], *, silent: bool, now: datetime
) -> Delivery:
    """A digest that is being sent in the place of `first`. Put back, it goes before what waits behind its parts."""
    mine = update(deliveries).where(deliveries.c.id.in_(parts))
    connection.execute(mine.values(state=DeliveryState.MERGED, not_before=None, settled_at=now))
    digest = connection.execute(
        deliveries.insert().values(
            chat_id=first.chat.id,
            kind=DeliveryKind.DIGEST,
            payload={},
            priority=lanes.NOTICES,
            state=DeliveryState.SENDING,
            silent=silent,
            attempts=1,
            created_at=now,
            claimed_at=now,
        )
    ).inserted_primary_key
    assert digest is not None
    connection.execute(mine.values(told_in=digest[0]))
    return replace(first, id=digest[0], kind=DeliveryKind.DIGEST, alert_id=None, payload={}, attempts=1, silent=silent)
