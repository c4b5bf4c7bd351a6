"""What a pressed button had to say when it was too late for a notice: it is said as a message."""

from __future__ import annotations

import pytest

from bot import routing
from bot.telegram import handling
from bot.visits import Answer
from bot.words.buttons import HELP
from tests.bot.conftest import RunningBot, said

GROUP = -500


@pytest.fixture(autouse=True)
def always_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every button is let go before its answer is there."""
    monkeypatch.setattr(handling, "ACKNOWLEDGED_S", 0.0)


async def test_what_no_notice_can_show_any_more_is_said(bot: RunningBot) -> None:
    await said(bot, "/start", language_code="en")
    query = bot.telegram.press(data="v1:w:12345")
    *_, told = await bot.telegram.wait_for(2)
    assert told.text == "It has already been removed."
    assert bot.telegram.answered[query] == ""
    assert bot.telegram.refused == []


async def test_a_stranger_in_a_group_hears_why_even_late(bot: RunningBot) -> None:
    bot.telegram.admins.add((GROUP, 7))
    await said(bot, "/watch oil", chat_id=GROUP, language_code="en")
    bot.telegram.press(data="v1:wln:", chat_id=GROUP, user_id=9)
    *_, told = await bot.telegram.wait_for(2)
    assert (told.chat_id, told.text) == (GROUP, "Only administrators of this group may do that.")


async def test_what_a_message_says_anyway_is_said_once(bot: RunningBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Answer:
        raise ZeroDivisionError

    monkeypatch.setitem(routing._PRESSES, HELP, fails)
    await said(bot, "/start", language_code="en")
    bot.telegram.press("Help")
    bot.telegram.say("/start")
    _, apology, greeting = await bot.telegram.wait_for(3)
    assert "Sorry, that went wrong" in apology.text
    assert "Welcome" in greeting.text
