"""The first watch of a chat that the bot does not know yet is answered as any other first watch is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitors.storage.leaving import begin_leaving, leave_on
from tests.bot.conftest import RunningBot, said
from tests.bot.test_keeping_watches import an_archive, watches

GROUP = -1000000000500


async def leave(bot: RunningBot, user_id: int = 7) -> None:
    """Everything of this person's is deleted, also that they were here."""
    now = datetime.now(UTC)
    await bot.database.write(begin_leaving, user_id, now=now)
    while await bot.database.write(leave_on, user_id, now=now + timedelta(minutes=2)):
        pass


@pytest.mark.parametrize("place", [{}, {"chat_id": GROUP}, {"chat_id": GROUP, "thread_id": 42}])
async def test_a_typed_watch_says_what_it_would_have_brought(bot: RunningBot, place: dict[str, int]) -> None:
    await an_archive(bot.database, "خبر من غزة", "خبر آخر من غزة")
    bot.telegram.admins.add((GROUP, 7))
    answer = await said(bot, "/watch add غزة", language_code="en", **place)
    assert "2 alerts in the last 7 days" in answer.text
    assert "خبر آخر من غزة" in answer.text


async def test_several_lines_are_tried_together(bot: RunningBot) -> None:
    await an_archive(bot.database, "خبر من غزة")
    answer = await said(bot, "/watch add غزة\nرفح", language_code="en")
    assert "1 alert in the last 7 days" in answer.text


async def test_a_plain_word_stands_at_once(bot: RunningBot) -> None:
    await an_archive(bot.database, "خبر من غزة")
    answer = await said(bot, "غزة", language_code="en")
    assert [watch.query for watch in watches(bot)] == ["غزة"]
    assert "The newest about it so far" in answer.text


async def test_whoever_left_and_comes_back_with_a_word_is_met_like_anybody_else(bot: RunningBot) -> None:
    await an_archive(bot.database, "خبر من غزة")
    for _ in range(2):
        answer = await said(bot, "/watch add غزة", language_code="en")
        assert "1 alert in the last 7 days" in answer.text
        await leave(bot)


async def test_a_topic_on_a_welcome_of_before_shows_its_newest_article(bot: RunningBot) -> None:
    await an_archive(bot.database, "خبر من غزة")
    await said(bot, "/start")
    await leave(bot)
    bot.telegram.press("غزة")
    answer = (await bot.telegram.wait_for(2))[1]
    assert answer.spans("underline") == ["غزة"]


async def test_a_search_finds_what_there_is(bot: RunningBot) -> None:
    await an_archive(bot.database, "خبر من غزة")
    answer = await said(bot, "/search غزة", language_code="en")
    assert "خبر من غزة" in answer.text
