"""Files that people send to the bot: lists of watches, and what is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.words.language import voice
from bot.words.text import TextBuilder
from bot.words.trials import add_sum
from monitors.storage.engine import Database
from monitors.storage.watches import list_watches
from tests.bot.conftest import RunningBot, pressed, running, said
from tests.bot.test_quotas import limited
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_messages import SentMessage
from tests.monitors.archive import archive
from tests.rows import a_new_article, an_outlet

SHEET = "query,watchlist,state\nنفط,,\noil AND (gas,,\nwheat,,asleep\nthe,,\noil -oil,,\n"


async def an_archive(database: Database, count: int) -> None:
    outlet, _ = database.write_now(an_outlet)
    about = {"title": "the oil", "first_seen_at": datetime.now(UTC)}
    await archive(database, *(a_new_article(outlet, number, **about) for number in range(1, count + 1)))


async def sent(bot: RunningBot, name: str, content: bytes | str, **how: object) -> SentMessage:
    """What the bot answers to a file."""
    before = len(bot.telegram.sent)
    given = content.encode() if isinstance(content, str) else content
    bot.telegram.share(name, given, **how)  # type: ignore[arg-type]
    return (await bot.telegram.wait_for(before + 1))[before]


def watched(bot: RunningBot) -> list[tuple[str, str]]:
    return [(watch.watchlist, watch.query) for watch in bot.database.read_now(list_watches)]


async def test_a_file_of_watches_is_shown_with_what_it_would_bring_and_added_where_one_says(bot: RunningBot) -> None:
    await an_archive(bot.database, 60)
    await said(bot, "/watch نفط", language_code="en")
    shown = await sent(bot, "words.csv", SHEET)
    assert "2 watches can be added." in shown.text
    assert "1 was there already." in shown.text
    assert "60 alerts in the last 7 days" in shown.text
    assert "2 lines cannot be read" in shown.text
    assert "Line 3: \u2068oil AND (gas" in shown.text
    assert "This parenthesis is never closed." in shown.text
    assert "Under state stands active or paused." in shown.text
    assert "No article can ever meet these:" in shown.text
    assert shown.labels == ["＋ Main list", "＋ New list: words", "Not now"]
    assert watched(bot) == [("default", "نفط")]
    await pressed(bot, "＋ New list: words")
    await bot.telegram.wait_until(lambda: "3 watches were added." in shown.text)
    assert ("words", "the") in watched(bot)
    await pressed(bot, data="v1:doc:1:x")
    again = await sent(bot, "words.csv", SHEET, caption="words")
    assert "In the watchlist \u2068words" in again.text
    assert "3 were there already." in again.text
    assert "Not now" not in again.labels


async def test_a_line_that_names_its_list_goes_there(bot: RunningBot) -> None:
    await said(bot, "/start", language_code="en")
    shown = await sent(bot, "all.txt", "# watchlist: Energy\noil\n# watchlist: Food\nwheat\n")
    await pressed(bot, "Add")
    await bot.telegram.wait_until(lambda: "2 watches were added." in shown.text)
    assert watched(bot) == [("Energy", "oil"), ("Food", "wheat")]
    assert shown.labels == ["Energy", "Food", "My watches"]


async def test_there_is_no_more_room_for_files_than_for_words(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    async with running(sqlite_database, telegram, limited(telegram, watches_per_chat=2, watchlists_per_chat=2)) as bot:
        await said(bot, "/start", language_code="en")
        shown = await sent(bot, "all.txt", "# watchlist: 1\noil\n# watchlist: 2\ngas\n# watchlist: 3\ncoal\n")
        assert "For 1 watch there is no room." in shown.text
        await pressed(bot, "Add")
        await bot.telegram.wait_until(lambda: "2 watches were added." in shown.text)


@pytest.mark.parametrize(
    ("name", "content", "said_of_it"),
    [
        ("photo.jpg", b"\xff\xd8\xff", "I cannot read"),
        ("words.csv", b"PK\x03\x04 a spreadsheet", "I cannot read"),
        ("words.txt", b"\x00\x01\x02\x03" * 100, "I cannot read"),
        ("words.csv", "a,b\n1,2\n", "The first line must name the columns"),
        ("words.toml", "[[watch]\n", "not a valid TOML"),
        ("words.txt", "oil\n" * 5_002, "more than 5,000 lines"),
        ("words.txt", "oil\r" * 5_002, "more than 5,000 lines"),
        ("words.txt", b"", "I could not get this file"),
        ("words.txt", b"oil\n" * 1_000_000, "I could not get this file"),
        ("words.txt", "(\n", "1 line cannot be read"),
        ("words.txt", f"# watchlist: {'a' * 101}\noil\n", "a name of at most 100 characters"),
    ],
)
async def test_what_cannot_be_read_is_said(bot: RunningBot, name: str, content: bytes | str, said_of_it: str) -> None:
    await said(bot, "/start", language_code="en")
    assert said_of_it in (await sent(bot, name, content)).text
    fetched = [call for call, _ in bot.telegram.calls if call == "getFile"]
    assert len(fetched) == (len(content) <= 2 * 1024 * 1024)  # of larger ones Telegram says how large they are


@pytest.mark.parametrize(
    ("told", "cut", "summed"),
    [(0, True, "No alerts lately"), (1, True, "More than 1 alert lately"), (0, False, "0 alerts in the last 7 days")],
)
def test_what_a_file_would_bring_is_summed(told: int, cut: bool, summed: str) -> None:
    builder = TextBuilder()
    add_sum(builder, told, voice("en"), cut=cut)
    assert builder.build().text.startswith(f"📊 {summed}")


async def test_files_of_others_are_nobody_s_to_add(bot: RunningBot) -> None:
    await said(bot, "/start", language_code="en")
    await said(bot, "/start", chat_id=8, user_id=8, language_code="en")
    before = len(bot.telegram.sent)
    update = bot.telegram.share("words.txt", b"oil")
    await bot.telegram.wait_for(before + 1)
    assert "any more" in await pressed(bot, data=f"v1:doc:{update}:0", chat_id=8, user_id=8)
    for forged in ("", "x", "-1:0", "999999:0", f"{update}:77", f"{update}:?"):
        await pressed(bot, data=f"v1:doc:{forged}")
    assert watched(bot) == []


async def test_a_group_s_files_are_read_in_private_only(bot: RunningBot) -> None:
    bot.telegram.admins.add((-500, 7))
    answer = await sent(bot, "words.txt", "oil", chat_id=-500, language_code="en", caption="/watch")
    assert answer.labels == ["To our private chat"]
    bot.telegram.share("words.txt", b"oil", chat_id=-500)  # said to the others
    assert "Welcome" in (await said(bot, "/start", language_code="en")).text
    assert len(bot.telegram.sent) == 2
