"""How many alerts were told, and how long that took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, func, select

from monitors.alerts import DeliveryKind, DeliveryState, Verdict
from monitors.storage.tables import alerts, articles, deliveries

NEWEST = 10_000
"""Alerts whose delays are told; to read those of all there ever were took seconds with 100,000."""


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """The outbox in numbers: deliveries by state, and the alert delays of the newest sent ones in seconds, sorted."""

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
    of_digest = together.c.kind == DeliveryKind.DIGEST  # an alert that says the same was told before
    settled_at = case((of_digest, together.c.settled_at), else_=deliveries.c.settled_at).label("settled_at")
    settled = connection.execute(
        select(func.coalesce(alerts.c.seen_at, articles.c.first_seen_at).label("seen_at"), settled_at)
        .select_from(deliveries.outerjoin(together, with_others))
        .join(alerts, deliveries.c.alert_id == alerts.c.id)
        .join(articles, alerts.c.article_id == articles.c.id)
        .where(state == DeliveryState.SENT, alerts.c.verdict == Verdict.NOW, *recent)
        .order_by(deliveries.c.id.desc())
        .limit(NEWEST)
    )
    return DeliveryCounts(
        {DeliveryState(state): count for state, count in by_state},
        sorted((row.settled_at - row.seen_at) / timedelta(seconds=1) for row in settled),
    )
