"""The article of a message is rewritten so that it names a watch no more: who was added for it is told alone, as the
chat is told then."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitors.alerts import Cause, Delivery, DeliveryState, Verdict
from monitors.releasing import GRACE, change_rules, release_due
from monitors.storage import joining
from monitors.storage.engine import Database
from monitors.storage.subscriptions import set_rules, subscriptions_of
from monitors.storage.watches import add_watch, find_watch, set_state
from monitors.subscriptions import Mode, MuteKind, Rules
from monitors.watchlists import WatchState
from tests.monitors.test_telling_again import TEXT, hush, release, rule, way
from tests.newsroom import Newsroom, a_newsroom, report, sentences
from tests.rows import NOW, SECOND

HELD, MERGED, SENT = DeliveryState.HELD, DeliveryState.MERGED, DeliveryState.SENT
OIL_TOO = report(["بغداد النفط", *TEXT])
REWRITTEN = report(["بغداد الموصل", *sentences(8, 15)])


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return a_newsroom(database, "بغداد", "النفط", "الموصل")


async def both_print(newsroom: Newsroom) -> int:
    """One message tells of both; the second one's article."""
    await newsroom.prints(0, OIL_TOO)
    newsroom.tell()
    article = await newsroom.prints(1, OIL_TOO)
    (message,) = newsroom.tell()
    assert message.also == ("two",)
    return article


async def rewrites(newsroom: Newsroom, fields: dict[str, str] = REWRITTEN) -> None:
    """And the message says so."""
    await newsroom.edits(0, 1, fields, after=60 * SECOND)
    newsroom.say_again()
    newsroom.tell()


async def test_who_was_added_is_told(newsroom: Newsroom) -> None:
    await both_print(newsroom)
    await rewrites(newsroom)
    release(newsroom)
    first, second = newsroom.tell()
    assert second.alert is not None
    assert (second.alert.outlet_name, first.also) == ("two", ())
    assert "النفط" in [watch.query for watch in second.alert.watches]


async def test_whoever_is_told_once_a_day_is_told_then(newsroom: Newsroom) -> None:
    article = await both_print(newsroom)
    rule(newsroom, mode=Mode.DAILY)
    await rewrites(newsroom)
    for later in (2 * GRACE, timedelta(days=2)):
        newsroom.tell()
        assert newsroom.states() == [SENT, HELD]
        newsroom.database.write_now(release_due, now=datetime.now(UTC) + later)
    assert way(newsroom, article).verdict == Verdict.DIGEST
    assert len(newsroom.tell()) == 2


async def test_it_does_not_itself_use_up_the_daily_limit_by_which_it_is_judged(newsroom: Newsroom) -> None:
    rule(newsroom, daily_limit=2)
    await both_print(newsroom)
    await rewrites(newsroom)
    newsroom.database.write_now(release_due, now=datetime.now(UTC) + 2 * GRACE)
    assert newsroom.states() == [SENT, DeliveryState.PENDING]


async def test_another_list_does_not_make_it_wait(newsroom: Newsroom) -> None:
    database, chat = newsroom.database, newsroom.chat.id
    database.write_now(add_watch, chat, "الموانئ", now=NOW, watchlist="daily")
    _, daily = database.read_now(subscriptions_of, chat)
    await both_print(newsroom)
    database.write_now(set_rules, daily.id, Rules(Mode.DAILY))
    await rewrites(newsroom, report(["الموانئ", *sentences(8, 15)]))
    database.write_now(release_due, now=datetime.now(UTC) + 2 * GRACE)
    assert [message.silent for message in newsroom.tell()] == [False, False]


async def test_what_is_muted_meanwhile_is_not_told(newsroom: Newsroom) -> None:
    article = await both_print(newsroom)
    hush(newsroom, MuteKind.OUTLET, newsroom.outlets[1].id)
    await rewrites(newsroom)
    release(newsroom)
    assert len(newsroom.tell()) == 1
    assert way(newsroom, article).reason is Cause.OUTLET_MUTED


async def test_a_list_has_its_own_quiet_hours_and_no_sound(newsroom: Newsroom) -> None:
    now, hour = datetime.now(UTC), timedelta(hours=1)
    database, chat = newsroom.database, newsroom.chat.id
    database.write_now(add_watch, chat, "الغاز", now=NOW, watchlist="night")
    _, night = database.read_now(subscriptions_of, chat)
    gas = ["الغاز", *sentences(9, 15)]
    await newsroom.prints(0, report(gas, [f"بغداد {sentences(77, 1)[0]}"]))
    newsroom.tell()
    quiet = [60 * moment.hour + moment.minute for moment in (now - hour, now + hour)]
    database.write_now(set_rules, night.id, Rules(Mode.SILENT))
    await newsroom.prints(1, report(gas))
    (message,) = newsroom.tell()
    assert message.also == ("two",)
    database.write_now(set_rules, night.id, Rules(Mode.SILENT, quiet_from=quiet[0], quiet_to=quiet[1]))
    await rewrites(newsroom)
    database.write_now(release_due, now=datetime.now(UTC) + 2 * GRACE)
    assert len(newsroom.tell()) == 1
    database.write_now(release_due, now=now + 2 * hour)
    assert [message.silent for message in newsroom.tell()] == [False, True]


async def test_it_follows_the_rules_of_the_list_by_which_it_waits(newsroom: Newsroom) -> None:
    database, chat = newsroom.database, newsroom.chat.id
    database.write_now(add_watch, chat, "الغاز", now=NOW, watchlist="daily")
    _, daily = database.read_now(subscriptions_of, chat)
    gas = report(["بغداد الغاز", *TEXT])
    await newsroom.prints(0, gas)
    newsroom.tell()
    await newsroom.prints(1, gas)
    newsroom.tell()
    database.write_now(set_rules, daily.id, Rules(Mode.DAILY))
    for query in ("بغداد", "النفط"):
        database.write_now(set_state, database.read_now(find_watch, chat, query), WatchState.PAUSED, now=NOW)
    await rewrites(newsroom)
    now = datetime.now(UTC)
    database.write_now(release_due, now=now + 2 * GRACE)
    assert newsroom.states() == [SENT, HELD]
    database.write_now(change_rules, daily, Rules(Mode.INSTANT), zone="UTC", now=now)
    database.write_now(release_due, now=now + 2 * GRACE)
    assert newsroom.states() == [SENT, DeliveryState.PENDING]


@pytest.mark.parametrize("state", [WatchState.PAUSED, WatchState.REMOVED])
async def test_for_a_watch_that_does_not_look_any_more_nobody_is_told(newsroom: Newsroom, state: WatchState) -> None:
    await both_print(newsroom)
    watch = newsroom.database.read_now(find_watch, newsroom.chat.id, "النفط")
    newsroom.database.write_now(set_state, watch, state, now=NOW)
    await rewrites(newsroom)
    newsroom.tell()
    assert newsroom.states() == [SENT, MERGED]


async def test_what_it_still_names_is_told_once(newsroom: Newsroom) -> None:
    await both_print(newsroom)
    await rewrites(newsroom, report(["بغداد النفط الموصل", *sentences(8, 15)]))
    (message,) = newsroom.tell()
    assert (message.also, newsroom.states()) == (("two",), [SENT, MERGED])


def oil_watch(newsroom: Newsroom) -> Callable[[WatchState], object]:
    watch = newsroom.database.read_now(find_watch, newsroom.chat.id, "النفط")
    return lambda state: newsroom.database.write_now(set_state, watch, state, now=NOW)


async def changes_after_rewriting(newsroom: Newsroom) -> list[Delivery]:
    await newsroom.edits(0, 1, REWRITTEN, after=60 * SECOND)
    newsroom.say_again()
    while not (changes := newsroom.claimed()):
        pass
    return changes


async def test_what_the_message_names_is_told_once_though_its_watch_goes_on_meanwhile(newsroom: Newsroom) -> None:
    await both_print(newsroom)
    looks = oil_watch(newsroom)
    looks(WatchState.PAUSED)
    (change,) = await changes_after_rewriting(newsroom)
    newsroom.accept(change, meanwhile=lambda: looks(WatchState.ACTIVE))
    release(newsroom)
    (message,) = newsroom.tell()
    assert (message.also, newsroom.states()) == (("two",), [SENT, MERGED])


async def test_what_the_message_does_not_name_is_told_though_its_watch_rests_meanwhile(newsroom: Newsroom) -> None:
    await both_print(newsroom)
    looks = oil_watch(newsroom)
    (change,) = await changes_after_rewriting(newsroom)
    newsroom.accept(change, meanwhile=lambda: looks(WatchState.PAUSED))
    looks(WatchState.ACTIVE)
    release(newsroom)
    first, second = newsroom.tell()
    assert second.alert is not None
    assert (first.also, second.alert.outlet_name) == ((), "two")


async def test_an_article_that_is_rewritten_while_another_process_settles_the_change_leaves_nobody_out(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    if newsroom.database.is_sqlite:
        pytest.skip("a file has one writer")
    await newsroom.prints(0, OIL_TOO)
    newsroom.tell()
    await newsroom.prints(1, OIL_TOO)
    while not (changes := newsroom.claimed()):
        pass
    is_settling, is_decided = threading.Event(), threading.Event()
    settle = joining._settle

    def unhurried(*given: Any, **named: Any) -> None:
        is_settling.set()
        is_decided.wait(0.5)  # which the other process cannot, until this is committed
        settle(*given, **named)

    monkeypatch.setattr(joining, "_settle", unhurried)
    settling = asyncio.create_task(asyncio.to_thread(newsroom.accept, *changes))
    await asyncio.to_thread(is_settling.wait)
    await newsroom.edits(0, 1, REWRITTEN, after=60 * SECOND)
    is_decided.set()
    await settling
    newsroom.say_again()
    newsroom.tell()
    release(newsroom)
    *_, message = newsroom.tell()
    assert message.alert is not None
    assert message.alert.outlet_name == "two"
