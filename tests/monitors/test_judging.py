"""What a chat is told now, later, together, or not at all. Times are those of Damascus: UTC+3, no summer time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.alerts import Judgement, Verdict
from monitors.judging import Case, judge, quiet_end
from monitors.local_time import at_minute, last_at_minute, next_at_minute, next_hour
from monitors.subscriptions import MINUTES, Mode, Mute, MuteKind, Rules, Taker

ZONE = "Asia/Damascus"
NOON = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
"""Twelve o'clock there."""
HOUR = 60


def a_taker(chat_id: int = 1, subscription_id: int = 10, watch_id: int | None = 100, **rules: object) -> Taker:
    return Taker(chat_id, subscription_id, watch_id, Rules(**rules), ZONE)  # type: ignore[arg-type]


def judged(
    *takers: Taker, mutes: tuple[Mute, ...] = (), told_today: dict[int, int] | None = None, now: datetime = NOON
) -> list[Judgement]:
    return judge(takers, Case(outlet_id=5, story_ids={7}, mutes=mutes, told_today=told_today or {}, now=now))


def local(judgement: Judgement) -> str:
    assert judgement.due_at is not None
    return judgement.due_at.astimezone(ZoneInfo(ZONE)).strftime("%d %H:%M")


def test_each_chat_is_told_at_once_unless_it_says_otherwise() -> None:
    first, second = judged(a_taker(2), a_taker(1), a_taker(2, 11))
    assert (first.chat_id, first.verdict, first.due_at, first.silent) == (1, Verdict.NOW, None, False)
    assert (second.chat_id, second.subscription_id) == (2, 10)


def test_of_several_subscriptions_the_soonest_and_the_loudest_decides() -> None:
    (told,) = judged(a_taker(mode=Mode.DAILY), a_taker(subscription_id=11, mode=Mode.SILENT))
    assert (told.verdict, told.silent, told.subscription_id) == (Verdict.NOW, True, 11)
    (told,) = judged(a_taker(mode=Mode.SILENT), a_taker(subscription_id=11))
    assert (told.verdict, told.silent) == (Verdict.NOW, False)


def test_digests_are_due_at_the_next_hour_or_at_the_local_time() -> None:
    (hourly,) = judged(a_taker(mode=Mode.HOURLY), now=NOON + timedelta(minutes=20))
    assert (hourly.verdict, local(hourly)) == (Verdict.DIGEST, "20 13:00")
    (daily,) = judged(a_taker(mode=Mode.DAILY, digest_at=8 * HOUR))
    assert (daily.verdict, local(daily)) == (Verdict.DIGEST, "21 08:00")
    (daily,) = judged(a_taker(mode=Mode.DAILY, digest_at=18 * HOUR + 30))
    assert local(daily) == "20 18:30"


@pytest.mark.parametrize(
    ("hour", "until"), [(23, "21 07:00"), (3, "20 07:00"), (7, None), (12, None), (22, "21 07:00"), (21, None)]
)
def test_quiet_hours_hold_what_comes_in_them_until_they_are_over(hour: int, until: str | None) -> None:
    now = at_minute(NOON.date(), hour * HOUR, ZoneInfo(ZONE))
    (told,) = judged(a_taker(quiet_from=22 * HOUR, quiet_to=7 * HOUR), now=now)
    if until is None:
        assert (told.verdict, told.due_at) == (Verdict.NOW, None)
    else:
        assert (told.verdict, local(told)) == (Verdict.HELD, until)


def test_a_digest_waits_for_the_end_of_the_quiet_hours_too() -> None:
    (told,) = judged(a_taker(mode=Mode.DAILY, digest_at=6 * HOUR, quiet_from=22 * HOUR, quiet_to=7 * HOUR))
    assert (told.verdict, local(told)) == (Verdict.DIGEST, "21 07:00")


def test_what_is_beyond_the_limit_of_the_day_goes_into_a_digest() -> None:
    taker = a_taker(daily_limit=3)
    assert judged(taker, told_today={10: 2})[0].verdict is Verdict.NOW
    (told,) = judged(taker, told_today={10: 3})
    assert (told.verdict, local(told)) == (Verdict.DIGEST, "21 08:00")


@pytest.mark.parametrize(
    ("mute", "hushed"),
    [
        (Mute(1, MuteKind.EVERYTHING, None, None), True),
        (Mute(1, MuteKind.OUTLET, 5, None), True),
        (Mute(1, MuteKind.OUTLET, 6, None), False),
        (Mute(1, MuteKind.STORY, 7, None), True),
        (Mute(1, MuteKind.WATCH, 100, None), True),
        (Mute(1, MuteKind.WATCH, 101, None), False),
        (Mute(2, MuteKind.EVERYTHING, None, None), False),
    ],
)
def test_what_is_muted_is_dropped(mute: Mute, hushed: bool) -> None:
    (told,) = judged(a_taker(), mutes=(mute,))
    assert (told.verdict is Verdict.DROPPED) is hushed


def test_a_muted_watch_does_not_keep_another_from_telling() -> None:
    (told,) = judged(a_taker(), a_taker(watch_id=101), mutes=(Mute(1, MuteKind.WATCH, 100, None),))
    assert told.verdict is Verdict.NOW


zones = st.sampled_from(["Asia/Damascus", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "UTC"])
moments = st.integers(0, 3 * 366 * 24 * 60).map(lambda minute: NOON + timedelta(minutes=minute))
minutes = st.integers(0, MINUTES - 1)


@given(moments, minutes, zones)
def test_a_local_time_comes_once_a_day_whatever_the_clocks_do(moment: datetime, minute: int, name: str) -> None:
    zone = ZoneInfo(name)
    due = next_at_minute(moment, minute, zone)
    assert moment < due <= moment + timedelta(hours=26)
    assert last_at_minute(due, minute, zone) == due
    days = {due.astimezone(zone).date()}
    for _ in range(3):
        due = next_at_minute(due, minute, zone)
        days.add(due.astimezone(zone).date())
    assert len(days) == 4
    assert moment < next_hour(moment, zone) <= moment + timedelta(hours=1)


@given(moments, minutes, minutes, zones)
def test_quiet_hours_end_within_a_day_and_are_over_at_their_end(
    moment: datetime, begin: int, end: int, name: str
) -> None:
    rules, zone = Rules(quiet_from=begin, quiet_to=end), ZoneInfo(name)
    over = quiet_end(moment, rules, zone)
    assert over is None or moment < over <= moment + timedelta(hours=26)
    if over is not None:
        assert quiet_end(over, rules, zone) is None
