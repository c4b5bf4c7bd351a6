"""The outbox: what is to be said, to whom, and how it went.

States and reasons: `monitors.alerts.DeliveryState`. A delivery is claimed in a transaction of its own, committed
before the first byte leaves; at most one per chat is in flight, which a unique index guarantees.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, func, literal, or_, select, update

from monitors.alerts import (
    AMPLE,
    MAX_REPEATS,
    Delivery,
    DeliveryKind,
    DeliveryState,
    NewDelivery,
    OnUncertain,
    Room,
    Verdict,
)
from monitors.chats import ChatState, Transport
from monitors.storage import lanes
from monitors.storage.chats import chat_of, set_unreachable
from monitors.storage.lanes import PENDING, SENDING, UNCERTAIN
from monitors.storage.tables import alerts, articles, chats, deliveries
from monitors.storage.upserts import insert

_PRIORITY = {
    DeliveryKind.REPLY: lanes.ANSWERS,
    DeliveryKind.NOTICE: lanes.NOTICES,
    DeliveryKind.ALERT: lanes.ALERTS,
    DeliveryKind.DIGEST: lanes.ALERTS,
    DeliveryKind.PROGRESS: lanes.PROGRESS,
    DeliveryKind.BROADCAST: lanes.BROADCASTS,
}

_HELD = literal(DeliveryState.HELD.value, literal_execute=True)

_KEPT = [kind.value for kind in DeliveryKind if kind not in (DeliveryKind.REPLY, DeliveryKind.PROGRESS)]
"""What is kept for a chat that cannot be reached; answers and progress are of no use when it returns."""


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
    arrived, and so cannot be changed, is said anew as a possible repeat.
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
            repeats=case((_doubtful(), 1), else_=0),
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

    One per chat, none for chats in flight, unreachable or resting. What is uncertain is counted as repeated.
    """
    chosen = lanes.choose(connection, transport, now=now, limit=limit, room=room)
    if not chosen:
        return []
    heads = _heads(connection, chosen, now)
    if len(heads) < len(chosen):  # another process was faster, or something came first that is not due yet
        lanes.refresh(connection, set(chosen).difference(row.id for row in heads))
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_([row.delivery_id for row in heads]))
        .values(
            state=DeliveryState.SENDING,
            claimed_at=now,
            attempts=deliveries.c.attempts + 1,
            repeats=deliveries.c.repeats + case((deliveries.c.state == UNCERTAIN, 1), else_=0),
        )
    )
    claimed = chats.c.id.in_([row.id for row in heads])
    connection.execute(update(chats).where(claimed).values(lane_priority=None, spoken_at=now))
    return [_delivery(row) for row in heads]


def _heads(connection: Connection, chat_ids: Collection[int], now: datetime) -> Sequence[Row[Any]]:
    query = (
        select(chats, *(column.label(f"delivery_{column.name}") for column in deliveries.c))
        .join(deliveries, deliveries.c.chat_id == chats.c.id)
        .where(deliveries.c.id.in_(lanes.next_deliveries(connection, chat_ids)))
        .where(or_(deliveries.c.state == PENDING, deliveries.c.not_before <= now))
        .with_for_update(of=chats, key_share=True, skip_locked=True)
    )
    return connection.execute(query).all()


def settle_sent(connection: Connection, delivery_id: int, message_id: int | None, *, now: datetime) -> None:
    """T3: it was accepted. What was told before and only changed now stays told when it was."""
    changed_only = deliveries.c.message_id.is_not(None) & deliveries.c.settled_at.is_not(None)
    settled_at = case((changed_only, deliveries.c.settled_at), else_=literal(now, deliveries.c.settled_at.type))
    _settle(connection, delivery_id, state=DeliveryState.SENT, settled_at=settled_at, message_id=message_id, error=None)


def settle_undeliverable(connection: Connection, delivery_id: int, error: str, *, now: datetime) -> None:
    """T3: it was refused for good; listed for the operator."""
    _settle(connection, delivery_id, state=DeliveryState.UNDELIVERABLE, settled_at=now, error=error)


def settle_uncertain(
    connection: Connection,
    delivery_id: int,
    error: str,
    *,
    now: datetime,
    again_at: datetime,
    then: OnUncertain = OnUncertain.RESEND_MARKED,
) -> None:
    """T3: nobody knows. It is sent again, marked, at `again_at`; or what `then` says."""
    _settle(connection, delivery_id, **_uncertain(then, again_at=again_at, now=now, error=error))


def _uncertain(then: OnUncertain, *, again_at: datetime, now: datetime, error: str) -> dict[str, Any]:
    match then:
        case OnUncertain.HOLD:
            return {"state": DeliveryState.UNCONFIRMED, "settled_at": now, "error": error}
        case OnUncertain.ASSUME_SENT:
            return {"state": DeliveryState.SENT, "settled_at": now, "error": f"assumed to be sent: {error}"}
    spent = deliveries.c.repeats >= MAX_REPEATS
    return {
        "state": case((spent, DeliveryState.UNCONFIRMED.value), else_=DeliveryState.UNCERTAIN.value),
        "settled_at": case((spent, literal(now, deliveries.c.settled_at.type)), else_=None),
        "not_before": again_at,
        "error": error,
    }


def put_back(connection: Connection, delivery_id: int, error: str, *, again_at: datetime | None = None) -> None:
    """T3: it certainly was not accepted. It stays first in its lane; its Telegram chat rests until `again_at`."""
    _settle(connection, delivery_id, state=DeliveryState.PENDING, error=error)
    if again_at is not None:
        _rest(connection, delivery_id, again_at)


def set_aside(connection: Connection, delivery_id: int) -> None:
    """T3: it was not sent, for it cannot be yet. Its lane goes on without it until it is taken up."""
    _settle(connection, delivery_id, state=DeliveryState.HELD, not_before=None, error=None)


def take_up(connection: Connection, delivery_id: int) -> None:
    """What was set aside goes on, in its place in the lane."""
    aside = deliveries.c.id == delivery_id, deliveries.c.state == DeliveryState.HELD
    again = update(deliveries).where(*aside).values(state=DeliveryState.PENDING)
    lanes.refresh(connection, connection.scalars(again.returning(deliveries.c.chat_id)).all())


def _rest(connection: Connection, delivery_id: int, until: datetime) -> None:
    told = chats.alias("told")
    place = (
        select(told.c.transport, told.c.telegram_chat_id)
        .join(deliveries, deliveries.c.chat_id == told.c.id)
        .where(deliveries.c.id == delivery_id)
    )
    row = connection.execute(place).one()
    topics = update(chats).where(chats.c.transport == row.transport, chats.c.telegram_chat_id == row.telegram_chat_id)
    lanes.refresh(connection, connection.scalars(topics.values(rests_until=until).returning(chats.c.id)).all())


def chat_gone(connection: Connection, delivery_id: int, telegram_chat_id: int, reason: str, *, now: datetime) -> None:
    """T3: it was not accepted, because the chat cannot be reached any more; it waits there with everything else."""
    _settle(connection, delivery_id, state=DeliveryState.PENDING, error=reason)
    give_up_chat(connection, telegram_chat_id, reason, now=now)


def give_up_chat(connection: Connection, telegram_chat_id: int, reason: str, *, now: datetime) -> None:
    """The chat is unreachable. What waits for it is kept for a while, answers and progress aside; what is being sent
    at this moment settles itself."""
    set_unreachable(connection, telegram_chat_id, reason)
    lost = select(chats.c.id).where(
        chats.c.transport == Transport.TELEGRAM, chats.c.telegram_chat_id == telegram_chat_id
    )
    useless = deliveries.c.chat_id.in_(lost) & deliveries.c.kind.not_in(_KEPT)
    _end(connection, useless, {"error": reason}, now=now)


def give_up_old(connection: Connection, *, before: datetime, now: datetime) -> int:
    """What was to be said before then to chats that still cannot be reached is given up; how many."""
    lost = select(chats.c.id).where(chats.c.state == ChatState.UNREACHABLE)
    return _end(connection, deliveries.c.chat_id.in_(lost) & (deliveries.c.created_at < before), {}, now=now)


def _end(connection: Connection, which: Any, values: Mapping[str, Any], *, now: datetime) -> int:
    """Undeliverable, or unconfirmed if it may have been said; `which` are of chats that have no lane."""
    endings = {
        _HELD: DeliveryState.UNDELIVERABLE,
        PENDING: case((deliveries.c.repeats > 0, DeliveryState.UNCONFIRMED), else_=DeliveryState.UNDELIVERABLE),
        UNCERTAIN: DeliveryState.UNCONFIRMED,
    }
    return sum(
        connection.execute(
            update(deliveries).where(deliveries.c.state == state, which).values(state=ending, settled_at=now, **values)
        ).rowcount
        for state, ending in endings.items()
    )


def recover_in_flight(
    connection: Connection,
    transport: Transport,
    *,
    now: datetime,
    then: OnUncertain = OnUncertain.RESEND_MARKED,
) -> int:
    """At start: what a dead process was sending is uncertain, and changes of messages are made again; how many. What it
    had set aside is taken up."""
    there = deliveries.c.chat_id.in_(select(chats.c.id).where(chats.c.transport == transport))
    interrupted = update(deliveries).where(deliveries.c.state == SENDING, there)
    recovered = 0
    for which, values in (
        (deliveries.c.edits, {"state": DeliveryState.PENDING}),
        (~deliveries.c.edits, _uncertain(then, again_at=now, now=now, error="interrupted while sending")),
    ):
        recovered += connection.execute(interrupted.where(which).values(**values)).rowcount
    aside = there, deliveries.c.state == _HELD, deliveries.c.alert_id.is_(None), deliveries.c.not_before.is_(None)
    connection.execute(update(deliveries).where(*aside).values(state=DeliveryState.PENDING))
    lanes.refresh_all(connection, transport)
    return recovered


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
    )


def _settle(connection: Connection, delivery_id: int, **values: Any) -> None:
    """Writes how a delivery is now, and gives its chat its lane back."""
    changed = update(deliveries).where(deliveries.c.id == delivery_id).values({"settled_at": None, **values})
    lanes.refresh(connection, connection.scalars(changed.returning(deliveries.c.chat_id)).all())


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """The outbox in numbers: deliveries by state, and the alert delays of sent ones in seconds, sorted."""

    by_state: Mapping[DeliveryState, int]
    delays_s: Sequence[float]


def delivery_counts(connection: Connection, *, since: datetime | None = None) -> DeliveryCounts:
    """Alert deliveries created since then, by what became of them, or of the message that tells them with others. A
    delay runs from the document that listed the article to acceptance; what its chat wanted later has none."""
    recent = [] if since is None else [deliveries.c.created_at >= since]
    together = deliveries.alias()
    state = func.coalesce(together.c.state, deliveries.c.state).label("state")
    with_others = (deliveries.c.told_in == together.c.id) & (deliveries.c.state == DeliveryState.MERGED)
    by_state = connection.execute(
        select(state, func.count())
        .select_from(deliveries.outerjoin(together, with_others))
        .where(deliveries.c.alert_id.is_not(None), *recent)
        .group_by(state)
    )
    settled_at = func.coalesce(together.c.settled_at, deliveries.c.settled_at).label("settled_at")
    settled = connection.execute(
        select(func.coalesce(alerts.c.seen_at, articles.c.first_seen_at).label("seen_at"), settled_at)
        .select_from(deliveries.outerjoin(together, with_others))
        .join(alerts, deliveries.c.alert_id == alerts.c.id)
        .join(articles, alerts.c.article_id == articles.c.id)
        .where(state == DeliveryState.SENT, alerts.c.verdict == Verdict.NOW, *recent)
    )
    return DeliveryCounts(
        {DeliveryState(state): count for state, count in by_state},
        sorted((row.settled_at - row.seen_at) / timedelta(seconds=1) for row in settled),
    )
