"""One report in several outlets is one message, which grows; and nobody misses by it what they asked for."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from monitors.alerts import Cause, DeliveryState, Room, Telling
from monitors.chats import Transport
from monitors.releasing import GRACE, release_due
from monitors.settings import LimitSettings, Settings
from monitors.storage import decisions
from monitors.storage.alerts import get_alert
from monitors.storage.articles import get_articles, save
from monitors.storage.chats import set_unreachable
from monitors.storage.engine import Database
from monitors.storage.growing import grow
from monitors.storage.queues import hold_back
from monitors.storage.settlements import give_up_old, recover_in_flight
from monitors.storage.subscriptions import mute, set_rules, subscribe, subscriptions_of
from monitors.storage.supergroups import migrate
from monitors.storage.tables import deliveries, matches
from monitors.storage.traces import Way, way_of
from monitors.storage.watches import add_watch
from monitors.subscriptions import Mode, Mute, MuteKind, Rules
from tests.newsroom import Newsroom, a_newsroom, report, sentences
from tests.rows import NOW, SECOND, a_new_article

MERGED, PENDING, SENT = DeliveryState.MERGED, DeliveryState.PENDING, DeliveryState.SENT
TEXT = sentences(1, 15)
REPORT = report(["بغداد", *TEXT])
FULLER = report(["بغداد", *TEXT, f"النفط {sentences(77, 1)[0]}"])
LATER = timedelta(days=2)


EDITS_ONLY = Room(answers=0, others=0, edits=1)


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return a_newsroom(database, "بغداد", "النفط")


def rule(newsroom: Newsroom, **rules: object) -> None:
    (taken,) = newsroom.database.read_now(subscriptions_of, newsroom.chat.id)
    newsroom.database.write_now(set_rules, taken.id, Rules(**rules))  # type: ignore[arg-type]


def hush(newsroom: Newsroom, kind: MuteKind, target: int) -> None:
    newsroom.database.write_now(mute, Mute(newsroom.chat.id, kind, target, None), now=NOW)


def release(newsroom: Newsroom) -> None:
    newsroom.database.write_now(release_due, now=datetime.now(UTC) + LATER + GRACE)


def change(newsroom: Newsroom, **values: object) -> None:
    """All deliveries are like this now."""
    newsroom.database.write_now(lambda connection: connection.execute(update(deliveries).values(values)))


def way(newsroom: Newsroom, article_id: int) -> Way:
    (article,) = newsroom.database.read_now(get_articles, [article_id])
    found = newsroom.database.read_now(way_of, article, newsroom.chat.id)
    assert found is not None
    return found


async def test_who_prints_it_later_is_added_to_the_message(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    assert len(newsroom.tell()) == 1
    two = await newsroom.prints(1, REPORT)
    await newsroom.prints(2, REPORT)
    (message,) = newsroom.tell()
    assert (message.also, message.changes) == (("two", "three"), 2)
    assert newsroom.states() == [SENT, MERGED, MERGED]
    added_to = way(newsroom, two).added_to
    assert added_to == Telling(1, "one", f"{newsroom.outlets[0].homepage}1")


async def test_what_waits_in_one_lane_becomes_one_message_too(newsroom: Newsroom) -> None:
    for outlet in range(3):
        await newsroom.prints(outlet, REPORT)
    (message,) = newsroom.tell()
    assert (message.also, message.changes) == (("two", "three"), 2)


async def test_when_much_waits_it_is_one_message_whatever_was_told_before(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    newsroom.tell()
    for outlet in (1, 2):
        await newsroom.prints(outlet, REPORT)
    for number in (2, 3, 4):
        await newsroom.prints(0, report(["بغداد", *sentences(number, 15)]))
    _, digest = newsroom.tell()
    assert (digest.alert, len(digest.titles), digest.also) == (None, 4, ("three",))


async def test_what_meets_another_watch_of_the_chat_is_told(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    await newsroom.prints(1, FULLER)
    await newsroom.prints(2, REPORT)
    first, second = newsroom.tell()
    assert (first.also, second.also) == ((), ("three",))
    assert second.alert is not None
    assert [watch.query for watch in second.alert.watches] == ["بغداد", "النفط"]


async def test_whoever_takes_all_of_an_outlet_is_told_what_it_prints(newsroom: Newsroom) -> None:
    newsroom.database.write_now(subscribe, newsroom.chat.id, outlet_id=newsroom.outlets[1].id, now=NOW)
    await newsroom.prints(0, REPORT)
    await newsroom.prints(1, REPORT)
    await newsroom.prints(2, REPORT)
    assert [message.also for message in newsroom.tell()] == [(), ("three",)]


async def test_what_was_told_without_a_sound_takes_no_sound_away(newsroom: Newsroom) -> None:
    rule(newsroom, mode=Mode.SILENT)
    await newsroom.prints(0, REPORT)
    rule(newsroom)
    await newsroom.prints(1, REPORT)
    rule(newsroom, mode=Mode.SILENT)
    await newsroom.prints(2, REPORT)
    first, second = newsroom.tell()
    assert (first.silent, second.silent) == (True, False)
    assert first.also + second.also == ("three",)


async def test_what_was_told_in_a_digest_is_told_when_somebody_wants_it_at_once(newsroom: Newsroom) -> None:
    rule(newsroom, mode=Mode.DAILY)
    await newsroom.prints(0, REPORT)
    await newsroom.prints(0, report(["النفط", *sentences(2, 15)]))
    release(newsroom)
    rule(newsroom)
    newsroom.tell()
    await newsroom.prints(1, REPORT)
    digest, message = newsroom.tell()
    assert (len(digest.titles), message.titles, message.also) == (2, (REPORT["title"],), ())


async def test_a_digest_lists_a_report_once_and_names_who_prints_it(newsroom: Newsroom) -> None:
    rule(newsroom, mode=Mode.DAILY)
    for outlet in range(3):
        await newsroom.prints(outlet, REPORT)
    await newsroom.prints(0, report(["النفط", *sentences(2, 15)]))
    release(newsroom)
    (digest,) = newsroom.tell()
    assert len(digest.titles) == 2
    assert digest.also == ("two", "three")


@pytest.mark.parametrize("state", ["undeliverable", "unconfirmed", "dropped", "uncertain"])
async def test_what_never_arrived_takes_nothing_with_it(newsroom: Newsroom, state: str) -> None:
    await newsroom.prints(0, REPORT)
    change(newsroom, state=state, not_before=NOW + LATER)
    await newsroom.prints(1, REPORT)
    assert newsroom.states() == [state, PENDING]
    if state != "uncertain":  # behind what may have arrived everything waits
        (message,) = newsroom.tell()
        assert message.also == ()


async def test_what_is_added_uses_up_no_daily_limit(newsroom: Newsroom) -> None:
    rule(newsroom, daily_limit=2)
    for outlet in range(3):
        await newsroom.prints(outlet, REPORT)
        newsroom.tell()
    for number in (2, 3):
        await newsroom.prints(0, report(["بغداد", *sentences(number, 15)]))
    assert newsroom.states() == [SENT, MERGED, MERGED, PENDING, DeliveryState.HELD]


async def test_what_is_added_counts_for_nothing_within_the_hour(newsroom: Newsroom) -> None:
    newsroom.context = replace(newsroom.context, settings=Settings(limits=LimitSettings(alerts_per_hour=2)))
    for outlet in range(3):
        await newsroom.prints(outlet, REPORT)
        newsroom.tell()
    for number in (2, 3):
        await newsroom.prints(0, report(["بغداد", *sentences(number, 15)]))
    assert newsroom.states()[:5] == [SENT, MERGED, MERGED, PENDING, DeliveryState.HELD]


async def test_held_alerts_stand_and_fall_by_themselves(newsroom: Newsroom) -> None:
    rule(newsroom, mode=Mode.DAILY)
    await newsroom.prints(0, REPORT)
    await newsroom.prints(1, REPORT)
    hush(newsroom, MuteKind.OUTLET, newsroom.outlets[0].id)
    release(newsroom)
    (message,) = newsroom.tell()
    assert message.alert is not None
    assert message.alert.outlet_name == "two"
    assert newsroom.states() == [DeliveryState.DROPPED, SENT]


async def test_whoever_muted_the_story_hears_of_it_from_nobody(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    (message,) = newsroom.tell()
    assert message.alert is not None
    hush(newsroom, MuteKind.STORY, message.alert.story_id)
    two = await newsroom.prints(1, REPORT)
    await newsroom.prints(1, report(["بغداد", *sentences(2, 15)]))
    assert len(newsroom.tell()) == 2
    assert way(newsroom, two).reason is Cause.STORY_MUTED
    assert newsroom.said[0].changes == 0


async def test_a_story_that_is_muted_while_it_is_held_is_not_told(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    (message,) = newsroom.tell()
    assert message.alert is not None
    rule(newsroom, mode=Mode.DAILY)
    await newsroom.prints(1, REPORT)
    hush(newsroom, MuteKind.STORY, message.alert.story_id)
    release(newsroom)
    assert newsroom.tell() == [message]
    assert newsroom.states() == [SENT, DeliveryState.DROPPED]


async def test_what_cannot_be_added_is_told_by_itself(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    newsroom.tell()
    newsroom.refuses_changes = True
    await newsroom.prints(1, REPORT)
    first, second = newsroom.tell()
    assert (first.also, first.changes, second.also) == ((), 0, ())
    assert newsroom.states() == [SENT, SENT]


async def test_a_change_that_was_interrupted_is_made_again(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    newsroom.tell()
    await newsroom.prints(1, REPORT)
    newsroom.tell(accepted=False)
    assert newsroom.states() == [SENT, DeliveryState.SENDING]
    newsroom.database.write_now(recover_in_flight, Transport.TELEGRAM, now=NOW)
    (message,) = newsroom.tell()
    assert (message.also, newsroom.states()) == (("two",), [SENT, MERGED])


async def test_it_waits_until_a_message_may_be_changed_and_takes_no_room_for_messages(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    newsroom.tell()
    await newsroom.prints(1, REPORT)
    no_edits = Room(answers=9, others=9, edits=0)
    assert newsroom.next_ones(no_edits) == []
    assert newsroom.next_ones(no_edits) == []
    assert newsroom.states() == [SENT, PENDING]
    assert newsroom.next_ones(EDITS_ONLY) == [1]


async def test_what_may_have_been_added_is_told_with_a_mark(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    newsroom.tell()
    await newsroom.prints(1, REPORT)
    newsroom.tell(accepted=False)
    newsroom.database.write_now(recover_in_flight, Transport.TELEGRAM, now=NOW)
    newsroom.refuses_changes = True
    assert [message.marked for message in newsroom.tell()] == [False, True]


async def test_who_prints_it_next_is_added_to_the_newest_message(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    newsroom.tell()
    newsroom.refuses_changes = True
    await newsroom.prints(1, REPORT)
    newsroom.tell()
    newsroom.refuses_changes = False
    await newsroom.prints(2, REPORT)
    assert [message.also for message in newsroom.tell()] == [(), ("three",)]


async def test_while_an_operator_holds_alerts_back_no_message_grows(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    newsroom.tell()
    await newsroom.prints(1, REPORT)
    newsroom.tell(accepted=False)
    newsroom.database.write_now(recover_in_flight, Transport.TELEGRAM, now=NOW)
    newsroom.database.write_now(hold_back, True, now=NOW)
    assert newsroom.next_ones(EDITS_ONLY) == []
    assert newsroom.next_ones(EDITS_ONLY) == []
    assert newsroom.states() == [SENT, PENDING]


async def test_messages_of_a_group_that_became_a_supergroup_are_not_changed(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    newsroom.tell()
    newsroom.database.write_now(migrate, newsroom.chat.address.chat_id, -1007)
    await newsroom.prints(1, REPORT)
    assert [message.also for message in newsroom.tell()] == [(), ()]


async def test_what_belongs_to_a_message_of_another_bot_is_told_by_itself(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    newsroom.tell()
    await newsroom.prints(1, REPORT)
    newsroom.tell(accepted=False)
    newsroom.database.write_now(recover_in_flight, Transport.TELEGRAM, now=NOW)
    change(newsroom, message_id=None)
    assert [message.also for message in newsroom.tell()] == [(), ()]


async def test_an_added_article_that_is_edited_and_meets_more_is_told(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    await newsroom.prints(1, REPORT)
    newsroom.tell()
    await newsroom.edits(1, 2, FULLER)
    first, second = newsroom.tell()
    assert first.alert is not None
    assert second.alert is not None
    assert [watch.query for watch in second.alert.watches] == ["بغداد", "النفط"]
    assert newsroom.states() == [SENT, SENT]


async def test_what_an_added_article_meets_while_it_waits_or_is_under_way_is_told(newsroom: Newsroom) -> None:
    for number, in_flight in enumerate((False, True), 1):
        text = sentences(number, 15)
        await newsroom.prints(0, report(["بغداد", *text]))
        newsroom.tell()
        article = await newsroom.prints(1, report(["بغداد", *text]))
        newsroom.next_ones(Room(answers=9, others=9, edits=0))
        changes = newsroom.claimed() if in_flight else []
        assert len(changes) == in_flight
        await newsroom.edits(1, article, report(["بغداد", *text, "النفط"]))
        for change in changes:
            newsroom.accept(change)
        *_, message = newsroom.tell()
        assert message.alert is not None
        assert [watch.query for watch in message.alert.watches] == ["بغداد", "النفط"]


async def test_an_article_that_was_added_and_told_goes_on_growing_in_its_own_message(newsroom: Newsroom) -> None:
    newsroom.database.write_now(add_watch, newsroom.chat.id, "الموصل", now=NOW)
    await newsroom.prints(0, REPORT)
    newsroom.tell()
    article = await newsroom.prints(1, REPORT)
    newsroom.tell()
    await newsroom.edits(1, article, FULLER)
    first, second = newsroom.tell()
    await newsroom.edits(1, article, report(["بغداد", *TEXT, "النفط", "الموصل"]), after=5 * SECOND)
    newsroom.say_again()
    assert newsroom.tell() == [first, second]
    assert second.alert is not None
    assert [watch.query for watch in second.alert.watches] == ["بغداد", "النفط", "الموصل"]


async def test_what_only_an_earlier_version_met_is_told_too(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    newsroom.tell()
    new = a_new_article(newsroom.outlets[1], 9, **FULLER, first_seen_at=NOW + SECOND)
    (article,) = newsroom.database.write_now(save, [new], now=NOW)
    await newsroom.edits(1, article, REPORT, number=9)
    assert [message.also for message in newsroom.tell()] == [(), ()]


async def test_an_article_that_was_rewritten_before_its_turn_is_told(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    article = await newsroom.prints(1, REPORT)
    await newsroom.edits(1, article, report(["بغداد", *sentences(7, 15)]))
    assert [message.also for message in newsroom.tell()] == [(), ()]


async def test_what_grows_and_stands_in_no_message_is_told(newsroom: Newsroom) -> None:
    for state in ("sent", "undeliverable", "unconfirmed"):
        article = await newsroom.prints(0, report(["بغداد", *sentences(len(state), 15)]))
        change(newsroom, state=state, message_id=None)
        await newsroom.edits(0, article, report(["بغداد", *sentences(len(state), 15), "النفط"]))
        *_, message = newsroom.tell()
        assert message.alert is not None
        assert message.alert.growths == 1


async def test_a_digest_lists_what_meets_more_by_itself(newsroom: Newsroom) -> None:
    rule(newsroom, mode=Mode.DAILY)
    await newsroom.prints(0, REPORT)
    await newsroom.prints(1, FULLER)
    release(newsroom)
    (digest,) = newsroom.tell()
    assert (len(digest.titles), digest.also) == (2, ())


async def test_the_newest_that_were_added_are_named(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    rule(newsroom, mode=Mode.DAILY)
    await newsroom.prints(1, REPORT)
    rule(newsroom)
    await newsroom.prints(2, REPORT)
    newsroom.tell()
    release(newsroom)
    (message,) = newsroom.tell()
    assert message.also == ("three", "two")


async def test_what_may_have_been_added_and_is_given_up_is_not_known_to_have_arrived(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    newsroom.tell()
    await newsroom.prints(1, REPORT)
    newsroom.tell(accepted=False)
    newsroom.database.write_now(recover_in_flight, Transport.TELEGRAM, now=NOW)
    newsroom.database.write_now(set_unreachable, newsroom.chat.address.chat_id, "blocked")
    newsroom.database.write_now(give_up_old, before=datetime.now(UTC) + LATER, now=NOW)
    assert newsroom.states() == [SENT, DeliveryState.UNCONFIRMED]


async def test_nobody_is_named_before_the_message_is_changed_for_them(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    newsroom.tell()
    await newsroom.prints(1, REPORT)
    no_edits = Room(answers=9, others=9, edits=0)
    assert newsroom.next_ones(no_edits) == []
    assert newsroom.database.read_now(get_alert, 1).also == ()
    newsroom.tell(accepted=False)
    assert [one.outlet_name for one in newsroom.database.read_now(get_alert, 1).also] == ["two"]
    newsroom.database.write_now(recover_in_flight, Transport.TELEGRAM, now=NOW)
    assert [one.outlet_name for one in newsroom.database.read_now(get_alert, 1).also] == ["two"]  # it may be


async def test_what_cannot_be_read_keeps_nobody_from_being_told(newsroom: Newsroom) -> None:
    await newsroom.prints(0, REPORT)
    newsroom.tell()
    newsroom.database.write_now(lambda connection: connection.execute(update(matches).values(spans=["?"])))
    await newsroom.prints(1, REPORT)
    assert newsroom.next_ones(Room(answers=9, others=9, edits=0)) == []
    assert newsroom.next_ones(EDITS_ONLY) == [1]


async def test_what_is_met_while_another_process_settles_the_change_is_told(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    if newsroom.database.is_sqlite:
        pytest.skip("a file has one writer")
    await newsroom.prints(0, REPORT)
    newsroom.tell()
    article = await newsroom.prints(1, REPORT)
    while not (changes := newsroom.claimed()):
        pass
    is_decided, is_settled = threading.Event(), threading.Event()

    def unhurried(*given: Any, **named: Any) -> list[int]:
        grown = grow(*given, **named)
        is_decided.set()
        is_settled.wait(0.5)  # which the other process cannot, until this is committed
        return grown

    monkeypatch.setattr(decisions, "grow", unhurried)
    deciding = asyncio.create_task(newsroom.edits(1, article, FULLER))
    await asyncio.to_thread(is_decided.wait)
    await asyncio.to_thread(newsroom.accept, *changes)
    is_settled.set()
    await deciding
    *_, message = newsroom.tell()
    assert message.alert is not None
    assert [watch.query for watch in message.alert.watches] == ["بغداد", "النفط"]
