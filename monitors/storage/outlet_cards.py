"""An outlet on one card: how it fares, when its sources are polled, and how late articles are seen."""

from __future__ import annotations

import statistics
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from monitors.articles import DateOrigin
from monitors.health import Health
from monitors.outlets import Outlet, SourceHealth
from monitors.storage.outlets import find_outlet, sources_of_all
from monitors.storage.tables import articles, followers, outlets

LATELY = timedelta(days=7)
MOST_DELAYS = 500
ABSURD = timedelta(days=1)
"""Whoever writes an older date into a new entry means another date, or an older article."""


@dataclass(frozen=True, slots=True)
class OutletCard:
    """`delays_s` are from the time its outlet gives an article to when we saw it, of the last days, sorted.

    `health_since` is None while it has always been well. `recent` are the articles of the last days.
    """

    outlet: Outlet
    health: Health
    health_since: datetime | None
    sources: Sequence[SourceHealth]
    recent: int
    delays_s: Sequence[float]
    followers: int

    @property
    def median_delay_s(self) -> float | None:
        return statistics.median(self.delays_s) if self.delays_s else None

    @property
    def p95_delay_s(self) -> float | None:
        """The delay that 95 % of the articles stayed below or met (nearest rank)."""
        return self.delays_s[-(-95 * len(self.delays_s) // 100) - 1] if self.delays_s else None


def sources_health(connection: Connection, outlet_ids: Collection[int]) -> dict[int, list[SourceHealth]]:
    """How the sources of each of these outlets fare."""
    counted = (
        select(
            articles.c.source_id,
            func.count().label("articles"),
            func.max(articles.c.first_seen_at).label("newest"),
        )
        .where(articles.c.outlet_id.in_(outlet_ids))
        .group_by(articles.c.outlet_id, articles.c.source_id)
    )
    seen = {row.source_id: row for row in connection.execute(counted)}
    return {
        outlet_id: [
            SourceHealth(
                source,
                articles=seen[source.id].articles if source.id in seen else 0,
                newest_article_at=seen[source.id].newest if source.id in seen else None,
            )
            for source in sources
        ]
        for outlet_id, sources in sources_of_all(connection, outlet_ids).items()
    }


def outlet_card(connection: Connection, wanted: str, *, now: datetime) -> OutletCard:
    """The followed outlet that `find_outlet` finds by these words. Raises as that does."""
    outlet = find_outlet(connection, wanted)
    health = connection.execute(select(outlets.c.health, outlets.c.health_since).where(outlets.c.id == outlet.id)).one()
    lately = (articles.c.outlet_id == outlet.id, articles.c.first_seen_at > now - LATELY, articles.c.crawl_id.is_(None))
    seen = connection.execute(
        select(articles.c.published_at, articles.c.first_seen_at)
        .where(*lately, articles.c.published_origin == DateOrigin.ENTRY, articles.c.state != "archived")
        .order_by(articles.c.first_seen_at.desc())
        .limit(MOST_DELAYS)
    )
    delays = [row.first_seen_at - row.published_at for row in seen]
    return OutletCard(
        outlet=outlet,
        health=Health(health.health),
        health_since=health.health_since,
        sources=sources_health(connection, [outlet.id])[outlet.id],
        recent=connection.scalar(select(func.count()).select_from(articles).where(*lately)) or 0,
        delays_s=sorted(delay / timedelta(seconds=1) for delay in delays if timedelta() <= delay <= ABSURD),
        followers=connection.scalar(select(func.count()).where(followers.c.outlet_id == outlet.id)) or 0,
    )
