"""Alerts whose chat has been told the same by another outlet: they are added to that message, which is changed.

That is found out when their turn comes, by what stands in the chat then: so an alert that was never told, was told in a
digest or without a sound, or says less, takes no other one with it. Until the message is changed the added one is a
delivery like others, and told by itself when the change is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, Row, Select, bindparam, exists, select, update

from monitors.alerts import Delivery, DeliveryKind, DeliveryState
from monitors.storage import lanes
from monitors.storage.alerts import get_alert
from monitors.storage.merging import ONE_BY_ONE
from monitors.storage.tables import alerts, articles, deliveries, retellings, subscriptions

_LOOKED_AT = 3
"""Messages of the chat that say the same; more are asked for nothing."""


def join(connection: Connection, claimed: Iterable[Delivery]) -> list[Delivery]:
    """The claimed deliveries that are to leave now. What turns out to belong to a message that is there waits until one
    may be changed: messages and their changes are counted apart."""
    return [one for delivery in claimed if (one := _joined(connection, delivery)) is not None]


def _joined(connection: Connection, delivery: Delivery) -> Delivery | None:
    if delivery.told_in is not None:
        return _changing(connection, delivery, delivery.told_in)
    if delivery.kind is not DeliveryKind.ALERT or delivery.repeats or delivery.message_id or delivery.payload:
        return delivery
    told_in = _who_told_it(connection, delivery)
    if told_in is None:
        return delivery
    _wait(connection, delivery, edits=True, told_in=told_in)
    return None


def _changing(connection: Connection, delivery: Delivery, told_in: int) -> Delivery | None:
    """The delivery that changes that message, which stays marked if it is; it is told by itself when the message is not
    the chat's any more."""
    teller = select(deliveries).where(deliveries.c.id == told_in, deliveries.c.chat_id == delivery.chat.id)
    row = connection.execute(teller.where(deliveries.c.message_id.is_not(None))).one_or_none()
    if row is None:
        tell_by_itself(connection, delivery, None)
        return None
    return replace(delivery, alert_id=row.alert_id, message_id=row.message_id, repeats=row.repeats)


def _who_told_it(connection: Connection, delivery: Delivery) -> int | None:
    """The delivery of an alert that says all that this one would, no more quietly, in a message of its own."""
    about = {"alert": delivery.alert_id, "chat": delivery.chat.id}
    candidates: Sequence[Row[Any]] = connection.execute(_told_before(), about).all()
    loud_enough = [row for row in candidates if delivery.silent or not row.silent]
    if not loud_enough or delivery.alert_id is None:
        return None
    mine = {watch.watch_id for watch in get_alert(connection, delivery.alert_id).watches}
    for row in loud_enough:
        if mine and mine <= {watch.watch_id for watch in get_alert(connection, row.alert_id).watches}:
            return int(row.id)
    return None


@cache
def _told_before() -> Select[Any]:
    """Messages of the chat that say the same; none for an article of an outlet of which the chat takes all."""
    told, mine = alerts.alias(), alerts.alias()
    chat = bindparam("chat", type_=Integer)
    takes_all = exists().where(subscriptions.c.outlet_id == articles.c.outlet_id, subscriptions.c.chat_id == chat)
    return (
        select(deliveries.c.id, deliveries.c.alert_id, deliveries.c.silent)
        .join(told, deliveries.c.alert_id == told.c.id)
        .join(retellings, retellings.c.told_id == told.c.article_id)
        .join(mine, mine.c.article_id == retellings.c.article_id)
        .join(articles, mine.c.article_id == articles.c.id)
        .where(mine.c.id == bindparam("alert"), deliveries.c.chat_id == chat, ~takes_all)
        .where(deliveries.c.state == DeliveryState.SENT, deliveries.c.message_id.is_not(None))
        .order_by(deliveries.c.id)
        .limit(_LOOKED_AT)
    )


def settle_added(connection: Connection, delivery: Delivery, *, now: datetime) -> None:
    """T3: the message that says the same names it, too."""
    _settle(connection, delivery, state=DeliveryState.MERGED, settled_at=now, error=None)


def tell_by_itself(connection: Connection, delivery: Delivery, error: str | None, *, repeats: int = 0) -> None:
    """It cannot be added, or (`repeats`) nobody knows whether it was: it is told in a message of its own."""
    _wait(connection, delivery, edits=False, told_in=None, payload=ONE_BY_ONE, repeats=repeats, error=error)


def _wait(connection: Connection, delivery: Delivery, **values: Any) -> None:
    """It stays first in its lane."""
    _settle(connection, delivery, state=DeliveryState.PENDING, attempts=0, **values)


def _settle(connection: Connection, delivery: Delivery, **values: Any) -> None:
    connection.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(**values))
    lanes.refresh(connection, [delivery.chat.id])
