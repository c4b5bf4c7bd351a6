"""The outbox: what is to be said, to whom, and how it went.

States and reasons: `monitors.alerts.DeliveryState`. A delivery is claimed in a transaction of its own, committed
before the first byte leaves; at most one per chat is in flight, which a unique index guarantees.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, literal, or_, select, update

from monitors.alerts import MAX_REPEATS, Delivery, DeliveryKind, DeliveryState, NewDelivery
from monitors.chats import ChatState, Transport
from monitors.storage.chats import chat_of, set_unreachable
from monitors.storage.tables import alerts, articles, chats, deliveries
from monitors.storage.upserts import insert

_PRIORITY = {
    DeliveryKind.REPLY: 0,
    DeliveryKind.NOTICE: 1,
    DeliveryKind.ALERT: 2,
    DeliveryKind.DIGEST: 2,
    DeliveryKind.PROGRESS: 3,
    DeliveryKind.BROADCAST: 4,
}

# Partial indexes are used only for literal states.
_LITERAL = {state: literal(state.value, literal_execute=True) for state in DeliveryState}
_PENDING = _LITERAL[DeliveryState.PENDING]
_UNCERTAIN = _LITERAL[DeliveryState.UNCERTAIN]
_SENDING = _LITERAL[DeliveryState.SENDING]

# The states of the index of what is in flight stand beside the one that is meant: SQLite does not see that one of two
# is one of the two, and would read all that was ever sent.
_IS_UNCERTAIN = and_(deliveries.c.state.in_([_SENDING, _UNCERTAIN]), deliveries.c.state == _UNCERTAIN)

_ENDINGS = {
    DeliveryState.HELD: DeliveryState.UNDELIVERABLE,
    DeliveryState.PENDING: DeliveryState.UNDELIVERABLE,
    DeliveryState.UNCERTAIN: DeliveryState.UNCONFIRMED,
}
"""How a delivery ends whose chat cannot be reached any more."""


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
            "created_at": now,
            "settled_at": now if delivery.state is DeliveryState.DROPPED else None,
        }
        for delivery in new
    ]
    return list(connection.scalars(statement.returning(deliveries.c.id), rows))


def is_said_next(connection: Connection, chat_id: int, payload: Mapping[str, Any]) -> bool:
    """Whether the last reply still waiting in the chat's lane is this one: said twice it would say nothing more."""
    last = connection.scalar(
        select(deliveries.c.payload)
        .where(deliveries.c.chat_id == chat_id, deliveries.c.state == _PENDING)
        .where(deliveries.c.kind == DeliveryKind.REPLY)
        .order_by(deliveries.c.id.desc())
        .limit(1)
    )
    return last is not None and last == dict(payload)


def replace_edit(connection: Connection, chat_id: int, message_id: int, payload: Mapping[str, Any]) -> bool:
    """Puts a newer edit of a message in the place of one that still waits; False when none does."""
    waiting = connection.execute(
        select(deliveries.c.id, deliveries.c.payload).where(
            deliveries.c.chat_id == chat_id,
            deliveries.c.state == _PENDING,
            deliveries.c.kind == DeliveryKind.REPLY,
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
    still on its way out: then it will say what is the case when it is sent, or is to be asked again.
    """
    over = (DeliveryState.SENT, DeliveryState.UNDELIVERABLE, DeliveryState.UNCONFIRMED)
    again = connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id, deliveries.c.state.in_([state.value for state in over]))
        .where(deliveries.c.chat_id.in_(select(chats.c.id).where(chats.c.state == ChatState.ACTIVE)))
        .values(state=DeliveryState.PENDING, priority=_PRIORITY[kind], attempts=0, repeats=0, error=None)
    )
    return again.rowcount > 0


def is_waiting(connection: Connection, transport: Transport) -> bool:
    """Whether anything is on its way out and not yet claimed: a cheap look before the writing `claim`."""
    waiting = (
        select(deliveries.c.id)
        .join(chats, deliveries.c.chat_id == chats.c.id)
        .where(chats.c.transport == transport, chats.c.state == ChatState.ACTIVE)
        .limit(1)
    )
    return any(
        connection.execute(waiting.where(deliveries.c.state == state)).one_or_none() is not None
        for state in (_PENDING, _UNCERTAIN)
    )


def claim(
    connection: Connection,
    transport: Transport,
    *,
    now: datetime,
    limit: int,
    resting: Collection[int] = (),
) -> list[Delivery]:
    """T2→send: the next delivery of up to `limit` lanes, now `sending`. Commit before the first byte.

    One per chat, none for chats in flight, unreachable, resting by Telegram's word or in `resting` (chat ids).
    Deliveries whose outcome is unknown come first, counted as repeats; one repeated too often is unconfirmed.
    """
    _give_up_repeats(connection, now=now)
    chosen: dict[int, Row[Any]] = {}
    for candidates in (_uncertain(transport, now), _pending(transport, now)):
        query = candidates.limit(limit * 2)
        if resting:
            query = query.where(deliveries.c.chat_id.not_in(list(resting)))
        for row in connection.execute(query):
            if len(chosen) < limit:
                chosen.setdefault(row.chat_id, row)
    for row in chosen.values():
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id == row.delivery_id)
            .values(
                state=DeliveryState.SENDING,
                claimed_at=now,
                attempts=deliveries.c.attempts + 1,
                repeats=_repeats(row),
            )
        )
    return [_delivery(row) for row in chosen.values()]


def settle_sent(connection: Connection, delivery_id: int, message_id: int | None, *, now: datetime) -> None:
    """T3: it was accepted. What was told before and only changed now stays told when it was."""
    connection.execute(
        update(deliveries)
        .where(
            deliveries.c.id == delivery_id, or_(deliveries.c.message_id.is_(None), deliveries.c.settled_at.is_(None))
        )
        .values(settled_at=now)
    )
    values = {"state": DeliveryState.SENT, "message_id": message_id, "error": None}
    connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(**values))


def settle_undeliverable(connection: Connection, delivery_id: int, error: str, *, now: datetime) -> None:
    """T3: it was refused for good; listed for the operator."""
    _settle(connection, delivery_id, DeliveryState.UNDELIVERABLE, now=now, error=error)


def settle_uncertain(
    connection: Connection, delivery_id: int, error: str, *, now: datetime, again_at: datetime
) -> None:
    """T3: nobody knows. Its lane waits; it is sent again, marked, at `again_at`."""
    _settle(connection, delivery_id, DeliveryState.UNCERTAIN, now=None, error=error, not_before=again_at)
    _close_unreachable(connection, delivery_id)


def put_back(connection: Connection, delivery_id: int, error: str, *, again_at: datetime | None = None) -> None:
    """T3: it certainly was not accepted. It stays first in its lane, which rests until `again_at`."""
    _settle(connection, delivery_id, DeliveryState.PENDING, now=None, error=error)
    if again_at is not None:
        lane = select(deliveries.c.chat_id).where(deliveries.c.id == delivery_id).scalar_subquery()
        connection.execute(update(chats).where(chats.c.id == lane).values(rests_until=again_at))
    _close_unreachable(connection, delivery_id)


def chat_gone(connection: Connection, delivery_id: int, telegram_chat_id: int, reason: str, *, now: datetime) -> None:
    """T3: the chat cannot be reached any more; whatever waits for it is undeliverable, and says so."""
    settle_undeliverable(connection, delivery_id, reason, now=now)
    give_up_chat(connection, telegram_chat_id, reason, now=now)


def give_up_chat(connection: Connection, telegram_chat_id: int, reason: str, *, now: datetime) -> None:
    """The chat is unreachable and everything that waits for it settled: undeliverable, or unconfirmed if it was
    sent with an unknown outcome. What is being sent at this moment settles itself."""
    set_unreachable(connection, telegram_chat_id, reason)
    lanes = select(chats.c.id).where(
        chats.c.transport == Transport.TELEGRAM, chats.c.telegram_chat_id == telegram_chat_id
    )
    for state, ending in _ENDINGS.items():
        connection.execute(
            update(deliveries)
            .where(deliveries.c.chat_id.in_(lanes), deliveries.c.state == _LITERAL[state])
            .values(state=ending, settled_at=now, error=reason)
        )


def recover_in_flight(connection: Connection, transport: Transport, *, now: datetime) -> int:
    """At start: what a dead process was sending is uncertain. The number of such deliveries."""
    lanes = select(chats.c.id).where(chats.c.transport == transport)
    recovered: int = connection.execute(
        update(deliveries)
        .where(deliveries.c.state == _SENDING, deliveries.c.chat_id.in_(lanes))
        .values(state=DeliveryState.UNCERTAIN, not_before=now, error="interrupted while sending")
    ).rowcount
    _close_unreachable(connection)
    return recovered


def _close_unreachable(connection: Connection, delivery_id: int | None = None) -> None:
    """Nothing stays open for a chat that became unreachable while it was being told something."""
    lanes = select(chats.c.id).where(chats.c.state.not_in([ChatState.ACTIVE, ChatState.WAITING]))
    for state, ending in _ENDINGS.items():
        closing = update(deliveries).where(deliveries.c.state == _LITERAL[state], deliveries.c.chat_id.in_(lanes))
        if delivery_id is not None:
            closing = closing.where(deliveries.c.id == delivery_id)
        connection.execute(closing.values(state=ending, settled_at=deliveries.c.claimed_at))


def _give_up_repeats(connection: Connection, *, now: datetime) -> None:
    connection.execute(
        update(deliveries)
        .where(_IS_UNCERTAIN, deliveries.c.repeats >= MAX_REPEATS)
        .values(state=DeliveryState.UNCONFIRMED, settled_at=now)
    )


def _candidates(transport: Transport) -> Select[Any]:
    return (
        select(chats, deliveries.c.chat_id, deliveries.c.id.label("delivery_id"), deliveries.c.kind)
        .add_columns(
            deliveries.c.payload,
            deliveries.c.alert_id,
            deliveries.c.attempts,
            deliveries.c.repeats,
            deliveries.c.message_id,
            deliveries.c.silent,
            deliveries.c.state.label("delivery_state"),
        )
        .join(chats, deliveries.c.chat_id == chats.c.id)
        .where(chats.c.transport == transport, chats.c.state == ChatState.ACTIVE)
    )


def _uncertain(transport: Transport, now: datetime) -> Select[Any]:
    return _candidates(transport).where(_IS_UNCERTAIN, deliveries.c.not_before <= now).order_by(deliveries.c.id)


def _pending(transport: Transport, now: datetime) -> Select[Any]:
    other = deliveries.alias("in_flight")
    in_flight = select(other.c.id).where(
        other.c.chat_id == deliveries.c.chat_id, other.c.state.in_([_SENDING, _UNCERTAIN])
    )
    return (
        _candidates(transport)
        .where(
            deliveries.c.state == _PENDING,
            or_(chats.c.rests_until.is_(None), chats.c.rests_until <= now),
            ~in_flight.exists(),
        )
        .order_by(deliveries.c.priority, deliveries.c.id)
    )


def _repeats(row: Row[Any]) -> int:
    return int(row.repeats) + int(row.delivery_state == DeliveryState.UNCERTAIN)


def _delivery(row: Row[Any]) -> Delivery:
    payload: Mapping[str, object] = row.payload
    return Delivery(
        id=row.delivery_id,
        chat=chat_of(row),
        kind=DeliveryKind(row.kind),
        payload=payload,
        alert_id=row.alert_id,
        attempts=row.attempts + 1,
        repeats=_repeats(row),
        message_id=row.message_id,
        silent=row.silent,
    )


def _settle(
    connection: Connection, delivery_id: int, state: DeliveryState, *, now: datetime | None, **values: Any
) -> None:
    connection.execute(
        update(deliveries).where(deliveries.c.id == delivery_id).values(state=state, settled_at=now, **values)
    )


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """The outbox in numbers: deliveries by state, and the alert delays of sent ones in seconds, sorted."""

    by_state: Mapping[DeliveryState, int]
    delays_s: Sequence[float]


def delivery_counts(connection: Connection, *, since: datetime | None = None) -> DeliveryCounts:
    """Alert deliveries created since then. A delay runs from the document that listed the article to acceptance."""
    recent = [] if since is None else [deliveries.c.created_at >= since]
    by_state = connection.execute(
        select(deliveries.c.state, func.count())
        .where(deliveries.c.alert_id.is_not(None), *recent)
        .group_by(deliveries.c.state)
    )
    settled = connection.execute(
        select(func.coalesce(alerts.c.seen_at, articles.c.first_seen_at).label("seen_at"), deliveries.c.settled_at)
        .join(alerts, deliveries.c.alert_id == alerts.c.id)
        .join(articles, alerts.c.article_id == articles.c.id)
        .where(deliveries.c.state == DeliveryState.SENT, *recent)
    )
    return DeliveryCounts(
        {DeliveryState(state): count for state, count in by_state},
        sorted((row.settled_at - row.seen_at) / timedelta(seconds=1) for row in settled),
    )
