"""One report in several outlets is one message, and whatever happens in whatever order: nothing that somebody wants to
hear is lost, and nothing is told twice without a mark."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.outbox import settling
from monitors import service
from monitors.alerts import OnUncertain
from monitors.storage.engine import Database
from monitors.storage.queues import hold_back
from monitors.subscriptions import Mode, MuteKind, Rules
from tests.monitors.histories.telling import ARRIVES, FATES, Fate, World
from tests.monitors.histories.things import Article, Words
from tests.monitors.histories.wishing import WISHES, Wishes
from tests.monitors.storage.test_lanes_of_chats import lanes_and_expectations
from tests.rows import SECOND

HOUR = timedelta(hours=1)
HISTORIES = "TEST_HISTORIES"
"""How many are tried instead: a thousand take ten minutes."""
MOST = 7
"""Articles of one history."""

words = st.builds(
    Words,
    st.sampled_from([1, 1, 1, 2, 2, 3, 4]),
    st.frozensets(st.integers(0, 2), max_size=2),
    st.booleans(),
)
hours = st.integers(0, 23).map(lambda hour: hour * 60)
rules = st.builds(
    Rules,
    mode=st.sampled_from(Mode),
    digest_at=hours,
    quiet_from=st.none() | hours,
    quiet_to=st.none() | hours,
    daily_limit=st.sampled_from([None, None, 1, 2]),
)
places = st.integers(0, 1)
any_of = st.integers(0, 99)
"""Which of those there are."""
outlets = st.lists(st.integers(0, 3), min_size=1, max_size=3, unique=True)
mostly = st.sampled_from([True, True, True, False])


rewritings = st.sampled_from([None, 0, 1, 2]) | words
"""What an article says from then on: what it said first, what it says now and a sentence more, or this."""


def with_more(words: Words, query: int | None) -> Words:
    return words if query is None else replace(words, besides=words.besides | {query})


def rewritten(article: Article, how: Words | int | None) -> Words:
    if isinstance(how, Words):
        return how
    return article.said[0] if how is None else with_more(article.said[-1], how)


class Histories(RuleBasedStateMachine):
    def __init__(self, database: Database, runner: asyncio.Runner, clock: Clock) -> None:
        super().__init__()
        self.opened = database.engine.connect()
        self.transaction = self.opened.begin()
        self.world = World(self.opened, runner)
        self.clock, self.wishes = clock, Wishes(self.world)
        self.lag = 0 * SECOND
        self.tick()

    def tick(self) -> None:
        self.clock.is_at = self.world.now - self.lag

    # -- reports ----------------------------------------------------------------------------------------------------

    @initialize(outlets=st.lists(st.integers(0, 3), min_size=2, max_size=3, unique=True), said=words)
    def something_is_told(self, outlets: list[int], said: Words) -> None:
        self.outlets_print(outlets, said, True)
        self.world.deliver()

    @precondition(lambda self: len(self.world.articles) < MOST)
    @rule(outlets=outlets, said=words, decided=mostly)
    def outlets_print(self, outlets: list[int], said: Words, decided: bool) -> None:
        for outlet in outlets:
            self.world.prints(outlet, said)
        if decided:
            self.world.decide()

    @precondition(lambda self: 0 < len(self.world.articles) < MOST)
    @rule(outlets=outlets, which=any_of, besides=st.none() | st.integers(0, 2))
    def outlets_print_what_another_printed(self, outlets: list[int], which: int, besides: int | None) -> None:
        self.outlets_print(outlets, with_more(self.article(which).said[-1], besides), True)

    @precondition(lambda self: self.world.articles)
    @rule(which=any_of, how=rewritings, decided=mostly)
    def an_article_is_rewritten(self, which: int, how: Words | int | None, decided: bool) -> None:
        self.world.rewrites(self.article(which), rewritten(self.article(which), how))
        if decided:
            self.world.decide()

    def article(self, which: int) -> Article:
        return self.world.articles[which % len(self.world.articles)]

    @rule(
        seconds=st.sampled_from([1, 10, 70, 600, 1000]),
        hours=st.just(0) | st.integers(0, 30),
        lag=st.sampled_from([0, 0, 3]),
    )
    def time_passes(self, seconds: int, hours: int, lag: int) -> None:
        """`lag`: so many seconds pass, from then on, from when an article is decided until that is written."""
        self.world.decide()
        if not self.world.in_flight:
            self.world.keep_shown()
            self.world.now += hours * HOUR
        self.world.now += timedelta(seconds=seconds)
        self.lag = lag * SECOND
        self.tick()

    # -- wishes -----------------------------------------------------------------------------------------------------

    @rule(place=places, which=any_of, wanted=rules)
    def rules_change(self, place: int, which: int, wanted: Rules) -> None:
        self.wishes.rule(self.world.places[place], which, wanted)

    @rule(place=places, kind=st.sampled_from(MuteKind), which=any_of, later=st.none() | st.integers(1, 20))
    def something_is_muted(self, place: int, kind: MuteKind, which: int, later: int | None) -> None:
        self.wishes.mute(self.world.places[place], kind, which, later)

    @precondition(lambda self: any(place.mutes for place in self.world.places))
    @rule(which=any_of)
    def something_is_heard_again(self, which: int) -> None:
        self.wishes.unmute(which)

    @rule(what=st.sampled_from(WISHES), which=any_of)
    def what_is_looked_for_or_taken_changes(self, what: str, which: int) -> None:
        getattr(self.wishes, what)(which)

    # -- what goes out ----------------------------------------------------------------------------------------------

    @rule(released=st.booleans(), shown=st.booleans())
    def what_is_due_comes(self, released: bool, shown: bool) -> None:
        if released:
            self.world.release()
        if shown:
            self.world.keep_shown()

    @rule(fates=st.lists(st.sampled_from([ARRIVES, ARRIVES, *FATES[:6]]), max_size=6))
    def what_waits_is_sent(self, fates: list[Fate]) -> None:
        self.world.deliver(fates)

    @rule(at_once=st.booleans())
    def something_is_being_sent(self, at_once: bool) -> None:
        was = len(self.world.in_flight)
        while len(self.world.in_flight) == was and self.world.begin(let_out_at_once=at_once):
            pass

    @rule(
        which=any_of,
        outlet=st.none() | st.integers(0, 3),
        how=rewritings,
        fate=st.sampled_from([ARRIVES, ARRIVES, ARRIVES, *FATES]),
    )
    def something_is_rewritten_while_it_is_being_sent(
        self, which: int, outlet: int | None, how: Words | int | None, fate: Fate
    ) -> None:
        """Perhaps what this outlet has just printed after another one."""
        if outlet is not None and 0 < len(self.world.articles) < MOST:
            self.world.deliver()
            self.outlets_print_what_another_printed([outlet], which, None)
        self.something_is_being_sent(True)
        if not self.world.in_flight:
            return
        sending = self.world.in_flight[-1]
        if articles := self.world.articles_of(sending):
            article = articles[which % len(articles)]
            self.world.rewrites(article, rewritten(article, how))
            self.world.decide()
        self.world.meets(sending, fate)

    @precondition(lambda self: self.world.in_flight)
    @rule(which=any_of, fate=st.sampled_from(FATES))
    def something_becomes_of_it(self, which: int, fate: Fate) -> None:
        self.world.meets(self.world.in_flight[which % len(self.world.in_flight)], fate)

    @rule(arrived=st.integers(0, 3), then=st.sampled_from([OnUncertain.RESEND_MARKED, *OnUncertain]))
    def the_process_is_killed_and_starts_again(self, arrived: int, then: OnUncertain) -> None:
        bits = iter((arrived & 1, arrived & 2))
        self.world.kill(lambda: bool(next(bits, 0)), then)

    @precondition(lambda self: any(place.messages for place in self.world.places))
    @rule(which=any_of)
    def somebody_deletes_a_message(self, which: int) -> None:
        there = [(place, key) for place in self.world.places for key in place.messages]
        place, key = there[which % len(there)]
        place.messages[key] = None

    @precondition(lambda self: not self.world.moved)
    @rule(with_a_row=st.booleans(), heard=st.booleans())
    def the_group_becomes_a_supergroup(self, with_a_row: bool, heard: bool) -> None:
        self.world.becomes_a_supergroup(with_a_row=with_a_row, heard=heard)

    @rule(what=st.sampled_from(["hold", "let go", 0, 1, "give up"]))
    def an_operator_or_a_chat_does_something(self, what: str | int) -> None:
        if isinstance(what, int):
            self.world.return_to(self.world.places[what])
        elif what == "give up":
            self.world.give_up_old()
        else:
            hold_back(self.opened, what == "hold", now=self.world.now)

    @invariant()
    def lanes_agree_with_deliveries(self) -> None:
        found, expected = lanes_and_expectations(self.opened)
        assert found == expected

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self.comes_to_rest()
        finally:
            self.transaction.rollback()
            self.opened.close()

    def comes_to_rest(self) -> None:
        world = self.world
        world.decide()
        hold_back(self.opened, False, now=world.now)
        for place in world.places:
            world.return_to(place)
        self.wishes.resume_all()
        for turn in range(40):
            world.keep_shown()
            world.deliver()
            world.release()
            world.deliver()
            world.now += min(turn, 6) * HOUR
            self.tick()
            if not world.open_ones() and turn > 2:
                break
        assert not world.open_ones()
        for place in world.places:
            assert not place.reader.owed, "something was never told"


class Clock:
    """Stands in for `datetime` where articles are decided."""

    is_at: datetime

    def now(self, _: object) -> datetime:
        return self.is_at


@pytest.mark.timeout(600)  # what fails is made as short as it can be
def test_nothing_wanted_is_lost_and_nothing_told_twice(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(service, "datetime", clock)
    monkeypatch.setattr(settling, "_MAX_EDITS", 2)
    often = settings(
        max_examples=int(os.environ.get(HISTORIES, "30")),
        stateful_step_count=40,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    with asyncio.Runner() as runner:
        maker: Any = partial(Histories, database, runner, clock)
        run_state_machine_as_test(maker, settings=often)
