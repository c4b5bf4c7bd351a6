"""How often watchlists found something: articles a local day, and by outlet.

Matches are recorded from the moment a watch stands. What came before it, or was recorded in silence when an outlet was
added, is searched in the archive as a back-test does, so that a new watch has statistics, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from monitors.errors import QueryError
from monitors.local_time import midnight
from monitors.query.language.grammar import parse
from monitors.query.question import Question
from monitors.query.tree import Query, either
from monitors.searching import Scope, search
from monitors.storage.mentions import Mention, mentions_recorded
from monitors.storage.watches import list_watches
from monitors.storage.watchlists import get_watchlist
from monitors.trying import MOST_MATCHES, MOST_OTHERS, counting
from monitors.watchlists import Watchlist

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mentions:
    """Articles, each once, that met a watch: `days` without gaps and up to today, `outlets` those with most first.

    `archived` of them are known from the archive alone and counted on the day they were published; `cut` when only the
    newest articles of the archive were looked at.
    """

    days: Sequence[tuple[date, int]]
    outlets: Sequence[tuple[str, int]]
    archived: int = 0
    cut: bool = False

    @property
    def total(self) -> int:
        return sum(count for _, count in self.days)


def mentions_of(
    connection: Connection, watchlist_ids: Collection[int], *, days: int, zone: ZoneInfo, now: datetime
) -> Mentions:
    """What met the watches of these lists in the last `days` local days, today with them."""
    first = now.astimezone(zone).date() - _DAY * (days - 1)
    since = midnight(now - _DAY * (days - 1), zone)
    recorded = [one for one in mentions_recorded(connection, watchlist_ids, since=since) if one.at <= now]
    archived, cut = _in_archive(connection, watchlist_ids, since=since)
    known = {one.article_id for one in recorded}
    besides = [one for one in archived if one.article_id not in known and one.at <= now]
    counted = [*recorded, *besides]
    by_day = Counter(one.at.astimezone(zone).date() for one in counted)
    by_outlet = Counter(one.outlet for one in counted)
    return Mentions(
        days=[(day, by_day[day]) for day in (first + _DAY * number for number in range(days))],
        outlets=sorted(by_outlet.items(), key=lambda one: (-one[1], one[0])),
        archived=len(besides),
        cut=cut,
    )


def _in_archive(
    connection: Connection, watchlist_ids: Collection[int], *, since: datetime
) -> tuple[list[Mention], bool]:
    """What the archive holds that meets watches of the lists, within their limits, by when it was published; and
    whether there is more."""
    asked = list(_asked(connection, watchlist_ids))
    if not asked:
        return [], False
    page = search(connection, either([query for _, query in asked]), Scope(since=since), limit=MOST_MATCHES)
    judges = [(counting(watchlist), Question(query)) for watchlist, query in asked]
    found = [
        Mention(article.id, article.dated, article.outlet_name)
        for article in (one.article for one in page.items)
        if any(counts(article) and question.meets(article.fields | article.about) for counts, question in judges)
    ]
    return found, page.next is not None


def _asked(connection: Connection, watchlist_ids: Collection[int]) -> Iterator[tuple[Watchlist, Query]]:
    """What each list asks: its newest watches, of all lists so many as a back-test compares."""
    left = MOST_OTHERS
    for watchlist_id in watchlist_ids:
        watchlist = get_watchlist(connection, watchlist_id)
        if watchlist is None or not left:
            continue
        held = list_watches(connection, watchlist.chat_id, watchlist=watchlist.name)[-left:]
        left -= len(held)
        if queries := list(_understood(one.query for one in held)):
            yield watchlist, either(queries)


def _understood(written: Iterator[str]) -> Iterator[Query]:
    for query in written:
        try:
            yield parse(query)
        except QueryError:  # an older Rasid understood it
            continue
