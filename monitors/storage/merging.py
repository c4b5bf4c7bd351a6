"""Alerts told together: one delivery in their chat's lane for many, which are merged into it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from monitors.alerts import DeliveryKind, DeliveryState, NewDelivery
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
