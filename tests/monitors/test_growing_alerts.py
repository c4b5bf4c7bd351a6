"""An article that was told is edited and meets more: its message says so, and nothing that is wanted is missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from monitors.accounts import account_of
from monitors.alerts import Delivery, DeliveryState
from monitors.chats import ChatState, Transport
from monitors.releasing import GRACE, release_due
from monitors.storage.deliveries import claim
from monitors.storage.engine import Database
from monitors.storage.met import recorded_watches
from monitors.storage.settlements import put_back
from monitors.storage.subjects import GROWN, out_of_date
from monitors.storage.subscriptions import mute, set_rules, subscriptions_of
from monitors.storage.supergroups import migrate
from monitors.storage.tables import chats
from monitors.storage.watches import find_watch, set_state
from monitors.subscriptions import Mode, Mute, MuteKind, Rules
from monitors.watchlists import WatchState
from monitors.why import Fate
from tests.newsroom import Newsroom, a_newsroom
from tests.rows import NOW, SECOND, a_telegram_chat

FIRST = {"title": "بغداد", "text": "وصل المسافر"}
MORE = {"title": "بغداد", "text": "وصل المسافر، وارتفع سعر النفط"}


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return a_newsroom(database, "بغداد", "النفط")


def rule(newsroom: Newsroom, mode: Mode) -> None:
    (taken,) = newsroom.database.read_now(subscriptions_of, newsroom.chat.id)
    newsroom.database.write_now(set_rules, taken.id, Rules(mode=mode))


def to_be_changed(newsroom: Newsroom, *, later: timedelta = timedelta(minutes=1)) -> list[int]:
    found = newsroom.database.read_now(out_of_date, now=datetime.now(UTC) + later)
    return [message.delivery_id for message in found]


async def test_the_message_is_changed_instead_of_a_second_one_sent(newsroom: Newsroom) -> None:
    await newsroom.prints(0, FIRST)
    (message,) = newsroom.tell()
    await newsroom.edits(0, 1, MORE)
    assert newsroom.tell() == [message]
    assert to_be_changed(newsroom) == to_be_changed(newsroom, later=GROWN / 2) == [message.delivery_id]


async def test_it_is_changed_once_though_clocks_were_set_back_meanwhile(newsroom: Newsroom) -> None:
    await newsroom.prints(0, FIRST)
    newsroom.tell()
    await newsroom.edits(0, 1, MORE)
    newsroom.say_again()
    (message,) = newsroom.tell()  # by a clock that is months behind
    assert message.alert is not None
    assert (len(message.alert.watches), message.changes) == (2, 1)
    assert to_be_changed(newsroom) == []


async def test_it_is_changed_when_its_chat_can_be_told_again_after_a_day(newsroom: Newsroom) -> None:
    await newsroom.prints(0, FIRST)
    (message,) = newsroom.tell()
    await newsroom.edits(0, 1, MORE)
    state = update(chats).where(chats.c.id == newsroom.chat.id)
    newsroom.database.write_now(lambda connection: connection.execute(state.values(state=ChatState.BARRED)))
    assert to_be_changed(newsroom) == []
    newsroom.database.write_now(lambda connection: connection.execute(state.values(state=ChatState.ACTIVE)))
    assert to_be_changed(newsroom, later=timedelta(days=1)) == [message.delivery_id]


async def test_what_is_still_to_be_told_says_it_at_once(newsroom: Newsroom) -> None:
    await newsroom.prints(0, FIRST)
    await newsroom.edits(0, 1, MORE)
    (message,) = newsroom.tell()
    assert message.alert is not None
    assert [watch.query for watch in message.alert.watches] == ["بغداد", "النفط"]


async def test_what_was_told_in_a_digest_is_told_by_itself(newsroom: Newsroom) -> None:
    rule(newsroom, Mode.DAILY)
    await newsroom.prints(0, FIRST)
    await newsroom.prints(0, {"title": "النفط", "text": "ارتفع"})
    newsroom.database.write_now(release_due, now=datetime.now(UTC) + timedelta(days=2) + GRACE)
    rule(newsroom, Mode.INSTANT)
    (digest,) = newsroom.tell()
    await newsroom.edits(0, 1, MORE)
    told = newsroom.tell()
    assert told[0] == digest
    assert len(digest.titles) == 2
    (message,) = told[1:]
    assert message.alert is not None
    assert message.alert.growths == 1


async def test_what_was_dropped_is_told_when_somebody_wants_to_hear_of_it(newsroom: Newsroom) -> None:
    newsroom.database.write_now(mute, Mute(newsroom.chat.id, MuteKind.WATCH, 1, None), now=NOW)
    await newsroom.prints(0, FIRST)
    assert newsroom.states() == [DeliveryState.DROPPED]
    await newsroom.edits(0, 1, MORE)
    assert len(newsroom.tell()) == 1


async def test_what_waits_for_a_digest_is_told_when_somebody_wants_it_at_once(newsroom: Newsroom) -> None:
    rule(newsroom, Mode.DAILY)
    await newsroom.prints(0, FIRST)
    assert newsroom.states() == [DeliveryState.HELD]
    rule(newsroom, Mode.INSTANT)
    await newsroom.edits(0, 1, MORE)
    assert len(newsroom.tell()) == 1


async def test_nothing_changes_for_whoever_muted_the_story(newsroom: Newsroom) -> None:
    await newsroom.prints(0, FIRST)
    (message,) = newsroom.tell()
    assert message.alert is not None
    newsroom.database.write_now(mute, Mute(newsroom.chat.id, MuteKind.STORY, message.alert.story_id, None), now=NOW)
    await newsroom.edits(0, 1, MORE)
    assert to_be_changed(newsroom) == []


async def test_in_a_supergroup_that_had_a_row_of_its_own_it_is_told_there(newsroom: Newsroom) -> None:
    supergroup = newsroom.database.write_now(a_telegram_chat, -1007)
    await newsroom.prints(0, FIRST)
    newsroom.tell()
    newsroom.database.write_now(migrate, newsroom.chat.address.chat_id, -1007)
    await newsroom.edits(0, 1, MORE)
    (delivery,) = newsroom.claimed()
    assert delivery.chat.id == supergroup.id
    newsroom.accept(delivery)
    *_, message = newsroom.said
    assert message.alert is not None
    assert [watch.query for watch in message.alert.watches] == ["بغداد", "النفط"]


async def test_what_it_meets_while_its_message_is_made_is_said_however_long_that_waited_to_be_written(
    newsroom: Newsroom,
) -> None:
    await newsroom.prints(0, FIRST)
    a_moment_later = datetime.now(UTC) + timedelta(seconds=5)
    (delivery,) = newsroom.database.write_now(claim, Transport.TELEGRAM, now=a_moment_later, limit=1)
    newsroom.accept(delivery)
    await newsroom.edits(0, 1, MORE)  # which was decided before, and could not be written until now
    assert to_be_changed(newsroom) == [delivery.id]


async def a_digest_under_way(newsroom: Newsroom) -> Delivery:
    """It was made of what its two articles said first."""
    rule(newsroom, Mode.DAILY)
    await newsroom.prints(0, FIRST)
    await newsroom.prints(0, {"title": "النفط", "text": "ارتفع"})
    newsroom.database.write_now(release_due, now=datetime.now(UTC) + timedelta(days=2) + GRACE)
    rule(newsroom, Mode.INSTANT)
    (digest,) = newsroom.claimed()
    return digest


async def test_what_it_meets_while_a_digest_with_it_is_under_way_is_told_by_itself(newsroom: Newsroom) -> None:
    digest = await a_digest_under_way(newsroom)
    await newsroom.edits(0, 1, MORE)
    newsroom.accept(digest)
    _, message = newsroom.tell()
    assert message.alert is not None
    assert [watch.query for watch in message.alert.watches] == ["بغداد", "النفط"]


async def test_what_is_told_by_itself_is_not_listed_when_that_digest_has_to_be_sent_again(newsroom: Newsroom) -> None:
    digest = await a_digest_under_way(newsroom)
    await newsroom.edits(0, 1, MORE)
    newsroom.database.write_now(put_back, digest.id, "asked to wait")
    assert sorted(message.titles for message in newsroom.tell()) == [("النفط",), ("بغداد",)]


async def test_a_digest_of_which_all_is_told_by_itself_is_not_sent_again(newsroom: Newsroom) -> None:
    digest = await a_digest_under_way(newsroom)
    await newsroom.edits(0, 1, MORE)
    await newsroom.edits(0, 2, {"title": "النفط", "text": "ارتفع في بغداد"})
    newsroom.database.write_now(put_back, digest.id, "asked to wait")
    assert sorted(message.titles for message in newsroom.tell()) == [("النفط",), ("بغداد",)]


async def test_what_a_watch_met_while_it_rested_it_does_not_find_with_the_next_edit_either(newsroom: Newsroom) -> None:
    database, chat = newsroom.database, newsroom.chat
    await newsroom.prints(0, FIRST)
    (message,) = newsroom.tell()
    oil = database.read_now(find_watch, chat.id, "النفط")
    database.write_now(set_state, oil, WatchState.PAUSED, now=datetime.now(UTC))
    await newsroom.edits(0, 1, MORE)
    database.write_now(set_state, oil, WatchState.ACTIVE, now=datetime.now(UTC))
    await newsroom.edits(0, 1, MORE | {"title": "بغداد مرة أخرى"}, after=2 * SECOND)
    newsroom.say_again()
    assert newsroom.tell() == [message]
    assert to_be_changed(newsroom) == []
    assert database.read_now(recorded_watches, 1) == {oil.id - 1}
    met, resting = database.read_now(account_of, "1", chat.address).fates
    assert (met.fate, resting.fate, resting.pause is not None) == (Fate.MATCHED, Fate.PAUSED, True)
