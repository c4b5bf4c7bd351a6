"""Messages that are changed instead of more of them sent, and what is sent when they cannot be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.outbox import settling, showing
from monitors.storage.tables import deliveries
from monitors.wakeups import DELIVERIES
from tests.bot.conftest import RunningBot, eventually, said
from tests.bot.test_telling_on_telegram import States, until
from tests.newsroom import Newsroom, a_newsroom, report, sentences

REPORT = report(["بغداد", *sentences(1, 15)])
GONE = "Bad Request: message to edit not found"


@pytest.fixture
def newsroom(bot: RunningBot) -> Newsroom:
    return a_newsroom(bot.database, "بغداد", "النفط")


async def prints(bot: RunningBot, newsroom: Newsroom, outlet: int, fields: dict[str, str]) -> None:
    await newsroom.prints(outlet, fields)
    bot.context.wakeups.kick(DELIVERIES)


async def test_an_article_that_is_edited_and_meets_more_changes_its_message(
    bot: RunningBot, newsroom: Newsroom, states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "TICK_S", 0.05)
    monkeypatch.setattr(showing, "PRIVATE_PACE", timedelta())
    await prints(bot, newsroom, 0, {"title": "بغداد", "text": "وصل المسافر"})
    (alert,) = await bot.telegram.wait_for(1)
    await newsroom.edits(0, 1, {"title": "بغداد", "text": "وصل المسافر، وارتفع سعر النفط"})
    await bot.telegram.wait_until(lambda: "النفط" in alert.text)
    assert len(bot.telegram.sent) == 1
    await until(states, "sent")
    assert "عُدّل الخبر فطابق أكثر" in (await said(bot, f"/why {newsroom.outlets[0].homepage}1")).text


async def test_what_met_more_is_said_anew_where_its_message_was_deleted(
    bot: RunningBot, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "TICK_S", 0.05)
    monkeypatch.setattr(showing, "PRIVATE_PACE", timedelta())
    await prints(bot, newsroom, 0, {"title": "بغداد", "text": "وصل المسافر"})
    await bot.telegram.wait_for(1)
    bot.telegram.fail("editMessageText", "refuse", description=GONE)
    await newsroom.edits(0, 1, {"title": "بغداد", "text": "وصل المسافر، وارتفع سعر النفط"})
    assert "النفط" in (await bot.telegram.wait_for(2))[1].text


async def test_whoever_prints_the_same_later_is_added_without_a_sound(
    bot: RunningBot, newsroom: Newsroom, states: States
) -> None:
    await prints(bot, newsroom, 0, REPORT)
    (alert,) = await bot.telegram.wait_for(1)
    for outlet in (1, 2):
        await prints(bot, newsroom, outlet, REPORT)
    await bot.telegram.wait_until(lambda: "two" in alert.text and "three" in alert.text)
    await until(states, "sent", "merged", "merged")
    assert len(bot.telegram.sent) == 1
    why = await said(bot, f"/why {newsroom.outlets[1].homepage}2")
    assert "أُضيف إلى تنبيه بالخبر نفسه" in why.text
    assert "one" in why.text


@pytest.mark.parametrize("refusal", [GONE, "Bad Request: message can't be edited", "Bad Request: something new"])
async def test_what_cannot_be_added_is_a_message_of_its_own(
    bot: RunningBot, newsroom: Newsroom, states: States, refusal: str
) -> None:
    await prints(bot, newsroom, 0, REPORT)
    await bot.telegram.wait_for(1)
    bot.telegram.fail("editMessageText", "refuse", description=refusal)
    await prints(bot, newsroom, 1, REPORT)
    first, second = await bot.telegram.wait_for(2)
    assert "two" in second.text
    assert "two" not in first.text
    assert "↻" not in second.text
    await until(states, "sent", "sent")


@pytest.mark.parametrize("how", ["reset_after", "bad_gateway", "refuse"])
async def test_what_may_have_been_added_or_must_wait_is_added_again(
    bot: RunningBot, newsroom: Newsroom, states: States, how: str
) -> None:
    await prints(bot, newsroom, 0, REPORT)
    (alert,) = await bot.telegram.wait_for(1)
    asked = (
        {"code": 429, "description": "Too Many Requests: retry after 1", "retry_after": 1} if how == "refuse" else {}
    )
    bot.telegram.fail("editMessageText", how, **asked)  # type: ignore[arg-type]
    await prints(bot, newsroom, 1, REPORT)
    await until(states, "sent", "merged")
    assert "two" in alert.text
    assert len(bot.telegram.sent) == 1


async def test_what_may_have_been_added_for_ever_is_told_with_a_mark(
    bot: RunningBot, newsroom: Newsroom, states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "_MAX_EDITS", 1)
    await prints(bot, newsroom, 0, REPORT)
    await bot.telegram.wait_for(1)
    bot.telegram.fail("editMessageText", "garbage_after", times=-1)
    await prints(bot, newsroom, 1, REPORT)
    second = (await bot.telegram.wait_for(2))[1]
    assert "two" in second.text
    assert "↻" in second.text
    await until(states, "sent", "sent")


async def test_a_chat_that_blocks_the_bot_meanwhile_hears_of_it_when_it_is_back(
    bot: RunningBot, newsroom: Newsroom, states: States
) -> None:
    await prints(bot, newsroom, 0, REPORT)
    (alert,) = await bot.telegram.wait_for(1)
    bot.telegram.fail("*", "refuse", chat_id=7, code=403, description="Forbidden: bot was blocked by the user")
    await prints(bot, newsroom, 1, REPORT)
    await eventually(lambda: bot.telegram.struck["refuse"] == 1)
    await until(states, "sent", "pending")
    bot.telegram.say("/start")
    await bot.telegram.wait_until(lambda: "two" in alert.text)
    await eventually(lambda: "merged" in {state for _, state, _ in states()})


async def test_a_message_that_may_be_a_repeat_keeps_its_mark_however_it_grows(
    bot: RunningBot, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "TICK_S", 0.05)
    monkeypatch.setattr(showing, "PRIVATE_PACE", timedelta())
    await prints(bot, newsroom, 0, REPORT)
    (alert,) = await bot.telegram.wait_for(1)
    await bot.database.write(lambda connection: connection.execute(update(deliveries).values(repeats=1)))
    await prints(bot, newsroom, 1, REPORT)
    await bot.telegram.wait_until(lambda: "two" in alert.text)
    assert "↻" in alert.text
    await newsroom.edits(0, 1, {**REPORT, "text": f"{REPORT['text']}. النفط"})
    await bot.telegram.wait_until(lambda: "النفط" in alert.text)
    assert "↻" in alert.text
