"""What became of a delivery (T3), and of all that waits for a chat that cannot be reached any more.

Whatever settles a delivery gives its chat its lane back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, bindparam, case, func, literal, select, update

from monitors.alerts import MAX_REPEATS, REPEAT_AFTER, Delivery, DeliveryKind, DeliveryState, OnUncertain
from monitors.chats import ChatState, Transport
from monitors.storage import lanes, supergroups
from monitors.storage.chats import set_unreachable
from monitors.storage.lanes import PENDING, SENDING, UNCERTAIN
from monitors.storage.tables import chats, deliveries

_HELD = literal(DeliveryState.HELD.value, literal_execute=True)

_KEPT = [kind.value for kind in DeliveryKind if kind not in (DeliveryKind.REPLY, DeliveryKind.PROGRESS)]
"""What is kept for a chat that cannot be reached; answers and progress are of no use when it returns."""


def settle_sent(
    connection: Connection, delivery_id: int, message_id: int | None, *, now: datetime, growths: int = 0
) -> None:
    """T3: it was accepted, and says so many growths of its alert. What was told before, and only changed or said anew
    now, stays told when it was."""
    sent = {"delivery": delivery_id, "message": message_id, "now": now, "growths_said": growths}
    lanes.refresh(connection, connection.scalars(_accepted(), sent).all())


@cache
def _accepted() -> Executable:
    now = bindparam("now", type_=deliveries.c.settled_at.type)
    return (
        update(deliveries)
        .where(deliveries.c.id == bindparam("delivery"))
        .values(
            state=DeliveryState.SENT,
            settled_at=func.coalesce(deliveries.c.settled_at, now),
            message_id=bindparam("message"),
            growths=bindparam("growths_said"),
            error=None,
        )
        .returning(deliveries.c.chat_id)
    )


def settle_undeliverable(connection: Connection, delivery_id: int, error: str, *, now: datetime) -> None:
    """T3: it was refused for good; listed for the operator. What was told, and only its change refused, stays told when
    it was."""
    _settle(connection, delivery_id, state=DeliveryState.UNDELIVERABLE, settled_at=over_at(now), error=error)


def over_at(now: datetime) -> ColumnElement[datetime]:
    """When a delivery was settled that is over now: what has a message, which is only not changed, was told before."""
    moment = literal(now, deliveries.c.settled_at.type)
    told_at = func.coalesce(deliveries.c.settled_at, moment)
    return case((deliveries.c.message_id.is_not(None), told_at), else_=moment)


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


def put_back(connection: Connection, delivery_id: int, error: str, *, again_at: datetime | None = None) -> None:
    """T3: it certainly was not accepted. It stays first in its lane; its Telegram chat rests until `again_at`."""
    _settle(connection, delivery_id, state=DeliveryState.PENDING, error=error)
    if again_at is not None:
        _rest(connection, delivery_id, again_at)


def send_anew(connection: Connection, delivery: Delivery, error: str) -> None:
    """T3: what it was to change is not there any more. It becomes a message of its own, first in its lane: one that is
    sent like others, so that it is known of that as well whether it may have arrived. An alert whose change was tried
    before may have been read with it, and is marked."""
    message = delivery.payload.get("message")
    shown = (
        {"payload": {**delivery.payload, "message": {**message, "edits": None}}} if isinstance(message, dict) else {}
    )
    may_be_said = {"repeats": 1} if delivery.alert_id is not None and delivery.attempts > 1 else {}
    anew = {"state": DeliveryState.PENDING, "edits": False, "message_id": None, "error": error}
    _settle(connection, delivery.id, **anew, **shown, **may_be_said)


def set_aside(connection: Connection, delivery_id: int) -> None:
    """T3: it was not sent, for it cannot be yet. Its lane goes on without it until it is taken up."""
    _settle(connection, delivery_id, state=DeliveryState.HELD, not_before=None, error=None)


def take_up(connection: Connection, delivery_id: int) -> None:
    """What was set aside goes on, in its place in the lane."""
    aside = deliveries.c.id == delivery_id, deliveries.c.state == DeliveryState.HELD
    again = update(deliveries).where(*aside).values(state=DeliveryState.PENDING)
    lanes.refresh(connection, connection.scalars(again.returning(deliveries.c.chat_id)).all())


def chat_gone(connection: Connection, delivery_id: int, telegram_chat_id: int, reason: str, *, now: datetime) -> None:
    """T3: it was not accepted, because the chat cannot be reached any more; it waits there with everything else."""
    _settle(connection, delivery_id, state=DeliveryState.PENDING, error=reason)
    give_up_chat(connection, telegram_chat_id, reason, now=now)


def give_up_chat(connection: Connection, telegram_chat_id: int, reason: str, *, now: datetime) -> None:
    """The chat is unreachable. What waits for it is kept for a while, answers and progress aside; what is being sent
    at this moment settles itself."""
    set_unreachable(connection, telegram_chat_id, reason)
    lost = (chats.c.transport == Transport.TELEGRAM) & (chats.c.telegram_chat_id == telegram_chat_id)
    give_up_answers(connection, lost, reason, now=now)


def give_up_answers(connection: Connection, there: ColumnElement[bool], reason: str, *, now: datetime) -> None:
    """What is of no use to these chats (a condition) when they can be told something again; they have no lane now."""
    lost = select(chats.c.id).where(there)
    useless = deliveries.c.chat_id.in_(lost) & deliveries.c.kind.not_in(_KEPT)
    _end(connection, useless, {"error": reason}, now=now)


def give_up_old(connection: Connection, *, before: datetime, now: datetime) -> int:
    """What was to be said before then to chats that still cannot be told anything is given up; how many."""
    lost = select(chats.c.id).where(chats.c.state.in_([ChatState.UNREACHABLE, ChatState.BARRED]))
    return _end(connection, deliveries.c.chat_id.in_(lost) & (deliveries.c.created_at < before), {}, now=now)


def recover_in_flight(
    connection: Connection,
    transport: Transport,
    *,
    now: datetime,
    then: OnUncertain = OnUncertain.RESEND_MARKED,
) -> int:
    """At start: what a dead process was sending is uncertain, but for changes of messages and repeats that were not let
    out, which are made again; how many. What it had set aside is taken up.

    A repeat that was interrupted, too, waits as if it had failed, so that a process that dies again and again – of this
    very message, perhaps – does not spend all repeats within its first minutes.
    """
    there = deliveries.c.chat_id.in_(select(chats.c.id).where(chats.c.transport == transport))
    interrupted = update(deliveries).where(deliveries.c.state == SENDING, there)
    waits = {repeats: now + wait for repeats, wait in enumerate(REPEAT_AFTER, start=1)}
    again_at = case(
        *(
            (deliveries.c.repeats == repeats, literal(at, deliveries.c.not_before.type))
            for repeats, at in waits.items()
        ),
        else_=literal(now, deliveries.c.not_before.type),
    )
    recovered = 0
    # An alert that was being added to a message may stand there now: its own one would be a possible repeat.
    being_added = deliveries.c.edits & deliveries.c.told_in.is_not(None) & deliveries.c.message_id.is_(None)
    connection.execute(interrupted.where(being_added).values(repeats=1))
    may_be_made = deliveries.c.edits | deliveries.c.withheld
    for which, values in (
        (may_be_made, {"state": DeliveryState.PENDING}),
        (~may_be_made, _uncertain(then, again_at=again_at, now=now, error="interrupted while sending")),
    ):
        recovered += connection.execute(interrupted.where(which).values(**values)).rowcount
    aside = there, deliveries.c.state == _HELD, deliveries.c.alert_id.is_(None), deliveries.c.not_before.is_(None)
    connection.execute(update(deliveries).where(*aside).values(state=DeliveryState.PENDING))
    supergroups.fetch(connection)
    lanes.refresh_all(connection, transport)
    return recovered


def _end(connection: Connection, which: Any, values: Mapping[str, Any], *, now: datetime) -> int:
    """Undeliverable, or unconfirmed if it may have been said; `which` are of chats that have no lane."""
    endings = {
        _HELD: DeliveryState.UNDELIVERABLE,
        PENDING: case((deliveries.c.repeats > 0, DeliveryState.UNCONFIRMED), else_=DeliveryState.UNDELIVERABLE),
        UNCERTAIN: DeliveryState.UNCONFIRMED,
    }
    return sum(
        connection.execute(
            update(deliveries)
            .where(deliveries.c.state == state, which)
            .values(state=ending, settled_at=over_at(now), **values)
        ).rowcount
        for state, ending in endings.items()
    )


def _uncertain(
    then: OnUncertain, *, again_at: datetime | ColumnElement[datetime], now: datetime, error: str
) -> dict[str, Any]:
    moment = literal(now, deliveries.c.settled_at.type)
    match then:
        case OnUncertain.HOLD:
            return {"state": DeliveryState.UNCONFIRMED, "settled_at": over_at(now), "error": error}
        case OnUncertain.ASSUME_SENT:
            told_at = func.coalesce(deliveries.c.settled_at, moment)
            return {"state": DeliveryState.SENT, "settled_at": told_at, "error": f"assumed to be sent: {error}"}
    spent = deliveries.c.repeats >= MAX_REPEATS
    return {
        "state": case((spent, DeliveryState.UNCONFIRMED.value), else_=DeliveryState.UNCERTAIN.value),
        "settled_at": case((spent, over_at(now)), else_=deliveries.c.settled_at),
        "not_before": again_at,
        "error": error,
    }


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


def _settle(connection: Connection, delivery_id: int, **values: Any) -> None:
    """Writes how a delivery is now, and gives its chat its lane back."""
    changed = update(deliveries).where(deliveries.c.id == delivery_id).values(**values)
    lanes.refresh(connection, connection.scalars(changed.returning(deliveries.c.chat_id)).all())
