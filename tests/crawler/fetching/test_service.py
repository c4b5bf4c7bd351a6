from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.polling import Counts, PollReport
from crawler.service import Collector
from monitors.outlets import NewOutlet, NewSource, Poll, Source
from monitors.roles import RoleContext
from monitors.settings import Settings
from monitors.storage.engine import Database
from monitors.storage.outlets import add_outlet
from monitors.storage.polls import record_poll
from monitors.wakeups import Wakeups
from tests.crawler.fetching.conftest import Reactor
from tests.fakes.outlet import Outlet, serve


@dataclass
class Polls:
    """A poller that takes as long as it is told to and records what a real one would."""

    database: Database
    begun: list[int] = field(default_factory=list)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)
    error: Exception | None = None
    recorded: list[str] = field(default_factory=list)

    async def poll(self, source: Source) -> PollReport:
        self.begun.append(source.id)
        await self.may_end.wait()
        if self.error is not None:
            raise self.error
        now = datetime.now(UTC)
        poll = Poll(source.id, polled_at=now, next_poll_at=now + timedelta(seconds=60))
        await self.database.write(record_poll, poll)
        return PollReport(Counts())

    async def record_failure(self, source: Source, reason: str) -> PollReport:
        self.recorded.append(reason)
        raise sqlite3.OperationalError("database or disk is full")


def collector(database: Database, polls: Any, *, places: int = 10) -> Collector:
    context = RoleContext(Settings(), database, Wakeups(), asyncio.Event())
    return Collector(context, polls, places=places)


def add_sources(database: Database, count: int, *, due_in_s: float = 0.0) -> None:
    feeds = [NewSource(f"https://example.org/{number}/feed/") for number in range(count)]
    now = datetime.now(UTC) + timedelta(seconds=due_in_s)
    database.write_now(add_outlet, NewOutlet("الميناء", "https://example.org/"), feeds, now=now)


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_source_is_never_polled_twice_at_once(sqlite_database: Database) -> None:
    add_sources(sqlite_database, 3)
    polls = Polls(sqlite_database)
    collecting = collector(sqlite_database, polls)
    for _ in range(3):
        await collecting.start_due()
        await settle()
    assert sorted(polls.begun) == [1, 2, 3]
    await collecting.drop_all()


async def test_a_poll_that_ended_is_not_begun_again_before_its_time(sqlite_database: Database) -> None:
    add_sources(sqlite_database, 1)
    polls = Polls(sqlite_database)
    collecting = collector(sqlite_database, polls)
    await collecting.start_due()
    polls.may_end.set()
    await asyncio.gather(*collecting.under_way)
    assert await collecting.start_due() == pytest.approx(1, abs=0.2)
    assert polls.begun == [1]


async def test_the_loop_looks_again_when_the_next_source_is_due(sqlite_database: Database) -> None:
    add_sources(sqlite_database, 1, due_in_s=0.5)
    collecting = collector(sqlite_database, Polls(sqlite_database))
    assert 0.2 < await collecting.start_due() <= 0.5


async def test_no_more_polls_are_under_way_than_there_are_places(sqlite_database: Database) -> None:
    add_sources(sqlite_database, 5)
    polls = Polls(sqlite_database)
    collecting = collector(sqlite_database, polls, places=2)
    await collecting.start_due()
    await collecting.start_due()
    await settle()
    assert len(polls.begun) == 2
    polls.may_end.set()
    await asyncio.gather(*collecting.under_way)
    await collecting.start_due()
    await settle()
    assert len(set(polls.begun)) == 4
    await collecting.drop_all()


async def test_a_poll_that_cannot_even_be_recorded_rests_for_a_minute(sqlite_database: Database) -> None:
    add_sources(sqlite_database, 1)
    polls = Polls(sqlite_database, error=RuntimeError("a mistake of ours"))
    polls.may_end.set()
    collecting = collector(sqlite_database, polls)
    for _ in range(3):
        await collecting.start_due()
        await asyncio.gather(*collecting.under_way)
    assert polls.begun == [1]
    assert polls.recorded == ["Rasid itself failed here (RuntimeError); see the log."]


# The whole role, as a process.


def wait_until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


@contextmanager
def running(folder: Path, outlet: Outlet) -> Iterator[subprocess.Popen[bytes]]:
    """`rasid run --roles crawl` in a folder of its own, the outlet added beforehand."""
    port = outlet.url.rsplit(":", 1)[1]
    (folder / "rasid.toml").write_text(
        f'[crawl]\nmin_interval = 1\nallow_addresses = ["127.0.0.0/8"]\nports = [{port}]\n'
    )
    rasid = [str(Path(sys.executable).with_name("rasid"))]
    subprocess.run([*rasid, "outlet", "add", outlet.url], cwd=folder, check=True, capture_output=True, timeout=60)
    process = subprocess.Popen([*rasid, "run", "--roles", "crawl"], cwd=folder, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def titles(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "rasid.db")) as connection:
        rows = connection.execute("SELECT title FROM articles WHERE state = 'pending' ORDER BY id")
        return [title for (title,) in rows]


@pytest.fixture
def outlet(reactor: Reactor) -> Iterator[Outlet]:
    """An outlet on the reactor's loop, changed from the test's thread."""
    standing = serve()
    outlet = reactor.run(standing.__aenter__())
    outlet.publish("خبر قديم")
    yield outlet
    reactor.run(standing.__aexit__(None, None, None))


def test_the_service_collects_and_survives_a_kill(tmp_path: Path, outlet: Outlet) -> None:
    with running(tmp_path, outlet) as process:
        outlet.publish("خبر أول")
        wait_until(lambda: titles(tmp_path) == ["خبر أول"])
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    outlet.publish("خبر ثان")
    with running(tmp_path, outlet):
        wait_until(lambda: titles(tmp_path) == ["خبر أول", "خبر ثان"])


def test_the_service_stops_in_seconds_whatever_hangs(tmp_path: Path, outlet: Outlet) -> None:
    with running(tmp_path, outlet) as process:
        published = outlet.publish("خبر صفحته لا تنتهي")
        path = f"/news/{published.number}/"
        outlet.faults[path] = {"kind": "drip"}
        hanging: list[str] = []

        async def watch(request: Any) -> None:
            hanging.append(request.path)

        outlet.watch = watch
        wait_until(lambda: path in hanging)
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert time.monotonic() - asked < 6
    assert titles(tmp_path) == []  # it is still to come: the poll was never recorded
