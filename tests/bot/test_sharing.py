"""Watchlists shared by a link: what others see, take, copy and lose, and what stays the owner's."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Connection

from bot.words.buttons import COPY, COPY_LIST, DELETE_LIST, LIST, REST_LIST, RULES, SHARE, SUBSCRIBE, TAKEN, TOLD, WATCH
from monitors.chats import Chat, ChatAddress, Transport
from monitors.storage.chats import find_chat
from monitors.storage.leaving import begin_leaving
from monitors.storage.shares import is_any_ended, share_of, tell_of_ends
from monitors.storage.subscriptions import subscriptions_of, takers_of
from monitors.storage.watches import list_watches
from monitors.storage.watchlists import delete_watchlist, find_watchlist, limit_watchlist, watchlists_of
from monitors.wakeups import DELIVERIES
from monitors.watchlists import UNDO
from tests.bot.conftest import RunningBot, eventually, pressed, said
from tests.rows import NOW, SECOND

GROUP = -500


def a_chat(connection: Connection, chat_id: int) -> Chat:
    chat = find_chat(connection, ChatAddress(Transport.TELEGRAM, chat_id))
    assert chat is not None
    return chat


def queries(bot: RunningBot, chat_id: int) -> dict[str, list[str]]:
    """The chat's own watchlists with their words."""

    def read(connection: Connection) -> dict[str, list[str]]:
        chat = a_chat(connection, chat_id)
        lists = watchlists_of(connection, chat.id)
        return {
            one.name: [watch.query for watch in list_watches(connection, chat.id, watchlist=one.name)] for one in lists
        }

    return bot.database.read_now(read)


def taken(bot: RunningBot, chat_id: int) -> list[bool]:
    """Of each subscription of the chat whether it is of its own list."""
    return bot.database.read_now(
        lambda connection: [one.owned for one in subscriptions_of(connection, a_chat(connection, chat_id).id)]
    )


@pytest.fixture
async def token(bot: RunningBot) -> str:
    """Sara, 7, shares her watchlist; the token of its link."""
    await said(bot, "/watch نفط\nغزة", language_code="en")
    await pressed(bot, data=f"v1:{SHARE}:1")
    shown = bot.telegram.sent[-1]
    await bot.telegram.wait_until(lambda: shown.edits == 1)
    token = bot.database.read_now(share_of, 1)
    assert token is not None
    assert len(token) == 22
    assert shown.spans("code") == [f"https://t.me/{bot.telegram.username}?start=w_{token}"]
    return token


async def test_whoever_is_new_reads_what_is_shared_in_another_language(bot: RunningBot, token: str) -> None:
    shown = await said(bot, f"/start w_{token}", chat_id=8, user_id=8, language_code="en")
    await pressed(bot, "🌐 العربية", chat_id=8, user_id=8)
    await bot.telegram.wait_until(lambda: shown.edits == 1)
    assert shown.labels[0] in ("اشترك", "انسخها هنا")
    assert "نفط" in shown.text
    await pressed(bot, data=f"v1:{SUBSCRIBE}:{token}", chat_id=8, user_id=8)
    again = await said(bot, f"/start w_{token}", chat_id=8, user_id=8)
    assert not any(label.startswith("🌐") for label in again.labels)


async def test_a_link_shows_what_is_shared_and_not_whose_it_is(bot: RunningBot, token: str) -> None:
    preview = await said(bot, f"/start w_{token}", chat_id=8, user_id=8, language_code="en")
    assert "نفط" in preview.text
    assert "سارة" not in preview.text
    assert preview.labels == ["Subscribe", "Copy it here", "Into a group", "No, thanks", "🌐 العربية"]


async def test_what_it_leaves_out_is_said_before_and_after_somebody_subscribes(bot: RunningBot, token: str) -> None:
    def limit(connection: Connection) -> None:
        watchlist = find_watchlist(connection, 1, 1)
        assert watchlist is not None
        limit_watchlist(connection, watchlist, excluding="رياضة", outlets=None, languages=["ar"])

    await bot.database.write(limit)
    preview = await said(bot, f"/start w_{token}", chat_id=8, user_id=8, language_code="en")
    assert "Never with: \u2068رياضة\u2069" in preview.text
    await pressed(bot, "Subscribe", chat_id=8, user_id=8)
    screen = await said(bot, "/subscriptions", chat_id=8, user_id=8)
    await pressed(bot, screen.labels[0], chat_id=8, user_id=8)
    await bot.telegram.wait_until(lambda: "Only in: Arabic" in screen.text)


async def test_a_list_without_a_name_is_not_called_as_its_readers_own(bot: RunningBot, token: str) -> None:
    shared = bot.telegram.sent[-1]
    assert "It has no name yet: others see it as \u2068Shared list\u2069." in shared.text
    assert "Rename" in shared.labels
    await said(bot, "/watch wheat", chat_id=8, user_id=8, language_code="en")
    preview = await said(bot, f"/start w_{token}", chat_id=8, user_id=8)
    assert preview.text.startswith("Somebody shares a watchlist:")
    await pressed(bot, "Subscribe", chat_id=8, user_id=8)
    await bot.telegram.wait_until(lambda: "From now on alerts of \u2068Shared list\u2069 come here." in preview.text)
    times = await said(bot, "/times", chat_id=8, user_id=8)
    assert times.labels[:2] == ["1. Main list", "2. Shared list"]


async def test_a_subscriber_gets_the_owners_changes_at_once(bot: RunningBot, token: str) -> None:
    await said(bot, f"/start w_{token}", chat_id=8, user_id=8, language_code="en")
    await pressed(bot, "Subscribe", chat_id=8, user_id=8)
    assert taken(bot, 8) == [False]
    await said(bot, "/watch قمح")

    def takers(connection: Connection) -> set[int]:
        newest = list_watches(connection)[-1]
        found = takers_of(connection, [newest.id], outlet_id=1, language="ar", zone="UTC")
        return {taker.chat_id for taker in found}

    assert bot.database.read_now(takers) == {1, 2}
    await pressed(bot, data=f"v1:{SHARE}:1")
    await bot.telegram.wait_until(lambda: any("1 chat subscribes" in sent.text for sent in bot.telegram.sent))


async def test_a_subscriber_pauses_and_leaves_and_the_owner_cannot_be_touched(bot: RunningBot, token: str) -> None:
    await said(bot, f"/start w_{token}", chat_id=8, user_id=8, language_code="en")
    await pressed(bot, "Subscribe", chat_id=8, user_id=8)
    screen = await said(bot, "/subscriptions", chat_id=8, user_id=8)
    await pressed(bot, screen.labels[0], chat_id=8, user_id=8)
    await pressed(bot, "Pause", chat_id=8, user_id=8)
    await bot.telegram.wait_until(lambda: "Resume" in screen.labels)
    await pressed(bot, "Leave", chat_id=8, user_id=8)
    await bot.telegram.wait_until(lambda: "Shall it not come here any more?" in screen.text)
    assert taken(bot, 8) == [False]
    await pressed(bot, "Leave", chat_id=8, user_id=8)
    assert taken(bot, 8) == []
    assert taken(bot, 7) == [True]


async def test_every_screen_of_a_subscriber_leads_back(bot: RunningBot, token: str) -> None:
    """And whoever has no watch of their own finds what they subscribe to under *My watches*."""
    screen = await said(bot, f"/start w_{token}", chat_id=8, user_id=8, language_code="en")
    for label, then in (
        ("Subscribe", "From now on"),
        ("All subscriptions", "Watchlists of others"),
        ("My watches", "So far only watchlists of others come here"),
        ("All subscriptions", "Watchlists of others"),
        ("Shared list", "• "),
        ("When and how", "Alerts come at once."),
        ("Back", "• "),
        ("All subscriptions", "Watchlists of others"),
    ):
        await pressed(bot, label, chat_id=8, user_id=8, message=screen)
        await bot.telegram.wait_until(lambda words=then: words in screen.text)  # type: ignore[misc]


async def test_a_pause_of_the_owner_is_said_wherever_the_list_comes(bot: RunningBot, token: str) -> None:
    await said(bot, f"/start w_{token}", chat_id=8, user_id=8, language_code="en")
    await pressed(bot, "Subscribe", chat_id=8, user_id=8)
    screen = await said(bot, "/watches")
    await pressed(bot, "⋯ More", message=screen)
    await bot.telegram.wait_until(lambda: screen.edits == 1)
    assert "1 chat subscribes to it." in screen.text
    await pressed(bot, "Pause", message=screen)
    await bot.telegram.wait_until(lambda: screen.edits == 2)
    assert "It rests for 1 chat that subscribes, too." in screen.text
    paused = re.compile(r"Paused by its owner since \d\d:\d\d: nothing comes until it is resumed\.")

    screen = await said(bot, "/subscriptions", chat_id=8, user_id=8)
    assert screen.text.splitlines()[1].startswith("⏸ ")
    await pressed(bot, screen.labels[0], chat_id=8, user_id=8, message=screen)
    await bot.telegram.wait_until(lambda: screen.edits == 1)
    assert paused.search(screen.text)
    await pressed(bot, "When and how", chat_id=8, user_id=8, message=screen)
    await bot.telegram.wait_until(lambda: screen.edits == 2)
    assert paused.search(screen.text)
    assert "Alerts come at once." not in screen.text
    assert "paused by its owner since" in (await said(bot, "/times", chat_id=8, user_id=8)).text


async def test_a_list_that_rests_is_resumed_where_it_is_shown(bot: RunningBot, token: str) -> None:
    """On the screens of the list, of its watches, of its times and of where it goes."""
    await pressed(bot, data=f"v1:{REST_LIST}:1:1")
    for data in (f"{LIST}:1:0", f"{WATCH}:1", f"{RULES}:1", f"{TOLD}:1"):
        await pressed(bot, data=f"v1:{data}")
        shown = bot.telegram.sent[-1]
        await bot.telegram.wait_until(lambda screen=shown: "Resume the list" in screen.labels)  # type: ignore[misc]
        assert "The whole list is paused." in shown.text
    assert "paused" in (await said(bot, "/times")).text
    await pressed(bot, "Resume the list")
    assert "paused" not in (await said(bot, "/times")).text


async def test_a_copy_is_ones_own(bot: RunningBot, token: str) -> None:
    await said(bot, f"/start w_{token}", chat_id=8, user_id=8, language_code="en")
    await pressed(bot, "Copy it here", chat_id=8, user_id=8)
    await eventually(lambda: queries(bot, 8) == {"Copied list": ["نفط", "غزة"]})
    await pressed(bot, data=f"v1:{COPY}:{token}", chat_id=8, user_id=8)
    await eventually(lambda: list(queries(bot, 8)) == ["Copied list", "Copied list 2"])


async def test_the_owner_deletes_a_list_that_others_take_and_has_it_back_beside_a_new_one(
    bot: RunningBot, token: str
) -> None:
    for _ in range(2):  # a new word would go into the only list that is left
        await pressed(bot, data=f"v1:{COPY_LIST}:1")
    await eventually(lambda: list(queries(bot, 7)) == ["default", "Copied list", "Copied list 2"])
    await said(bot, f"/start w_{token}", chat_id=8, user_id=8, language_code="en")
    await pressed(bot, "Subscribe", chat_id=8, user_id=8)
    screen = await said(bot, "/times")
    await pressed(bot, data=f"v1:{DELETE_LIST}:1", message=screen)
    await bot.telegram.wait_until(lambda: screen.edits == 1)
    assert "1 chat subscribes to it, and is told when the ten minutes are over." in screen.text
    await said(bot, "/watch wheat")
    await pressed(bot, "Undo", message=screen)
    lists = await said(bot, "/watches")
    assert lists.labels[:4] == ["Main list 2", "Copied list", "Copied list 2", "Main list"]
    assert "✅" in (await said(bot, "/subscriptions", chat_id=8, user_id=8)).text


async def test_a_link_that_was_taken_back_leads_nowhere(bot: RunningBot, token: str) -> None:
    await said(bot, f"/start w_{token}", chat_id=8, user_id=8, language_code="en")
    await pressed(bot, "Subscribe", chat_id=8, user_id=8)
    await pressed(bot, "Stop sharing")
    for stale in (token, "w" * 22, "", "x; DROP TABLE shares"):
        answer = await said(bot, f"/start w_{stale}", chat_id=9, user_id=9, language_code="en")
        assert answer.text.startswith("This link leads nowhere")
    await pressed(bot, data=f"v1:{SUBSCRIBE}:{token}", chat_id=9, user_id=9)
    assert taken(bot, 9) == []
    assert taken(bot, 8) == [False]


async def test_only_administrators_subscribe_a_group(bot: RunningBot, token: str) -> None:
    bot.telegram.admins.add((GROUP, 9))
    await said(bot, "/help", chat_id=GROUP, user_id=9, language_code="en")
    preview = await said(bot, f"/start@{bot.telegram.username} w_{token}", chat_id=GROUP)
    assert "Subscribe" in preview.labels
    notice = await pressed(bot, "Subscribe", chat_id=GROUP)
    assert "Only administrators" in notice
    assert taken(bot, GROUP) == []
    await pressed(bot, "Subscribe", chat_id=GROUP, user_id=9)
    assert taken(bot, GROUP) == [False]


async def test_ones_own_link_cannot_be_subscribed_to(bot: RunningBot, token: str) -> None:
    await said(bot, f"/start w_{token}")
    assert await pressed(bot, "Subscribe") == "This watchlist is from here."
    assert taken(bot, 7) == [True]


async def test_subscribers_hear_of_the_end_and_may_go_on_with_a_copy(bot: RunningBot, token: str) -> None:
    await said(bot, f"/start w_{token}", chat_id=8, user_id=8, language_code="en")
    await pressed(bot, "Subscribe", chat_id=8, user_id=8)

    def end(connection: Connection) -> None:
        watchlist = find_watchlist(connection, a_chat(connection, 7).id, 1)
        assert watchlist is not None
        delete_watchlist(connection, watchlist, now=NOW)

    await bot.database.write(end)
    await said(bot, "/watch wheat")  # makes another main list
    before = len(bot.telegram.sent)
    assert await bot.database.write(tell_of_ends, now=NOW + UNDO) == 0
    late = NOW + UNDO + SECOND
    assert bot.database.read_now(is_any_ended, now=late)
    assert await bot.database.write(tell_of_ends, now=late) == 1
    assert not bot.database.read_now(is_any_ended, now=late)
    bot.context.wakeups.kick(DELIVERIES)
    (notice,) = (await bot.telegram.wait_for(before + 1))[before:]
    assert notice.chat_id == 8
    assert notice.text.startswith("The watchlist \u2068Shared list\u2069, which came here, was deleted")
    await pressed(bot, "Copy it here", chat_id=8, user_id=8)
    assert queries(bot, 8) == {"Copied list": ["نفط", "غزة"]}
    await pressed(bot, data=f"v1:{TAKEN}:0", chat_id=8, user_id=8)


async def test_subscribers_hear_of_an_owner_who_left_for_good(bot: RunningBot, token: str) -> None:
    await said(bot, f"/start w_{token}", chat_id=8, user_id=8, language_code="en")
    await pressed(bot, "Subscribe", chat_id=8, user_id=8)
    before = len(bot.telegram.sent)
    await bot.database.write(begin_leaving, 7, now=NOW)
    bot.context.wakeups.kick(DELIVERIES)
    (notice,) = (await bot.telegram.wait_for(before + 1))[before:]
    assert (notice.chat_id, notice.labels) == (8, [])
    assert "deleted by its owner" in notice.text
    assert taken(bot, 8) == []
    assert (
        "No watchlist of anybody else's comes here." in (await said(bot, "/subscriptions", chat_id=8, user_id=8)).text
    )
    late = await said(bot, f"/start w_{token}", chat_id=9, user_id=9, language_code="en")
    assert late.text.startswith("This link leads nowhere")
