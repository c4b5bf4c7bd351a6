"""Real children, real signals, real documents that hang or eat memory."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import psutil
import pytest

from crawler.entries import NotAListing
from crawler.parsing.pool import LARGE, LONGEST_QUEUE, ParserKilled, ParsingFailed, ParsingPool
from monitors.articles import DateOrigin
from tests.fakes.parsers import HANGING, HUNGRY, SLOW

LARGE_AND_HANGING = HANGING + b" " * LARGE

URL = "https://daily.example/feed/"
FEED = (
    "<rss version='2.0'><channel><title>يومية الوادي</title><item><title>سدّ الرستن</title>"
    "<link>https://daily.example/1</link><pubDate>Tue, 03 Dec 2024 08:15:00 +0300</pubDate></item></channel></rss>"
).encode()
PAGE = (
    "<html><head><title>سدّ الرستن</title><meta property='article:published_time' content='2024-12-03T08:15:00Z'>"
    "<link rel=alternate type=application/rss+xml href=/feed/></head><body><h1>سدّ الرستن</h1>"
    f"<div class='entry-content'>{'<p>أعلنت وزارة الري أن السد استقبل أول واردات الموسم.</p>' * 8}</div></body></html>"
).encode()
pytestmark = pytest.mark.usefixtures("obedient_children")


@asynccontextmanager
async def running(
    *, workers: int = 1, idle_s: float = 60.0, cpu_s: float = 60.0, timeout_s: float = 60.0, memory_mb: int = 768
) -> AsyncIterator[ParsingPool]:
    pool = ParsingPool(workers=workers, idle_s=idle_s, cpu_s=cpu_s, timeout_s=timeout_s, memory_mb=memory_mb)
    try:
        yield pool
    finally:
        await pool.close()
    assert children() == []


def children() -> list[int]:
    return [child.pid for child in psutil.Process().children() if _is_parser(child)]


def _is_parser(child: psutil.Process) -> bool:
    try:
        return "crawler.parsing.worker" in child.cmdline()
    except psutil.NoSuchProcess:  # a zombie is one of these: it has ended
        return False


async def ended(pid: int) -> None:
    """Return when the process is dead (pidfd_open(2): it becomes readable then)."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    dead = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, dead.set)
    try:
        await asyncio.wait_for(dead.wait(), 20)
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


async def test_children_answer_what_the_parsers_would() -> None:
    async with running() as pool:
        assert children() == []
        feed = await pool.read_listing(FEED, url=URL, content_type="text/xml")
        page = await pool.extract_article(PAGE, url=URL, content_type=None)
        links = await pool.find_feed_links(PAGE, url=URL, content_type=None)
        assert len(children()) == 1
    assert feed.entries[0].published_at == datetime(2024, 12, 3, 5, 15, tzinfo=UTC)
    assert (page.title, page.published_origin, page.complete) == ("سدّ الرستن", DateOrigin.META, True)
    assert links.feeds[0].url == URL


async def test_a_refusal_comes_back_with_its_words() -> None:
    async with running() as pool:
        with pytest.raises(NotAListing, match=r"^The document is empty\.$"):
            await pool.read_listing(b"", url=URL, content_type=None)
        with pytest.raises(ParsingFailed, match="TypeError"):
            await pool.find_feed_links(PAGE, url=7, content_type=None)  # type: ignore[arg-type] # a bug in the caller


async def test_a_document_that_hangs_costs_its_child_and_nobody_else() -> None:
    async with running(workers=2, cpu_s=2.0) as pool:
        hanging = asyncio.create_task(pool.extract_article(HANGING, url=URL, content_type=None))
        await asyncio.sleep(0)  # it asks first
        others = [await pool.read_listing(FEED, url=URL, content_type=None) for _ in range(5)]
        before = children()
        assert not hanging.done()
        with pytest.raises(ParserKilled, match=r"longer than 2 s"):
            await hanging
        assert len(others) == 5
        assert len(await asyncio.gather(*(pool.read_listing(FEED, url=URL, content_type=None) for _ in range(2)))) == 2
        assert len(set(before) & set(children())) == 1


async def test_a_document_that_needs_more_than_its_share_is_read_in_the_slow_place() -> None:
    async with running(workers=2, cpu_s=30.0) as pool:
        assert not (await pool.extract_article(SLOW, url=URL, content_type=None)).complete


async def test_documents_that_hang_delay_each_other_and_nobody_else() -> None:
    async with running(workers=2, cpu_s=20.0) as pool:
        hanging = [asyncio.create_task(pool.extract_article(HANGING, url=URL, content_type=None)) for _ in range(3)]
        await asyncio.sleep(0)
        assert (await pool.read_listing(FEED, url=URL, content_type=None)).entries
        assert not any(page.done() for page in hanging)
        for page in hanging:
            page.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)


async def test_a_child_that_does_nothing_is_ended_by_the_clock() -> None:
    async with running(timeout_s=0.5) as pool:
        await pool.read_listing(FEED, url=URL, content_type=None)
        (pid,) = children()
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(ParserKilled, match=r"longer than 0.5 s"):
            await pool.read_listing(FEED, url=URL, content_type=None)


async def test_only_a_few_large_documents_may_wait() -> None:
    async with running(workers=2) as pool:
        waiting = [
            asyncio.create_task(pool.extract_article(LARGE_AND_HANGING, url=URL, content_type=None))
            for _ in range(LONGEST_QUEUE)
        ]
        await asyncio.sleep(0)
        with pytest.raises(ParsingFailed, match="tried again later"):
            await pool.extract_article(LARGE_AND_HANGING, url=URL, content_type=None)
        assert (await pool.read_listing(FEED, url=URL, content_type=None)).entries
        for page in waiting:
            page.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_feeds_do_not_wait_for_pages() -> None:
    async with running(workers=2) as pool:
        pages = [asyncio.create_task(pool.extract_article(HANGING, url=URL, content_type=None)) for _ in range(5)]
        await asyncio.sleep(0)
        assert (await pool.read_listing(FEED, url=URL, content_type=None, proven=True)).entries
        assert not any(page.done() for page in pages)
        for page in pages:
            page.cancel()
        await asyncio.gather(*pages, return_exceptions=True)


async def test_an_article_waits_for_one_newcomer_and_not_for_all() -> None:
    async with running(workers=2) as pool:
        newcomers = [asyncio.create_task(pool.read_listing(HANGING, url=URL, content_type=None)) for _ in range(9)]
        await asyncio.sleep(0)
        assert (await pool.extract_article(PAGE, url=URL, content_type=None)).title
        assert not any(newcomer.done() for newcomer in newcomers), "so many had their turn that some were refused"
        for newcomer in newcomers:
            newcomer.cancel()
        await asyncio.gather(*newcomers, return_exceptions=True)


async def test_a_document_that_eats_memory_costs_its_child() -> None:
    async with running(memory_mb=300) as pool:
        with pytest.raises(ParserKilled, match="too much memory"):
            await pool.extract_article(HUNGRY, url=URL, content_type=None)
        assert (await pool.read_listing(FEED, url=URL, content_type=None)).entries


async def test_a_child_that_died_idle_is_replaced() -> None:
    async with running() as pool:
        await pool.read_listing(FEED, url=URL, content_type=None)
        (pid,) = children()
        os.kill(pid, signal.SIGKILL)
        await ended(pid)
        try:
            await pool.read_listing(FEED, url=URL, content_type=None)
        except ParserKilled:  # its death had not been noticed yet
            await pool.read_listing(FEED, url=URL, content_type=None)
        assert children() != [pid]


async def test_children_without_work_end() -> None:
    async with running(workers=2, idle_s=0.05) as pool:
        await asyncio.gather(*(pool.read_listing(FEED, url=URL, content_type=None) for _ in range(2)))
        await asyncio.gather(*(ended(pid) for pid in children()))
        assert (await pool.read_listing(FEED, url=URL, content_type=None)).entries


async def test_never_more_children_than_workers() -> None:
    async with running(workers=2) as pool:
        feeds = await asyncio.gather(*(pool.read_listing(FEED, url=URL, content_type=None) for _ in range(20)))
        assert len(feeds) == 20
        assert len(children()) <= 2


async def test_a_cancelled_call_leaves_no_answer_for_the_next() -> None:
    async with running() as pool:
        await pool.read_listing(FEED, url=URL, content_type=None)
        call = asyncio.create_task(pool.extract_article(PAGE * 50, url=URL, content_type=None))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert (await pool.read_listing(FEED, url=URL, content_type=None)).title == "يومية الوادي"


async def test_closing_ends_what_is_under_way() -> None:
    pool = ParsingPool(workers=1, timeout_s=60)
    await pool.read_listing(FEED, url=URL, content_type=None)
    hanging = asyncio.create_task(pool.extract_article(HANGING, url=URL, content_type=None))
    waiting = asyncio.create_task(pool.read_listing(FEED, url=URL, content_type=None))
    await asyncio.sleep(0)
    await pool.close()
    for call in (hanging, waiting):
        with pytest.raises(ParserKilled):
            await call
    assert children() == []


async def test_children_do_not_see_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASID_TELEGRAM_TOKEN", "1:secret")
    async with running() as pool:
        await pool.read_listing(FEED, url=URL, content_type=None)
        (pid,) = children()
        assert "RASID_TELEGRAM_TOKEN" not in psutil.Process(pid).environ()


PARENT = """
import asyncio, os, psutil
from crawler.parsing.pool import ParsingPool

async def main():
    pool = ParsingPool(workers=1)
    await pool.find_feed_links(b"<p>x</p>", url="https://daily.example/", content_type=None)
    hanging = asyncio.create_task(pool.extract_article(HANGING, url="https://daily.example/", content_type=None))
    await asyncio.sleep(0)
    print(*[child.pid for child in psutil.Process().children()], flush=True)
    await hanging

HANGING = b"<div " + b" ".join(b'a%d=">"' % number for number in range(100_000)) + b">x</div>"
asyncio.run(main())
"""


async def test_children_die_with_a_parent_that_is_killed() -> None:
    parent = await asyncio.create_subprocess_exec(*(sys.executable, "-c", PARENT), stdout=asyncio.subprocess.PIPE)
    assert parent.stdout
    pids = [int(pid) for pid in (await parent.stdout.readline()).split()]
    parent.kill()
    await parent.wait()
    assert pids
    await asyncio.gather(*(ended(pid) for pid in pids))
