"""A hundred hostile outlets beside ten good ones: what may not happen does not happen."""

from __future__ import annotations

import asyncio
import itertools
import json
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import psutil
import pytest
from sqlalchemy import Connection, func, select

from monitors.outlets import NewOutlet, NewSource, SourceKind
from monitors.storage import tables
from monitors.storage.engine import Database
from monitors.storage.migrating import upgrade
from monitors.storage.outlets import add_outlet
from tests.hostile.addresses import addresses
from tests.hostile.bodies import bodies
from tests.hostile.crawl import PUBLIC_OF_MIXED
from tests.hostile.documents import documents
from tests.hostile.pages import pages
from tests.hostile.transport import transport
from tests.hostile.web import FAILED, PUBLIC, READ, Case, Collection, Exchange, Web
from tests.journeys.installation import Installation

GOOD = 10
INTERVAL_S = 2
SECONDS = 75
"""Long enough for the slowest: a server that never answers is given up after 30 s."""

MIB = 1024 * 1024


def all_cases() -> dict[str, Case]:
    good = Collection()
    for number in range(GOOD):
        good.add(Case(f"good_{number}", good_outlet, READ))
    gathered = (transport, bodies, documents, pages, addresses, good)
    cases = {name: case for collection in gathered for name, case in collection.cases.items()}
    assert len(cases) == sum(len(collection.cases) for collection in gathered)
    return cases


async def good_outlet(x: Exchange) -> None:
    """A new entry every few polls, with a page."""
    if x.path == "/feed":
        await x.feed(*(x.item(number) for number in range(x.count // 3 + 1)))
    else:
        text = "وصلت القافلة إلى البلدة بعد رحلة استمرت ساعات طويلة، واستقبلها الأهالي عند المدخل الشرقي. " * 8
        await x.answer(f"<html><body><article><h1>خبر</h1><p>{text}</p></article></body></html>".encode())


@dataclass(slots=True)
class Observed:
    """What was seen from outside while the role was running. Memory is of the role and its parsing children, in MiB."""

    memory: list[float] = field(default_factory=list)
    told: dict[str, float] = field(default_factory=dict)


@pytest.mark.slow
@pytest.mark.timeout(SECONDS + 120)
async def test_hostile_outlets_harm_nobody(rasid: Installation) -> None:
    cases = all_cases()
    hostile = [case for case in cases.values() if not case.name.startswith("good_")]
    assert len(hostile) >= 60
    async with Web({name: case.answer for name, case in cases.items()}).open() as web:
        rasid.settings |= {
            "crawl.allow_addresses": PUBLIC,
            "crawl.ports": str(web.port),
            "crawl.min_interval": str(INTERVAL_S),
            "log.level": "error",
        }
        with rasid.database() as database:
            upgrade(database)
            follow(database, web, cases)
            observed = await observe(rasid, web)
            outcomes = database.read_now(outcomes_of)
    report(web, observed, len(hostile))

    assert web.private == [], "something private was contacted"
    assert web.cookies == [], "a cookie was sent back"
    wrong = {case.name: outcomes[case.name] for case in cases.values() if not as_expected(case, outcomes[case.name])}
    assert wrong == {}
    late = {name: gap for name, gap in longest_gaps(web).items() if gap > 2 * INTERVAL_S}
    assert late == {}, "good outlets were polled late"
    assert observed.told["longest_lag_s"] <= 0.25
    assert max(observed.memory) - observed.memory[0] <= 300


def follow(database: Database, web: Web, cases: Mapping[str, Case]) -> None:
    for name, case in cases.items():
        url = case.url.replace("{base}", web.base(name)).replace("{port}", str(web.port))
        outlet = NewOutlet(name, f"{web.base(name)}/")
        database.write_now(add_outlet, outlet, [NewSource(url, SourceKind(case.kind))], now=datetime.now(UTC))


async def observe(installation: Installation, web: Web) -> Observed:
    observed = Observed()
    environment = installation.environment | {PUBLIC_OF_MIXED: web.address("a_name_with_a_public_address_too")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.hostile.crawl", env=environment, stdout=asyncio.subprocess.PIPE
    )
    tree = psutil.Process(process.pid)
    try:
        while not web.seen:
            assert process.returncode is None
            await asyncio.sleep(0.05)
        ends = asyncio.get_running_loop().time() + SECONDS
        while asyncio.get_running_loop().time() < ends:
            observed.memory.append(memory_of(tree))
            await asyncio.sleep(0.2)
    finally:
        process.send_signal(signal.SIGTERM)
        out, _ = await process.communicate()
    observed.told = json.loads(out.splitlines()[-1])
    return observed


def memory_of(tree: psutil.Process) -> float:
    total = 0
    for process in [tree, *tree.children(recursive=True)]:
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / MIB


def outcomes_of(connection: Connection) -> dict[str, tuple[int, str | None]]:
    """By outlet: articles remembered, and the last error."""
    counted = select(tables.articles.c.outlet_id, func.count().label("n")).group_by(tables.articles.c.outlet_id)
    counts = {row.outlet_id: row.n for row in connection.execute(counted)}
    joined = tables.outlets.join(tables.sources, tables.sources.c.outlet_id == tables.outlets.c.id)
    rows = connection.execute(
        select(tables.outlets.c.name, tables.outlets.c.id, tables.sources.c.last_error).select_from(joined)
    )
    return {row.name: (counts.get(row.id, 0), row.last_error) for row in rows}


def as_expected(case: Case, outcome: tuple[int, str | None]) -> bool:
    count, error = outcome
    if case.expected == READ:
        return count > 0
    if case.expected == FAILED:
        return count == 0 and error is not None
    return True


def longest_gaps(web: Web) -> dict[str, float]:
    """By good outlet: the longest time between two polls, in seconds."""
    gaps = {}
    for name in web.cases:
        if name.startswith("good_"):
            times = web.seen[web.address(name), "/feed"]
            gaps[name] = max(later - earlier for earlier, later in itertools.pairwise(times))
    return gaps


def report(web: Web, observed: Observed, hostile: int) -> None:
    print(  # noqa: T201 - the figures of the run
        f"\n{hostile} hostile outlets, {GOOD} good ones every {INTERVAL_S} s for {SECONDS} s: "
        f"longest gap {max(longest_gaps(web).values()):.2f} s, "
        f"event loop held {observed.told['longest_lag_s'] * 1000:.0f} ms at most "
        f"(p99 {observed.told['p99_lag_s'] * 1000:.0f}), "
        f"memory {observed.memory[0]:.0f} → at most {max(observed.memory):.0f} MiB, "
        f"{sum(map(len, web.seen.values()))} requests, {len(web.private)} to private addresses"
    )
