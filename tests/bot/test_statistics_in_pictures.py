"""/stats: the numbers of watchlists a local day and by outlet, drawn in a process of its own and said in words."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from bot.makers import making, pictures
from bot.words.language import voice
from bot.words.messages import CAPTION, Attachment, Form
from bot.words.statistics import caption, picture
from monitors.alerts import Match
from monitors.mentioning import Mentions, mentions_of
from monitors.storage.articles import save
from monitors.storage.decisions import record_decision
from monitors.storage.engine import Database
from monitors.storage.mentions import lists_told
from monitors.storage.watches import add_watch
from tests.bot.conftest import RunningBot, pressed, said
from tests.monitors.archive import archive
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet

PNG = b"\x89PNG\r\n\x1a\n"
SOME = Mentions(
    days=[(date(2026, 3, 1) + timedelta(days=number), number * 3 % 7) for number in range(30)],
    outlets=[("صحيفة الأفق", 40), ("The Observer of a Very Long Name Indeed", 12), ("ق" * 300, 1)],
)


def matched(connection: Connection, *hours_ago: float, now: datetime = NOW, chat_id: int = 7) -> int:
    """The chat watches the dam, and articles about it came so long ago; the watchlist's id."""
    chat = a_telegram_chat(connection, chat_id)
    watch, _ = add_watch(connection, chat.id, "السد", now=now)
    for number, hours in enumerate(hours_ago, 100 * chat_id):
        outlet, _ = an_outlet(connection, "الأفق" if number % 3 else "القطب")
        at = now - timedelta(hours=hours)
        (article_id,) = save(connection, [a_new_article(outlet, number, first_seen_at=at)], now=at)
        record_decision(connection, article_id, [Match(watch.id, {"title": ((0, 1),)})], [], now=at)
    return lists_told(connection, chat.id)[0][0]


def test_articles_are_counted_on_the_local_day_on_which_they_came(database: Database) -> None:
    evening = datetime(2026, 3, 9, 22, 30, tzinfo=UTC)  # half past one of the tenth in Damascus

    def count(connection: Connection, zone: str) -> Mentions:
        return mentions_of(connection, [list_id], days=7, zone=ZoneInfo(zone), now=evening)

    list_id = database.write_now(matched, 0, 1, 2, 24, 24 * 6, 24 * 9, now=evening)
    in_utc, in_damascus = (database.read_now(count, zone) for zone in ("UTC", "Asia/Damascus"))
    assert [number for _, number in in_utc.days] == [1, 0, 0, 0, 0, 1, 3]
    assert [number for _, number in in_damascus.days] == [1, 0, 0, 0, 0, 2, 2]
    assert in_utc.days[-1][0] == date(2026, 3, 9)
    assert in_damascus.days[-1][0] == date(2026, 3, 10)
    assert sum(number for _, number in in_utc.outlets) == in_utc.total == 5


def test_lists_of_other_chats_are_not_counted(database: Database) -> None:
    def write(connection: Connection) -> None:
        mine = matched(connection, 1, 2)
        matched(connection, 1, chat_id=8)
        chat = a_telegram_chat(connection, 7)
        assert [list_id for list_id, _ in lists_told(connection, chat.id)] == [mine]
        assert mentions_of(connection, [mine], days=7, zone=ZoneInfo("UTC"), now=NOW).total == 2

    database.write_now(write)


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_a_picture_is_drawn_in_each_language(language: str, sqlite_database: Database) -> None:
    speech = voice(language)
    chat = sqlite_database.write_now(a_telegram_chat)
    drawn = Attachment(Form.PICTURE, "a.png", pictures.MENTIONS, picture("السد & <b>", 30, SOME, speech))
    content = await making.made(drawn, sqlite_database, chat)
    assert content is not None
    assert content.startswith(PNG)
    width, height = (int.from_bytes(content[at : at + 4]) for at in (16, 20))
    assert width + height < 10_000
    assert len(content) < 1_000_000


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_caption_says_the_numbers_within_the_limit(language: str) -> None:
    body = caption(
        "ق" * 500, 7, Mentions(SOME.days[:7], [*SOME.outlets, *SOME.outlets, *SOME.outlets]), voice(language)
    )
    assert len(body.text) <= CAPTION
    short = caption("السد", 7, Mentions(SOME.days[:7], SOME.outlets), voice(language)).text
    assert "40" in short
    assert "7 " in short


def test_what_is_of_the_archive_is_counted_as_each_language_counts() -> None:
    def of_archive(count: int, language: str) -> str:
        return caption("السد", 30, Mentions(SOME.days, SOME.outlets, archived=count), voice(language)).text

    assert "Of these, 1 is from the archive, counted by when it was published." in of_archive(1, "en")
    assert "Of these, 4 are from the archive, counted by when they were published." in of_archive(4, "en")
    assert "منها واحد من الأرشيف، محسوب بيوم نشره." in of_archive(1, "ar")
    assert "محسوبة بيوم نشرها" in of_archive(4, "ar")


def test_what_draws_is_never_imported_where_the_bot_runs() -> None:
    assert "matplotlib" not in sys.modules


async def test_a_drawing_that_takes_too_long_ends_with_its_process(
    monkeypatch: pytest.MonkeyPatch, sqlite_database: Database
) -> None:
    chat = sqlite_database.write_now(a_telegram_chat)
    started: list[subprocess.Popen[bytes]] = []

    def slow() -> subprocess.Popen[bytes]:
        waiting = [sys.executable, "-c", "import time; time.sleep(60)"]
        started.append(subprocess.Popen(waiting, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        return started[-1]

    monkeypatch.setattr(pictures, "_start", slow)
    monkeypatch.setattr(making, "LONGEST_S", 0.2)
    pictures._kept.end()
    assert await making.made(Attachment(Form.PICTURE, "a.png", pictures.MENTIONS, {}), sqlite_database, chat) is None
    assert started[0].returncode is not None


async def test_the_process_that_draws_is_kept_for_the_next_picture(sqlite_database: Database) -> None:
    chat = sqlite_database.write_now(a_telegram_chat)
    drawn = Attachment(Form.PICTURE, "a.png", pictures.MENTIONS, picture("السد", 30, SOME, voice("en")))
    first = await making.made(drawn, sqlite_database, chat)
    kept = pictures._kept._process
    assert kept is not None
    assert await making.made(replace(drawn, of={}), sqlite_database, chat) is None, "what cannot be drawn ends nothing"
    assert await making.made(drawn, sqlite_database, chat) == first
    assert pictures._kept._process is kept
    kept.kill()
    kept.wait()
    assert await making.made(drawn, sqlite_database, chat) == first, "it is started again"
    pictures._kept.end()


async def test_statistics_are_a_picture_that_changes_in_place(bot: RunningBot) -> None:
    await bot.database.write(matched, 1, 2, 30, now=datetime.now(UTC))
    sent = await said(bot, "/stats")
    assert sent.kind == "photo"
    assert sent.content.startswith(PNG)
    assert "3 أخبار" in sent.text
    assert "✓ 30 يومًا" in sent.labels
    before = sent.content
    await pressed(bot, "7 أيام")
    await bot.telegram.wait_until(lambda: sent.edits == 1, timeout_s=20)
    assert sent.content != before
    assert "✓ 7 أيام" in sent.labels
    assert bot.telegram.count("sendChatAction") == 2  # drawing takes a while
    await pressed(bot, voice("ar").say("My watches"))  # a screen of words cannot take the place of a picture
    assert (await bot.telegram.wait_for(2))[-1].kind == "text"
    assert bot.telegram.refused == []


async def test_without_anything_found_there_are_words_and_no_picture(bot: RunningBot) -> None:
    nothing = await said(bot, "/stats")
    assert nothing.kind == "text"
    assert "لا مراقبات هنا" in nothing.text
    await said(bot, "/watch add السد")
    unmet = await said(bot, "/stats")
    assert unmet.kind == "text"
    assert "لم يُعثر على شيء" in unmet.text


async def test_what_came_before_the_watch_is_counted_from_the_archive(bot: RunningBot) -> None:
    now = datetime.now(UTC)
    outlet, _ = await bot.database.write(an_outlet)
    new = [
        a_new_article(outlet, at, title=title, published_at=now - timedelta(days=ago), first_seen_at=now)
        for at, (title, ago) in enumerate([("السد العالي", 1), ("عند السد", 9), ("السد", 40), ("مطر", 2)], 1)
    ]
    await archive(bot.database, *new)
    await bot.database.write(matched, 3, now=now)  # one that was found as it came
    sent = await said(bot, "/stats", language_code="en")
    assert "3 أخبار" in sent.text
    assert "منها اثنان من الأرشيف، محسوبان بيوم نشرهما." in sent.text


async def test_another_chats_list_is_not_shown_to_whoever_names_it(bot: RunningBot) -> None:
    theirs = await bot.database.write(matched, 1, 2, 3, now=datetime.now(UTC), chat_id=8)
    await said(bot, "/watch add المطر")
    await pressed(bot, data=f"v1:stats:{theirs}:7")
    assert "لم يُعثر على شيء" in (await bot.telegram.wait_for(2))[-1].text
