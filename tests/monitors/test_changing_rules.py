"""What waits when rules change is judged by the new ones as of when it came. Times are those of Damascus (UTC+3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import select, update

from monitors.alerts import Cause, DeliveryState, Judgement, Verdict
from monitors.chats import Chat
from monitors.judging import Case, judge, judge_again, quiet_end
from monitors.local_time import at_minute
from monitors.releasing import GRACE, change_rules, follow_zone, release_due
from monitors.storage.engine import Database
from monitors.storage.growing import grow
from monitors.storage.subscriptions import mute, subscriptions_of
from monitors.storage.tables import alerts, deliveries
from monitors.storage.watches import add_watch
from monitors.subscriptions import MINUTES, Mode, Mute, MuteKind, Rules, Taker
from tests.monitors.holding import ZONE, a_chat_that_watches, an_article
from tests.rows import NOW

TODAY = date(2026, 3, 20)
HOUR = 60


def at(time: str) -> datetime:
    """A time of today there, or of another day: `+1 08:00`."""
    days, _, clock = time.rpartition(" ")
    hour, minute = clock.split(":")
    return at_minute(TODAY + timedelta(days=int(days or 0)), int(hour) * HOUR + int(minute), ZoneInfo(ZONE))


def daily(hour: int, **others: Any) -> Rules:
    return Rules(Mode.DAILY, digest_at=hour * HOUR, **others)


def quiet(begin: int, end: int, rules: Rules = Rules()) -> Rules:  # noqa: B008
    return replace(rules, quiet_from=begin * HOUR, quiet_to=end * HOUR)


HOURLY = Rules(Mode.HOURLY)
LIMITED = Rules(digest_at=8 * HOUR, daily_limit=1)

CHANGES = {
    "quiet hours that alone held back a digest are lifted": (
        quiet(7, 9, daily(8)), "-1 10:00", "08:01", daily(8), None),
    "quiet hours are lifted before the digest is due": (
        quiet(7, 9, daily(8)), "-1 10:00", "07:30", daily(8), "08:00"),
    "quiet hours that held back a digest are prolonged": (
        quiet(7, 9, daily(8)), "-1 10:00", "08:30", quiet(7, 10, daily(8)), "10:00"),
    "quiet hours come while a digest waits": (daily(8), "-1 10:00", "07:30", quiet(7, 9, daily(8)), "09:00"),
    "quiet hours that were lifted come back": (
        quiet(7, 9, daily(8)), "-1 10:00", "08:30", quiet(6, 9, daily(8)), "09:00"),
    "the digest is put off to the evening, of what came in the night": (
        daily(8), "-1 21:00", "07:30", daily(20), "20:00"),
    "the digest is put off to the evening, of what the last one would have told": (
        daily(8), "-1 10:00", "07:30", daily(20), None),
    "the digest is put off to the evening after it was told": (daily(8), "08:30", "09:00", daily(20), "20:00"),
    "the digest is moved to an earlier hour that is over": (daily(20), "08:30", "19:00", daily(18), None),
    "the digest comes every hour, of what came hours ago": (daily(8), "08:30", "12:10", HOURLY, None),
    "the digest comes every hour, of what came just now": (daily(8), "12:05", "12:10", HOURLY, "13:00"),
    "the digest comes once a day": (HOURLY, "12:05", "12:10", daily(8), "+1 08:00"),
    "alerts come at once": (HOURLY, "12:05", "12:10", Rules(), None),
    "alerts come at once, but not in quiet hours": (daily(8), "12:00", "23:30", quiet(22, 7), "+1 07:00"),
    "what came in quiet hours waits for a digest": (quiet(22, 7), "-1 23:00", "06:00", daily(12), "12:00"),
    "what came in quiet hours would have been told by now": (quiet(22, 7), "-1 23:00", "06:00", HOURLY, None),
    "alerts lose their sound in quiet hours": (
        quiet(22, 7), "-1 23:00", "06:00", replace(quiet(22, 7), mode=Mode.SILENT), "07:00"),
    "the limit of the day is raised": (LIMITED, "12:00", "13:00", replace(LIMITED, daily_limit=5), "+1 08:00"),
    "the limit of the day is lifted": (LIMITED, "12:00", "13:00", replace(LIMITED, daily_limit=None), None),
    "the rest of a day comes at another hour": (LIMITED, "12:00", "13:00", replace(LIMITED, digest_at=15 * HOUR),
                                                "15:00"),
    "the rest of a day is put off": (LIMITED, "-1 12:00", "07:30", replace(LIMITED, digest_at=20 * HOUR), None),
}  # fmt: skip
"""What happens → the rules before, when two alerts came, when the rules changed, the new ones, when the alerts are due
then: None for at once."""


@pytest.fixture
def chat(database: Database) -> Chat:
    return database.write_now(a_chat_that_watches)


def rule(database: Database, chat: Chat, rules: Rules, *, now: datetime, which: int = 0) -> None:
    taken = database.read_now(subscriptions_of, chat.id)[which]
    database.write_now(change_rules, taken, rules, zone=ZONE, now=now)


def dues(database: Database) -> list[datetime]:
    waiting = select(deliveries.c.not_before).where(deliveries.c.state == DeliveryState.HELD).order_by(deliveries.c.id)
    return database.read_now(lambda connection: list(connection.scalars(waiting)))


def told(database: Database) -> list[str]:
    """The kinds of messages on their way."""
    kinds = select(deliveries.c.kind).where(deliveries.c.state == DeliveryState.PENDING).order_by(deliveries.c.id)
    return database.read_now(lambda connection: list(connection.scalars(kinds)))


@pytest.mark.parametrize("change", CHANGES)
def test_what_waits_is_due_as_the_new_rules_say_of_when_it_came(database: Database, chat: Chat, change: str) -> None:
    before, came, changed, after, due = CHANGES[change]
    rule(database, chat, before, now=NOW)
    for number in range(1, 4 if before.daily_limit else 3):
        database.write_now(an_article, number, now=at(came))
    rule(database, chat, after, now=at(changed))
    released = database.write_now(release_due, zone=ZONE, now=at(changed))
    assert (released, dues(database)) == ((2, []) if due is None else (0, [at(due)] * 2))
    if due is None and before.mode is not Mode.INSTANT:
        assert told(database) == ["digest"]


def test_what_came_at_different_times_is_due_at_different_times(database: Database, chat: Chat) -> None:
    rule(database, chat, daily(8), now=NOW)
    for number, came in enumerate(["-1 10:00", "-1 21:00", "-1 11:00", "07:00"]):
        database.write_now(an_article, number, now=at(came))
    rule(database, chat, daily(20), now=at("07:30"))
    assert database.write_now(release_due, zone=ZONE, now=at("07:30")) == 2
    assert (told(database), dues(database)) == (["digest"], [at("20:00")] * 2)


def test_what_would_have_been_told_by_the_clocks_of_another_zone_is_due_at_once(database: Database, chat: Chat) -> None:
    rule(database, chat, daily(8), now=NOW)
    database.write_now(an_article, 1, now=at("-1 10:00"))
    database.write_now(an_article, 2, now=at("06:00"))
    database.write_now(follow_zone, chat.id, zone="Asia/Kathmandu", now=at("07:00"))
    assert database.write_now(release_due, zone=ZONE, now=at("07:00")) == 1
    assert dues(database) == [datetime(2026, 3, 21, 2, 15, tzinfo=UTC)], "eight in the morning there"


def test_another_list_of_the_chat_keeps_its_time(database: Database, chat: Chat) -> None:
    database.write_now(add_watch, chat.id, "النفط", now=NOW, watchlist="عاجل")
    rule(database, chat, daily(20), now=NOW)
    rule(database, chat, HOURLY, now=NOW, which=1)
    database.write_now(an_article, 1, now=at("08:30"))
    rule(database, chat, daily(7), now=at("08:40"))
    assert dues(database) == [at("09:00")]
    rule(database, chat, quiet(9, 10, HOURLY), now=at("08:45"), which=1)
    assert dues(database) == [at("10:00")]


def test_what_is_wanted_after_all_came_when_its_article_was_edited(database: Database, chat: Chat) -> None:
    rule(database, chat, daily(20), now=NOW)
    database.write_now(mute, Mute(chat.id, MuteKind.EVERYTHING, None, at("10:00")), now=at("09:00"))
    database.write_now(an_article, 1, now=at("09:00"))
    (taken,) = database.read_now(subscriptions_of, chat.id)
    met = Judgement(chat.id, Verdict.DIGEST, Cause.TAKEN, taken.id, due_at=at("+1 20:00"))
    assert database.write_now(grow, 1, {chat.id: met}, now=at("21:00"))
    rule(database, chat, daily(20, daily_limit=5), now=at("21:30"))
    assert dues(database) == [at("+1 20:00")]


def test_what_stood_in_another_message_came_when_that_let_it_go(database: Database, chat: Chat) -> None:
    rule(database, chat, daily(20), now=NOW)
    database.write_now(an_article, 1, now=at("09:00"))
    database.write_now(lambda connection: connection.execute(update(alerts).values(verdict=Verdict.NOW)))
    database.write_now(release_due, zone=ZONE, now=at("20:00") + GRACE)
    assert dues(database) == [at("+1 20:00")]
    rule(database, chat, daily(20, daily_limit=5), now=at("21:00"))
    assert dues(database) == [at("+1 20:00")]


zones = st.sampled_from(["Asia/Damascus", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "UTC"])
moments = st.integers(0, 2 * 366 * MINUTES).map(lambda minute: at("00:00") + timedelta(minutes=minute))
minutes = st.integers(0, MINUTES - 1)
limits = st.none() | st.integers(1, 3)
rules = st.builds(
    Rules, st.sampled_from(Mode), minutes, quiet_from=st.none() | minutes, quiet_to=st.none() | minutes,
    daily_limit=limits,
)  # fmt: skip
changes: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(dict, mode=st.sampled_from(Mode)),
    st.builds(dict, digest_at=minutes),
    st.builds(dict, quiet_from=minutes, quiet_to=minutes),
    st.just({"quiet_from": None, "quiet_to": None}),
    st.builds(dict, daily_limit=limits),
)


def judged(rules: Rules, came: datetime, zone: str, *, told_today: int, full: bool) -> Judgement:
    case = Case(5, (), (), {10: told_today}, came, full=[1] if full else ())
    (one,) = judge([Taker(1, 10, 100, rules, zone)], case)
    return one


@given(rules, changes, moments, st.integers(0, 2 * MINUTES), zones, st.integers(0, 3), st.booleans())
def test_no_change_puts_anything_off_beyond_what_both_rules_say(
    old: Rules, change: dict[str, Any], came: datetime, later: int, zone: str, told_today: int, full: bool
) -> None:
    new, now, there = replace(old, **change), came + timedelta(minutes=later), ZoneInfo(zone)
    was = judged(old, came, zone, told_today=told_today, full=full)
    assume(was.due_at is not None and was.due_at > now)
    assert was.due_at is not None
    anew = judged(new, came, zone, told_today=told_today, full=full).due_at or came
    at_once = quiet_end(now, new, there) or now
    _, _, due_at = judge_again(was.verdict, was.reason, new, there, came_at=came, now=now)
    assert now <= due_at <= max(was.due_at, anew, at_once)


@given(rules, moments, st.integers(0, 2 * MINUTES), zones, st.integers(0, 3), st.booleans())
def test_rules_that_say_the_same_change_nothing(
    rules: Rules, came: datetime, later: int, zone: str, told_today: int, full: bool
) -> None:
    now = came + timedelta(minutes=later)
    was = judged(rules, came, zone, told_today=told_today, full=full)
    assume(was.due_at is not None and was.due_at > now)
    loud = {Mode.SILENT: Mode.INSTANT, Mode.INSTANT: Mode.SILENT}
    for same in (rules, replace(rules, mode=loud.get(rules.mode, rules.mode))):
        again = judge_again(was.verdict, was.reason, same, ZoneInfo(zone), came_at=came, now=now)
        assert again == (was.verdict, was.reason, was.due_at)
