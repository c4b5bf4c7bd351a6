"""What a pressed button had to say when it was too late for a notice: it is said as a message."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from bot import routing
from bot.telegram import acknowledging
from bot.visits import Answer, Visit
from bot.words.buttons import HELP
from tests.bot.conftest import RunningBot, said

GROUP = -500


@pytest.fixture(autouse=True)
def always_late(bot: RunningBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every button is let go before its answer is there."""
    monkeypatch.setattr(acknowledging, "ACKNOWLEDGED_S", 0.0)


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
    assert (told.chat_id, told.text) == (GROUP, "Only administrators may do that here.")


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


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """What "Help" waits for; then it shows a notice with what its button carries."""
    opened = threading.Event()

    def waits(_: Visit, argument: str) -> Answer:
        opened.wait(10)
        return Answer(toast=f"Help {argument}")

    monkeypatch.setitem(routing._PRESSES, HELP, waits)
    yield opened
    opened.set()


async def test_a_button_is_let_go_though_others_are_before_it(bot: RunningBot, gate: threading.Event) -> None:
    await said(bot, "/start", language_code="en")
    queries = [bot.telegram.press(data=f"v1:{HELP}:{number}") for number in range(30)]
    await bot.telegram.wait_until(lambda: bot.telegram.answered == dict.fromkeys(queries, ""))
    gate.set()
    bot.telegram.say("/start")
    _, notice, greeting = await bot.telegram.wait_for(3)
    assert notice.text == "Help 29"  # before it the person pressed on
    assert "Welcome" in greeting.text
    assert bot.telegram.refused == []
