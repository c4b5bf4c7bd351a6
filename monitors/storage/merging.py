"""Alerts told together: one delivery in their chat's lane for many, which are merged into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from monitors import merging
from monitors.alerts import Delivery, DeliveryKind, DeliveryState, NewDelivery
from monitors.chats import Transport
from monitors.storage import lanes
from monitors.storage.deliveries import enqueue_all
from monitors.storage.portions import portions
from monitors.storage.tables import deliveries

ONE_BY_ONE = {"alone": True}
"""The payload of an alert that is not to be told with others again."""

_UNTOLD = (DeliveryState.HELD, DeliveryState.PENDING)


@dataclass(frozen=True, slots=True)
class Together:
    """Alerts of one chat (delivery ids) that one message tells. `silent`: without a sound."""

    chat_id: int
    parts: Sequence[int]
    silent: bool = False


def merge(connection: Connection, lots: Sequence[Together], *, now: datetime) -> None:
    """Lets a digest tell each of these, one in a chat; none where nothing is left to be told.

    What was claimed, told, changed or dropped meanwhile stays as it is, and so does what may have been told already:
    its repeat has to be marked.
    """
    parts = [part for lot in lots for part in lot.parts]
    chat_of: dict[int, int] = {}
    for some in portions(parts):
        mine = (
            select(deliveries.c.id, deliveries.c.chat_id)
            .where(deliveries.c.id.in_(some))
            .where(deliveries.c.state.in_([state.value for state in _UNTOLD]))
            .where(deliveries.c.kind == DeliveryKind.ALERT)
            .where(deliveries.c.repeats == 0, deliveries.c.message_id.is_(None), ~deliveries.c.edits)
            .with_for_update()
        )
        chat_of |= {row.id: row.chat_id for row in connection.execute(mine)}
    told = set(chat_of.values())
    merged = {"state": DeliveryState.MERGED, "not_before": None, "settled_at": now}
    for untold in portions(list(chat_of)):
        connection.execute(update(deliveries).where(deliveries.c.id.in_(untold)).values(**merged))
    new = [NewDelivery(lot.chat_id, DeliveryKind.DIGEST, silent=lot.silent) for lot in lots if lot.chat_id in told]
    digest_of = _chats_of(connection, enqueue_all(connection, new, now=now))
    told_in = update(deliveries).where(deliveries.c.id == bindparam("part")).values(told_in=bindparam("digest"))
    if chat_of:
        connection.execute(told_in, [{"part": part, "digest": digest_of[chat]} for part, chat in chat_of.items()])


def _chats_of(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """Chat → its delivery, of these."""
    found: dict[int, int] = {}
    for some in portions(ids):
        these = select(deliveries.c.id, deliveries.c.chat_id).where(deliveries.c.id.in_(some))
        found |= {row.chat_id: row.id for row in connection.execute(these)}
    return found


def fall_apart(connection: Connection, digest: Delivery, error: str, *, now: datetime) -> None:
    """What was to be told in a digest that was refused is told one by one, and marked when the digest may have been
    accepted before."""
    refused = update(deliveries).where(deliveries.c.id == digest.id)
    connection.execute(refused.values(state=DeliveryState.DROPPED, settled_at=now, error=error))
    parts = update(deliveries).where(deliveries.c.told_in == digest.id, deliveries.c.state == DeliveryState.MERGED)
    again = {"state": DeliveryState.PENDING, "told_in": None, "settled_at": None, "repeats": digest.repeats}
    connection.execute(parts.values(payload=ONE_BY_ONE, **again))
    lanes.refresh(connection, [digest.chat.id])


def gather(connection: Connection, claimed: Sequence[Delivery], *, now: datetime) -> list[Delivery]:
    """The claimed deliveries, with those that are alerts in a lane that has grown made digests of what waits there, and
    without digests that have nothing to tell any more."""
    there = [delivery for delivery in claimed if not _is_over(connection, delivery, now)]
    return [_with_the_waiting(connection, delivery, now) for delivery in there]


def _is_over(connection: Connection, delivery: Delivery, now: datetime) -> bool:
    """Whether it is a digest all of whose articles met more while it was being sent, and are told by themselves."""
    if delivery.kind is not DeliveryKind.DIGEST:
        return False
    parts = select(deliveries.c.id).where(deliveries.c.told_in == delivery.id)
    if connection.execute(parts.where(deliveries.c.state == DeliveryState.MERGED).limit(1)).one_or_none() is not None:
        return False
    over = update(deliveries).where(deliveries.c.id == delivery.id)
    connection.execute(over.values(state=DeliveryState.DROPPED, settled_at=now, error="told one by one"))
    lanes.refresh(connection, [delivery.chat.id])
    return True


def _with_the_waiting(connection: Connection, first: Delivery, now: datetime) -> Delivery:
    hurried = first.chat.address.transport is Transport.TELEGRAM  # a terminal has no pace that a lane could outgrow
    if not hurried or first.kind is not DeliveryKind.ALERT or first.repeats or first.edits or first.payload:
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
    waited = select(func.coalesce(deliveries.c.not_before, deliveries.c.created_at))
    since = connection.scalar(waited.where(deliveries.c.id == first.id)) or now
    lane = [merging.Waiting(first.id, since)]
    lane += [merging.Waiting(row.id, row.not_before or row.created_at, alone=_is_alone(row)) for row in waiting]
    together = merging.told_together(lane, now=now)
    if not together:
        return first
    silent = first.silent and all(row.silent for row in waiting if row.id in together)
    return _claimed_digest(connection, first, together, silent=silent, now=now)


def _is_alone(row: Row[Any]) -> bool:
    said = row.repeats > 0 or row.message_id is not None
    return said or row.kind != DeliveryKind.ALERT or row.edits or bool(row.payload)


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
