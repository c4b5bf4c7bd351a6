"""An alert whose message could not be changed, or may have been said: it is told when it meets more, and it is known
since when it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.outbox.outcomes import Refused, Unknown, Vanished
from bot.outbox.settling import settle
from monitors.alerts import DeliveryState, OnUncertain
from monitors.storage.chats import set_unreachable
from monitors.storage.engine import Database
from monitors.storage.queues import give_up
from monitors.storage.settlements import give_up_old
from monitors.storage.subjects import composed_of, subject_of
from monitors.subscriptions import Mode
from tests.monitors.test_telling_again import change, release, rule, way
from tests.newsroom import Newsroom, a_newsroom, report, sentences
from tests.rows import NOW

DAY = timedelta(days=1)
FIRST = {"title": "بغداد", "text": "وصل المسافر"}
MORE = {"title": "بغداد", "text": "وصل المسافر، وارتفع سعر النفط"}
STILL_MORE = {"title": "بغداد", "text": "وصل المسافر، وارتفع سعر النفط في الموصل"}
REFUSED = {"state": DeliveryState.UNDELIVERABLE, "error": "Bad Request: no"}
PERHAPS_SAID = {"state": DeliveryState.UNCONFIRMED, "error": "timed out", "repeats": 5, "message_id": None}


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return a_newsroom(database, "بغداد", "النفط", "الموصل")


@pytest.mark.parametrize("trouble", [REFUSED, PERHAPS_SAID])
async def test_two_that_wait_for_one_digest_are_told_one_by_one(newsroom: Newsroom, trouble: dict[str, Any]) -> None:
    for outlet in (0, 1):
        await newsroom.prints(outlet, report(["بغداد", *sentences(outlet, 15)]))
    newsroom.tell()
    change(newsroom, **trouble)
    rule(newsroom, mode=Mode.DAILY)
    for outlet in (0, 1):
        fuller = report(["بغداد", *sentences(outlet, 15), "النفط"])
        await newsroom.edits(outlet, outlet + 1, fuller, after=timedelta(minutes=1))
    assert newsroom.states() == [DeliveryState.HELD] * 2
    release(newsroom)
    newsroom.tell()
    assert newsroom.states() == [DeliveryState.SENT] * 2


async def is_not_changed(newsroom: Newsroom) -> None:
    """It is told at NOW, meets more, and its message is refused the day after."""
    await newsroom.prints(0, FIRST)
    newsroom.tell()
    await newsroom.edits(0, 1, MORE)
    newsroom.say_again()
    (change,) = newsroom.claimed()
    newsroom.database.write_now(settle, change, Refused("Bad Request: no"), now=NOW + DAY)


async def test_giving_up_its_change_does_not_say_when_it_was_told(newsroom: Newsroom) -> None:
    await is_not_changed(newsroom)
    newsroom.database.write_now(give_up, DeliveryState.UNDELIVERABLE, now=NOW + 2 * DAY)
    assert (newsroom.states(), way(newsroom, 1).told_at) == ([DeliveryState.DROPPED], NOW)


async def test_nor_does_giving_up_its_chat(newsroom: Newsroom) -> None:
    await newsroom.prints(0, FIRST)
    newsroom.tell()
    await newsroom.edits(0, 1, MORE)
    newsroom.say_again()
    newsroom.database.write_now(set_unreachable, newsroom.chat.address.chat_id, "kicked")
    later = datetime.now(UTC) + DAY
    assert newsroom.database.write_now(give_up_old, before=later, now=later) == 1
    assert way(newsroom, 1).told_at == NOW


async def test_nor_does_a_second_change_that_is_refused(newsroom: Newsroom) -> None:
    await is_not_changed(newsroom)
    await newsroom.edits(0, 1, STILL_MORE, after=timedelta(minutes=1))
    assert way(newsroom, 1).told_at == NOW
    (change,) = newsroom.claimed()
    newsroom.database.write_now(settle, change, Refused("Bad Request: no"), now=NOW + 2 * DAY)
    assert way(newsroom, 1).told_at == NOW


async def test_what_is_refused_anew_is_not_told_since_then(newsroom: Newsroom) -> None:
    await newsroom.prints(0, FIRST)
    newsroom.tell()
    await newsroom.edits(0, 1, MORE)
    newsroom.say_again()
    for outcome in (Vanished("message to edit not found"), Refused("Bad Request: no")):
        (delivery,) = newsroom.claimed()
        newsroom.database.write_now(settle, delivery, outcome, now=NOW + DAY)
    assert way(newsroom, 1).settled_at == NOW + DAY


@pytest.mark.parametrize("was_tried", [False, True])
async def test_what_may_have_been_changed_before_it_was_deleted_is_said_anew_with_a_mark(
    newsroom: Newsroom, was_tried: bool
) -> None:
    await newsroom.prints(0, FIRST)
    newsroom.tell()
    await newsroom.edits(0, 1, MORE)
    newsroom.say_again()
    for outcome in [Unknown("timed out")] * was_tried + [Vanished("message to edit not found")]:
        (change,) = newsroom.claimed()
        newsroom.database.write_now(settle, change, outcome, now=NOW)
    _, message = newsroom.tell()
    assert message.marked == was_tried


async def test_what_is_assumed_to_be_told_and_met_more_meanwhile_is_told_again_with_a_mark(newsroom: Newsroom) -> None:
    await newsroom.prints(0, FIRST)
    (delivery,) = newsroom.claimed()
    await newsroom.edits(0, 1, MORE)
    assume = partial(settle, on_uncertain=OnUncertain.ASSUME_SENT)
    newsroom.database.write_now(assume, delivery, Unknown("timed out"), now=NOW)
    newsroom.say_again()
    (message,) = newsroom.tell()
    newsroom.say_again()
    assert newsroom.tell() == [message]
    assert message.alert is not None
    assert (message.marked, len(message.alert.watches)) == (True, 2)


async def test_what_a_message_that_is_assumed_to_be_there_does_not_name_is_told(newsroom: Newsroom) -> None:
    text = sentences(1, 15)
    for outlet in (0, 1):
        await newsroom.prints(outlet, report(["بغداد", *text]))
        newsroom.tell()
    await newsroom.edits(0, 1, report(["الموصل", *sentences(2, 15)]), after=timedelta(minutes=1))
    newsroom.say_again()
    assume = partial(settle, on_uncertain=OnUncertain.ASSUME_SENT)
    for outcome in (Vanished("message to edit not found"), Unknown("timed out")):
        (delivery,) = newsroom.claimed()
        composed = composed_of(delivery, newsroom.database.read_now(subject_of, delivery))
        newsroom.database.write_now(assume, composed, outcome, now=NOW)
    assert newsroom.states() == [DeliveryState.SENT, DeliveryState.HELD]
