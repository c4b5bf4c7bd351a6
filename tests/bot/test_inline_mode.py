"""Articles shared from any chat by the bot's name and a query: quick, personal, and telling nothing of anybody."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from bot.screens.inline import MOST
from bot.telegram.reading import ALLOWED
from bot.words.language import voice
from monitors.articles import ArticleState
from monitors.indexing import read_archive
from monitors.storage.articles import save
from monitors.storage.engine import Database
from monitors.storage.tables import inbox
from monitors.storage.watches import add_watch
from tests.bot.conftest import RunningBot, an_alert, running, said, settings_for
from tests.fakes.telegram import FakeTelegram
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet


async def an_archive(bot: RunningBot, articles: int = 3) -> None:
    def write(connection: Connection) -> None:
        outlet, _ = an_outlet(connection)
        found = [
            a_new_article(outlet, number, title=f"السد {number}", url=f"https://ufuq.example/{number}?a=1")
            for number in range(articles)
        ]
        save(connection, found, now=NOW, state=ArticleState.ARCHIVED)

    await bot.database.write(write)
    await read_archive(bot.database)


async def found(bot: RunningBot, query: str, **how: Any) -> dict[str, Any]:
    """What the bot answers to an inline query."""
    query_id = bot.telegram.ask_inline(query, **how)
    await bot.telegram.wait_until(lambda: query_id in bot.telegram.found)
    answer: dict[str, Any] = bot.telegram.found[query_id]
    return answer


def test_inline_queries_are_asked_for() -> None:
    assert "inline_query" in ALLOWED


async def test_a_query_finds_articles_that_are_posted_with_title_outlet_and_link(bot: RunningBot) -> None:
    await an_archive(bot)
    answer = await found(bot, "السد")
    assert [result["title"] for result in answer["results"]] == ["السد 2", "السد 1", "السد 0"]
    assert answer["is_personal"]
    assert answer["cache_time"] <= 10
    posted = answer["results"][0]["input_message_content"]
    assert "صحيفة الأفق" in posted["message_text"]
    assert "ufuq.example" in posted["message_text"]
    links = [entity["url"] for entity in posted["entities"] if entity["type"] == "text_link"]
    assert links == ["https://ufuq.example/2?a=1"]
    assert answer["results"][0]["reply_markup"]["inline_keyboard"][0][0]["url"] == links[0]


async def test_pages_go_on_where_the_last_one_ended_up_to_a_limit(bot: RunningBot) -> None:
    await an_archive(bot, MOST + 15)
    titles, offset = [], ""
    while True:
        answer = await found(bot, "السد", offset=offset)
        titles += [result["title"] for result in answer["results"]]
        if not (offset := answer["next_offset"]):
            break
    assert len(titles) == len(set(titles)) == MOST
    assert (await found(bot, "السد", offset="forged:-7"))["results"][0]["title"] == titles[0]


async def test_without_a_query_the_newest_of_ones_own_alerts_are_offered(bot: RunningBot) -> None:
    def write(connection: Connection) -> None:
        for chat_id in (7, 8):
            chat = a_telegram_chat(connection, chat_id)
            add_watch(connection, chat.id, "السد", now=NOW)
            an_alert(connection, chat, chat_id, title=f"السد {chat_id}")

    await bot.database.write(write)
    mine = await found(bot, "", user_id=7)
    assert [result["title"] for result in mine["results"]] == ["السد 7"]
    stranger = await found(bot, "", user_id=99, language_code="en")
    assert stranger["results"] == []
    assert stranger["button"] == {"text": "Choose what to watch", "start_parameter": "inline"}


async def test_what_is_shared_says_nothing_of_the_watches_that_found_it(bot: RunningBot) -> None:
    def write(connection: Connection) -> None:
        chat = a_telegram_chat(connection, 7)
        add_watch(connection, chat.id, "سر OR السد", now=NOW)
        an_alert(connection, chat, 1, title="السد والنهر")

    await bot.database.write(write)
    (result,) = (await found(bot, ""))["results"]
    assert "سر" not in str(result)
    kinds = {entity["type"] for entity in result["input_message_content"]["entities"]}
    assert kinds == {"bold", "text_link", "date_time"}


async def test_half_a_query_is_taken_for_what_it_probably_means(bot: RunningBot) -> None:
    await an_archive(bot)
    assert len((await found(bot, "السد AND"))["results"]) == 3
    assert (await found(bot, "القطب"))["button"]["text"] == voice("ar").say("Nothing found")
    assert (await found(bot, '"'))["results"] == []


async def test_whoever_is_not_let_in_gets_nothing(sqlite_database: Database, telegram: FakeTelegram) -> None:
    async with running(sqlite_database, telegram, settings_for(telegram, access="list", admins=(7,))) as bot:
        await an_archive(bot)
        assert len((await found(bot, "السد", user_id=7))["results"]) == 3
        turned_away = await found(bot, "السد", user_id=8)
        assert turned_away["results"] == []
        assert turned_away["button"]["text"] == voice("ar").say("This bot is private.")


async def test_what_people_type_elsewhere_is_not_kept_and_their_messages_are(bot: RunningBot) -> None:
    await found(bot, "سر")
    await said(bot, "/help")
    kept = await bot.database.read(lambda connection: connection.scalar(select(func.count()).select_from(inbox)))
    assert kept == 1
