from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.rates import HALF_LIFE_DAYS, RateEstimate, learn

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = 24 * HOUR


def every(gap: timedelta, count: int, until: datetime = NOW) -> list[datetime]:
    return [until - gap * number for number in range(1, count + 1)]


def test_a_first_listing_tells_how_much_was_published_before_we_came() -> None:
    assert learn(None, every(HOUR, 40), now=NOW).per_day == pytest.approx(24, rel=0.15)
    assert learn(None, every(6 * HOUR, 40), now=NOW).per_day == pytest.approx(4, rel=0.15)


def test_a_page_that_is_never_replaced_does_not_stretch_a_listing_by_years() -> None:
    listed = [*every(HOUR, 20), NOW - 2000 * DAY, NOW - 3000 * DAY]
    assert learn(None, listed, now=NOW).per_day == pytest.approx(24, rel=0.25)


@pytest.mark.parametrize("listed", [[], [None, None], [NOW + DAY], [NOW]])
def test_a_first_listing_without_usable_dates_leaves_the_usual_rate(listed: list[datetime | None]) -> None:
    assert learn(None, listed, now=NOW).per_day == 8


def test_what_appears_is_counted_at_the_hour_it_appeared() -> None:
    rate = learn(learn(None, [], now=NOW), [NOW - 2 * HOUR, NOW - HOUR, None, NOW + DAY], now=NOW)
    assert {hour: round(count, 2) for hour, count in enumerate(rate.hours) if count} == {10: 0.99, 11: 1.0, 12: 2}


def test_a_steady_source_is_known_after_two_weeks_whatever_the_polls() -> None:
    for polls_a_day in (4, 48):
        chance = random.Random(7)
        rate = learn(None, [], now=NOW)
        for poll in range(1, 14 * polls_a_day + 1):
            now, gap = NOW + DAY * poll / polls_a_day, DAY / polls_a_day
            rate = learn(rate, [now - gap * chance.random() for _ in range(96 // polls_a_day)], now=now)
        assert rate.per_day == pytest.approx(96, rel=0.04)  # what it was taken for at first still counts a little


def test_older_days_count_for_half_every_week() -> None:
    rate = RateEstimate(hours=(10.0,) * 24, days=10.0, latest=NOW, longest_gap_s=0, as_of=NOW)
    week_later = rate.at(NOW + HALF_LIFE_DAYS * DAY)
    assert week_later.hours == pytest.approx((5.0,) * 24)
    assert week_later.days == pytest.approx(5 + 5.05, abs=0.01)  # a week watched, itself fading: 0.5·7/ln 2
    assert week_later.per_day == pytest.approx(rate.per_day / 2, rel=0.03)


def test_the_longest_silence_is_remembered_for_weeks() -> None:
    rate = learn(learn(None, [NOW], now=NOW), [NOW + 60 * HOUR], now=NOW + 61 * HOUR)
    rate = learn(rate, [NOW + 65 * HOUR], now=NOW + 66 * HOUR)
    assert rate.latest == NOW + 65 * HOUR
    assert rate.longest_gap_s == pytest.approx(60 * 3600, rel=0.01)
    assert rate.at(NOW + 28 * DAY).longest_gap_s == pytest.approx(30 * 3600, rel=0.1)


def test_an_old_article_that_comes_late_breaks_no_silence() -> None:
    rate = learn(learn(None, [NOW], now=NOW), [NOW - 9 * DAY], now=NOW + DAY)
    assert (rate.latest, rate.longest_gap_s) == (NOW, 0)


def test_nothing_has_to_be_written_down_while_nothing_appears_for_some_hours() -> None:
    rate = learn(None, every(HOUR, 40), now=NOW)
    assert learn(rate, [], now=NOW + 5 * HOUR) is rate
    assert learn(rate, [], now=NOW + 7 * HOUR).per_day < rate.per_day


def test_an_estimate_survives_being_saved() -> None:
    rate = learn(None, every(HOUR, 40), now=NOW)
    saved = RateEstimate.from_json(json.loads(json.dumps(rate.to_json())))
    assert saved.per_day == pytest.approx(rate.per_day, rel=0.001)
    assert (saved.latest, saved.as_of) == (rate.latest, rate.as_of)


moments = st.integers(-739_000, 2_900_000).map(lambda days: NOW + days * DAY)  # from the year 3 to 9966


@given(st.lists(st.lists(st.none() | moments, max_size=20), max_size=5), st.integers(-10, 10))
def test_no_date_makes_an_estimate_absurd(polls: list[list[datetime | None]], step_h: int) -> None:
    rate, now = None, NOW
    for published in polls:
        rate = learn(rate, published, now=now)
        now += step_h * HOUR  # clocks are set back, too
        assert all(count >= 0 for count in rate.hours)
        assert 0 < rate.per_day < 1e5
        assert rate.longest_gap_s >= 0
