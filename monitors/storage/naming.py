"""Which watches an alert's message names, of all that its article has met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, and_, bindparam, func, select

from monitors.storage.portions import portions
from monitors.storage.tables import alerts, deliveries, matches, subscriptions, watches, watchlists
from monitors.subscriptions import SubscriptionState
from monitors.watchlists import WatchState


@dataclass(slots=True)
class Meeting:
    """Watches (ids) that the alert's chat takes: `met` by any version of its article, those of them that are `named`,
    which the newest version met that any of them did, and those that `stand`: neither removed nor paused now."""

    met: set[int] = field(default_factory=set)
    named: set[int] = field(default_factory=set)
    stand: set[int] = field(default_factory=set)


def meetings(connection: Connection, alert_ids: Iterable[int]) -> Mapping[int, Meeting]:
    """By alert; nothing was met where a whole outlet is taken."""
    newest: dict[int, int] = defaultdict(int)
    found: dict[int, Meeting] = defaultdict(Meeting)
    for some in portions(sorted(set(alert_ids))):
        for row in connection.execute(_met(), {"these": some}):
            mine = found[row.id]
            if row.version > newest[row.id]:
                newest[row.id], mine.named = row.version, set()
            mine.met.add(row.watch_id)
            if row.version == newest[row.id]:
                mine.named.add(row.watch_id)
            if row.stands:
                mine.stand.add(row.watch_id)
    return found


@cache
def _met() -> Select[Any]:
    these: BindParameter[int] = bindparam("these", expanding=True)
    stands = and_(
        watches.c.state == WatchState.ACTIVE,
        subscriptions.c.state == SubscriptionState.ACTIVE,
        watchlists.c.paused_at.is_(None),
        watchlists.c.removed_at.is_(None),
    )
    # A group that became a supergroup takes its watches along, and of what was told not the delivery.
    there = subscriptions.c.chat_id.in_([alerts.c.chat_id, deliveries.c.chat_id])
    # From the chat's watches to the matches: thousands may meet an article, of which few are this chat's. An outer join
    # that the databases cannot see to be an inner one is made in that order.
    mine = and_(matches.c.article_id == alerts.c.article_id, matches.c.watch_id == watches.c.id)
    return (
        select(alerts.c.id, matches.c.watch_id, matches.c.version, stands.label("stands"))
        .join(deliveries, deliveries.c.alert_id == alerts.c.id)
        .join(subscriptions, there)
        .join(watchlists, subscriptions.c.watchlist_id == watchlists.c.id)
        .join(watches, watches.c.watchlist_id == watchlists.c.id)
        .outerjoin(matches, mine)
        .where(alerts.c.id.in_(these), func.coalesce(matches.c.version, 0) > 0)
    )
