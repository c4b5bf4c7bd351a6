"""The archive searched from the chat: said back, counted, turned a page at a time, and honest about what it left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from monitors.articles import ArticleState
from monitors.chats import ChatAddress, Transport
from monitors.indexing import read_archive
from monitors.storage.articles import save
from monitors.storage.chats import find_chat
from monitors.storage.engine import Database
from monitors.storage.searches import forget_searches, get_search, open_search
from monitors.storage.watches import list_watches
from tests.bot.conftest import RunningBot, pressed, said
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet

TITLES = ["سد النهضة", "النهر", "مياه السد", "الأمطار", "الري", "المحصول", "القمح"]


async def an_archive(bot: RunningBot, *, days_ago: int = 1) -> None:
    """Seven articles about a dam, one of them published long ago, ready to be found."""

    def write(connection: Connection) -> None:
        outlet, _ = an_outlet(connection)
        now = datetime.now(UTC)
        articles = [
            a_new_article(
                outlet,
                number,
                title=title,
                text=f"قال الوزير إن السد رقم {number} كبير",
                first_seen_at=now,
                published_at=now - timedelta(days=90 if number == 6 else days_ago),
            )
            for number, title in enumerate(TITLES)
        ]
        save(connection, articles, now=now, state=ArticleState.ARCHIVED)

    await bot.database.write(write)
    await read_archive(bot.database)


async def test_results_have_five_linked_titles_a_page_with_what_matched_marked(bot: RunningBot) -> None:
    await an_archive(bot)
    found = await said(bot, "/search السد AND الوزير")
    assert "7 أخبار" in found.text
    assert "أي:" in found.text
    assert len([entity for entity in found.entities if entity["type"] == "text_link"]) == 5
    assert "السد" in found.spans("bold")
    assert len(found.spans("date_time")) == 5
    assert found.labels == ["التالي", "✓ الكل", "شهر", "أسبوع", "بحث جديد", "راقب هذا", "🏠 البداية"]


async def test_what_was_probably_meant_is_offered_where_nothing_is_found(bot: RunningBot) -> None:
    await an_archive(bot)
    found = await said(bot, "/search المحصووول")
    assert "هل تقصد" not in found.text
    found = await said(bot, "/search المحصوول")
    assert "هل تقصد \u2068المحصول\u2069؟" in found.text
    bot.telegram.press(found.labels[0])
    await bot.telegram.wait_until(lambda: found.edits == 1)
    assert "المحصول" in found.spans("code")


async def test_pages_are_turned_in_place_forth_and_back(bot: RunningBot) -> None:
    await an_archive(bot)
    found = await said(bot, "/search السد")
    first = found.text
    bot.telegram.press("التالي")
    await bot.telegram.wait_until(lambda: found.edits == 1)
    assert "الصفحة 2" in found.text
    assert "6. " in found.text
    assert "التالي" not in found.labels
    bot.telegram.press("السابق")
    await bot.telegram.wait_until(lambda: found.edits == 2)
    assert found.text == first


async def test_the_days_to_look_back_are_chosen_in_place(bot: RunningBot) -> None:
    await an_archive(bot)
    found = await said(bot, "/search السد")
    bot.telegram.press("أسبوع")
    await bot.telegram.wait_until(lambda: found.edits == 1)
    assert "6 أخبار" in found.text
    assert "آخر 7 أيام" in found.text
    assert "✓ أسبوع" in found.labels


async def test_the_bot_asks_what_to_search_for_and_answers_the_next_message(bot: RunningBot) -> None:
    await an_archive(bot)
    question = await said(bot, "/search")
    assert "عمّ أبحث" in question.text
    assert question.markup["force_reply"]
    assert "خبر واحد" in (await said(bot, "القمح")).text


async def test_a_mistake_is_shown_where_it_is_and_what_was_meant_is_a_tap_away(bot: RunningBot) -> None:
    await an_archive(bot)
    mistaken = await said(bot, "/search السد AND")
    assert "▶" in mistaken.text
    assert "بحث جديد" in mistaken.labels
    bot.telegram.press("ابحث عمّا قصدته")
    await bot.telegram.wait_until(lambda: mistaken.edits == 1)
    assert "7 أخبار" in mistaken.text


async def test_what_was_searched_can_be_watched(bot: RunningBot) -> None:
    await an_archive(bot)
    await said(bot, "/search السد")
    await pressed(bot, "راقب هذا")
    await bot.telegram.wait_for(2)
    await pressed(bot, "احفظ")
    await bot.telegram.wait_until(lambda: any("أراقب" in message.text for message in bot.telegram.sent))

    def watched(connection: Connection) -> list[str]:
        chat = find_chat(connection, ChatAddress(Transport.TELEGRAM, 7, 0))
        assert chat is not None
        return [watch.query for watch in list_watches(connection, chat.id)]

    assert await bot.database.read(watched) == ["السد"]


async def test_an_unread_archive_is_said_to_be_unread(bot: RunningBot) -> None:
    def write(connection: Connection) -> None:
        outlet, _ = an_outlet(connection)
        save(connection, [a_new_article(outlet)], now=NOW, state=ArticleState.ARCHIVED)

    await bot.database.write(write)
    nothing = await said(bot, "/search القطب")
    assert "لا نتائج" in nothing.text
    assert "لم يُهيّأ للبحث بعد" in nothing.text


async def test_a_word_that_is_no_command_can_be_searched_for(bot: RunningBot) -> None:
    await an_archive(bot)
    await said(bot, "/watch السد")
    await said(bot, "القمح")
    await pressed(bot, "ابحث عنه")
    assert "خبر واحد" in (await bot.telegram.wait_for(3))[-1].text


async def test_pages_of_another_chat_and_pages_nobody_turned_to_are_not_shown(bot: RunningBot) -> None:
    await an_archive(bot)
    await said(bot, "/search السد", chat_id=8, user_id=8)
    await said(bot, "/help")
    for data in ("v1:found:1:0", "v1:within:1:7", "v1:wfind:1", "v1:found:1:77", "v1:found:x:-1", "v1:found:"):
        assert "ابحث من جديد" in await pressed(bot, data=data)
    assert len(bot.telegram.sent) == 2


def test_searches_are_forgotten_but_the_newest(database: Database) -> None:
    def write(connection: Connection) -> None:
        chat = a_telegram_chat(connection)
        first, second = (open_search(connection, chat.id, words, now=NOW) for words in ("سد", "نهر"))
        assert get_search(connection, chat.id, first.id) == first
        assert get_search(connection, chat.id + 1, first.id) is None
        assert forget_searches(connection, before=NOW + timedelta(days=1)) == 1
        assert get_search(connection, chat.id, second.id) == second

    database.write_now(write)
