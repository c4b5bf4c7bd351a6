"""A web address somebody pasted → the outlet behind it, its sources, and its newest articles."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from crawler.discovery.candidates import Parser
from crawler.discovery.catalogued import meaning_of, with_entry
from crawler.discovery.found import Discovery
from crawler.discovery.judging import judge
from crawler.discovery.naming import outlet_of
from crawler.discovery.preview import preview
from crawler.discovery.searching import Search
from crawler.discovery.visits import Visits, Web
from monitors.errors import OutletError
from monitors.outlets import NewSource

SEARCH_S = 30.0
PREVIEW_S = 15.0


async def discover(
    url: str,
    web: Web,
    parser: Parser,
    *,
    hints: Sequence[NewSource] = (),
    everything: bool = False,
    with_preview: bool = True,
    now: datetime | None = None,
    search_s: float = SEARCH_S,
    preview_s: float = PREVIEW_S,
) -> Discovery:
    """What is at the address: an outlet with at least one chosen source, and a preview.

    `url` may also be a Telegram channel (`@NAME`), or a key or name of the catalogue. `hints` are sources that may
    belong to the site. `everything` chooses all sources that are alive and repeat no other. After `search_s` what was
    found so far is judged. Raises `UsageError` for what is no address, `OutletError` for what cannot be had or lists no
    articles.
    """
    meant = meaning_of(url)
    search = Search(Visits(web), parser)
    try:
        async with asyncio.timeout(search_s):
            await search.run(meant, hints)
    except TimeoutError:
        search.stopped(search_s)
    trial = search.trial
    # Beside the loop: fourteen documents of two thousand entries each take a second.
    found = await asyncio.to_thread(
        judge, trial.candidates, trial.failed, now=now or datetime.now(UTC), everything=everything
    )
    chosen = [each.source.url for each in found if each.chosen]
    if not chosen:
        raise OutletError(
            f"{search.url} lists no articles that Rasid can follow: no feed, news sitemap or page of headlines was "
            "found there or in the usual places.",
            hint="Give the address of the outlet's RSS feed, if it has one.",
        )
    listings = [each.listing for each in found if each.chosen and each.listing is not None]
    outlet = with_entry(outlet_of(search.url, search.speaker(chosen), listings), meant.entry, search.url)
    discovery = Discovery(outlet, found, notes=tuple(search.notes_on(chosen)))
    if not with_preview:
        return discovery
    samples = await preview(found, web, parser, hint=outlet.language, time_limit_s=preview_s)
    return replace(discovery, preview=samples)
