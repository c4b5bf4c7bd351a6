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

from sqlalchemy import Connection, Integer, Row, Select, bindparam, exists, select, update

from monitors.alerts import Delivery, DeliveryKind, DeliveryState
from monitors.storage import lanes
from monitors.storage.alerts import get_alert
from monitors.storage.merging import ONE_BY_ONE
from monitors.storage.queues import is_held_back
from monitors.storage.tables import alerts, articles, deliveries, matches, retellings, subscriptions, watches

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
        _wait(connection, delivery, edits=False, told_in=None, repeats=_doubt(delivery))
        return None
    return replace(delivery, alert_id=teller.alert_id, message_id=teller.message_id, repeats=teller.repeats)


def _doubt(delivery: Delivery) -> int:
    """Whether it may have been told already, which its own message has to say: an earlier change may have been made."""
    return int(delivery.attempts > 1)


def _tellers(connection: Connection, delivery: Delivery) -> list[Row[Any]]:
    """Messages of the chat that say all that this alert would, each by itself and no more quietly, the newest first."""
    about = {"delivery": delivery.id, "chat": delivery.chat.id}
    told = [row for row in connection.execute(_told_before(), about) if delivery.silent or not row.silent]
    if not told:
        return []
    met = set(connection.scalars(_met(), about))
    return [row for row in told if met and met <= _watches_named(connection, row.alert_id)]


def _watches_named(connection: Connection, alert_id: int) -> set[int]:
    return {watch.watch_id for watch in get_alert(connection, alert_id).watches}


@cache
def _told_before() -> Select[Any]:
    """Messages of the chat about articles that said the same, as both are now; none for an article of an outlet of
    which the chat takes all."""
    told, mine, told_article, teller = alerts.alias(), alerts.alias(), articles.alias(), deliveries.alias()
    chat = bindparam("chat", type_=Integer)
    takes_all = exists().where(subscriptions.c.outlet_id == articles.c.outlet_id, subscriptions.c.chat_id == chat)
    of_chat = (told.c.chat_id == mine.c.chat_id) & (told.c.story_id == told_article.c.story_id)  # there is an index
    return (
        select(teller.c.id, teller.c.alert_id, teller.c.silent, teller.c.message_id, teller.c.repeats)
        .select_from(deliveries)
        .join(mine, deliveries.c.alert_id == mine.c.id)
        .join(articles, mine.c.article_id == articles.c.id)
        .join(retellings, retellings.c.article_id == articles.c.id)
        .join(told_article, retellings.c.told_id == told_article.c.id)
        .join(told, of_chat)
        .join(teller, teller.c.alert_id == told.c.id)
        .where(deliveries.c.id == bindparam("delivery"), teller.c.chat_id == chat, ~takes_all)
        .where(articles.c.version == retellings.c.version, told_article.c.version == retellings.c.told_version)
        .where(teller.c.state == DeliveryState.SENT, teller.c.message_id.is_not(None))
        .order_by(teller.c.id.desc())
        .limit(_LOOKED_AT)
    )


@cache
def _met() -> Select[Any]:
    """Every watch that the chat takes and that any version of the alert's article met."""
    return (
        select(matches.c.watch_id)
        .join(alerts, alerts.c.article_id == matches.c.article_id)
        .join(deliveries, deliveries.c.alert_id == alerts.c.id)
        .join(watches, watches.c.id == matches.c.watch_id)
        .join(subscriptions, subscriptions.c.watchlist_id == watches.c.watchlist_id)
        .where(deliveries.c.id == bindparam("delivery"))
        .where(subscriptions.c.chat_id == bindparam("chat", type_=Integer))
    )


def settle_added(connection: Connection, delivery: Delivery, *, now: datetime) -> None:
    """T3: the message that says the same names it, too. What it has met since that was decided is told by itself."""
    about = {"delivery": delivery.id, "chat": delivery.chat.id}
    assert delivery.alert_id is not None  # of the message
    if set(connection.scalars(_met(), about)) <= _watches_named(connection, delivery.alert_id):
        _settle(connection, delivery, state=DeliveryState.MERGED, settled_at=now, error=None)
    else:
        _wait(connection, delivery, edits=False, told_in=None, attempts=0)


def tell_by_itself(connection: Connection, delivery: Delivery, error: str, *, doubtful: bool = False) -> None:
    """It cannot be added: it is told in a message of its own, with a mark when nobody knows whether it was."""
    repeats = max(_doubt(delivery), int(doubtful))
    _wait(connection, delivery, edits=False, told_in=None, payload=ONE_BY_ONE, repeats=repeats, error=error)


def _wait(connection: Connection, delivery: Delivery, **values: Any) -> None:
    """It stays first in its lane."""
    _settle(connection, delivery, state=DeliveryState.PENDING, **values)


def _settle(connection: Connection, delivery: Delivery, **values: Any) -> None:
    connection.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(**values))
    lanes.refresh(connection, [delivery.chat.id])
