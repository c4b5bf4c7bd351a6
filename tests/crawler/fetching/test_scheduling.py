from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.scheduling import (
    Pace,
    ServerWord,
    after_failure,
    after_success,
    asks_unconditionally,
    freshness_s,
    why,
)
from monitors.outlets import PollReason, Source, SourceKind
from monitors.rates import RateEstimate

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
SILENCE = ServerWord()


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


SOURCE = Source(
    id=1,
    outlet_id=1,
    kind=SourceKind.FEED,
    url="https://example.org/feed/",
    next_poll_at=NOW + seconds(300),
    first_polled_at=NOW,
    last_polled_at=NOW,
    last_unconditional_at=NOW,
    active=True,
)


def following(late_s: float = 0.0, interval_s: float = 60.0, word: ServerWord = SILENCE, number: int = 1) -> float:
    """Seconds from now to the next poll, after one that was so late."""
    source = replace(SOURCE, id=number, next_poll_at=NOW - seconds(late_s))
    return (after_success(source, now=NOW, word=word, pace=Pace(interval_s)).at - NOW).total_seconds()


def test_a_poll_on_time_is_followed_by_one_an_interval_after_it_was_due() -> None:
    assert following() == 60
    assert following(late_s=2) == 58  # no drift
    assert following(late_s=6) == 54  # a tenth is still on time


def test_a_poll_somebody_asked_for_before_its_time_starts_a_new_interval() -> None:
    assert following(late_s=-45) == 60


def test_polls_that_were_all_late_do_not_stay_together() -> None:
    gaps = {round(following(late_s=600, interval_s=300, number=number)) for number in range(200)}
    assert min(gaps) >= 300
    assert max(gaps) <= 450
    assert len(gaps) > 20


def test_a_late_poll_finds_the_same_place_in_every_process() -> None:
    assert following(late_s=600, interval_s=300, number=7) == following(late_s=600, interval_s=300, number=7)


def test_a_short_interval_is_kept_exactly() -> None:
    assert following(late_s=5, interval_s=1) == 1
    assert following(late_s=0, interval_s=2) == 2
    assert following(late_s=50, interval_s=60) == 60


@pytest.mark.parametrize(
    ("word", "expected_s"),
    [
        (ServerWord(freshness_s=900), 900),
        (ServerWord(ttl_s=1800), 1800),
        (ServerWord(crawl_delay_s=120), 120),
        (ServerWord(freshness_s=30, ttl_s=10), 60),  # less than our own interval changes nothing
        (ServerWord(freshness_s=31_536_000), 3600),  # a year, meant for pictures
        (ServerWord(ttl_s=18_000), 3600),
        (ServerWord(freshness_s=300, ttl_s=900, crawl_delay_s=5), 900),
    ],
)
def test_a_servers_word_lengthens_the_interval_up_to_an_hour(word: ServerWord, expected_s: float) -> None:
    assert following(word=word) == expected_s


@given(st.floats(0, 1e6), st.floats(1, 86_400), st.floats(0, 1e9), st.floats(0, 1e9), st.integers(1, 10**9))
def test_the_next_poll_is_never_absurd(late: float, interval: float, fresh: float, ttl: float, number: int) -> None:
    gap = following(late, interval, ServerWord(fresh, ttl), number)
    assert 0.9 * interval - 0.001 <= gap <= max(1.5 * interval, 3600) + 0.001


def backoff(failures: int, interval_s: float = 300.0, retry_after_s: float | None = None, strikes: int = 0) -> float:
    source = replace(SOURCE, failures=failures - 1, strikes=strikes - 1)
    due = after_failure(source, now=NOW, pace=Pace(interval_s), retry_after_s=retry_after_s, strike=True)
    return (due.at - NOW).total_seconds()


@pytest.mark.parametrize(
    ("failures", "expected_s"), [(1, 300), (2, 600), (3, 1200), (4, 2400), (9, 76_800), (10, 86_400), (1000, 86_400)]
)
def test_failures_back_off_by_doubling_up_to_a_day(failures: int, expected_s: float) -> None:
    assert expected_s <= backoff(failures) <= expected_s * 1.1


def test_a_retry_after_is_kept_up_to_a_week() -> None:
    assert backoff(1, retry_after_s=7200) == 7200
    assert backoff(1, retry_after_s=10**9) == 7 * 86_400
    assert backoff(1, retry_after_s=5) >= 300


def test_the_third_kill_of_the_parser_waits_a_day() -> None:
    assert backoff(1, strikes=2) < 400
    assert backoff(1, strikes=3) >= 86_400


@pytest.mark.parametrize(
    ("headers", "expected_s"),
    [
        ({}, 0),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": "public, MAX-AGE=600, must-revalidate"}, 600),
        ({"cache-control": 'max-age="600"'}, 600),
        ({"cache-control": "max-age=600", "age": "250"}, 350),
        ({"cache-control": "max-age=600", "age": "9999"}, 0),
        ({"cache-control": "max-age=600", "age": "soon"}, 600),
        ({"cache-control": "max-age=600, no-cache"}, 0),
        ({"cache-control": "no-store"}, 0),
        ({"cache-control": "max-age"}, 0),
        ({"cache-control": "s-maxage=900"}, 0),  # for shared caches, which we are not
        ({"cache-control": "max-age=60", "expires": "Fri, 20 Mar 2026 13:00:00 GMT"}, 60),
        ({"expires": "Fri, 20 Mar 2026 12:10:00 GMT"}, 600),
        ({"expires": "Fri, 20 Mar 2026 12:10:00 GMT", "date": "Fri, 20 Mar 2026 12:09:00 GMT"}, 60),
        ({"expires": "Fri, 20 Mar 2020 12:10:00 GMT"}, 0),
        ({"expires": "0"}, 0),
        ({"expires": "-1"}, 0),
        ({"expires": "1 jan 99999999999999999999 0:0:0 GMT"}, 0),
        ({"expires": "Fri, 20 Mar 2026 12:10:00 GMT", "date": "1 jan 99999999999999999999 0:0:0 GMT"}, 600),
    ],
)
def test_freshness_is_what_the_server_says(headers: dict[str, str], expected_s: float) -> None:
    assert freshness_s(headers, NOW) == expected_s


@given(st.dictionaries(st.sampled_from(["cache-control", "age", "expires", "date"]), st.text(max_size=40)))
def test_freshness_is_found_in_any_header(headers: dict[str, str]) -> None:
    assert freshness_s(headers, NOW) >= 0


def test_once_a_day_we_ask_without_validators() -> None:
    assert asks_unconditionally(None, NOW)
    assert asks_unconditionally(NOW - timedelta(hours=24), NOW)
    assert not asks_unconditionally(NOW - timedelta(hours=23), NOW)


RATE = RateEstimate(hours=(7.0,) * 24, days=6.83, latest=NOW, longest_gap_s=0, as_of=NOW)


def because(reason: PollReason, gap_s: float = 300, **changes: Any) -> Source:
    return replace(SOURCE, next_poll_at=NOW + seconds(gap_s), poll_reason=reason, rate=RATE, **changes)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (SOURCE, "every 5 min: the interval set by crawl.min_interval"),
        (because(PollReason.INTERVAL), "every 5 min: the interval set by crawl.min_interval"),
        (because(PollReason.RATE, 720), "after 12 min: it publishes about 24 articles a day, and all sources share"),
        (because(PollReason.CEILING, 10_800), "after 3 h: it publishes about 24 articles a day, and nothing"),
        (because(PollReason.FRESHNESS, 1800), "after 30 min: its server says that an answer holds"),
        (because(PollReason.TTL, 3600), "after 60 min: the document says that it holds"),
        (because(PollReason.ROBOTS, 600), "after 10 min: its robots.txt asks for pauses"),
        (because(PollReason.RETRY_AFTER, 7200), "2 h after the last attempt: the server asked to be left alone"),
        (because(PollReason.FAILURES, 1200, failures=3), "20 min after the last attempt: it has failed 3 times in a"),
        (because(PollReason.FAILURES, 300, failures=1), "5 min after the last attempt: it has failed once"),
        (because(PollReason.QUARANTINE, 90_000, failures=3, strikes=3), "25 h after the last attempt: its documents"),
        (replace(SOURCE, last_polled_at=None), "at once: it has never been polled"),
        (because(PollReason.GONE, active=False), "never: the server says that it is gone for good"),
        (replace(SOURCE, active=False), "never: its outlet is paused"),
    ],
)
def test_a_person_is_told_why_a_source_is_polled_when_it_is(source: Source, expected: str) -> None:
    assert why(source, interval_s=300).startswith(expected)
