"""Following an outlet: what discovery found becomes rows, and what is there already is recorded in silence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.articles import Listed, article_of, listed
from crawler.discovery import Discovery, FoundSource
from crawler.entries import Listing
from crawler.polling import hash_of
from crawler.scheduling import Pace, ServerWord, after_success, freshness_s
from crawler.web.answers import Fetched
from monitors.articles import ArticleState
from monitors.errors import NotFound, UsageError
from monitors.outlets import DocumentWord, Outlet, Poll, Source, Validators
from monitors.rates import learn
from monitors.storage.articles import save
from monitors.storage.engine import Connection, Database
from monitors.storage.outlets import add_outlet, find_outlet, sources_of


def follow(database: Database, found: Discovery, *, now: datetime, pace: Pace) -> tuple[Outlet, list[Source]]:
    """Adds the outlet with its sources and archives their present entries, all in one transaction.

    So what appears from this moment on alerts, even if the service starts hours later, and no document is asked for
    twice (but for an index of sitemaps). A source that is followed already is left to its schedule: its latest entries
    have yet to alert.
    """
    return database.write_now(_save, found, _all_present(found), now=now, pace=pace)


async def follow_from_loop(
    database: Database,
    found: Discovery,
    *,
    now: datetime,
    pace: Pace,
    claim: Callable[[Connection, Outlet], None] = lambda connection, outlet: None,
) -> Outlet:
    """As `follow`, without holding up the event loop. `claim` says in the same transaction whose the outlet is."""
    present = await asyncio.to_thread(_all_present, found)

    def save_and_claim(connection: Connection) -> Outlet:
        outlet, _ = _save(connection, found, present, now=now, pace=pace)
        claim(connection, outlet)
        return outlet

    return await database.write(save_and_claim)


def already_following(connection: Connection, found: Discovery) -> Outlet | None:
    """The one outlet for which every source that was chosen is polled already."""
    try:
        owners = {find_outlet(connection, source.url) for source in found.sources}
    except UsageError:  # one of them is new
        return None
    if len(owners) != 1:
        return None
    (outlet,) = owners
    polled = {source.url for source in sources_of(connection, outlet.id) if source.active}
    return outlet if polled.issuperset(source.url for source in found.sources) else None


@dataclass(frozen=True, slots=True)
class _Present:
    """What a source held when it was found."""

    listing: Listing
    answer: Fetched
    items: list[Listed]
    body_hash: str


def _all_present(found: Discovery) -> dict[str, _Present]:
    """By address. Worked out before the transaction: the writer is shared."""
    return {each.source.url: held for each in found.chosen if (held := _present(each)) is not None}


def _present(found: FoundSource) -> _Present | None:
    if found.listing is None or found.answer is None:
        return None
    if found.listing.more:  # discovery reads fewer of its documents than a poll: the first poll records, in silence
        return None
    items = listed(found.listing.entries, found.source)
    return _Present(found.listing, found.answer, items, hash_of(found.answer.body))


def _save(
    connection: Connection, found: Discovery, present: dict[str, _Present], *, now: datetime, pace: Pace
) -> tuple[Outlet, list[Source]]:
    followed = _followed_sources(connection, found.outlet.homepage)
    outlet, sources = add_outlet(connection, found.outlet, found.sources, now=now)
    told: set[int] = set()  # of an article that several sources list, the first of them is the one that brings it
    for source in sources:
        if source.url in present and source.url not in followed:
            own = [item for item in present[source.url].items if told.isdisjoint(item.fingerprints)]
            _record(connection, source, present[source.url], own, now=now, pace=pace)
            told.update(number for item in own for number in item.fingerprints)
    return outlet, sources


def _followed_sources(connection: Connection, homepage: str) -> set[str]:
    try:
        outlet = find_outlet(connection, homepage)
    except NotFound:
        return set()
    polled = [source for source in sources_of(connection, outlet.id) if source.active and source.first_polled_at]
    return {source.url for source in polled}


def _record(
    connection: Connection, source: Source, present: _Present, own: Sequence[Listed], *, now: datetime, pace: Pace
) -> None:
    """The source as after its first poll; `own` is what no source before it lists, by which its rate is learnt."""
    answer = present.answer
    ttl_s = present.listing.ttl_s or 0.0
    word = ServerWord(freshness_s(answer.headers, answer.fetched_at), ttl_s, answer.crawl_delay_s)
    existing = [article_of(item, source, seen_at=answer.fetched_at) for item in present.items]
    rate = learn(None, [item.entry.published_at for item in own], now=answer.fetched_at)
    asked = replace(source, next_poll_at=answer.fetched_at)
    due = after_success(asked, now=answer.fetched_at, word=word, pace=pace, rate=rate)
    poll = Poll(
        source_id=source.id,
        polled_at=answer.fetched_at,
        next_poll_at=due.at,
        reason=due.reason,
        asked_s=due.asked_s,
        rate=rate,
        ttl_s=ttl_s,
        new_at=rate.latest,
        validators=Validators() if present.listing.cut else answer.validators,
        body_hash=present.body_hash,
        unconditional=True,
        document=DocumentWord(present.listing.hub, present.listing.topic),
    )
    save(connection, existing, now=now, state=ArticleState.ARCHIVED, poll=poll)
