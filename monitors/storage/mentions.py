"""What met the watches of watchlists, as rows, and which watchlists a chat is told of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from monitors.storage.subscriptions import name_for
from monitors.storage.tables import articles, matches, outlets, subscriptions, watches, watchlists

MOST_READ = 50_000
"""Matches that are looked at, the newest; a watchlist with more has other troubles than its statistics."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An article that is counted, and when."""

    article_id: int
    at: datetime
    outlet: str


def mentions_recorded(connection: Connection, watchlist_ids: Collection[int], *, since: datetime) -> list[Mention]:
    """What met the watches of these lists, each article once, by when it came, the newest first."""
    found = connection.execute(
        select(articles.c.id, articles.c.first_seen_at, outlets.c.name)
        .join(matches, matches.c.article_id == articles.c.id)
        .join(watches, matches.c.watch_id == watches.c.id)
        .join(outlets, articles.c.outlet_id == outlets.c.id)
        .where(watches.c.watchlist_id.in_(list(watchlist_ids)))
        .where(articles.c.first_seen_at >= since)
        .distinct()
        .order_by(articles.c.first_seen_at.desc())
        .limit(MOST_READ)
    )
    return [Mention(row.id, row.first_seen_at, row.name) for row in found]


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
