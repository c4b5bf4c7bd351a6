from __future__ import annotations

import asyncio
import itertools
from typing import Any

import pytest
from aiohttp import web

from crawler.web.answers import LONGEST_RETRY_AFTER_S, NOT_ALLOWED, NotModified
from crawler.web.fetching import Fetcher
from tests.crawler.fetching.answers import COLONLESS, an_outlet, failed, fetched
from tests.crawler.fetching.conftest import Reactor
from tests.fakes.outlet import serve
from tests.fakes.sloppy import serve_raw

TWO_LENGTHS = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnews"


def test_a_feed_is_asked_conditionally_with_the_servers_own_words(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            first = fetched(await fetcher.fetch_feed(f"{outlet.url}/feed/"))
            second = await fetcher.fetch_feed(f"{outlet.url}/feed/", validators=first.validators)
            assert isinstance(second, NotModified)
            asked = outlet.hits("/feed/")[1].headers
            assert asked["If-None-Match"] == first.headers["etag"]
            assert asked["If-Modified-Since"] == first.headers["last-modified"]

    reactor.online(scene)


def test_requests_say_who_we_are_and_nothing_else(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.feed_headers = {"Set-Cookie": "spy=1"}
            await fetcher.fetch_feed(f"{outlet.url}/feed/")
            await fetcher.fetch_feed(f"{outlet.url}/feed/")
            asked = outlet.hits("/feed/")[1].headers
            assert asked["User-Agent"] == "Rasid/0.1 (self-hosted news monitor) (+news@example.org)"
            assert set(asked) <= {"Host", "Accept", "Accept-Encoding", "User-Agent", "Connection"}

    reactor.online(scene, contact="news@example.org")


def test_a_permanent_redirect_tells_the_new_address_and_a_temporary_one_does_not(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.faults["/old"] = {"kind": "redirect", "to": "/feed/", "status": 301}
            outlet.faults["/today"] = {"kind": "redirect", "to": "/feed/", "status": 302}
            moved = fetched(await fetcher.fetch_feed(f"{outlet.url}/old"))
            lent = fetched(await fetcher.fetch_feed(f"{outlet.url}/today"))
            assert (moved.url, moved.permanent_url) == (f"{outlet.url}/feed/", f"{outlet.url}/feed/")
            assert (lent.url, lent.permanent_url) == (f"{outlet.url}/feed/", None)

    reactor.online(scene)


def test_redirects_in_circles_end(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.faults["/a"] = {"kind": "redirect", "to": "/a"}
            assert "circles" in failed(await fetcher.fetch_page(f"{outlet.url}/a")).reason
            assert len(outlet.hits("/a")) == 6

    reactor.online(scene)


@pytest.mark.parametrize("answer", [COLONLESS, TWO_LENGTHS], ids=["header without colon", "two lengths"])
def test_a_sloppy_server_is_understood_and_remembered(reactor: Reactor, answer: bytes) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve_raw(lambda path: answer) as server:
            assert fetched(await fetcher.fetch_page(f"{server.url}/1")).body == b"news"
            assert fetched(await fetcher.fetch_page(f"{server.url}/2")).body == b"news"
            assert server.paths == ["/1", "/1", "/2"]

    reactor.online(scene)


def test_a_location_in_windows_1256_is_followed_byte_for_byte(reactor: Reactor) -> None:
    location = "/أخبار".encode("cp1256")

    def answer(path: str) -> bytes:
        if path == "/":
            return (
                b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
        return b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnews"

    async def scene(fetcher: Fetcher) -> None:
        async with serve_raw(answer) as server:
            assert fetched(await fetcher.fetch_page(f"{server.url}/")).body == b"news"
            assert server.paths == ["/", "/" + "".join(f"%{byte:02X}" for byte in location[1:])]

    reactor.online(scene)


def test_robots_rules_hold_for_pages_and_feeds_and_are_asked_for_once(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.robots = "User-agent: *\nDisallow: /news/\n\nUser-agent: Rasid\nDisallow: /feed/\n"
            answers = await asyncio.gather(
                fetcher.fetch_feed(f"{outlet.url}/feed/"), fetcher.fetch_page(f"{outlet.url}/news/1/")
            )
            assert failed(answers[0]).reason == NOT_ALLOWED
            fetched(answers[1])
            assert len(outlet.hits("/robots.txt")) == 1
            assert outlet.hits("/feed/") == []

    reactor.online(scene)


def test_the_operator_may_choose_not_to_ask_for_robots_rules(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.robots = "User-agent: *\nDisallow: /\n"
            fetched(await fetcher.fetch_feed(f"{outlet.url}/feed/"))
            assert outlet.hits("/robots.txt") == []

    reactor.online(scene, obey_robots=False)


def test_a_failing_robots_txt_forbids_everything_for_a_while(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.faults["/robots.txt"] = {"kind": "status", "status": 500}
            for _ in range(2):
                assert "robots.txt" in failed(await fetcher.fetch_feed(f"{outlet.url}/feed/")).reason
            assert [hit.path for hit in outlet.log] == ["/robots.txt"]

    reactor.online(scene)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_closes_the_whole_host(reactor: Reactor, status: int) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.faults["/feed/"] = {"kind": "status", "status": status, "headers": {"Retry-After": "120"}}
            assert failed(await fetcher.fetch_feed(f"{outlet.url}/feed/")).retry_after_s == 120
            later = failed(await fetcher.fetch_page(f"{outlet.url}/news/1/"))
            assert later.retry_after_s == pytest.approx(120, abs=5)
            assert outlet.hits("/news/1/") == []

    reactor.online(scene)


@pytest.mark.parametrize("said", ["soon", "-5", "1 jan 99999999999999999999 0:0:0 GMT", "9" * 400])
def test_a_retry_after_that_makes_no_sense_does_no_harm(reactor: Reactor, said: str) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.faults["/feed/"] = {"kind": "status", "status": 503, "headers": {"Retry-After": said}}
            answer = failed(await fetcher.fetch_feed(f"{outlet.url}/feed/"))
            assert answer.status == 503
            assert (answer.retry_after_s or 0) <= LONGEST_RETRY_AFTER_S

    reactor.online(scene)


def test_a_closed_host_is_not_even_asked_for_its_robots_txt(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            headers = {"Retry-After": "120"}
            outlet.faults["/robots.txt"] = {"kind": "status", "status": 503, "headers": headers}
            assert not failed(await fetcher.fetch_feed(f"{outlet.url}/feed/")).postponed
            assert failed(await fetcher.fetch_feed(f"{outlet.url}/feed/")).postponed
            assert len(outlet.log) == 1

    reactor.online(scene)


def test_pages_that_wait_their_turn_stay_away_from_a_host_that_closes(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.faults["/news/1/"] = {"kind": "status", "status": 429, "headers": {"Retry-After": "120"}}
            answers = await asyncio.gather(*(fetcher.fetch_page(f"{outlet.url}/news/1/") for _ in range(30)))
            assert all(failed(answer).retry_after_s for answer in answers)
            assert len(outlet.hits("/news/1/")) <= 4

    reactor.online(scene)


def test_gone_and_missing_are_told_apart(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.faults["/feed/"] = {"kind": "status", "status": 410}
            gone = failed(await fetcher.fetch_feed(f"{outlet.url}/feed/"))
            missing = failed(await fetcher.fetch_page(f"{outlet.url}/news/99/"))
            assert gone.gone
            assert not missing.gone
            assert missing.reason == "The site answered 404 (Not Found)."

    reactor.online(scene)


def test_never_more_than_two_requests_at_once_to_a_host(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> int:
        under_way = most = 0

        async def slow(request: Any) -> None:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.02)
            under_way -= 1

        outlet = an_outlet()
        outlet.watch = slow
        async with serve(outlet):
            await asyncio.gather(*(fetcher.fetch_page(f"{outlet.url}/news/1/") for _ in range(10)))
        return most

    assert reactor.online(scene) == 2


def test_hosts_that_never_answer_leave_places_to_those_that_do(
    reactor: Reactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as good, serve(an_outlet(), host="0.0.0.0") as bad:
            fetched(await fetcher.fetch_page(f"{good.url}/"))
            bad.faults["/drip"] = {"kind": "drip"}
            dripping = asyncio.Event()
            asked = itertools.count(1)

            async def watch(request: web.Request) -> None:
                if request.path == "/drip" and next(asked) == 3:
                    dripping.set()

            bad.watch = watch
            # Each of these hosts holds the two places it may have, and all together would hold every one there is.
            stuck = [
                asyncio.create_task(fetcher.fetch_feed(bad.url.replace("0.0.0.0", f"127.0.0.{number}") + "/drip"))
                for number in range(2, 12)
            ]
            async with asyncio.timeout(10):
                await dripping.wait()  # their robots.txt came at once
                for _ in range(3):
                    fetched(await fetcher.fetch_page(f"{good.url}/"))
            assert not any(task.done() for task in stuck)
            for task in stuck:
                task.cancel()
            await asyncio.gather(*stuck, return_exceptions=True)

    reactor.online(scene, concurrency=4)
