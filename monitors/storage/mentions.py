"""How often watchlists found something: articles a local day, and by outlet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, or_, select

from monitors.local_time import midnight
from monitors.storage.subscriptions import name_for
from monitors.storage.tables import articles, matches, outlets, subscriptions, watches, watchlists

MOST_READ = 50_000
"""Matches that are looked at, the newest; a watchlist with more has other troubles than its statistics."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mentions:
    """Articles, each once, that met a watch: `days` without gaps and up to today, `outlets` those with most first."""

    days: Sequence[tuple[date, int]]
    outlets: Sequence[tuple[str, int]]

    @property
    def total(self) -> int:
        return sum(count for _, count in self.days)


def mentions_of(
    connection: Connection, watchlist_ids: Collection[int], *, days: int, zone: ZoneInfo, now: datetime
) -> Mentions:
    """What met the watches of these lists in the last `days` local days, today with them, by when it came."""
    first = now.astimezone(zone).date() - _DAY * (days - 1)
    found = connection.execute(
        select(articles.c.id, articles.c.first_seen_at, outlets.c.name)
        .join(matches, matches.c.article_id == articles.c.id)
        .join(watches, matches.c.watch_id == watches.c.id)
        .join(outlets, articles.c.outlet_id == outlets.c.id)
        .where(watches.c.watchlist_id.in_(list(watchlist_ids)))
        .where(articles.c.first_seen_at >= midnight(now - _DAY * (days - 1), zone), articles.c.first_seen_at <= now)
        .distinct()
        .order_by(articles.c.first_seen_at.desc())
        .limit(MOST_READ)
    ).all()
    by_day = Counter(row.first_seen_at.astimezone(zone).date() for row in found)
    by_outlet = Counter(row.name for row in found)
    return Mentions(
        days=[(day, by_day[day]) for day in (first + _DAY * number for number in range(days))],
        outlets=sorted(by_outlet.items(), key=lambda one: (-one[1], one[0])),
    )


def lists_told(connection: Connection, chat_id: int) -> list[tuple[int, str]]:
    """(id, name) of the watchlists that are the chat's or that it takes, oldest first."""
    taken = and_(subscriptions.c.watchlist_id == watchlists.c.id, subscriptions.c.chat_id == chat_id)
    rows = connection.execute(
        select(watchlists.c.id, name_for(chat_id).label("name"))
        .outerjoin(subscriptions, taken)
        .where(or_(watchlists.c.chat_id == chat_id, subscriptions.c.id.is_not(None)), watchlists.c.removed_at.is_(None))
        .order_by(watchlists.c.id)
    )
    return [(row.id, row.name) for row in rows]
