"""Watches kept by buttons: the first one, what is shown before one is saved, and what is done with one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from monitors.articles import ArticleState
from monitors.storage.articles import save
from monitors.storage.engine import Database
from monitors.storage.watches import list_watches
from monitors.watchlists import Watch, WatchState
from tests.bot.conftest import RunningBot, pressed, said
from tests.fakes.telegram_messages import SentMessage
from tests.monitors.archive import archive
from tests.rows import NOW, a_new_article, an_outlet

GROUP = -500


async def an_archive(database: Database, *titles: str) -> None:
    """Articles of today."""
    outlet, _ = database.write_now(an_outlet)
    await archive(
        database,
        *(
            a_new_article(outlet, number, title=title, first_seen_at=datetime.now(UTC))
            for number, title in enumerate(titles, 1)
        ),
    )


def watches(bot: RunningBot) -> list[Watch]:
    return bot.database.read_now(list_watches)


async def edited(bot: RunningBot, screen: SentMessage, label: str | None = None, **how: Any) -> SentMessage:
    """The screen after one of its buttons was pressed."""
    before = screen.edits
    bot.telegram.press(label, **how)
    await bot.telegram.wait_until(lambda: screen.edits > before)
    return screen


async def test_a_topic_stands_after_two_taps_and_shows_its_newest_article(bot: RunningBot) -> None:
    await an_archive(bot.database, "خبر من غزة", "خبر آخر")
    await said(bot, "/start")
    bot.telegram.press("غزة")
    answer = (await bot.telegram.wait_for(2))[1]
    assert [watch.query for watch in watches(bot)] == ["غزة"]
    assert answer.spans("underline") == ["غزة"]
    assert "خيارات" in answer.labels


async def test_a_first_word_stands_at_once(bot: RunningBot) -> None:
    await an_archive(bot.database, "افتتاح سد النهضة")
    await said(bot, "/start", language_code="en")
    answer = await said(bot, "سد النهضة", language_code="en")
    assert "From now on I watch" in answer.text
    assert "The newest about it so far" in answer.text
    assert answer.spans("underline") == ["سد النهضة"]


async def test_without_news_the_way_to_outlets_is_offered(bot: RunningBot) -> None:
    await said(bot, "/start", language_code="en")
    answer = await said(bot, "oil", language_code="en")
    assert "No outlet is followed yet" in answer.text
    assert "Catalogue" in answer.labels
    assert [watch.query for watch in watches(bot)] == ["oil"]


async def test_a_first_watch_that_nothing_meets_says_what_is_followed(bot: RunningBot) -> None:
    await an_archive(bot.database, "خبر من غزة")
    await said(bot, "/start", language_code="en")
    answer = await said(bot, "Westminster", language_code="en")
    assert "There is nothing about it yet." in answer.text
    assert "📰 1 outlet is followed · Arabic\nIf your news comes from others, follow them, too." in answer.text
    assert {"Catalogue", "Outlets"} <= set(answer.labels)
    assert "has not been read" not in answer.text


async def test_a_first_watch_says_how_much_it_could_not_be_tried_on_yet(bot: RunningBot) -> None:
    outlet, _ = bot.database.write_now(an_outlet)
    bot.database.write_now(save, [a_new_article(outlet, 1, title="خبر من غزة")], now=NOW, state=ArticleState.ARCHIVED)
    await said(bot, "/start", language_code="en")
    answer = await said(bot, "غزة")
    assert "There is nothing about it yet." in answer.text
    assert "1 article of the archive has not been read for searching yet." in answer.text


async def test_the_newest_so_far_is_said_to_be_of_what_was_read(bot: RunningBot) -> None:
    await an_archive(bot.database, "خبر من غزة")
    outlet, _ = bot.database.write_now(an_outlet, "Horizon")
    bot.database.write_now(save, [a_new_article(outlet, 9, title="خبر آخر")], now=NOW, state=ArticleState.ARCHIVED)
    await said(bot, "/start", language_code="en")
    answer = await said(bot, "غزة")
    assert "The newest about it so far:" in answer.text
    assert answer.text.endswith("1 article of the archive has not been read for searching yet.")


async def test_a_first_word_that_only_another_spelling_finds_is_shown_before_it_is_saved(bot: RunningBot) -> None:
    await an_archive(bot.database, "خبر من غزة")
    await said(bot, "/start", language_code="en")
    shown = await said(bot, "غزه", language_code="en")
    assert "Found lately by wider forms of it:" in shown.text
    await edited(bot, shown, "غزة +1")
    assert shown.spans("code") == ["غزه OR غزة"]
    assert watches(bot) == []


async def test_a_word_that_is_misspelled_is_offered_as_it_stands_in_headlines(bot: RunningBot) -> None:
    await an_archive(bot.database, "Fuel prices rise", "fuel again")
    await said(bot, "/start", language_code="en")
    for text in ("feul", "feul", "/watch feul"):
        shown = await said(bot, text, language_code="en")
        assert "Did you mean \u2068fuel\u2069?" in shown.text
        await edited(bot, shown, "Yes, I mean that")
        assert shown.spans("code") == ["fuel"]
        assert "2 alerts in the last 7 days" in shown.text
        await edited(bot, shown, "Save")


async def test_those_who_watch_something_see_how_things_stand(bot: RunningBot) -> None:
    await said(bot, "/watch oil", language_code="en")
    assert "1 watch" in (await said(bot, "/start")).text


@pytest.fixture
async def offered(bot: RunningBot) -> SentMessage:
    """A word that is shown before it is saved."""
    await an_archive(bot.database, "oil prices rise", "oil again", "prices of oil and gas", "wheat")
    await said(bot, "/watch wheat", language_code="en")
    return await said(bot, "oil", language_code="en")


async def test_what_a_watch_would_have_brought_is_shown_before_it_is_saved(
    bot: RunningBot, offered: SentMessage
) -> None:
    assert "3 alerts in the last 7 days" in offered.text
    assert offered.spans("underline") == ["oil"] * 3
    assert [watch.query for watch in watches(bot)] == ["wheat"]
    assert "From now on I watch" in (await edited(bot, offered, "Save")).text
    assert [watch.query for watch in watches(bot)] == ["wheat", "oil"]


async def test_a_watch_that_is_cancelled_is_not_saved(bot: RunningBot, offered: SentMessage) -> None:
    assert "Nothing was saved" in (await edited(bot, offered, "Cancel")).text
    assert [watch.query for watch in watches(bot)] == ["wheat"]


async def test_a_watch_can_be_changed_before_it_is_saved(bot: RunningBot, offered: SentMessage) -> None:
    before = len(bot.telegram.sent)
    bot.telegram.press("Change")
    await bot.telegram.wait_for(before + 1)
    again = await said(bot, "oil AND gas")
    assert "1 alert in the last 7 days" in again.text
    await edited(bot, again, "Save")
    assert [watch.query for watch in watches(bot)] == ["wheat", "oil AND gas"]


async def test_what_was_probably_meant_is_a_button(bot: RunningBot, offered: SentMessage) -> None:
    wrong = await said(bot, "oil AND (gas")
    assert "This parenthesis is never closed." in wrong.text
    meant = await edited(bot, wrong, "Yes, I mean that")
    assert meant.spans("code") == ["oil AND (gas)"]
    await edited(bot, wrong, "Save")
    assert [watch.query for watch in watches(bot)] == ["wheat", "oil AND (gas)"]


async def test_what_finds_nothing_is_offered_in_wider_forms(bot: RunningBot, offered: SentMessage) -> None:
    shown = await said(bot, '"gas oil"')
    wider = next(label for label in shown.labels if "+" in label)
    await edited(bot, shown, wider)
    assert "in the last 7 days" in shown.text
    assert shown.spans("code") == ["gas AND oil"]


async def test_what_can_never_be_met_and_what_is_there_already_is_said(bot: RunningBot, offered: SentMessage) -> None:
    assert "No article can ever meet it" in (await said(bot, "oil NOT oil")).text
    assert "is just the same" in (await said(bot, '"wheat"')).text


async def test_a_typed_order_that_can_never_be_met_is_shown_first(bot: RunningBot, offered: SentMessage) -> None:
    assert "Save" in (await said(bot, "/watch add oil NOT oil")).labels
    assert "3 alerts in the last 7 days" in (await said(bot, "/watch add oil")).text
    assert [watch.query for watch in watches(bot)] == ["wheat", "oil"]


async def the_watch(bot: RunningBot, query: str = "oil") -> SentMessage:
    await said(bot, f"/watch {query}", language_code="en")
    return await edited(bot, await said(bot, "/watches"), f"1 · {query}")


async def test_a_watch_says_what_it_means_and_has_found(bot: RunningBot) -> None:
    screen = await the_watch(bot, "oil -gas")
    assert "Exact: each word letter for letter\nNormal: " in screen.text
    assert "“oil”, without “gas”" in screen.text
    assert "It has found nothing yet" in screen.text


async def test_a_watch_is_paused_and_resumed(bot: RunningBot) -> None:
    screen = await the_watch(bot)
    assert "It is paused" in (await edited(bot, screen, "Pause")).text
    assert watches(bot)[0].state is WatchState.PAUSED
    assert "It is paused" not in (await edited(bot, screen, "Resume")).text


async def test_a_paused_watch_that_is_removed_comes_back_paused(bot: RunningBot) -> None:
    screen = await the_watch(bot)
    (watch,) = watches(bot)
    await edited(bot, screen, "Pause")
    await edited(bot, screen, "🗑 Remove")
    assert watches(bot) == []
    await edited(bot, screen, "Undo")
    assert [(one.id, one.state) for one in watches(bot)] == [(watch.id, WatchState.PAUSED)]


@pytest.mark.parametrize(("label", "query"), [("Exact", "=oil"), ("Wide", "~oil")])
async def test_another_form_is_shown_before_it_is_saved(bot: RunningBot, label: str, query: str) -> None:
    screen = await the_watch(bot)
    (watch,) = watches(bot)
    assert (await edited(bot, screen, label)).spans("code") == [query]
    await edited(bot, screen, "Save")
    assert [(one.id, one.query) for one in watches(bot)] == [(watch.id, query)]


@pytest.mark.parametrize("query", ["oil", "oil gas"])
async def test_the_form_it_has_already_is_not_asked_for_again(bot: RunningBot, query: str) -> None:
    await the_watch(bot, query)
    assert await pressed(bot, "✅ Normal") == "It is so already."


async def test_a_word_is_excluded_from_one_watch(bot: RunningBot) -> None:
    await the_watch(bot)
    before = len(bot.telegram.sent)
    bot.telegram.press("Without …")
    await bot.telegram.wait_for(before + 1)
    shown = await said(bot, "gas")
    assert shown.spans("code") == ["oil AND NOT gas"]
    await edited(bot, shown, "Save")
    assert [one.query for one in watches(bot)] == ["oil AND NOT gas"]


async def test_a_watch_is_edited_in_place(bot: RunningBot) -> None:
    await the_watch(bot)
    (watch,) = watches(bot)
    before = len(bot.telegram.sent)
    bot.telegram.press("Edit")
    await bot.telegram.wait_for(before + 1)
    await edited(bot, await said(bot, "gas"), "Save")
    assert [(one.id, one.query) for one in watches(bot)] == [(watch.id, "gas")]


async def test_a_watch_as_it_is_can_be_tried(bot: RunningBot) -> None:
    await an_archive(bot.database, "oil prices rise")
    screen = await the_watch(bot)
    assert "1 alert in the last 7 days" in (await edited(bot, screen, "Back-test")).text
    assert "It has found nothing yet" in (await edited(bot, screen, "↩ Back")).text


FORGED = ["w:{w}", "wt:{w}", "we:{w}", "wf:{w}:w", "wn:{w}", "wp:{w}:1", "wm:{w}", "wm:{w}:{l}", "rm:{w}", "wl:{l}:0",
          "wlm:{l}", "wlr:{l}", "wlc:{l}", "wlp:{l}:1", "wlx:{l}", "wlu:{l}", "wa:{l}", "ws:w{w}", "ws:l{l}",
          "wc:w{w}", "wx:w{w}", "wy:l{l}", "ww:l{l}:0", "wu:{w}:a"]  # fmt: skip


async def test_buttons_forged_with_others_ids_do_nothing(bot: RunningBot) -> None:
    await said(bot, "/watch oil", chat_id=7, language_code="en")
    (watch,) = watches(bot)
    await said(bot, "/start", chat_id=8, user_id=8, language_code="en")
    for data in FORGED:
        forged = "v1:" + data.format(w=watch.id, l=watch.watchlist_id)
        assert await pressed(bot, data=forged, chat_id=8, user_id=8) != "", data
    assert watches(bot) == [watch]
    assert all("oil" not in sent.text for sent in bot.telegram.sent if sent.chat_id == 8)


async def test_words_are_left_out_of_a_whole_list(bot: RunningBot) -> None:
    await said(bot, "/watch oil", language_code="en")
    await said(bot, "/watches")
    before = len(bot.telegram.sent)
    await pressed(bot, "Limits")
    await pressed(bot, "Never with …")
    await bot.telegram.wait_for(before + 1)
    limits = await said(bot, "gas")
    assert "Never with: \u2068gas\u2069" in limits.text
    assert "Leave nothing out" in limits.labels  # the screen that asked
    assert [watch.excluding for watch in watches(bot)] == ["gas"]
    assert "No article can ever meet it" in (await said(bot, "oil AND gas")).text


async def test_an_answer_that_will_not_do_leaves_the_question_open(bot: RunningBot) -> None:
    await said(bot, "/watch oil", language_code="en")
    await said(bot, "/watches")
    await pressed(bot, "All lists")
    await pressed(bot, "＋ New list")
    await bot.telegram.wait_for(3)
    assert "at most 100" in (await said(bot, "x" * 200)).text
    assert "Ports\u2069 · 0 watches" in (await said(bot, "Ports")).text
    before = len(bot.telegram.sent)
    await pressed(bot, "Limits")
    await pressed(bot, "Never with …")
    await bot.telegram.wait_for(before + 1)
    assert "Only words and phrases" in (await said(bot, "title:gas")).text
    assert "Never with" in (await said(bot, "gas")).text


async def test_only_administrators_save_in_a_group(bot: RunningBot) -> None:
    bot.telegram.admins.add((GROUP, 7))
    await said(bot, "/watch oil", chat_id=GROUP, user_id=7, language_code="en")
    (watch,) = watches(bot)
    for data in ("rm:{w}", "wp:{w}:1", "wlx:{l}", "wlp:{l}:1", "ws:l{l}", "wa:{l}", "topic:gaza", "add:", "wf:{w}:w"):
        forged = "v1:" + data.format(w=watch.id, l=watch.watchlist_id)
        assert "administrators" in await pressed(bot, data=forged, chat_id=GROUP, user_id=9), data
    assert watches(bot) == [watch]
    assert len(bot.telegram.sent) == 1


async def test_several_lines_are_tried_together_and_saved_by_one_tap(bot: RunningBot) -> None:
    await an_archive(bot.database, "oil 1", "oil 2", "سد النهضة", "oil 3")
    await said(bot, "/start", language_code="en")
    offered = await said(bot, "  oil\n\nسد النهضة\n(a OR\noil -oil", language_code="en")
    assert offered.spans("code")[0] == "oil\nسد النهضة\n(a OR\noil -oil"
    assert "4 alerts in the last 7 days" in offered.text
    assert offered.text.count("▫️") == 3
    assert "No article can ever meet these:\n• \u2068oil -oil" in offered.text
    assert "Line 3: \u2068(a OR\u2069\n" in offered.text
    assert offered.labels == ["Save the others", "Save without ⚠️", "Change", "Cancel"]
    assert not watches(bot)
    await edited(bot, offered, "Save without ⚠️")
    assert [watch.query for watch in watches(bot)] == ["oil", "سد النهضة"]
    assert "write it after this command" in (await said(bot, "one\n" + "long " * 100)).text


async def test_several_lines_that_were_asked_for_are_shown_first_as_well(bot: RunningBot) -> None:
    await an_archive(bot.database, "oil", "wheat")
    await said(bot, "/watch gas", language_code="en")
    await pressed(bot, "Add words")
    await bot.telegram.wait_for(2)
    offered = await said(bot, "oil\nwheat")
    assert "2 alerts in the last 7 days" in offered.text
    assert [watch.query for watch in watches(bot)] == ["gas"]
    await edited(bot, offered, "Save all")
    assert [watch.query for watch in watches(bot)] == ["gas", "oil", "wheat"]
    await pressed(bot, "Add words")
    await bot.telegram.wait_for(4)
    assert "at most 100 lines, and 2000 letters" in (await said(bot, "oil\n" * 101)).text
    typed = await said(bot, "/watch add coal\noil -oil")
    assert typed.labels[:2] == ["Save all", "Save without ⚠️"]
    assert "0 alerts in the last 7 days" in (await said(bot, "/watch add coal\ntea")).text


async def test_a_regular_expression_is_no_command(bot: RunningBot) -> None:
    await said(bot, "/watch oil", language_code="en")
    assert "/gas(oil)?/" in (await said(bot, "/gas(oil)?/")).text
    assert "I do not know this command" in (await said(bot, "/gas")).text


async def test_a_question_needs_no_answer(bot: RunningBot) -> None:
    listed = await said(bot, "/watch oil", language_code="en")
    bot.telegram.press("Add words")
    await bot.telegram.wait_for(2)
    bot.telegram.say("/cancel")
    done, first = (await bot.telegram.wait_for(4))[2:]
    assert done.text == "All right, nothing was changed."
    assert "My watches" in first.labels
    assert "Shall I watch this?" in (await said(bot, "gas")).text
    assert "I can read words" in (await said(bot, "")).text
    bot.telegram.say("/cancel", chat_id=GROUP)
    assert "oil" in (await said(bot, "/watch list")).text
    assert listed.chat_id == 7


async def test_phrases_are_told_apart_on_their_buttons(bot: RunningBot) -> None:
    phrases = ('"أسعار القمح في الأسواق"', '"أسعار القمح في الموانئ البعيدة جدا"')
    await said(bot, "/watch oil\ngas", language_code="en")
    short = (await said(bot, "/watches")).buttons
    assert [[one["text"] for one in row] for row in short[:1]] == [["1 · oil", "2 · gas"]]
    await said(bot, "/watch " + "\n".join(phrases))
    labels = [[one["text"] for one in row] for row in (await said(bot, "/watches")).buttons]
    assert labels[:4] == [["1 · oil"], ["2 · gas"], [f"3 · {phrases[0]}"], ['4 · "أسعار القمح في الموانئ…']]
