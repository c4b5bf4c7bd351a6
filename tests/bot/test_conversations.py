"""People talking to the bot: stored inbox to stored outbox, over real sockets."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.screens import watchlists
from bot.screens.help import SECTIONS
from bot.screens.welcome import MENU
from bot.words.buttons import HELP, NEW_LIST, STOP
from monitors.chats import ChatAddress, Transport
from monitors.outlets import NewOutlet, NewSource
from monitors.query.burdens import MOST, Burden
from monitors.settings import LimitSettings
from monitors.storage.chats import find_chat
from monitors.storage.engine import Database
from monitors.storage.outlets import add_outlet
from monitors.storage.tables import watchlists as watchlists_table
from monitors.storage.watches import list_watches, set_state
from monitors.watchlists import WatchState
from tests.bot.conftest import RunningBot, pressed, running, said, settings_for
from tests.fakes.telegram import FakeTelegram
from tests.rows import NOW

GROUP = -500


def queries(bot: RunningBot, chat_id: int = 7, thread_id: int = 0) -> list[str]:
    def read(connection: Connection) -> list[str]:
        chat = find_chat(connection, ChatAddress(Transport.TELEGRAM, chat_id, thread_id))
        return [watch.query for watch in list_watches(connection, chat.id)] if chat else []

    return bot.database.read_now(read)


def lists(bot: RunningBot) -> list[str]:
    return bot.database.read_now(
        lambda connection: list(connection.scalars(select(watchlists_table.c.name).order_by(watchlists_table.c.id)))
    )


async def test_start_greets_in_the_language_of_the_app(bot: RunningBot) -> None:
    bot.telegram.say("/start", chat_id=7, language_code="ar-SA")
    bot.telegram.say("/start", chat_id=8, language_code="en")
    arabic, english = sorted(await bot.telegram.wait_for(2), key=lambda sent: sent.chat_id)
    assert "أهلًا! أنا راصد" in arabic.text
    assert "🌐 English" in arabic.labels
    assert english.text.startswith("Welcome! I am Rasid")
    assert "🌐 العربية" in english.labels


async def test_updates_that_make_no_sense_hold_up_nobody(bot: RunningBot) -> None:
    chat = {"id": 7, "type": "private", "first_name": "س"}
    person = {"id": 7, "is_bot": False, "first_name": "س", "language_code": "en"}
    message = {"message_id": 900, "date": 1, "chat": chat, "from": person}
    nonsense: tuple[dict[str, Any], ...] = (
        *({"callback_query": {}}, {"callback_query": {"id": "1"}}, {"callback_query": {"id": 2, "from": 3}}),
        {"callback_query": {"id": "3", "from": {}, "data": "v1:list:0", "message": message}},
        {"message": {**message, "chat": {"id": float("inf"), "type": "private"}, "text": "/start"}},
        {"message": {**message, "chat": {**chat, "first_name": {"a": 1}}, "text": "/nonsense"}},
        {"message": {**message, "from": {**person, "language_code": 5}, "text": "/nonsense"}},
        *({"message": {**message, "text": "\0\ud800"}}, {"message": {**message, "text": 5}}, {"message": []}),
        {"my_chat_member": {"chat": chat, "from": person, "new_chat_member": {"status": []}}},
    )
    for update in nonsense:
        bot.telegram.push(update)
    bot.telegram.say("/start", chat_id=8, user_id=8, language_code="en")
    bot.telegram.say("/settings", language_code="en")
    await bot.telegram.wait_until(lambda: any("Language" in sent.text for sent in bot.telegram.sent))
    await bot.telegram.wait_until(lambda: any(sent.chat_id == 8 for sent in bot.telegram.sent))
    assert [sent.text.startswith("Welcome") for sent in bot.telegram.sent if sent.chat_id == 8] == [True]


async def test_one_tap_changes_the_language_in_place(bot: RunningBot) -> None:
    greeting = await said(bot, "/start")
    query = bot.telegram.press("🌐 English")
    await bot.telegram.wait_until(lambda: greeting.edits == 1)
    assert greeting.text.startswith("Welcome! I am Rasid")
    await bot.telegram.wait_until(lambda: bot.telegram.answered.get(query) == "I speak English now.")
    assert (await said(bot, "/help")).text.startswith("How everything works")


async def test_what_is_spoken_changes_on_the_screen_where_one_is(bot: RunningBot) -> None:
    await said(bot, "/start")
    begun = await said(bot, "غزة")
    bot.telegram.press("🌐 English")
    await bot.telegram.wait_until(lambda: "From now on I watch" in begun.text)
    assert "🌐 العربية" in begun.labels
    settings = await said(bot, "/settings")
    bot.telegram.press("🌐 العربية")
    await bot.telegram.wait_until(lambda: "المنطقة الزمنية" in settings.text)
    bot.telegram.admins.add((GROUP, 7))
    bot.telegram.promote(GROUP, "member")
    (hello,) = (await bot.telegram.wait_for(4))[3:]
    bot.telegram.press("🌐 English", chat_id=GROUP)
    await bot.telegram.wait_until(lambda: hello.text.startswith("Welcome! I am Rasid"))
    assert "Set up here" in hello.labels


async def test_the_help_stays_when_the_language_changes(bot: RunningBot) -> None:
    shown = await said(bot, "/help", language_code="ar")
    bot.telegram.press("🌐 English")
    await bot.telegram.wait_until(lambda: shown.edits == 1)
    assert shown.text.startswith("How everything works")
    bot.telegram.press("🌐 العربية")
    await bot.telegram.wait_until(lambda: shown.edits == 2)
    assert shown.text.lstrip("\u200f").startswith("كيف يعمل كل شيء")


async def test_the_help_is_short_and_has_a_section_for_everything(bot: RunningBot) -> None:
    shown = await said(bot, "/help", language_code="en")
    assert len(shown.text) < 400
    named = {name for key, section in SECTIONS.items() if key != "commands" for name in section.commands}
    assert named == set(MENU) - {"start", "help"}
    for edits, (key, section) in enumerate(SECTIONS.items()):
        bot.telegram.press(data=f"v1:help:{key}")
        await bot.telegram.wait_until(partial(lambda edits: shown.edits > edits, edits))
        assert shown.text.startswith(section.title)
        assert "Help" in shown.labels
    bot.telegram.press("🌐 العربية")
    await bot.telegram.wait_until(lambda: "كل الأوامر" in shown.text)


async def test_each_line_becomes_a_watch(bot: RunningBot) -> None:
    answer = await said(bot, '/watch add القيارة\n\n"وسط بغداد"')
    assert answer.spans("bold")[:2] == ["القيارة", '"وسط بغداد"']
    assert queries(bot) == ["القيارة", '"وسط بغداد"']


WAYS_TO_ADD = [
    "/watch نفط", "/watch add نفط", "/watch@rasid_test_bot add نفط", "/WATCH نفط", "/watch أضف نفط", "/watch اضف نفط",
    "/watch ADD\nنفط",
]  # fmt: skip


@pytest.mark.parametrize("text", WAYS_TO_ADD)
async def test_a_watch_can_be_added_in_several_ways(bot: RunningBot, text: str) -> None:
    await said(bot, text)
    assert queries(bot) == ["نفط"]


async def test_a_watch_is_added_once(bot: RunningBot) -> None:
    await said(bot, "/watch نفط")
    assert "بالفعل" in (await said(bot, "/watch نفط")).text
    assert queries(bot) == ["نفط"]


async def test_a_watch_that_is_more_than_words_is_said_in_words(bot: RunningBot) -> None:
    answer = await said(bot, "/watch add لغة:العربية سد NEAR/1 النهضة -رياضة", language_code="en")
    assert "articles in Arabic with “سد” next to “النهضة”, without “رياضة”" in answer.text
    answer = await said(bot, "/watch add سد النهضة", language_code="en")
    assert "That is" not in answer.text


async def test_a_query_that_cannot_be_understood_is_answered_with_place_and_hint(bot: RunningBot) -> None:
    answer = await said(bot, "/watch add نفط AND (سعر\nغزة", language_code="en")
    assert "This parenthesis is never closed." in answer.text
    assert answer.spans("code") == ["نفط AND ▶(سعر", "نفط AND سعر", "نفط AND (سعر)"]
    assert "Did you mean" in answer.text
    assert "Put a ) where the group ends." in answer.text
    assert queries(bot) == ["غزة"]


async def test_the_place_of_a_mistake_is_shown_among_whole_words(bot: RunningBot) -> None:
    answer = await said(bot, "/watch add ball AND (basket OR foot", language_code="en")
    assert "ball AND ▶(basket OR foot" in answer.spans("code"), answer.text
    answer = await said(bot, "/watch add a harbour that sleeps AND wakes AND (ships OR boats OR ferries OR rafts")
    assert "…that sleeps AND wakes AND ▶(ships OR boats OR…" in answer.spans("code")


async def test_no_more_watches_than_there_is_room_for(sqlite_database: Database, telegram: FakeTelegram) -> None:
    settings = settings_for(telegram).model_copy(update={"limits": LimitSettings(watches_per_chat=1)})
    async with running(sqlite_database, telegram, settings) as bot:
        answer = await said(bot, "/watch غزة\nنفط", language_code="en")
        assert "There is no room for" in answer.text
        assert queries(bot) == ["غزة"]


async def test_no_more_expressions_than_a_chat_may_have(bot: RunningBot) -> None:
    lines = "\n".join(f"/غزة{number}\\d/" for number in range(MOST[Burden.REGEX] + 1))
    answer = await said(bot, f"/watch add {lines}", language_code="en")
    assert "all the expressions, stars and NEAR they may" in answer.text
    assert "remove a watch first" not in answer.text


async def test_a_paused_watch_is_shown_as_such_and_stands_again_when_it_is_asked_for(bot: RunningBot) -> None:
    await said(bot, "/watch غزة\nنفط", language_code="en")
    oil = bot.database.read_now(list_watches)[1]
    bot.database.write_now(set_state, oil, WatchState.PAUSED, now=NOW)
    lines = (await said(bot, "/watch", language_code="en")).text.splitlines()
    assert [line.split(" ")[1:3] for line in lines[1:] if "paused" in line] == [["⏸", "paused:"]]
    assert "From now on I watch" in (await said(bot, "/watch نفط", language_code="en")).text
    assert bot.database.read_now(list_watches)[1].state is WatchState.ACTIVE


async def test_a_watch_is_removed_by_number_by_words_and_by_button(bot: RunningBot) -> None:
    await said(bot, "/watch غزة\nنفط\nماء\nقمح")
    await said(bot, "/watch remove 2")
    assert queries(bot) == ["غزة", "ماء", "قمح"]
    await said(bot, "/watch remove ماء")
    assert queries(bot) == ["غزة", "قمح"]
    shown = await said(bot, "/watch list")
    bot.telegram.press("1 · غزة")
    await bot.telegram.wait_until(lambda: shown.edits == 1)
    bot.telegram.press("🗑 احذف")
    await bot.telegram.wait_until(lambda: shown.edits == 2)
    assert shown.spans("code") == ["غزة"]
    assert queries(bot) == ["قمح"]


@pytest.mark.parametrize("verb", ["remove", "delete", "Delete", "del", "rm", "احذف", "حذف"])
async def test_removing_has_many_names(bot: RunningBot, verb: str) -> None:
    await said(bot, "/watch غزة\nنفط")
    await said(bot, f"/watch {verb} 1")
    assert queries(bot) == ["نفط"]


@pytest.mark.parametrize("text", ["/watch", "/watch list", "/watch قائمة"])
async def test_the_list_is_shown_and_nothing_added(bot: RunningBot, text: str) -> None:
    await said(bot, "/watch غزة")
    assert "1. " in (await said(bot, text)).text
    assert queries(bot) == ["غزة"]


async def test_a_watch_may_begin_with_the_word_list(bot: RunningBot) -> None:
    await said(bot, "/watch قائمة المرشحين")
    assert queries(bot) == ["قائمة المرشحين"]


async def test_a_watch_that_is_too_long_is_told_the_limit(bot: RunningBot) -> None:
    assert "500" in (await said(bot, "/watch " + "نفط " * 200)).text


async def test_a_removed_watch_can_be_taken_back(bot: RunningBot) -> None:
    await said(bot, '/watch "سد النهضة" NOT رياضة')
    (watch,) = bot.database.read_now(list_watches)
    gone = await said(bot, "/watch remove 1")
    bot.telegram.press("تراجع")
    await bot.telegram.wait_until(lambda: gone.edits == 1)
    (back,) = bot.database.read_now(list_watches)
    assert (back.id, back.query) == (watch.id, watch.query)


async def test_a_watch_that_is_not_there_is_offered_from_the_list(bot: RunningBot) -> None:
    await said(bot, "/watch غزة")
    bot.telegram.say("/watch remove قمح", language_code="en")
    _, sorry, shown = await bot.telegram.wait_for(3)
    assert "قمح" in sorry.text
    assert "غزة" in shown.text


async def test_a_long_list_has_pages(bot: RunningBot) -> None:
    await said(bot, "/watch " + "\n".join(f"كلمة{number}" for number in range(25)))
    shown = await said(bot, "/watch")
    assert "10. " in shown.text
    assert "11. " not in shown.text
    bot.telegram.press("التالي")
    await bot.telegram.wait_until(lambda: shown.edits == 1)
    bot.telegram.press("التالي")
    await bot.telegram.wait_until(lambda: shown.edits == 2)
    assert shown.text.endswith("كلمة24\u2069")
    assert "التالي" not in shown.labels


async def test_text_that_is_no_command_is_offered_to_be_watched(bot: RunningBot) -> None:
    await said(bot, "/watch غزة")
    offer = await said(bot, "سد النهضة")
    assert offer.spans("code") == ["سد النهضة"]
    bot.telegram.press("احفظ")
    await bot.telegram.wait_until(lambda: offer.edits == 1)
    assert queries(bot) == ["غزة", "سد النهضة"]


async def test_every_press_is_answered_even_a_forged_one(bot: RunningBot) -> None:
    await said(bot, "/start", language_code="en")
    forged = ["", "v1:", "v1:rm:-1", "v1:rm:99999999999999999999", "v2:rm:1", "v1:lang:../../etc", "v1:add", "\x00"]
    pressed = [bot.telegram.press(data=data) for data in forged]
    await bot.telegram.wait_until(lambda: all(query in bot.telegram.answered for query in pressed))
    assert bot.telegram.refused == []


async def test_an_update_is_handled_once_however_often_it_is_offered(
    bot: RunningBot, states: Callable[[], list[tuple[str, str, int]]]
) -> None:
    number = bot.telegram.say("/watch غزة")
    await bot.telegram.wait_for(1)
    message = {"message": {"message_id": 5, "chat": {"id": 7, "type": "private"}, "text": "/watch نفط"}}
    bot.telegram.push({"update_id": number} | message)
    await said(bot, "/help")
    assert queries(bot) == ["غزة"]
    assert len(states()) == 2


async def test_an_update_that_fails_is_apologised_for_and_does_not_block_the_next(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(*_: object) -> None:
        raise RuntimeError("the handler broke")

    monkeypatch.setattr(watchlists, "watchlists_of", explode)
    sorry = await said(bot, "/watch", language_code="en")
    assert "went wrong" in sorry.text
    assert sorry.spans("code")[0].startswith("U")
    assert (await said(bot, "/help")).text.startswith("How everything works")
    assert "the handler broke" in caplog.text


async def test_what_is_watched_in_a_group_is_nobodys_own_there(bot: RunningBot) -> None:
    bot.telegram.admins.add((GROUP, 7))
    first = await said(bot, "/start", chat_id=GROUP, language_code="en")
    assert "Watches" in first.labels
    assert "I hear commands and buttons only" in (await said(bot, "/help", chat_id=GROUP)).text


async def test_only_administrators_change_the_watches_of_a_group(bot: RunningBot) -> None:
    bot.telegram.admins.add((GROUP, 7))
    await said(bot, "/watch add غزة", chat_id=GROUP, user_id=7, language_code="en")
    refused = await said(bot, "/watch add نفط", chat_id=GROUP, user_id=9)
    assert refused.text == "Only administrators may do that here."
    await said(bot, "/watch add ماء", chat_id=GROUP, user_id=1, as_chat=True)
    assert queries(bot, GROUP) == ["غزة", "ماء"]
    shown = await said(bot, "/watch", chat_id=GROUP, user_id=9)
    assert "غزة" in shown.text
    bot.telegram.press("1 · غزة", chat_id=GROUP, user_id=9)
    await bot.telegram.wait_until(lambda: shown.edits == 1)
    query = bot.telegram.press("🗑 Remove", chat_id=GROUP, user_id=9)
    await bot.telegram.wait_until(lambda: "administrators" in bot.telegram.answered.get(query, ""))
    assert queries(bot, GROUP) == ["غزة", "ماء"]


async def test_in_groups_only_commands_for_us_are_answered(bot: RunningBot) -> None:
    for text in ("غزة", "/watch@another_bot نفط", "/unknown"):
        bot.telegram.say(text, chat_id=GROUP)
    await said(bot, "/help")
    assert [sent.chat_id for sent in bot.telegram.sent] == [7]


async def test_a_topic_has_watches_of_its_own(bot: RunningBot) -> None:
    answer = await said(bot, "/watch غزة", chat_id=-1000000000500, as_chat=True, thread_id=42)
    assert answer.thread_id == 42
    assert queries(bot, -1000000000500, 42) == ["غزة"]
    assert queries(bot, -1000000000500) == []


async def test_a_new_topic_speaks_the_language_of_its_group(bot: RunningBot) -> None:
    forum = -1000000000500
    bot.telegram.promote(forum, "member", language_code="ar")  # somebody adds the bot
    await bot.telegram.wait_for(1)
    helped = await said(bot, "/help", chat_id=forum, thread_id=42, user_id=9, language_code="en")
    refused = await said(bot, "/watch add oil", chat_id=forum, thread_id=43, user_id=9, language_code="en")
    assert "لا أسمع إلا الأوامر" in helped.text
    assert "لا يفعل ذلك هنا إلا المشرفون." in refused.text


async def test_of_a_group_nobody_knows_an_administrator_decides_the_language_and_nobody_else(bot: RunningBot) -> None:
    bot.telegram.admins.add((GROUP, 7))
    bot.telegram.admins.add((GROUP - 1, 7))
    assert "لا أسمع إلا الأوامر" in (await said(bot, "/help", chat_id=GROUP, user_id=9, language_code="en")).text
    assert "I hear commands" in (await said(bot, "/help", chat_id=GROUP - 1, user_id=7, language_code="en")).text


async def test_a_group_that_becomes_a_supergroup_keeps_its_watches(bot: RunningBot) -> None:
    await said(bot, "/watch غزة", chat_id=GROUP, as_chat=True)
    old = {"chat": {"id": GROUP, "type": "group"}, "message_id": 9}
    bot.telegram.push({"message": old | {"migrate_to_chat_id": -1000000000600}})
    shown = await said(bot, "/watch", chat_id=-1000000000600, as_chat=True)
    assert "غزة" in shown.text


async def test_strangers_are_turned_away_once_and_told_their_number(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    async with running(sqlite_database, telegram, settings_for(telegram, access="list", admins=(7,))) as bot:
        refused = await said(bot, "/watch نفط", chat_id=66, user_id=66, language_code="en")
        assert refused.spans("code") == ["66"]
        bot.telegram.say("hello?", chat_id=66, user_id=66, language_code="en")
        await said(bot, "/watch غزة", chat_id=7)
        assert [sent.chat_id for sent in telegram.sent] == [66, 7]
        assert queries(bot, 66) == []
        assert queries(bot, 7) == ["غزة"]


async def test_outlet_names_cannot_act(bot: RunningBot) -> None:
    bot.database.write_now(
        lambda connection: add_outlet(
            connection,
            NewOutlet("/start @admin \u202eevil", "https://evil.example/"),
            [NewSource("https://evil.example/feed")],
            now=NOW,
        )
    )
    assert "/\u2060start @\u2060admin evil" in (await said(bot, "/outlets")).text


async def test_a_question_ends_where_a_button_leads_elsewhere_and_not_at_a_notice(bot: RunningBot) -> None:
    await said(bot, "/watch oil", language_code="en")
    for name, elsewhere in (("Notice", f"v1:{STOP}:99"), ("Elsewhere", f"v1:{HELP}:")):
        before = len(bot.telegram.sent)
        await pressed(bot, data=f"v1:{NEW_LIST}:")
        await bot.telegram.wait_for(before + 1)
        await pressed(bot, data=elsewhere)
        await said(bot, name)
    assert lists(bot) == ["default", "Notice"]
    assert "Elsewhere" in bot.telegram.sent[-1].text, "it is offered as a watch instead"


async def test_in_a_group_a_question_goes_to_whoever_made_the_bot_ask(bot: RunningBot) -> None:
    bot.telegram.admins.add((GROUP, 7))
    asked = await said(bot, "/search", chat_id=GROUP, message_id=4711)
    assert asked.markup["selective"]
    assert asked.replies_to == 4711
    bot.telegram.press(data="v1:search:", chat_id=GROUP, message=asked)
    asked = (await bot.telegram.wait_for(2))[1]
    assert [one["user"] for one in asked.entities if one["type"] == "text_mention"] == [{"id": 7}]
    assert "سارة" in asked.text.splitlines()[0]
