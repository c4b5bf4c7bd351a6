"""What is held back comes when its time has come, by the rules that stand then. Times are those of Damascus (UTC+3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from monitors.alerts import Cause, DeliveryKind, DeliveryState, Verdict
from monitors.chats import Chat, Transport
from monitors.releasing import (
    DISTRUST_S,
    GRACE,
    MOST_SINGLY,
    Releaser,
    change_rules,
    follow_zone,
    release_due,
)
from monitors.storage.articles import get_articles
from monitors.storage.clock import mend
from monitors.storage.delays import delivery_counts
from monitors.storage.deliveries import claim
from monitors.storage.digests import find_digest
from monitors.storage.engine import Database
from monitors.storage.merging import gather
from monitors.storage.settlements import settle_sent
from monitors.storage.subscriptions import (
    mute,
    subscribe,
    subscriptions_of,
    unsubscribe,
)
from monitors.storage.tables import deliveries
from monitors.storage.taking import Backlog, backlog_of
from monitors.storage.traces import Way, way_of
from monitors.storage.watches import add_watch, list_watches
from monitors.subscriptions import Mode, Mute, MuteKind, Rules, Subscription
from monitors.watchlists import UNTOLD_NAME
from tests.monitors.holding import ZONE, a_chat_that_watches, an_article, fates
from tests.rows import NOW, a_telegram_chat, an_outlet, remove_watch

HOUR = timedelta(hours=1)
SIX = datetime(2026, 3, 20, 15, 0, tzinfo=UTC)
"""Six in the evening there."""
DAILY = Rules(Mode.DAILY, digest_at=18 * 60)
NIGHT = Rules(quiet_from=22 * 60, quiet_to=7 * 60)
MIDNIGHT = datetime(2026, 3, 20, 21, 0, tzinfo=UTC)
SEVEN = datetime(2026, 3, 21, 4, 0, tzinfo=UTC)

TOLD, DIGEST = ("alert", "pending"), ("digest", "pending")
MERGED, DROPPED, HELD = ("alert", "merged"), ("alert", "dropped"), ("alert", "held")


@pytest.fixture
def chat(database: Database) -> Chat:
    return database.write_now(a_chat_that_watches)


def the_subscription(database: Database, chat: Chat) -> Subscription:
    return database.read_now(subscriptions_of, chat.id)[0]


def rule(database: Database, chat: Chat, rules: Rules, *, now: datetime = NOW) -> None:
    database.write_now(change_rules, the_subscription(database, chat), rules, zone=ZONE, now=now)


def publish(database: Database, *numbers: int, now: datetime = NOW, full: bool = False) -> None:
    for number in numbers:
        database.write_now(an_article, number, now=now, full=full)


def digests_of(connection: Connection, chat_id: int) -> list[int]:
    mine = select(deliveries.c.id).where(deliveries.c.chat_id == chat_id, deliveries.c.kind == DeliveryKind.DIGEST)
    return list(connection.scalars(mine.order_by(deliveries.c.id)))


def states(database: Database) -> list[tuple[str, str]]:
    return [(kind, state) for kind, state, _ in database.read_now(fates)]


def release(database: Database, now: datetime) -> int:
    return database.write_now(release_due, zone=ZONE, now=now + GRACE)


def test_alerts_of_a_day_come_in_one_message_at_the_local_time(database: Database, chat: Chat) -> None:
    rule(database, chat, DAILY)
    publish(database, 1, 2, 3)
    assert release(database, SIX - HOUR) == 0
    assert release(database, SIX) == 3
    assert states(database) == [MERGED, MERGED, MERGED, DIGEST]
    assert release(database, SIX + HOUR) == 0


def test_what_need_not_wait_any_more_is_not_overtaken_by_what_is_new(database: Database, chat: Chat) -> None:
    rule(database, chat, NIGHT)
    publish(database, 1, now=MIDNIGHT)
    rule(database, chat, Rules(), now=MIDNIGHT + HOUR)
    assert database.write_now(release_due, zone=ZONE, now=MIDNIGHT + HOUR) == 1


def test_what_is_released_has_not_been_waiting_to_be_told(database: Database, chat: Chat) -> None:
    rule(database, chat, NIGHT)
    publish(database, 1, 2, now=MIDNIGHT)
    release(database, SEVEN)
    claimed = database.write_now(claim, Transport.TELEGRAM, now=SEVEN + GRACE, limit=9)
    (told,) = database.write_now(gather, claimed, now=SEVEN + GRACE)
    assert told.kind is DeliveryKind.ALERT


def test_a_digest_knows_its_articles_and_where_the_words_stand(database: Database, chat: Chat) -> None:
    rule(database, chat, DAILY)
    publish(database, 1, 2)
    release(database, SIX)
    digest = database.read_now(find_digest, 3, chat.id)
    assert digest is not None
    (section,) = digest.sections
    assert (section.name, section.whole_outlet) == ("default", False)
    assert [(item.title, item.places) for item in section.items] == [("النفط 1", ((0, 5),)), ("النفط 2", ((0, 5),))]
    assert database.read_now(find_digest, 3, chat.id + 1) is None
    assert database.read_now(find_digest, 1, chat.id) is None


def test_private_lists_are_told_apart_by_numbers_in_a_digest_of_a_group(database: Database, chat: Chat) -> None:
    group = database.write_now(a_telegram_chat, -500)
    omar = database.write_now(a_telegram_chat, 8)
    for owner, name in ((chat, "خصوم"), (omar, "أصدقاء")):
        watch, _ = database.write_now(add_watch, owner.id, "النفط", now=NOW, watchlist=name)
        database.write_now(subscribe, group.id, watchlist_id=watch.watchlist_id, now=NOW)
    for taken in database.read_now(subscriptions_of, group.id):
        database.write_now(change_rules, taken, DAILY, zone=ZONE, now=NOW)
    for number, owner in enumerate((chat, omar), 1):
        database.write_now(an_article, number, now=NOW, chat_id=owner.id)
    release(database, SIX)
    delivered = max(row[0] for row in database.read_now(lambda c: c.execute(select(deliveries.c.id)).all()))
    digest = database.read_now(find_digest, delivered, group.id)
    assert digest is not None
    assert [(section.name, section.number) for section in digest.sections] == [(UNTOLD_NAME, 1), (UNTOLD_NAME, 2)]


def test_a_digest_of_one_is_an_ordinary_alert(database: Database, chat: Chat) -> None:
    rule(database, chat, DAILY)
    publish(database, 1)
    release(database, SIX)
    assert states(database) == [TOLD]


def test_all_that_is_due_in_a_chat_at_once_comes_in_one_message(database: Database, chat: Chat) -> None:
    rule(database, chat, DAILY)
    outlet, _ = database.write_now(an_outlet, "وكالة")
    database.write_now(subscribe, chat.id, outlet_id=outlet.id, now=NOW)
    rule_of_outlet = database.read_now(subscriptions_of, chat.id)[1]
    database.write_now(change_rules, rule_of_outlet, Rules(Mode.HOURLY), zone=ZONE, now=NOW)
    publish(database, 1, 2, now=SIX - HOUR / 2)
    release(database, SIX)
    assert states(database) == [MERGED, MERGED, DIGEST]


def test_what_came_in_quiet_hours_comes_one_by_one_while_it_is_little(database: Database, chat: Chat) -> None:
    rule(database, chat, NIGHT)
    publish(database, *range(1, MOST_SINGLY + 1), now=MIDNIGHT)
    assert release(database, SEVEN - HOUR) == 0
    release(database, SEVEN)
    assert states(database) == [TOLD] * MOST_SINGLY


def test_what_came_in_quiet_hours_comes_together_when_it_is_much(database: Database, chat: Chat) -> None:
    rule(database, chat, NIGHT)
    publish(database, *range(1, MOST_SINGLY + 2), now=MIDNIGHT)
    release(database, SEVEN)
    assert states(database) == [MERGED] * (MOST_SINGLY + 1) + [DIGEST]


def test_beyond_the_daily_limit_the_rest_comes_in_a_digest(database: Database, chat: Chat) -> None:
    rule(database, chat, Rules(digest_at=18 * 60, daily_limit=2))
    publish(database, 1, 2, 3, 4)
    assert states(database) == [TOLD, TOLD, HELD, HELD]
    release(database, SIX)
    assert states(database) == [TOLD, TOLD, MERGED, MERGED, DIGEST]


def test_what_waits_for_a_digest_comes_at_once_when_alerts_do(database: Database, chat: Chat) -> None:
    rule(database, chat, DAILY)
    publish(database, 1, 2)
    rule(database, chat, Rules(), now=NOW + HOUR)
    release(database, NOW + HOUR)
    assert states(database) == [MERGED, MERGED, DIGEST]


def test_what_waits_for_a_digest_waits_for_the_end_of_new_quiet_hours(database: Database, chat: Chat) -> None:
    rule(database, chat, DAILY, now=MIDNIGHT)
    publish(database, 1, 2, now=MIDNIGHT)
    rule(database, chat, NIGHT, now=MIDNIGHT)
    assert release(database, MIDNIGHT) == 0
    release(database, SEVEN)
    assert states(database) == [MERGED, MERGED, DIGEST]


def test_what_waits_out_the_night_waits_for_the_digest_when_digests_are_wanted(database: Database, chat: Chat) -> None:
    rule(database, chat, NIGHT)
    publish(database, 1, 2, now=MIDNIGHT)
    rule(database, chat, DAILY, now=MIDNIGHT)
    assert release(database, SEVEN) == 0
    release(database, SIX + 24 * HOUR)
    assert states(database) == [MERGED, MERGED, DIGEST]


def test_the_rest_of_a_day_stays_for_the_digest_when_the_limit_changes(database: Database, chat: Chat) -> None:
    rule(database, chat, Rules(digest_at=18 * 60, daily_limit=1))
    publish(database, 1, 2, 3)
    rule(database, chat, Rules(digest_at=19 * 60, daily_limit=5))
    assert release(database, SIX) == 0
    release(database, SIX + HOUR)
    assert states(database) == [TOLD, MERGED, MERGED, DIGEST]


def test_the_rest_of_a_day_comes_at_once_when_the_limit_is_lifted(database: Database, chat: Chat) -> None:
    rule(database, chat, Rules(digest_at=18 * 60, daily_limit=1))
    publish(database, 1, 2, 3)
    rule(database, chat, Rules(), now=NOW + HOUR)
    release(database, NOW + HOUR)
    assert states(database) == [TOLD, MERGED, MERGED, DIGEST]


def test_what_waits_is_told_without_a_sound_when_that_is_wanted_meanwhile(database: Database, chat: Chat) -> None:
    rule(database, chat, NIGHT)
    publish(database, 1, now=MIDNIGHT)
    rule(database, chat, replace(NIGHT, mode=Mode.SILENT), now=MIDNIGHT)
    release(database, SEVEN)
    (alert,) = database.write_now(claim, Transport.TELEGRAM, now=SEVEN + GRACE, limit=9)
    assert alert.silent


@pytest.mark.parametrize("rules", [Rules(Mode.SILENT), NIGHT, Rules(daily_limit=5, digest_at=18 * 60)])
def test_the_rest_of_an_hour_stays_for_the_full_hour_whatever_else_changes(
    database: Database, chat: Chat, rules: Rules
) -> None:
    half_past = NOW + HOUR / 2
    publish(database, 1, 2, now=half_past, full=True)
    rule(database, chat, rules, now=half_past)
    assert database.read_now(fates) == [("alert", "held", Cause.HOURLY_LIMIT)] * 2
    assert release(database, half_past + HOUR / 4) == 0
    release(database, NOW + HOUR)
    assert states(database) == [MERGED, MERGED, DIGEST]


def test_the_rest_of_an_hour_waits_for_the_day_s_digest_when_digests_are_wanted(database: Database, chat: Chat) -> None:
    publish(database, 1, 2, full=True)
    rule(database, chat, DAILY)
    assert release(database, NOW + HOUR) == 0
    release(database, SIX)
    assert states(database) == [MERGED, MERGED, DIGEST]


def test_what_is_due_already_is_not_put_off_by_new_rules(database: Database, chat: Chat) -> None:
    rule(database, chat, DAILY)
    publish(database, 1, 2)
    rule(database, chat, replace(DAILY, digest_at=17 * 60), now=SIX)
    release(database, SIX)
    assert states(database) == [MERGED, MERGED, DIGEST]


def test_another_clock_moves_what_is_held(database: Database, chat: Chat) -> None:
    rule(database, chat, DAILY)
    publish(database, 1, 2)
    database.write_now(follow_zone, chat.id, zone="Europe/London", now=NOW)
    subscription = the_subscription(database, chat)
    assert database.read_now(backlog_of, subscription, now=NOW) == Backlog(2, SIX + 3 * HOUR, coming=0)
    assert database.read_now(backlog_of, subscription, now=SIX + 3 * HOUR) == Backlog(0, None, coming=2)


def test_what_is_muted_meanwhile_is_dropped(database: Database, chat: Chat) -> None:
    rule(database, chat, DAILY)
    publish(database, 1, 2)
    database.write_now(mute, Mute(chat.id, MuteKind.STORY, 1, None), now=NOW)
    release(database, SIX)
    assert database.read_now(fates) == [("alert", "dropped", "story muted"), ("alert", "pending", "taken")]


@pytest.mark.parametrize("ending", ["unsubscribed", "removed"])
def test_what_nobody_wants_any_more_is_dropped(database: Database, chat: Chat, ending: str) -> None:
    rule(database, chat, DAILY)
    publish(database, 1, 2)
    subscription = the_subscription(database, chat)
    if ending == "unsubscribed":
        database.write_now(unsubscribe, subscription.id)
    elif ending == "removed":
        (watch,) = database.read_now(list_watches, chat.id)
        database.write_now(remove_watch, chat.id, str(watch.id), now=NOW)
    release(database, SIX)
    assert database.read_now(fates) == [("alert", "dropped", Cause.NOT_TAKEN)] * 2


def test_a_digest_of_silent_alerts_is_silent(database: Database, chat: Chat) -> None:
    rule(database, chat, Rules(Mode.SILENT, daily_limit=1, digest_at=18 * 60))
    publish(database, 1, 2, 3)
    release(database, SIX)
    quiet = select(deliveries.c.silent).order_by(deliveries.c.id)
    assert database.read_now(lambda connection: connection.scalars(quiet).all()) == [True] * 4


def test_what_a_clock_set_wrong_put_off_is_due(database: Database, chat: Chat) -> None:
    rule(database, chat, DAILY)
    publish(database, 1, now=NOW + 24 * HOUR)
    publish(database, 2, now=NOW)
    database.write_now(mend, now=NOW)
    assert database.read_now(backlog_of, the_subscription(database, chat), now=NOW).coming == 1
    release(database, NOW)
    assert states(database) == [TOLD, HELD]


class Clocks:
    """A wall clock that can be set, and one that only counts."""

    def __init__(self) -> None:
        self.wall, self.ticks = NOW, 0.0

    def passes(self, seconds: float, *, jump: timedelta = timedelta()) -> None:
        self.wall += timedelta(seconds=seconds) + jump
        self.ticks += seconds


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def releaser(database: Database, clocks: Clocks) -> Releaser:
    return Releaser(database, now=lambda: clocks.wall, monotonic=lambda: clocks.ticks)


async def test_what_is_too_much_for_one_message_comes_in_several(
    database: Database, chat: Chat, clocks: Clocks, releaser: Releaser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitors.releasing.AT_ONCE", 3)
    rule(database, chat, DAILY)
    publish(database, 1, 2, 3, 4, 5, 6, 7)
    clocks.passes((SIX + HOUR - NOW).seconds)
    assert await releaser.tick() == 7
    digests = [database.read_now(find_digest, number, chat.id) for number in database.read_now(digests_of, chat.id)]
    assert [[item.title[-1] for item in one.sections[0].items] for one in digests if one] == [list("123"), list("456")]
    told = select(deliveries.c.kind, deliveries.c.silent).where(deliveries.c.state == DeliveryState.PENDING)
    sounds = database.read_now(lambda connection: connection.execute(told.order_by(deliveries.c.id)).all())
    assert sorted(map(tuple, sounds)) == [("alert", True), ("digest", False), ("digest", True)], "one sound for all"
    publish(database, 8, 9, now=SIX + HOUR)
    clocks.passes(24 * 3600.0)
    assert await releaser.tick() == 2
    *_, last = database.read_now(lambda connection: connection.scalars(select(deliveries.c.silent)).all())
    assert not last, "the next day's has its own"


async def test_a_clock_that_jumped_ahead_releases_nothing_for_a_while(
    database: Database, chat: Chat, clocks: Clocks, releaser: Releaser
) -> None:
    rule(database, chat, DAILY)
    publish(database, 1, 2)
    clocks.passes(1, jump=24 * HOUR)
    assert await releaser.tick() == 0
    clocks.passes(1, jump=-24 * HOUR)
    assert await releaser.tick() == 0
    assert states(database) == [HELD, HELD]
    clocks.passes((SIX - NOW).total_seconds() + 10)
    assert await releaser.tick() == 2


async def test_a_clock_that_stays_ahead_is_believed_in_the_end(
    database: Database, chat: Chat, clocks: Clocks, releaser: Releaser
) -> None:
    rule(database, chat, DAILY)
    publish(database, 1, 2)
    clocks.passes(1, jump=24 * HOUR)
    assert await releaser.tick() == 0
    clocks.passes(DISTRUST_S)
    assert await releaser.tick() == 2


def way(database: Database, chat: Chat, number: int = 1) -> Way:
    (article,) = database.read_now(get_articles, [number])
    found = database.read_now(way_of, article, chat.id)
    assert found is not None
    return found


def test_whoever_asks_is_told_what_became_of_a_held_alert(database: Database, chat: Chat) -> None:
    rule(database, chat, DAILY)
    publish(database, 1, 2)
    waiting = way(database, chat)
    assert (waiting.state, waiting.verdict, waiting.not_before) == (DeliveryState.HELD, Verdict.DIGEST, SIX)
    release(database, SIX)
    assert (way(database, chat).state, way(database, chat).together) == (DeliveryState.PENDING, True)
    (digest,) = database.write_now(claim, Transport.TELEGRAM, now=SIX, limit=9)
    database.write_now(settle_sent, digest.id, 5, now=SIX + HOUR)
    told = way(database, chat)
    assert (told.state, told.settled_at, told.together) == (DeliveryState.SENT, SIX + HOUR, True)


def test_what_its_chat_wanted_later_is_not_late(database: Database, chat: Chat) -> None:
    rule(database, chat, DAILY)
    publish(database, 1)
    release(database, SIX)
    (alert,) = database.write_now(claim, Transport.TELEGRAM, now=SIX, limit=9)
    database.write_now(settle_sent, alert.id, 5, now=SIX)
    assert database.read_now(delivery_counts).delays_s == []
