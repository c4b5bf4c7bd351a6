"""Outlets found in the catalogue, page by page and by language, and taken whole or by their matches."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from monitors.catalogue import CatalogueEntry
from monitors.storage.catalogue import mirror
from monitors.storage.chats import list_chats
from monitors.storage.followers import followed_by
from monitors.storage.subscriptions import subscriptions_of
from monitors.subscriptions import Mode, Subscription
from tests.bot.conftest import RunningBot, pressed, said
from tests.rows import an_outlet

LANGUAGES = ["ar"] * 12 + ["en-GB"] * 3 + ["ku"]


def an_entry(number: int, language: str) -> CatalogueEntry:
    home = f"https://harbour{number}.example/"
    return CatalogueEntry(f"harbour{number}", f"Harbour {number}", f"الميناء {number}", home, "SY", language, "UTC")


@pytest.fixture
def catalogue(bot: RunningBot) -> None:
    entries = [an_entry(number, language) for number, language in enumerate(LANGUAGES)]
    bot.database.write_now(mirror, entries, content_hash="1")


def taken(bot: RunningBot) -> list[Subscription]:
    def read(connection: Connection) -> list[Subscription]:
        return [one for chat in list_chats(connection) for one in subscriptions_of(connection, chat.id)]

    return [one for one in bot.database.read_now(read) if one.outlet_id is not None]


@pytest.mark.usefixtures("catalogue")
async def test_what_is_called_so_has_pages_and_languages(bot: RunningBot) -> None:
    shown = await said(bot, "/catalogue harbour", language_code="en")
    assert shown.text.count("harbour") == 11  # the name asked for, and ten hosts
    assert "Next" in shown.labels
    assert {"✓ All", "Arabic", "English"} <= set(shown.labels)
    bot.telegram.press("Next")
    await bot.telegram.wait_until(lambda: shown.edits == 1)
    assert "harbour15" in shown.text
    bot.telegram.press("English")
    await bot.telegram.wait_until(lambda: shown.edits == 2)
    assert shown.text.count("not verified") == 3
    assert "✓ English" in shown.labels


@pytest.mark.usefixtures("catalogue")
async def test_a_flag_whose_letters_are_latin_leads_no_arabic_name_from_the_left(bot: RunningBot) -> None:
    shown = await said(bot, "/catalogue", language_code="ar")
    assert "\u200f🇸🇾 سوريا (16)" in shown.labels


@pytest.mark.usefixtures("catalogue")
async def test_a_country_is_shown_in_one_language_or_all(bot: RunningBot) -> None:
    shown = await said(bot, "/catalogue", language_code="en")
    bot.telegram.press("🇸🇾 Syria (16)")
    await bot.telegram.wait_until(lambda: shown.edits == 1)
    bot.telegram.press("Arabic")
    await bot.telegram.wait_until(lambda: shown.edits == 2)
    bot.telegram.press("Next")
    await bot.telegram.wait_until(lambda: shown.edits == 3)
    assert shown.text.count("not verified") == 2
    assert "✓ Arabic" in shown.labels


@pytest.mark.usefixtures("catalogue")
async def test_the_name_is_asked_for_and_the_next_message_answers(bot: RunningBot) -> None:
    await said(bot, "/catalogue")
    await pressed(bot, "بحث بالاسم")
    question = (await bot.telegram.wait_for(2))[-1]
    assert question.markup["force_reply"]
    assert "الميناء 3" in (await said(bot, "الميناء 3")).text


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("forged", ["v1:cfound:xx:99", "v1:cfound:", "v1:country:SY:zz:-4", "v1:country:SY"])
async def test_forged_pages_show_what_there_is(bot: RunningBot, forged: str) -> None:
    await said(bot, "/catalogue harbour", language_code="en")
    await pressed(bot, data=forged)
    assert bot.telegram.refused == []


async def test_an_outlet_is_taken_whole_every_hour_and_left_again(bot: RunningBot) -> None:
    outlet, _ = await bot.database.write(an_outlet)
    await said(bot, "/outlets")
    shown = bot.telegram.sent[0]
    await pressed(bot, data=f"v1:outlet:{outlet.id}")
    await bot.telegram.wait_until(lambda: shown.edits == 1)
    assert "ما يطابق المراقبات" in shown.text
    assert "كل ساعة" in await pressed(bot, "كل أخباره")
    await bot.telegram.wait_until(lambda: shown.edits == 2)
    assert "كل أخباره" in shown.text
    (one,) = taken(bot)
    assert (one.outlet_id, one.rules.mode) == (outlet.id, Mode.HOURLY)
    assert bot.database.read_now(followed_by, one.chat_id) == {outlet.id}
    await pressed(bot, data=f"v1:allnews:{outlet.id}")
    assert taken(bot) == [one]
    await pressed(bot, "المطابق فقط")
    assert taken(bot) == []


async def test_only_administrators_take_outlets_and_only_those_there_are(bot: RunningBot) -> None:
    outlet, _ = await bot.database.write(an_outlet)
    await said(bot, "/outlets", chat_id=-500, user_id=8)
    assert "مشرفو" in await pressed(bot, data=f"v1:allnews:{outlet.id}", chat_id=-500, user_id=8)
    await said(bot, "/outlets")
    for action in ("allnews", "matches"):
        assert await pressed(bot, data=f"v1:{action}:77") == "لم يعد هذا المصدر متابَعًا."
    assert taken(bot) == []
