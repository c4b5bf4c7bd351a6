"""Alerts whose chat has been told the same by another outlet: they are added to that message, which is changed.

That is found out when their turn comes, by what stands in the chat then, and looked at again when the message is to be
changed and when it was: so an alert that was never told, was told in a digest or without a sound, or says less, takes
no other one with it. Until the message is changed the added one is a delivery like others, and told by itself when the
change is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Integer, Row, Select, bindparam, exists, select, update

from monitors.alerts import Cause, Delivery, DeliveryKind, DeliveryState, Verdict
from monitors.storage import lanes
from monitors.storage.merging import ONE_BY_ONE
from monitors.storage.naming import meetings
from monitors.storage.queues import is_held_back
from monitors.storage.tables import alerts, articles, deliveries, retellings, subscriptions

_LOOKED_AT = 3
"""Messages of the chat that say the same, the newest of them; more are asked for nothing."""


def join(connection: Connection, claimed: Iterable[Delivery]) -> list[Delivery]:
    """The claimed deliveries that are to leave now. What turns out to belong to a message that is there waits until one
    may be changed: messages and their changes are counted apart."""
    return [one for delivery in claimed if (one := _joined(connection, delivery)) is not None]


def _joined(connection: Connection, delivery: Delivery) -> Delivery | None:
    if delivery.told_in is not None:
        return _changing(connection, delivery)
    if delivery.kind is not DeliveryKind.ALERT or delivery.repeats or delivery.message_id or delivery.payload:
        return delivery
    teller = next(iter(_tellers(connection, delivery)), None)
    if teller is None:
        return delivery
    _wait(connection, delivery, edits=True, told_in=teller.id, attempts=0)
    return None


def _changing(connection: Connection, delivery: Delivery) -> Delivery | None:
    """The delivery that changes that message, which stays marked if it is. It waits again as a message of its own where
    that one does not say all of it any more, and while an operator holds alerts back."""
    held_back = is_held_back(connection)
    teller = next((row for row in _tellers(connection, delivery) if row.id == delivery.told_in), None)
    if teller is None or held_back:
        _wait(connection, delivery, edits=False, told_in=None)
        return None
    return replace(delivery, alert_id=teller.alert_id, message_id=teller.message_id, repeats=teller.repeats)


def _tellers(connection: Connection, delivery: Delivery) -> list[Row[Any]]:
    """Messages of the chat that say all that this alert would, each by itself and no more quietly, the newest first."""
    told_again = connection.execute(_told_again(), {"delivery": delivery.id, "chat": delivery.chat.id}).all()
    if not told_again:  # most say what nobody has said
        return []
    stories = {"chat": told_again[0].chat_id, "stories": [row.story_id for row in told_again], "lane": delivery.chat.id}
    told = [row for row in connection.execute(_told_before(), stories) if delivery.silent or not row.silent]
    if not told:
        return []
    mine = told_again[0].alert_id
    about = meetings(connection, [mine, *(row.alert_id for row in told)])
    return [row for row in told if about[mine].met and about[mine].met <= about[row.alert_id].named]


@cache
def _told_again() -> Select[Any]:
    """The stories that the alert's article tells again, as it and they are now, and the chat it is for; none for an
    article of an outlet of which the chat takes all."""
    told = articles.alias()
    chat = bindparam("chat", type_=Integer)
    takes_all = exists().where(subscriptions.c.outlet_id == articles.c.outlet_id, subscriptions.c.chat_id == chat)
    return (
        select(told.c.story_id, alerts.c.id.label("alert_id"), alerts.c.chat_id)
        .select_from(deliveries)
        .join(alerts, deliveries.c.alert_id == alerts.c.id)
        .join(articles, alerts.c.article_id == articles.c.id)
        .join(retellings, retellings.c.article_id == articles.c.id)
        .join(told, retellings.c.told_id == told.c.id)
        .where(deliveries.c.id == bindparam("delivery"), ~takes_all)
        .where(articles.c.version == retellings.c.version, told.c.version == retellings.c.told_version)
    )


@cache
def _told_before() -> Select[Any]:
    """The chat's messages about these stories. An alert of a chat is found by its story; where it is told is its
    delivery's."""
    stories: BindParameter[int] = bindparam("stories", expanding=True)
    return (
        select(deliveries.c.id, deliveries.c.alert_id, deliveries.c.silent, deliveries.c.message_id)
        .add_columns(deliveries.c.repeats)
        .join(alerts, deliveries.c.alert_id == alerts.c.id)
        .where(alerts.c.chat_id == bindparam("chat", type_=Integer), alerts.c.story_id.in_(stories))
        .where(deliveries.c.chat_id == bindparam("lane", type_=Integer))
        .where(deliveries.c.state == DeliveryState.SENT, deliveries.c.message_id.is_not(None))
        .order_by(deliveries.c.id.desc())
        .limit(_LOOKED_AT)
    )


def settle_added(connection: Connection, delivery: Delivery, *, now: datetime) -> None:
    """T3: the message that says the same names it, too. What it has met since that was decided is told by itself."""
    there = select(alerts.c.id, deliveries.c.id.label("delivery")).join(deliveries).order_by(alerts.c.id)
    # Those that are let go as well: locked before the lane is, as `grow` does.
    these = deliveries.c.id.in_([delivery.id, delivery.told_in]) | (deliveries.c.told_in == delivery.told_in)
    rows = connection.execute(there.where(these).with_for_update(of=alerts, key_share=True)).all()  # against `grow`
    ids = [row.id for row in rows if row.delivery in (delivery.id, delivery.told_in)]
    about = meetings(connection, ids)
    assert delivery.alert_id is not None  # of the message
    named = about[delivery.alert_id].named
    if all(about[mine].met <= named for mine in ids if mine != delivery.alert_id):
        _settle(connection, delivery, state=DeliveryState.MERGED, settled_at=now, error=None, repeats=0)
        let_go(connection, delivery, now=now)
    else:
        _wait(connection, delivery, edits=False, told_in=None, repeats=0, attempts=0)


def let_go(connection: Connection, delivery: Delivery, *, now: datetime) -> None:
    """T3: an alert's message was made. What had been added to it, and it does not name any more, is told by itself, as
    it would be if it came now: that is judged when it is released, which is at once. Whatever has become of its watches
    since the message was composed, nobody has read it there."""
    added = (deliveries.c.told_in == (delivery.told_in or delivery.id), deliveries.c.state == DeliveryState.MERGED)
    if delivery.as_told is None:
        return
    named = [one.alert_id for one in delivery.as_told.also]
    unnamed = select(deliveries.c.alert_id).where(*added, deliveries.c.alert_id.not_in(named))
    if not (ids := connection.scalars(unnamed).all()):
        return
    theirs = select(alerts.c.id).where(alerts.c.id.in_(ids)).order_by(alerts.c.id)
    connection.execute(theirs.with_for_update(key_share=True))  # against `grow`
    ids = connection.scalars(unnamed).all()
    alerted = select(alerts.c.chat_id).where(alerts.c.id == deliveries.c.alert_id).scalar_subquery()
    by_itself = {"chat_id": alerted, "state": DeliveryState.HELD, "not_before": now}
    by_itself |= {"edits": False, "told_in": None, "settled_at": None}
    connection.execute(update(alerts).where(alerts.c.id.in_(ids)).values(verdict=Verdict.NOW, reason=Cause.TAKEN))
    connection.execute(update(deliveries).where(deliveries.c.alert_id.in_(ids)).values(by_itself))


def may_be_added(connection: Connection, delivery: Delivery) -> None:
    """Nobody knows whether the message names it now: its own one would be a possible repeat."""
    connection.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(repeats=1))


def tell_by_itself(connection: Connection, delivery: Delivery, error: str) -> None:
    """It cannot be added: it is told in a message of its own."""
    _wait(connection, delivery, edits=False, told_in=None, payload=ONE_BY_ONE, error=error)


def _wait(connection: Connection, delivery: Delivery, **values: Any) -> None:
    """It stays first in its lane."""
    _settle(connection, delivery, state=DeliveryState.PENDING, **values)


def _settle(connection: Connection, delivery: Delivery, **values: Any) -> None:
    connection.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(**values))
    lanes.refresh(connection, [delivery.chat.id])
