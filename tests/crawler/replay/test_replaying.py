"""A source's history replayed: 0 repeats, 0 misses, whatever happens to its documents and to us."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Set
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from hypothesis.strategies import booleans, integers, sampled_from

from monitors.storage.engine import Database, open_database
from tests.crawler.replay.history import History
from tests.crawler.replay.player import FEEDS, Player
from tests.databases import current_database

EVENTS = {
    "new": 40, "recurring": 2, "edit": 12, "redate": 5, "reorder": 6, "duplicate": 4, "share_guid": 3, "new_guid": 4,
    "new_slug": 4, "reuse_guid": 2, "remove": 6, "return": 6, "reset": 1, "swap_scheme": 1, "empty": 1, "truncated": 3,
    "error_page": 2, "server_error": 3,
}  # fmt: skip


TROUBLES = {"empty", "truncated", "error_page", "server_error"}


async def replay(player: Player, versions: int, *, without: Set[str] = frozenset()) -> None:
    """Lets things happen and polls after each, with restarts and crashes between and within polls."""
    history, chance = player.history, player.history.random
    names = [name for name in EVENTS if name not in without]
    weights = [EVENTS[name] for name in names]
    for version in range(versions):
        relaunch = ["migrate"] if chance.random() < 0.005 and "migrate" not in without else []
        for name in relaunch or chance.choices(names, weights, k=chance.choice([1, 1, 2, 3])):
            history.happen(name)
        await player.poll(crash=chance.random() < 0.05)
        if version % 3 == 0 and history.delivered:  # to the feed that knows the guids, before the one that has none
            await player.poll(FEEDS[1])
        if chance.random() < 0.1:
            player.restart()


async def begin(player: Player) -> Player:
    """The first polls: what is there already is recorded in silence."""
    for _ in range(12):
        player.history.publish()
    for path in FEEDS:
        await player.poll(path)
    return player


def show(player: Player, capsys: pytest.CaptureFixture[str]) -> None:
    verdict = player.verdict()
    with capsys.disabled():
        print(  # noqa: T201 - how much was replayed is what the test is for
            f"\n{player.polls} documents, {verdict.stories} stories, {player.edits} edits, {player.errors} errors, "
            f"{player.crashes} crashes, {player.restarts} restarts: {len(verdict.repeats)} repeats, "
            f"{len(verdict.misses)} misses ({', '.join(f'{name} {n}' for name, n in player.history.happened.items())})"
        )
    assert verdict.faults == {}


async def test_a_thousand_versions_repeat_and_miss_nothing(
    sqlite_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    player = await begin(Player.begin(History(random.Random(20260301)), sqlite_database))
    await replay(player, 500)
    player.history.moved = True
    await replay(player, 250)
    assert player.source(FEEDS[0]).url.endswith("/new-feed/")  # the redirect was believed after two days
    player.history.lying = True
    # After a cut document it is asked without validators anyway; and a relaunch that nobody sees is lost in the news.
    await replay(player, 180, without=TROUBLES | {"migrate"})
    assert player.source(FEEDS[0]).validators_broken
    unconditional = player.requests["unconditional"]
    await player.poll()
    assert player.requests["unconditional"] == unconditional + 1  # a server that lied once is not believed again
    show(player, capsys)
    assert player.polls > 1000


async def test_both_databases_remember_alike(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    player = await begin(Player.begin(History(random.Random(77)), database))
    await replay(player, 100)
    show(player, capsys)


class Histories(RuleBasedStateMachine):
    """Any order of things that can happen to a source, polled at any time, by a process that may die."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.url = current_database("sqlite", Path(self.folder.name))
        self.database = open_database(self.url.__enter__())
        self.loop = asyncio.new_event_loop()
        self.player: Any = None

    @initialize(seed=integers(0, 2**32))
    def begin(self, seed: int) -> None:
        player = Player.begin(History(random.Random(seed)), self.database)
        self.player = self.loop.run_until_complete(begin(player))

    @rule(name=sampled_from(sorted(EVENTS)))
    def happens(self, name: str) -> None:
        self.player.history.happen(name)

    @rule(crash=booleans())
    def is_polled(self, crash: bool) -> None:
        self.loop.run_until_complete(self.player.poll(crash=crash))

    @rule()
    def other_feed_is_polled(self) -> None:
        """After the feed that knows the guids, for this one has none."""
        self.is_polled(crash=False)
        if self.player.history.delivered:
            self.loop.run_until_complete(self.player.poll(FEEDS[1]))

    @rule()
    def is_relaunched_and_polled(self) -> None:
        """A relaunch in the same moment as other things is no relaunch but other news."""
        self.is_polled(crash=False)
        self.player.history.happen("migrate")
        self.is_polled(crash=False)

    @rule()
    def restarts(self) -> None:
        self.player.restart()

    @rule(hours=integers(1, 48))
    def time_passes(self, hours: int) -> None:
        self.player.history.pass_hours(hours)

    def teardown(self) -> None:
        try:
            if self.player is not None:
                assert self.player.verdict().faults == {}
        finally:
            self.loop.close()
            self.database.close()
            self.url.__exit__(None, None, None)
            self.folder.cleanup()


def test_any_history_repeats_and_misses_nothing() -> None:
    run_state_machine_as_test(
        Histories,
        settings=settings(max_examples=12, stateful_step_count=30, suppress_health_check=list(HealthCheck)),
    )
