"""The outbox: what is to be said, and to whom; how it went is in settlements.py.

States and reasons: `monitors.alerts.DeliveryState`. A delivery is claimed in a transaction of its own, committed
before the first byte leaves; at most one per chat is in flight, which a unique index guarantees.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, Row, Select, bindparam, case, func, or_, select, update

from monitors.alerts import AMPLE, Delivery, DeliveryKind, DeliveryState, NewDelivery, Room
from monitors.chats import ChatState, Transport
from monitors.storage import lanes
from monitors.storage.chats import chat_of
from monitors.storage.lanes import PENDING, UNCERTAIN
from monitors.storage.tables import alerts, chats, deliveries
from monitors.storage.upserts import insert

_PRIORITY = {
    DeliveryKind.REPLY: lanes.ANSWERS,
    DeliveryKind.NOTICE: lanes.NOTICES,
    DeliveryKind.ALERT: lanes.ALERTS,
    DeliveryKind.DIGEST: lanes.ALERTS,
    DeliveryKind.PROGRESS: lanes.PROGRESS,
    DeliveryKind.BROADCAST: lanes.BROADCASTS,
}


def enqueue(connection: Connection, new: NewDelivery, *, now: datetime) -> int | None:
    """Puts a delivery in its chat's lane; its id. None for an alert that has one: it has no second."""
    return next(iter(enqueue_all(connection, [new], now=now)), None)


def enqueue_all(connection: Connection, new: Sequence[NewDelivery], *, now: datetime) -> list[int]:
    """Puts each in its chat's lane; their ids, in no order, without those of alerts that have a delivery."""
    if not new:
        return []
    statement = insert(connection, deliveries).on_conflict_do_nothing(index_elements=["alert_id"])
    rows = [
        {
            "chat_id": delivery.chat_id,
            "kind": delivery.kind,
            "alert_id": delivery.alert_id,
            "payload": dict(delivery.payload),
            "priority": _PRIORITY[delivery.kind],
            "state": delivery.state,
            "not_before": delivery.not_before,
            "silent": delivery.silent,
            "edits": delivery.edits,
            "created_at": now,
            "settled_at": now if delivery.state is DeliveryState.DROPPED else None,
        }
        for delivery in new
    ]
    enqueued = list(connection.scalars(statement.returning(deliveries.c.id), rows))
    lanes.refresh(connection, (delivery.chat_id for delivery in new if delivery.state is DeliveryState.PENDING))
    return enqueued


def is_said_next(connection: Connection, chat_id: int, payload: Mapping[str, Any]) -> bool:
    """Whether the last reply still waiting in the chat's lane is this one: said twice it would say nothing more."""
    last = connection.scalar(
        select(deliveries.c.payload)
        .where(deliveries.c.chat_id == chat_id, deliveries.c.state == PENDING)
        .where(deliveries.c.kind == DeliveryKind.REPLY, deliveries.c.priority == lanes.ANSWERS)
        .order_by(deliveries.c.id.desc())
        .limit(1)
    )
    return last is not None and last == dict(payload)


def replace_edit(connection: Connection, chat_id: int, message_id: int, payload: Mapping[str, Any]) -> bool:
    """Puts a newer edit of a message in the place of one that still waits; False when none does."""
    waiting = connection.execute(
        select(deliveries.c.id, deliveries.c.payload).where(
            deliveries.c.chat_id == chat_id,
            deliveries.c.state.in_([DeliveryState.PENDING.value, DeliveryState.HELD.value]),
            deliveries.c.kind == DeliveryKind.REPLY,
            deliveries.c.edits,
        )
    )
    for row in waiting:
        if (row.payload.get("message") or {}).get("edits") == message_id:
            connection.execute(update(deliveries).where(deliveries.c.id == row.id).values(payload=dict(payload)))
            return True
    return False


def say_again(connection: Connection, delivery_id: int, kind: DeliveryKind) -> bool:
    """Lets a delivery out once more, to change the message it became, with the priority of `kind`.

    For deliveries whose words are composed when they are sent: one row shows how something goes on. False while it is
    still on its way out: then it will say what is the case when it is sent, or is to be asked again. What may have
    arrived, and so cannot be changed, is said anew as a possible repeat; a message with that mark keeps it.
    """
    over = (DeliveryState.SENT, DeliveryState.UNDELIVERABLE, DeliveryState.UNCONFIRMED)
    again = connection.scalars(
        update(deliveries)
        .where(deliveries.c.id == delivery_id, deliveries.c.state.in_([state.value for state in over]))
        .where(deliveries.c.chat_id.in_(select(chats.c.id).where(chats.c.state == ChatState.ACTIVE)))
        .values(
            state=DeliveryState.PENDING,
            priority=_PRIORITY[kind],
            edits=deliveries.c.message_id.is_not(None),
            attempts=0,
            settled_at=case((deliveries.c.message_id.is_not(None), deliveries.c.settled_at), else_=None),
            repeats=case((_doubtful(), 1), (deliveries.c.message_id.is_not(None), deliveries.c.repeats), else_=0),
            error=None,
        )
        .returning(deliveries.c.chat_id)
    ).all()
    lanes.refresh(connection, again)
    return bool(again)


def _doubtful() -> ColumnElement[bool]:
    """Whether it is over, and nobody knows if it arrived."""
    state = deliveries.c.state
    refused_later = (state == DeliveryState.UNDELIVERABLE) & (deliveries.c.repeats > 0)
    assumed = (state == DeliveryState.SENT) & deliveries.c.error.is_not(None)
    return deliveries.c.message_id.is_(None) & or_(state == DeliveryState.UNCONFIRMED, refused_later, assumed)


def is_waiting(connection: Connection, transport: Transport, *, now: datetime, room: Room = AMPLE) -> bool:
    """Whether there is anything to claim: a cheap look before the writing `claim`."""
    return lanes.is_any_ready(connection, transport, now=now, room=room)


def claim(
    connection: Connection, transport: Transport, *, now: datetime, limit: int, room: Room = AMPLE
) -> list[Delivery]:
    """T2→send: the next delivery of up to `limit` lanes for which there is room, now `sending`. Commit before the
    first byte.

    One per chat, none for chats in flight, unreachable or resting. What is uncertain is counted as repeated; repeats
    are withheld until `let_out`.
    """
    chosen = lanes.choose(connection, transport, now=now, limit=limit, room=room)
    if not chosen:
        return []
    heads = _heads(connection, chosen, now)
    if len(heads) < len(chosen):  # another process was faster, or something came first that is not due yet
        lanes.refresh(connection, set(chosen).difference(row.id for row in heads), waits=False)
    connection.execute(_claiming(), {"heads": [row.delivery_id for row in heads], "now": now})
    connection.execute(_speaking(), {"these": [row.id for row in heads], "now": now})
    return [_delivery(row) for row in heads]


def let_out(connection: Connection, delivery_id: int) -> None:
    """A repeat is about to leave. Commit before the first byte: until then it is certain that it has not left."""
    connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(withheld=False))


def _heads(connection: Connection, chat_ids: Collection[int], now: datetime) -> Sequence[Row[Any]]:
    heads = lanes.next_deliveries(connection, chat_ids)
    return connection.execute(_due(), {"heads": heads, "now": now}).all()


@cache
def _due() -> Select[Any]:
    return (
        select(chats, *(column.label(f"delivery_{column.name}") for column in deliveries.c))
        .join(deliveries, deliveries.c.chat_id == chats.c.id)
        .where(deliveries.c.id.in_(bindparam("heads", expanding=True)))
        .where(or_(deliveries.c.state == PENDING, deliveries.c.not_before <= bindparam("now")))
        .with_for_update(of=chats, key_share=True, skip_locked=True)
    )


@cache
def _claiming() -> Executable:
    grown = select(alerts.c.growths).where(alerts.c.id == deliveries.c.alert_id).scalar_subquery()
    return (
        update(deliveries)
        .where(deliveries.c.id.in_(bindparam("heads", expanding=True)))
        .values(
            state=DeliveryState.SENDING,
            claimed_at=bindparam("now"),
            growths=func.coalesce(grown, 0),  # at least: it is composed later
            attempts=deliveries.c.attempts + 1,
            repeats=deliveries.c.repeats + case((deliveries.c.state == UNCERTAIN, 1), else_=0),
            withheld=~deliveries.c.edits & or_(deliveries.c.state == UNCERTAIN, deliveries.c.repeats > 0),
        )
    )


@cache
def _speaking() -> Executable:
    these = chats.c.id.in_(bindparam("these", expanding=True))
    return update(chats).where(these).values(lane_priority=None, spoken_at=bindparam("now"))


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.delivery_id,
        chat=chat_of(row),
        kind=DeliveryKind(row.delivery_kind),
        payload=row.delivery_payload,
        alert_id=row.delivery_alert_id,
        attempts=row.delivery_attempts + 1,
        repeats=row.delivery_repeats + (row.delivery_state == DeliveryState.UNCERTAIN),
        message_id=row.delivery_message_id,
        silent=row.delivery_silent,
        edits=row.delivery_edits,
        told_in=row.delivery_told_in if row.delivery_edits and row.delivery_message_id is None else None,
    )
