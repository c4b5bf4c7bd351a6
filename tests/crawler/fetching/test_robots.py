from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.web import robots
from crawler.web.robots import (
    LONGEST,
    READY_BYTES,
    REMEMBERED_BYTES,
    REMEMBERED_S,
    RETRIED_S,
    UNREACHABLE_RETRIED_S,
    Robots,
    RobotsFile,
    Weighed,
)

RULES = b"User-agent: *\nDisallow: /private/\nCrawl-delay: 7\n"


class Site:
    """A robots.txt that counts how often it is asked for."""

    def __init__(self, file: RobotsFile) -> None:
        self.file = file
        self.asked: list[str] = []
        self.now = 0.0
        self.robots = Robots(self.fetch, lambda: self.now)

    async def fetch(self, url: str) -> RobotsFile:
        self.asked.append(url)
        await asyncio.sleep(0)
        return self.file

    async def allows(self, path: str) -> bool:
        url = f"https://example.org{path}"
        return (await self.robots.rules(url)).allow(url)


async def test_rules_are_those_of_the_file() -> None:
    site = Site(RobotsFile(200, RULES))
    assert await site.allows("/news/1")
    assert not await site.allows("/private/1")
    assert (await site.robots.rules("https://example.org/")).crawl_delay_s == 7


@pytest.mark.parametrize("status", [401, 403, 404, 410, 300])
async def test_an_absent_file_allows_everything(status: int) -> None:
    assert await Site(RobotsFile(status)).allows("/private/1")


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_failing_server_forbids_everything_and_says_why(status: int) -> None:
    site = Site(RobotsFile(status))
    assert not await site.allows("/")
    assert str(status) in ((await site.robots.rules("https://example.org/")).problem or "")


@pytest.mark.parametrize(
    ("file", "remembered_s"),
    [
        (RobotsFile(200, RULES), REMEMBERED_S),
        (RobotsFile(404), REMEMBERED_S),
        (RobotsFile(500), RETRIED_S),
        (RobotsFile(None), UNREACHABLE_RETRIED_S),
    ],
)
async def test_rules_are_remembered_for_their_time(file: RobotsFile, remembered_s: float) -> None:
    site = Site(file)
    await site.allows("/")
    site.now = remembered_s - 1
    await site.allows("/")
    assert len(site.asked) == 1
    site.now = remembered_s + 1
    await site.allows("/")
    assert site.asked == ["https://example.org/robots.txt"] * 2


async def test_many_at_once_ask_once() -> None:
    site = Site(RobotsFile(200, RULES))
    await asyncio.gather(*(site.allows(f"/{number}") for number in range(20)))
    assert len(site.asked) == 1


async def test_one_who_gives_up_does_not_stop_the_others() -> None:
    site = Site(RobotsFile(200, RULES))
    hasty = asyncio.create_task(site.allows("/"))
    patient = asyncio.create_task(site.allows("/"))
    await asyncio.sleep(0)
    hasty.cancel()
    assert await patient


async def test_a_hostile_file_is_read_quickly() -> None:
    lines = [f"Disallow: /{'*a' * 40}{number}" for number in range(5000)]
    site = Site(RobotsFile(200, "\n".join(["User-agent: *", *lines]).encode()))
    async with asyncio.timeout(5):
        await site.allows("/" + "a" * 2000)


async def test_a_long_file_counts_up_to_its_last_whole_line() -> None:
    lines = "".join(f"Disallow: /{number:05}/\n" for number in range(LONGEST // 17))
    site = Site(RobotsFile(200, f"User-agent: *\n{lines}Disallow: /news/is/free/\n{'#' * LONGEST}".encode()))
    assert not await site.allows("/00000/")
    assert await site.allows("/news/1")


async def test_the_memory_of_hostile_files_is_bounded_and_the_loop_goes_on() -> None:
    rules = "".join(f"Disallow: /{number}/*x\n" for number in range(40_000))
    site = Site(RobotsFile(200, f"User-agent: *\n{rules}".encode()))
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    ticking = asyncio.create_task(tick())
    for number in range(20):
        await site.robots.rules(f"https://{number}.example.org/")
    ticking.cancel()
    assert site.robots._files.weight <= REMEMBERED_BYTES
    assert site.robots._ready.weight <= READY_BYTES
    assert ticks > 30  # parsed on the loop, it would tick once for each of the 20 files


async def test_a_file_is_asked_for_once_even_if_its_rules_had_to_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "READY_BYTES", 10)
    site = Site(RobotsFile(200, RULES))
    for _ in range(3):
        assert not await site.allows("/private/1")
    assert len(site.asked) == 1


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 12))))
def test_what_is_weighed_never_exceeds_its_limit_and_keeps_the_latest(values: list[tuple[str, int]]) -> None:
    memory: Weighed[int] = Weighed(10)
    for key, weight in values:
        memory.put(key, weight, weight)
        assert memory.weight <= 10
        assert memory.get(key) == (weight if weight <= 10 else None)
