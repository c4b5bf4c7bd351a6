from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.rates import RateEstimate
from monitors.rhythms import FLAT, Rhythm, blended, group_key, rhythm, usual_profile

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
STEADY = Rhythm((1 / 3600,) * 24)  # one an hour


def test_delay_gathers_with_the_square_of_time() -> None:
    # λt²/2 = 1800 item-seconds: t = √(2·1800·3600)
    assert STEADY.seconds_until_delay(1800, NOW, at_most_s=1e9) == pytest.approx(3600)
    assert STEADY.seconds_until_delay(4 * 1800, NOW, at_most_s=1e9) == pytest.approx(7200)
    assert STEADY.seconds_until_delay(1800, NOW, at_most_s=600) == 600
    assert STEADY.seconds_until_delay(0, NOW, at_most_s=600) == 0


def test_a_newsroom_that_wakes_is_polled_soon_and_one_that_sleeps_is_not() -> None:
    asleep_at_noon = Rhythm(tuple(0.0 if hour < 14 else 1 / 360 for hour in range(24)))
    wait_s = asleep_at_noon.seconds_until_delay(500, NOW, at_most_s=1e9)
    assert wait_s == pytest.approx(2 * 3600 + math.sqrt(2 * 500 * 360))
    silent = Rhythm((0.0,) * 24)
    assert silent.seconds_until_delay(1, NOW, at_most_s=10_800) == 10_800


@given(
    st.lists(st.floats(0.0005, 0.005), min_size=24, max_size=24),
    st.floats(10, 1e5),
    st.integers(0, 86_400).map(lambda seconds: NOW + timedelta(seconds=seconds)),
)
def test_the_moment_is_where_the_expected_delay_reaches_the_limit(
    by_hour: list[float], limit: float, since: datetime
) -> None:
    followed = Rhythm(tuple(by_hour))
    wait_s = followed.seconds_until_delay(limit, since, at_most_s=10_800)
    assert 0 <= wait_s <= 10_800
    steps = 400
    step = timedelta(seconds=wait_s / steps)
    pending = [followed.expected(since, since + step * (number + 0.5)) for number in range(steps)]
    delay = math.fsum(pending) * wait_s / steps  # ∫ of what is pending
    assert delay <= limit * 1.01
    if wait_s < 10_799:
        assert delay == pytest.approx(limit, rel=0.01)


def test_what_is_expected_adds_up_over_hours_and_days() -> None:
    twice_by_day = Rhythm(tuple(2 / 3600 if hour >= 12 else 1 / 3600 for hour in range(24)))
    assert twice_by_day.expected(NOW, NOW + 2 * HOUR) == pytest.approx(4)
    assert twice_by_day.expected(NOW - HOUR / 2, NOW + HOUR / 2) == pytest.approx(1.5)
    assert twice_by_day.expected(NOW, NOW + 49 * HOUR) == pytest.approx(2 * 36 + 2)
    assert twice_by_day.expected(NOW, NOW - HOUR) == 0


def test_a_source_nobody_knows_follows_the_usual_hours() -> None:
    usual = usual_profile("ar", "Asia/Damascus", NOW)
    assert rhythm(None, usual, NOW).by_hour == pytest.approx([8 / 86_400 * factor for factor in usual])


def test_a_source_that_has_shown_enough_follows_its_own_hours() -> None:
    at_three = tuple(1000.0 if hour == 3 else 0.0 for hour in range(24))
    rate = RateEstimate(hours=at_three, days=10.0, latest=NOW, longest_gap_s=0, as_of=NOW)
    by_hour = rhythm(rate, FLAT, NOW).by_hour
    assert by_hour[3] / sum(by_hour) > 0.9
    assert sum(by_hour) * 3600 == pytest.approx(rate.per_day)


@given(st.lists(st.floats(0, 1e4), min_size=24, max_size=24))
def test_a_profile_has_a_mean_of_one(hours: list[float]) -> None:
    assert sum(blended(hours, usual_profile("ar", None, NOW))) == pytest.approx(24)


def test_newsrooms_publish_by_day_where_they_are() -> None:
    damascus = usual_profile("ar", "Asia/Damascus", NOW)
    assert damascus[9] > 4 * damascus[23]  # noon and two in the morning
    assert usual_profile("en", None, NOW) == FLAT  # English is written everywhere
    assert usual_profile("ar-SY", None, NOW) == damascus
    assert sum(damascus) == pytest.approx(24)


@pytest.mark.parametrize(
    ("language", "time_zone", "key"),
    [
        ("ar", "Asia/Damascus", "ar+3"),
        ("ar-JO", "Asia/Amman", "ar+3"),
        ("ar", None, "ar+3"),
        ("en", "America/New_York", "en-4"),
        ("en", None, "en"),
        (None, None, ""),
        ("ar", "Mars/Olympus", "ar+3"),
        ("ar", "../../etc/passwd", "ar+3"),
    ],
)
def test_outlets_are_grouped_by_language_and_offset(language: str | None, time_zone: str | None, key: str) -> None:
    assert group_key(language, time_zone, NOW) == key
