"""What a delivery is about, read at the moment it is sent: rows are the truth, and words are made of them late."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, literal, select

from monitors.alerts import Alert, Delivery, DeliveryKind, DeliveryState, Digest
from monitors.chats import ChatState
from monitors.requests import CrawlState, CrawlView, Discovery, DiscoveryState
from monitors.storage.alerts import get_alert
from monitors.storage.crawls import view_crawl
from monitors.storage.digests import find_digest
from monitors.storage.discoveries import get_discovery
from monitors.storage.tables import alerts, articles, chats, crawl_requests, deliveries, discoveries

Subject = Alert | Digest | CrawlView | Discovery | None


def subject_of(connection: Connection, delivery: Delivery) -> Subject:
    """An alert, a digest, or the request that the payload names: `{"crawl": id}`, `{"discovery": id}`; None for other
    words.

    Raises `LookupError` for a subject whose row is gone.
    """
    if delivery.alert_id is not None:
        return get_alert(connection, delivery.alert_id)
    found: Digest | CrawlView | Discovery | None
    match delivery.payload:
        case _ if delivery.kind is DeliveryKind.DIGEST:
            found = find_digest(connection, delivery.id, delivery.chat.id)
        case {"crawl": int(crawl_id)}:
            found = view_crawl(connection, crawl_id, delivery.chat.id)
        case {"discovery": int(discovery_id)}:
            found = get_discovery(connection, discovery_id)
        case _:
            return None
    if found is None:
        raise LookupError(f"delivery {delivery.id} is about a row that is gone")
    return found


def composed_of(delivery: Delivery, subject: Subject) -> Delivery:
    """The delivery, when its message is composed of this."""
    return replace(delivery, as_told=subject) if isinstance(subject, Alert) else delivery


_GOING_ON = [state.value for state in (*CrawlState, *DiscoveryState) if state.open]

SLACK = timedelta(seconds=1)
"""Rows are dated a little before they can be read."""

WATCHED = timedelta(minutes=10)
"""How long after its last change a request's message is looked after."""
GROWN = timedelta(days=7)
"""How long after its article met more an alert is: whoever tells may have been away meanwhile, or the chat, for which
what is new is kept as long."""


@dataclass(frozen=True, slots=True)
class OutOfDate:
    """A message that says less than its request's row. `said_at` is when its words were last made.

    `urgent` when it is the person's turn, or everything is over, and the message does not say so. `grown` when it is
    an alert whose article met more, and nobody's request.
    """

    delivery_id: int
    telegram_chat_id: int
    said_at: datetime
    urgent: bool
    grown: bool = False


def out_of_date(connection: Connection, *, now: datetime) -> list[OutOfDate]:
    """Messages of requests that changed after they were last sent, or whose articles have been decided since; and
    alerts whose articles have met more since."""
    decided_at = (
        select(func.max(articles.c.decided_at)).where(articles.c.crawl_id == crawl_requests.c.id).scalar_subquery()
    )
    over = [state.value for state in (DeliveryState.SENT, DeliveryState.UNDELIVERABLE, DeliveryState.UNCONFIRMED)]
    found = []
    for table, decided in ((crawl_requests, decided_at), (discoveries, literal(None))):
        rows = connection.execute(
            select(
                deliveries.c.id,
                deliveries.c.claimed_at,
                chats.c.telegram_chat_id,
                table.c.updated_at,
                table.c.state,
                decided.label("decided_at"),
            )
            .join(deliveries, table.c.delivery_id == deliveries.c.id)
            .join(chats, deliveries.c.chat_id == chats.c.id)
            .where(table.c.updated_at > now - WATCHED, deliveries.c.state.in_(over))
            .where(deliveries.c.claimed_at.is_not(None), chats.c.state == ChatState.ACTIVE)
        )
        for row in rows:
            changed_at = max(filter(None, (row.updated_at, row.decided_at)))
            if row.claimed_at < changed_at + SLACK:
                urgent = row.state not in _GOING_ON and row.claimed_at < row.updated_at + SLACK
                found.append(OutOfDate(row.id, row.telegram_chat_id, row.claimed_at, urgent))
    return found + _grown(connection, now=now)


def _grown(connection: Connection, *, now: datetime) -> list[OutOfDate]:
    """Alerts that were told by themselves, and say less than their articles met."""
    rows = connection.execute(
        select(deliveries.c.id, deliveries.c.claimed_at, chats.c.telegram_chat_id)
        .join(alerts, deliveries.c.alert_id == alerts.c.id)
        .join(chats, deliveries.c.chat_id == chats.c.id)
        .where(alerts.c.grown_at > now - GROWN, chats.c.state == ChatState.ACTIVE)
        .where(deliveries.c.state == DeliveryState.SENT, deliveries.c.growths < alerts.c.growths)
        .order_by(alerts.c.grown_at)  # so that what grew lately is looked for first, and not all that was told
    )
    return [OutOfDate(row.id, row.telegram_chat_id, row.claimed_at, urgent=False, grown=True) for row in rows]
