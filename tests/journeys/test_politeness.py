"""What a strict test server would write about us: its log, criterion by criterion.

The criteria are those by which feed readers are commonly judged: conditional requests with the server's own words,
steady timing that survives restarts, one request on subscribing, patience when asked for it, and nothing else sent.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tests.fakes.outlet import Hit, Outlet, serve
from tests.journeys.installation import Installation

ETAG = 'W/"a strange: one"'
MODIFIED = "Sunday, 22-Nov-26 08:00:00 GMT"
"""Not the preferred form of a date: it must come back as it is, never parsed and written anew."""


@asynccontextmanager
async def an_outlet() -> AsyncIterator[Outlet]:
    outlet = Outlet(feed_headers={"ETag": ETAG, "Last-Modified": MODIFIED})
    outlet.publish("خبر أول")
    async with serve(outlet):
        yield outlet


async def polls(outlet: Outlet, count: int, *, timeout_s: float = 40) -> list[Hit]:
    """The requests of the feed, as soon as there are so many."""
    async with asyncio.timeout(timeout_s):
        while len(outlet.hits("/feed/")) < count:  # noqa: ASYNC110 - the log has no event
            await asyncio.sleep(0.05)
    return outlet.hits("/feed/")


def gaps(hits: Sequence[Hit]) -> list[float]:
    return [later.at - earlier.at for earlier, later in itertools.pairwise(hits)]


async def test_every_request_after_the_first_is_conditional_with_the_servers_own_words(rasid: Installation) -> None:
    async with an_outlet() as outlet:
        rasid.allow(outlet.url)
        await rasid.rasid("outlet", "add", f"{outlet.url}/feed/", "--yes")
        async with rasid.running() as service:
            await service.started()
            first, *later = await polls(outlet, 4)
    assert "If-None-Match" not in first.headers
    assert "If-Modified-Since" not in first.headers
    assert [hit.headers.get("If-None-Match") for hit in later] == [ETAG] * len(later)
    assert [hit.headers.get("If-Modified-Since") for hit in later] == [MODIFIED] * len(later)


async def test_subscribing_asks_for_the_feed_once(rasid: Installation) -> None:
    async with an_outlet() as outlet:
        rasid.allow(outlet.url)
        rasid.settings["crawl.min_interval"] = "300"
        await rasid.rasid("outlet", "add", f"{outlet.url}/feed/", "--yes")
        async with rasid.running() as service:
            await service.started()
            await asyncio.sleep(2)  # if it asked again, it would be at once
        assert len(outlet.hits("/feed/")) == 1
        assert outlet.hits("/favicon.ico") == []


async def test_the_request_carries_who_we_are_and_nothing_that_follows_people(rasid: Installation) -> None:
    async with an_outlet() as outlet:
        outlet.feed_headers["Set-Cookie"] = "id=1"
        rasid.allow(outlet.url)
        rasid.settings["crawl.contact"] = "https://monitor.example/"
        await rasid.rasid("outlet", "add", f"{outlet.url}/feed/", "--yes")
        async with rasid.running() as service:
            await service.started()
            hits = await polls(outlet, 3)
    for hit in hits:
        assert "Rasid" in hit.headers["User-Agent"]
        assert "https://monitor.example/" in hit.headers["User-Agent"]
        assert "gzip" in hit.headers["Accept-Encoding"]
        assert {"Cookie", "Referer", "From", "X-Forwarded-For"}.isdisjoint(hit.headers)
        assert hit.path == "/feed/"


async def test_polls_are_steady_and_no_sooner_than_the_server_wants(rasid: Installation) -> None:
    async with an_outlet() as outlet:
        outlet.feed_headers["Cache-Control"] = "max-age=3"
        rasid.allow(outlet.url)
        await rasid.rasid("outlet", "add", f"{outlet.url}/feed/", "--yes")
        async with rasid.running() as service:
            await service.started()
            hits = await polls(outlet, 4)
    assert min(gaps(hits[1:])) >= 2.9


async def test_a_restart_does_not_bring_a_poll_forward(rasid: Installation) -> None:
    async with an_outlet() as outlet:
        rasid.allow(outlet.url)
        rasid.settings["crawl.min_interval"] = "6"
        await rasid.rasid("outlet", "add", f"{outlet.url}/feed/", "--yes")
        for _ in range(3):
            async with rasid.running() as service:
                await service.started()
                await polls(outlet, len(outlet.hits("/feed/")) + 1)
                await service.stop()
        assert min(gaps(outlet.hits("/feed/"))) >= 5.4


async def test_a_host_that_asks_for_patience_is_left_alone(rasid: Installation) -> None:
    async with an_outlet() as outlet:
        rasid.allow(outlet.url)
        await rasid.rasid("outlet", "add", f"{outlet.url}/feed/", "--yes")
        headers = {"Retry-After": "4"}
        async with rasid.running() as service:
            await service.started()
            await polls(outlet, 2)
            outlet.faults["/feed/"] = {"kind": "status", "status": 429, "headers": headers}
            hits = await polls(outlet, 3)
            while hits[-1].status != 429:
                hits = await polls(outlet, len(hits) + 1)
            del outlet.faults["/feed/"]
            refused = len(hits)
            hits = await polls(outlet, refused + 1)
    assert hits[refused].at - hits[refused - 1].at >= 3.9
