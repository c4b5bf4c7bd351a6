from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitors.health import Diagnosis, Finding, Health, Record, diagnose
from monitors.outlets import PollReason, Source, SourceKind
from monitors.rates import RateEstimate
from monitors.rhythms import FLAT

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def rate(per_day: float, *, gap: timedelta = 4 * HOUR, days: float = 9.0, as_of: datetime = NOW) -> RateEstimate:
    hours = ((per_day * (days + 0.25) - 2) / 24,) * 24
    return RateEstimate(hours=hours, days=days, latest=as_of, longest_gap_s=gap.total_seconds(), as_of=as_of)


def source(**changes: Any) -> Source:
    """One that brings 48 articles a day and did so half an hour ago."""
    values: dict[str, Any] = {
        "id": 1,
        "outlet_id": 1,
        "kind": SourceKind.FEED,
        "url": "https://example.org/feed/",
        "next_poll_at": NOW + timedelta(minutes=5),
        "first_polled_at": NOW - timedelta(days=60),
        "last_polled_at": NOW,
        "last_unconditional_at": NOW,
        "active": True,
        "poll_reason": PollReason.INTERVAL,
        "rate": rate(48),
        "last_new_at": NOW - HOUR / 2,
    }
    return Source(**values | changes)


def failing(hours: float, failures: int = 7, **changes: Any) -> Source:
    since = NOW - hours * HOUR
    return source(failing_since=since, failures=failures, last_error="The site answered 500.", **changes)


def judged(*sources: Source, recent: int = 144, health: Health = Health.OK, since: datetime | None = None) -> Diagnosis:
    return diagnose(Record(sources, FLAT, recent, health, since), now=NOW)


def test_an_outlet_that_brings_what_it_always_brings_is_well() -> None:
    assert judged(source()) == Diagnosis(Health.OK, NOW, {"code": Finding.WORKS})


def test_an_outlet_without_sources_is_nobody_s_trouble() -> None:
    assert judged().health is Health.OK
    assert judged(source(active=False)).health is Health.OK  # it is not followed any more


@pytest.mark.parametrize(
    ("hours", "failures", "health"),
    [(5, 9, Health.OK), (6, 3, Health.BROKEN), (40, 2, Health.OK), (40, 9, Health.BROKEN)],
)
def test_failing_for_hours_and_several_times_is_broken(hours: float, failures: int, health: Health) -> None:
    assert judged(failing(hours, failures)).health is health


def test_a_diagnosis_says_since_when_and_why() -> None:
    found = judged(failing(30))
    assert found.since == NOW - 30 * HOUR
    assert found.reason == {"code": "failing", "failures": 7, "error": "The site answered 500."}


def test_the_last_source_that_is_gone_breaks_the_outlet_at_once() -> None:
    gone = source(active=False, poll_reason=PollReason.GONE, last_polled_at=NOW - HOUR)
    assert judged(gone) == Diagnosis(Health.BROKEN, NOW - HOUR, {"code": Finding.GONE})


def test_a_source_that_is_gone_while_others_are_left_breaks_nothing() -> None:
    assert judged(source(active=False, poll_reason=PollReason.GONE), source(id=2)).health is Health.OK


def test_an_outlet_is_broken_when_what_fails_carries_most_of_it() -> None:
    assert judged(failing(30), source(rate=rate(10))).health is Health.BROKEN
    assert judged(failing(30, rate=rate(10)), source()).health is Health.OK


def test_silence_is_measured_by_what_should_have_come() -> None:
    found = judged(source(last_new_at=NOW - 13 * HOUR))
    assert (found.health, found.since) == (Health.QUIET, NOW - 13 * HOUR)
    assert found.reason == {"code": "silent", "expected": 26, "hours": 13}
    assert judged(source(last_new_at=NOW - 11 * HOUR)).health is Health.OK  # it is hardly half a day
    weekly = source(rate=rate(0.5), last_new_at=NOW - 100 * HOUR)
    assert judged(weekly, recent=0).health is Health.OK  # two were to be expected


def test_silence_is_measured_by_the_longest_one_of_the_last_weeks() -> None:
    rests_at_weekends = rate(20, gap=60 * HOUR)
    assert judged(source(rate=rests_at_weekends, last_new_at=NOW - 140 * HOUR), recent=10).health is Health.OK
    assert judged(source(rate=rests_at_weekends, last_new_at=NOW - 160 * HOUR), recent=10).health is Health.QUIET


def test_who_is_watched_for_days_only_may_have_a_weekend_nobody_has_seen() -> None:
    young = rate(48, days=3)
    assert judged(source(rate=young, last_new_at=NOW - 50 * HOUR)).health is Health.OK
    assert judged(source(rate=young, last_new_at=NOW - 73 * HOUR)).health is Health.QUIET


def test_nothing_is_expected_of_what_nothing_is_known_of() -> None:
    assert judged(source(rate=None, last_new_at=None), recent=0).health is Health.OK


def test_what_nobody_looked_at_is_no_silence() -> None:
    slept = source(last_new_at=NOW - 40 * HOUR, last_polled_at=NOW - 39 * HOUR)
    assert judged(slept).health is Health.OK
    assert judged(replace(slept, last_polled_at=NOW, failures=2, failing_since=NOW - HOUR)).health is Health.OK


def test_one_source_of_several_that_brings_something_is_enough() -> None:
    assert judged(source(last_new_at=NOW - 90 * HOUR, rate=rate(1)), source(id=2)).health is Health.OK


def test_a_seventh_of_the_usual_volume_for_three_days_is_quiet() -> None:
    found = judged(source(), recent=20)
    assert found.reason == {"code": "few", "seen": 20, "expected": 144, "hours": 72}
    assert judged(source(), recent=22).health is Health.OK


def test_volume_is_judged_only_of_who_is_well_known_and_publishes_enough() -> None:
    assert judged(source(rate=rate(48, days=3)), recent=0).health is Health.OK
    assert judged(source(rate=rate(5)), recent=0).health is Health.OK
    assert judged(source(first_polled_at=NOW - 60 * HOUR), recent=0).health is Health.OK


def test_quiet_ends_when_something_comes_again_not_when_silence_has_become_usual() -> None:
    since = NOW - 60 * 24 * HOUR
    forgotten = source(rate=rate(0.01), last_new_at=since)
    assert judged(forgotten, recent=0).health is Health.OK
    assert judged(forgotten, recent=0, health=Health.QUIET, since=since).health is Health.QUIET
    assert judged(source(), recent=100, health=Health.QUIET, since=since).health is Health.OK


def test_a_trickle_after_a_silence_is_no_recovery_yet() -> None:
    since = NOW - 90 * HOUR
    assert judged(source(), recent=40, health=Health.QUIET, since=since).health is Health.QUIET
    assert judged(source(), recent=44, health=Health.QUIET, since=since).health is Health.OK
