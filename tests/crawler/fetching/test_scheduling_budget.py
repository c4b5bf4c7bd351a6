from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.scheduling import Due, Pace, ServerWord, after_failure, after_success, pace_of
from crawler.scheduling.budget import CEILING_S
from crawler.service import read_pace
from monitors.outlets import NewOutlet, NewSource, Poll, PollReason, Standing
from monitors.rates import RateEstimate
from monitors.rhythms import rhythm
from monitors.settings import CrawlSettings
from monitors.storage.engine import Connection, Database
from monitors.storage.outlets import add_outlet, find_outlet, sources_of
from monitors.storage.polls import record_poll
from tests.crawler.fetching.test_scheduling import NOW, SOURCE, seconds

SILENCE = ServerWord()


def rate(per_day: float) -> RateEstimate:
    """Evenly spread over the hours and known for long."""
    days = 10.0
    hours = ((per_day * (days + 0.25) - 2) / 24,) * 24
    return RateEstimate(hours=hours, days=days, latest=NOW, longest_gap_s=0, as_of=NOW)


def standing(per_day: float, outlet_id: int = 1, **changes: Any) -> Standing:
    """One whose language says nothing about its hours."""
    values: dict[str, Any] = {
        "outlet_id": outlet_id,
        "language": "en",
        "time_zone": None,
        "rate": rate(per_day),
        "reason": PollReason.RATE,
        "asked_s": 0.0,
        "gap_s": 600.0,
        "failing": False,
    }
    return Standing(**values | changes)


def pace(*standings: Standing, budget: float, interval_s: float = 300) -> Pace:
    return pace_of(standings, budget_per_min=budget, interval_s=interval_s, now=NOW)


def due(per_day: float, given: Pace, word: ServerWord = SILENCE, **changes: Any) -> Due:
    source = replace(SOURCE, next_poll_at=NOW, rate=rate(per_day), **changes)
    return after_success(source, now=NOW, word=word, pace=given)


def gap_s(per_day: float, given: Pace, word: ServerWord = SILENCE) -> float:
    return (due(per_day, given, word).at - NOW).total_seconds()


def test_while_the_budget_suffices_everything_is_polled_at_its_floor() -> None:
    plenty = pace(*(standing(number) for number in range(1, 100)), budget=1000)
    assert plenty.theta == 0
    assert due(0.1, plenty) == Due(NOW + seconds(300), PollReason.INTERVAL, 0)


def test_polls_grow_with_the_square_root_of_what_is_published() -> None:
    short = pace(*[standing(10)] * 50, *[standing(1000)] * 50, budget=10)
    assert gap_s(10, short) / gap_s(40, short) == pytest.approx(2, rel=0.01)
    assert gap_s(10, short) / gap_s(1000, short) == pytest.approx(10, rel=0.01)
    assert due(10, short).reason is PollReason.RATE


@given(
    st.lists(st.floats(0.3, 3000), min_size=1, max_size=60),
    st.floats(0.5, 100),
    st.lists(st.sampled_from([0.0, 60.0, 900.0, 3600.0]), min_size=60, max_size=60),
)
def test_all_polls_together_stay_within_the_budget(rates: list[float], budget: float, asked: list[float]) -> None:
    members = [standing(each, asked_s=floor) for each, floor in zip(rates, asked, strict=False)]
    found = pace(*members, budget=budget, interval_s=60)
    polls_per_min = sum(
        60 / gap_s(each, found, ServerWord(freshness_s=floor)) for each, floor in zip(rates, asked, strict=False)
    )
    assert polls_per_min <= budget * 1.06  # rates and floors are counted in steps of a ninth
    if found.theta and found.ceiling_s == CEILING_S:
        spare = all(gap_s(each, found) >= CEILING_S for each in rates)
        assert spare or polls_per_min >= budget * 0.94


@given(
    st.floats(0, 1e5),
    st.floats(1, 86_400),
    st.floats(0, 1e9),
    st.floats(-1e6, 1e6),
    st.floats(0.3, 5000),
    st.floats(0, 86_400),
)
def test_under_any_pace_a_poll_is_neither_too_soon_nor_forgotten(
    theta: float, interval_s: float, fresh_s: float, late_s: float, per_day: float, time_s: float
) -> None:
    now = NOW + seconds(time_s)
    source = replace(SOURCE, next_poll_at=now - seconds(late_s), rate=rate(per_day))
    found = after_success(source, now=now, word=ServerWord(fresh_s), pace=Pace(interval_s, theta))
    gap = (found.at - now).total_seconds()
    assert gap >= max(0.9 * interval_s, min(fresh_s, 3600)) - 0.001
    assert gap <= 1.5 * max(interval_s, CEILING_S) + 0.001


def test_who_is_held_by_its_server_leaves_its_polls_to_the_others() -> None:
    free = pace(*[standing(100)] * 100, budget=10)
    half_held = pace(*[standing(100)] * 50, *[standing(100, asked_s=3600)] * 50, budget=10)
    assert gap_s(100, half_held) < gap_s(100, free)


def test_who_fails_takes_what_its_back_off_takes() -> None:
    resting = standing(100, failing=True, reason=PollReason.FAILURES, gap_s=86_400)
    assert gap_s(100, pace(*[standing(100)] * 50, *[resting] * 50, budget=10)) == pytest.approx(
        gap_s(100, pace(*[standing(100)] * 50, budget=10)), rel=0.01
    )


def test_nothing_is_left_alone_for_more_than_three_hours() -> None:
    short = pace(*[standing(1000)] * 200, standing(0.3), budget=5)
    assert due(0.3, short) == Due(NOW + timedelta(hours=3), PollReason.CEILING, 0)


def test_a_budget_too_small_even_for_that_is_kept_all_the_same() -> None:
    tiny = pace(*[standing(100)] * 1000, budget=1)
    assert gap_s(100, tiny) == pytest.approx(60_000, rel=0.06)


def test_a_newsroom_is_polled_by_day_more_than_at_night() -> None:
    by_day = tuple(0.0 if hour < 6 else 40.0 for hour in range(24))
    known = replace(rate(100), hours=by_day)
    short = pace(*[standing(100, rate=known)] * 100, budget=10)

    def wait(now: datetime) -> timedelta:
        source = replace(SOURCE, rate=known, next_poll_at=now)
        return after_success(source, now=now, word=SILENCE, pace=short).at - now

    assert wait(NOW - timedelta(hours=12)) > 3 * wait(NOW)


def test_who_has_shown_nothing_yet_follows_the_hours_of_its_group() -> None:
    at_noon = replace(rate(100), hours=tuple(900.0 if hour == 12 else 0.0 for hour in range(24)))
    found = pace(standing(100, 1, rate=at_noon), standing(8, 2, rate=None), standing(8, 3, language="fr"), budget=1)
    by_hour = rhythm(None, found.profile(2), NOW).by_hour
    assert by_hour[12] > 10 * by_hour[3]
    assert found.profile(3)[12] < 2


def test_a_crawl_delay_counts_once_for_each_source_of_the_outlet() -> None:
    section_feeds = pace(*[standing(10, outlet_id=1)] * 26, standing(10, outlet_id=2), budget=1000)
    word = ServerWord(crawl_delay_s=30)
    assert due(10, section_feeds, word) == Due(NOW + seconds(780), PollReason.ROBOTS, 780)
    assert due(10, section_feeds, word, outlet_id=2) == Due(NOW + seconds(300), PollReason.INTERVAL, 30)


def test_a_failing_source_is_not_asked_sooner_than_a_healthy_one() -> None:
    short = pace(*[standing(10)] * 100, budget=5)
    source = replace(SOURCE, rate=rate(10), next_poll_at=NOW)
    failed = after_failure(source, now=NOW, pace=short)
    assert failed.at >= after_success(source, now=NOW, word=SILENCE, pace=short).at
    assert failed.reason is PollReason.FAILURES


def test_the_pace_is_derived_from_rows(database: Database) -> None:
    def follow(connection: Connection) -> None:
        for number in range(20):
            home = f"https://{number}.example/"
            new = NewOutlet(f"Outlet {number}", home, language="en")
            _, (source,) = add_outlet(connection, new, [NewSource(home)], now=NOW)
            at = NOW + seconds(600)
            record_poll(connection, Poll(source.id, NOW, at, reason=PollReason.RATE, rate=rate(24), asked_s=0.0))

    database.write_now(follow)
    crawl = CrawlSettings(budget=1, min_interval=60)
    found = database.read_now(read_pace, crawl, now=NOW)
    assert gap_s(24, found) == pytest.approx(1200, rel=0.06)
    assert database.read_now(read_pace, CrawlSettings(min_interval=60), now=NOW).theta == 0
    outlet = database.read_now(find_outlet, "Outlet 3")
    (source,) = database.read_now(sources_of, outlet.id)
    assert source.poll_reason is PollReason.RATE
    assert source.rate is not None
    assert source.rate.per_day == pytest.approx(24, rel=0.001)
