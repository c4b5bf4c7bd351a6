"""Somebody's settings, their account as a file, and its end."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select, update

from monitors.account_files import KeptSubscription, read_account, write_account
from monitors.alerts import Cause, Judgement, Match, Verdict
from monitors.chats import Chat, ChatAddress, Transport
from monitors.errors import UsageError
from monitors.storage.articles import save
from monitors.storage.belongings import belongings
from monitors.storage.chats import find_chat, set_previews, set_zone
from monitors.storage.decisions import record_decision
from monitors.storage.engine import Database
from monitors.storage.followers import add_follower
from monitors.storage.leaving import begin_leaving, leave_on, whoever_leaves
from monitors.storage.people import allow
from monitors.storage.restorable import Lost, restorable
from monitors.storage.restoring import restore
from monitors.storage.saved import save_article
from monitors.storage.searches import open_search
from monitors.storage.shares import share
from monitors.storage.stories import stories_of
from monitors.storage.subscriptions import (
    mute,
    set_rules,
    set_subscription_state,
    subscribe,
    subscriptions_of,
    unsubscribe,
)
from monitors.storage.tables import chats, deliveries, people, watches
from monitors.storage.watches import add_watch, list_watches, set_state
from monitors.storage.watchlists import limit_watchlist, pause_watchlist, watchlists_of
from monitors.subscriptions import Mode, Mute, MuteKind, Rules, SubscriptionState
from monitors.watchlists import DEFAULT_WATCHLIST, NewWatch, WatchState
from tests.bot.conftest import RunningBot, pressed, running, said, settings_for
from tests.fakes.telegram import FakeTelegram
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet

SARA, OPERATOR = 987_654_321_012, 42


async def test_settings_show_what_is_used_of_what_one_may_have(bot: RunningBot) -> None:
    await said(bot, "/watch غزة", language_code="en")
    shown = await said(bot, "/settings")
    assert "Watches: 1 of 1000" in shown.text
    assert "Outlets added: 0 of 50" in shown.text
    assert "Time zone: Damascus" in shown.text


async def test_the_clock_is_chosen_in_the_settings_before_anything_is_watched(bot: RunningBot) -> None:
    shown = await said(bot, "/settings", language_code="en")
    await pressed(bot, "Time zone")
    await bot.telegram.wait_until(lambda: "Now it is that of Damascus" in shown.text)
    there = next(label for label in shown.labels if label.startswith("Tokyo "))
    assert await pressed(bot, there) == "Saved."
    await bot.telegram.wait_until(lambda: "Time zone: Tokyo" in shown.text)
    await pressed(bot, "Time zone")
    await pressed(bot, "Write a city")
    await bot.telegram.wait_for(2)
    assert "Time zone: Baghdad" in (await said(bot, "بغداد")).text


async def test_a_city_is_written_while_the_clocks_are_shown_and_not_after(bot: RunningBot) -> None:
    shown = await said(bot, "/settings", language_code="en")
    await pressed(bot, "Time zone")
    await bot.telegram.wait_until(lambda: "write me a large city" in shown.text)
    taken = await said(bot, "Berlin")
    assert "I took \u2068Berlin\u2069 for a city. The clock is that of \u2068Berlin\u2069 now" in taken.text
    assert [label.split(" ")[0] for label in taken.labels] == ["Watch", "Damascus", "Settings"]
    await pressed(bot, "Settings")
    await bot.telegram.wait_until(lambda: "Time zone: Berlin" in taken.text)
    await pressed(bot, "Time zone")
    await pressed(bot, "Settings")
    assert "From now on I watch" in (await said(bot, "Berlin")).text


async def test_what_is_no_city_can_be_watched_while_the_clocks_are_shown(bot: RunningBot) -> None:
    await said(bot, "/settings", language_code="en")
    await pressed(bot, "Time zone")
    assert "I do not know the time in \u2068Xanadu\u2069." in (await said(bot, "Xanadu")).text
    several = await said(bot, "san")
    assert "Which of them?" in several.text
    assert "Watch this instead" in several.labels
    await pressed(bot, "Watch this instead")
    await bot.telegram.wait_until(lambda: several.text.startswith("Shall I watch this?\n\u2068san\u2069"))
    await pressed(bot, data="v1:zones:0")
    assert "From now on I watch" in (await said(bot, '"سد النهضة" AND مصر')).text


async def test_operators_have_no_limits(sqlite_database: Database, telegram: FakeTelegram) -> None:
    async with running(sqlite_database, telegram, settings_for(telegram, admins=(7,))) as bot:
        assert "Watches: 0\n" in (await said(bot, "/settings", language_code="en")).text


async def test_previews_are_turned_off_and_on_in_place(bot: RunningBot) -> None:
    shown = await said(bot, "/settings", language_code="en")
    await pressed(bot, "Previews off")
    await bot.telegram.wait_until(lambda: "Previews: off" in shown.text)
    await pressed(bot, "Previews on")
    await bot.telegram.wait_until(lambda: "Previews: on" in shown.text)


async def test_in_a_group_only_its_administrators_change_settings(bot: RunningBot) -> None:
    await said(bot, "/settings", chat_id=-500, user_id=66)
    assert "المشرفون" in await pressed(bot, data="v1:pv:0", chat_id=-500, user_id=66)
    assert bot.database.read_now(lambda connection: connection.scalars(select(chats.c.previews)).all()) == [True]


async def test_one_s_whole_account_comes_as_a_file_that_brings_the_watches_back(bot: RunningBot) -> None:
    await said(bot, "/watch add غزة\nنفط", chat_id=8, user_id=8, language_code="en")
    sent = await said(bot, "/export", chat_id=8, user_id=8)
    assert sent.file_name == "rasid-account.json"
    bot.telegram.share("rasid-account.json", sent.content, chat_id=9, user_id=9, language_code="en")
    shown = (await bot.telegram.wait_for(3))[2]
    assert "This file would bring:\nWatchlists: 1\nWatches: 2\n" in shown.text
    assert bot.database.read_now(find_chat, ChatAddress(Transport.TELEGRAM, 9)) is not None
    assert len(bot.database.read_now(list_watches)) == 2
    assert "get this file" in await pressed(bot, data="v1:exr:1", chat_id=9, user_id=9)
    await pressed(bot, "Add", chat_id=9, user_id=9)
    await bot.telegram.wait_until(lambda: "✅ Added:" in shown.text)
    bot.telegram.share("rasid-account.json", sent.content, chat_id=9, user_id=9)
    again = (await bot.telegram.wait_for(4))[3]
    assert "Everything in this file is here already" in again.text
    assert "Watches there already: 2" in again.text
    chat = bot.database.read_now(find_chat, ChatAddress(Transport.TELEGRAM, 9))
    assert chat is not None
    assert [watch.query for watch in bot.database.read_now(list_watches, chat.id)] == ["غزة", "نفط"]


def test_the_account_file_says_everything(database: Database) -> None:
    with database.engine.begin() as connection:
        sara, group = a_telegram_chat(connection, SARA), a_telegram_chat(connection, -500)
        watch, _ = add_watch(connection, sara.id, "نفط", now=NOW)
        subscribe(connection, group.id, watchlist_id=watch.watchlist_id, now=NOW)
        outlet, _ = an_outlet(connection)
        subscribe(connection, sara.id, outlet_id=outlet.id, now=NOW)
        open_search(connection, sara.id, "قمح", now=NOW)
        written = json.loads(write_account(belongings(connection, sara.id, now=NOW)))
    (watchlist,) = written["watchlists"]
    assert [one["query"] for one in watchlist["watches"]] == ["نفط"]
    assert [one["telegram_id"] for one in watchlist["told_in"]] == [SARA, -500]
    assert [one["outlet"] for one in written["subscriptions"]] == [outlet.homepage]
    assert written["chat"]["telegram_id"] == SARA
    assert [one["query"] for one in written["searched"]] == ["قمح"]


def furnished(connection: Connection) -> Chat:
    """Somebody who uses everything."""
    sara, group = a_telegram_chat(connection, SARA, language="en"), a_telegram_chat(connection, -500)
    friend = a_telegram_chat(connection, 5)
    connection.execute(update(chats).where(chats.c.id == group.id).values(keeper_id=sara.id, title="غرفة"))
    horizon, meridian = an_outlet(connection)[0], an_outlet(connection, "Meridian")[0]
    ids = save(connection, [a_new_article(horizon, number) for number in (1, 2)], now=NOW)
    rules = Rules(Mode.DAILY, 9 * 60, 22 * 60, 6 * 60, 5)

    watch, _ = add_watch(connection, sara.id, "نفط", now=NOW, watchlist="الطاقة")
    add_watch(connection, sara.id, "نفط", now=NOW, watchlist="السوق")
    resting, _ = add_watch(connection, sara.id, "غاز", now=NOW, watchlist="السوق")
    set_state(connection, resting, WatchState.PAUSED, now=NOW)
    energy, market = watchlists_of(connection, sara.id)
    limit_watchlist(connection, energy, excluding="رياضة", outlets=[horizon.id, meridian.id], languages=["ar"])
    pause_watchlist(connection, market, now=NOW)
    subscribe(connection, group.id, watchlist_id=energy.id, now=NOW)
    of_energy, of_market = subscriptions_of(connection, sara.id)
    set_rules(connection, of_energy.id, rules)
    set_subscription_state(connection, of_energy.id, SubscriptionState.PAUSED, now=NOW)
    unsubscribe(connection, of_market.id)

    whole = subscribe(connection, sara.id, outlet_id=meridian.id, now=NOW)
    set_rules(connection, whole.id, Rules(Mode.HOURLY))
    set_subscription_state(connection, whole.id, SubscriptionState.PAUSED, now=NOW)
    add_watch(connection, friend.id, "قمح", now=NOW)
    (shared,) = watchlists_of(connection, friend.id)
    share(connection, shared.id, now=NOW)
    taken = subscribe(connection, sara.id, watchlist_id=shared.id, owned=False, now=NOW)
    set_rules(connection, taken.id, replace(rules, mode=Mode.SILENT))

    add_follower(connection, horizon.id, sara.id, now=NOW)
    for number, article in enumerate(ids):
        save_article(connection, sara.id, article, now=NOW + timedelta(hours=number))
    told = Judgement(sara.id, Verdict.NOW, Cause.TAKEN)
    record_decision(connection, ids[0], [Match(watch.id, {"title": ((0, 3),)})], [told], now=NOW)
    (story,) = stories_of(connection, ids[:1])[ids[0]]
    for kind, target in ((MuteKind.OUTLET, meridian.id), (MuteKind.WATCH, watch.id), (MuteKind.STORY, story)):
        mute(connection, Mute(sara.id, kind, target, None), now=NOW)
    mute(connection, Mute(sara.id, MuteKind.EVERYTHING, None, NOW + timedelta(days=2)), now=NOW)
    open_search(connection, sara.id, "قمح", now=NOW)
    set_zone(connection, sara.id, "Asia/Beirut")
    set_previews(connection, sara.id, False)
    return sara


def exported(connection: Connection, chat: Chat, *, now: datetime = NOW) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(write_account(belongings(connection, chat.id, now=now)))
    return written


def what_comes_back(written: dict[str, Any]) -> dict[str, Any]:
    """All but times at which something was done, what was told and searched, and groups and channels."""
    del written["written_at"], written["alerts"], written["searched"], written["manages"]
    for one in written["watchlists"]:
        one["told_in"] = [place for place in one["told_in"] if place["telegram_id"] == SARA]
    rows = [written["chat"], *written["muted"], *written["saved"], *written["follows"], *written["subscriptions"]]
    for row in (*rows, *(watch for one in written["watchlists"] for watch in one["watches"])):
        row.pop("since", None)
    return written


def test_an_account_that_was_deleted_is_had_again_from_its_file_and_once_only(database: Database) -> None:
    later = NOW + timedelta(hours=3)
    with database.engine.begin() as connection:
        sara = furnished(connection)
        before = exported(connection, sara)
        begin_leaving(connection, SARA, now=NOW)
        while leave_on(connection, SARA, now=later):
            pass
        again = a_telegram_chat(connection, SARA, language="ar")
        file = read_account(write_account(before))
        shown = restorable(connection, again.id, file, now=later, most=10, most_lists=10)
        assert watchlists_of(connection, again.id) == []
        assert restore(connection, again.id, shown, now=later, most=10) == shown
        assert {sort for sort, names in shown.lost.items() if names} == {Lost.PLACE, Lost.HISTORY}
        assert what_comes_back(exported(connection, again, now=later)) == what_comes_back(before)
        twice = restorable(connection, again.id, file, now=later, most=10, most_lists=10)
        assert (twice.anything, len(twice.watches.held)) == (False, 3)


def test_a_main_list_that_was_never_used_takes_on_what_the_file_says_of_it(database: Database) -> None:
    with database.engine.begin() as connection:
        sara, other = a_telegram_chat(connection, SARA), a_telegram_chat(connection, 6)
        for chat, query in ((sara, "نفط"), (other, "خطأ")):
            add_watch(connection, chat.id, query, now=NOW)
        (main,) = watchlists_of(connection, sara.id)
        limit_watchlist(connection, main, excluding="رياضة", outlets=None, languages=["ar"])
        (own,) = subscriptions_of(connection, sara.id)
        set_rules(connection, own.id, Rules(Mode.HOURLY))
        file = read_account(write_account(exported(connection, sara)))
        (slip,) = list_watches(connection, other.id)
        set_state(connection, slip, WatchState.REMOVED, now=NOW)
        found = restorable(connection, other.id, file, now=NOW, most=10, most_lists=10)
        restore(connection, other.id, found, now=NOW, most=10)
        (same,) = watchlists_of(connection, other.id)
        assert (same.name, same.excluding, same.languages) == (DEFAULT_WATCHLIST, "رياضة", ("ar",))
        assert [one.rules.mode for one in subscriptions_of(connection, other.id)] == [Mode.HOURLY]
        assert not restorable(connection, other.id, file, now=NOW, most=10, most_lists=10).anything


def test_what_another_rasid_does_not_know_is_named(database: Database, sqlite_database: Database) -> None:
    with database.engine.begin() as connection:
        sara = furnished(connection)
        file = read_account(write_account(exported(connection, sara)))
    with sqlite_database.engine.begin() as connection:
        chat = a_telegram_chat(connection, 6)
        found = restorable(connection, chat.id, file, now=NOW, most=1, most_lists=1)
        assert {sort for sort, names in found.lost.items() if names} == set(Lost) - {Lost.TAKEN_WITHOUT_ROOM}
        assert found.astray == ["الطاقة"]
        room = restorable(connection, chat.id, file, now=NOW, most=10, most_lists=10)
        restore(connection, chat.id, room, now=NOW, most=10, rest_astray=True)
        energy, _ = watchlists_of(connection, chat.id)
        assert (energy.outlets, energy.paused_at) == (None, NOW)


async def test_a_list_whose_outlets_are_all_unknown_looks_at_all_or_rests_as_its_owner_says(bot: RunningBot) -> None:
    watchlists = [{"name": "الطاقة", "watches": [{"query": "نفط"}], "outlets": ["https://far.example/"]}]
    for user, label, paused in ((8, "Look at all outlets", False), (9, "Rest for now", True)):
        content = json.dumps({"rasid": 1, "watchlists": watchlists}).encode()
        bot.telegram.share("a.json", content, chat_id=user, user_id=user, language_code="en")
        shown = (await bot.telegram.wait_for(user - 7))[-1]
        words = shown.text.translate(dict.fromkeys(map(ord, "\u2068\u2069")))
        assert "What does not come back:\n• Outlets that nobody follows here: far.example." in words
        assert "I know none of the outlets that these looked at: الطاقة." in words
        await pressed(bot, label, chat_id=user, user_id=user)
        await bot.telegram.wait_until(lambda: "✅ Added:" in shown.text)  # noqa: B023
        chat = bot.database.read_now(find_chat, ChatAddress(Transport.TELEGRAM, user))
        assert chat is not None
        (energy,) = bot.database.read_now(watchlists_of, chat.id)
        assert (energy.outlets, energy.paused_at is not None) == (None, paused)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"rasid": "?"}', b"[" * 100_000, b"\xff"])
def test_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(UsageError):
        read_account(content)


def test_an_account_file_that_somebody_edited_is_read_as_far_as_it_goes() -> None:
    watchlists = [{"name": "أ", "watches": [{"query": "نفط", "state": "paused"}, {"query": "("}]}]
    endless = [{"name": name, "watches": [{"query": "غاز"}] * 3_000} for name in "بت"]
    odd: dict[str, Any] = {"muted": [{"what": "?"}, {"what": "everything", "until": "9999-12-31T23:59:59-14:00"}]}
    odd |= {
        "saved": [{"address": 7}],
        "subscriptions": [{"outlet": "x", "mode": "?", "quiet": "25:00-", "daily_limit": 0}],
    }
    found = read_account(json.dumps({"rasid": 1, "watchlists": watchlists, **odd}).encode())
    assert [one.watches for one in found.lists] == [(NewWatch("نفط", "أ", WatchState.PAUSED),)]
    assert (found.unread, found.saved, found.muted) == (1, (), ())
    assert found.whole == (KeptSubscription("x", Rules()),)
    found = read_account(json.dumps({"rasid": 1, "watchlists": endless}).encode())
    assert ([len(one.watches) for one in found.lists], found.unread) == ([3_000, 2_000], 1_000)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"rasid": 99}, "This account file has form 99. I read form 1."),
        ({"rasid": 1, "watchlists": "x"}, "\nwatchlists\n"),
        ({"rasid": 1, "chat": 3}, "\nchat\n"),
        ({"rasid": 1, "watchlists": [{"name": "a", "watches": [{"query": "b"}, 3]}]}, "\nwatchlists 1 › watches 2\n"),
    ],
)
async def test_what_is_wrong_with_an_account_file_is_said(bot: RunningBot, content: object, told: str) -> None:
    bot.telegram.share("a.json", json.dumps(content).encode(), language_code="en")
    (shown,) = await bot.telegram.wait_for(1)
    assert told in shown.text.translate(dict.fromkeys(map(ord, "\u2068\u2069")))
    assert "Nothing was added." in shown.text
    assert shown.labels == []


async def test_deleting_one_s_account_takes_two_buttons_and_leaves_nothing(bot: RunningBot) -> None:
    await said(bot, "/watch زنجبيل", chat_id=SARA, user_id=SARA, language_code="en")
    asked = await said(bot, "/deleteme", chat_id=SARA, user_id=SARA)
    assert "being deleted" in await pressed(bot, "Yes, delete it all", chat_id=SARA, user_id=SARA)
    await bot.telegram.wait_until(lambda: asked.edits == 1)
    assert asked.text.splitlines() == [
        "Everything of yours is being deleted. It takes some minutes.",
        "Then nothing of it is left, and I write no more unless you do.",
    ]
    assert (await said(bot, "/start", chat_id=SARA, user_id=SARA, language_code="en")).text == asked.text
    later = datetime.now(UTC) + timedelta(minutes=2)
    assert bot.database.read_now(whoever_leaves, now=later) == [SARA]
    while await bot.database.write(leave_on, SARA, now=later):
        pass
    for table in (chats, watches, deliveries, people):
        assert rows_of(bot, table) == []
    assert "Welcome" in (await said(bot, "/start", chat_id=SARA, user_id=SARA, language_code="en")).text


@pytest.mark.parametrize(
    ("access", "warned"),
    [
        ("open", None),
        ("invite", "This bot is by invitation: to come back you need a new one."),
        ("list", "This bot is private: to come back, its operator must let you in again."),
    ],
)
async def test_whoever_would_not_come_in_again_by_themselves_is_told_so_before(
    sqlite_database: Database, telegram: FakeTelegram, access: str, warned: str | None
) -> None:
    sqlite_database.write_now(allow, SARA, by_id=OPERATOR, now=NOW)
    async with running(sqlite_database, telegram, settings_for(telegram, access=access, admins=(OPERATOR,))) as bot:
        asked = await said(bot, "/deleteme", chat_id=SARA, user_id=SARA, language_code="en")
        assert asked.text.splitlines()[3:] == ([warned] if warned else [])
        asked = await said(bot, "/deleteme", chat_id=OPERATOR, user_id=OPERATOR, language_code="en")
        assert len(asked.text.splitlines()) == 3


async def test_nobody_deletes_an_account_from_a_group(bot: RunningBot) -> None:
    assert (await said(bot, "/privacy", chat_id=-500)).labels == ["الإعدادات"]
    await said(bot, "/watch غزة", chat_id=-500, as_chat=True)
    for data in ("v1:delx:", "v1:exp:"):
        assert "أقدم" in await pressed(bot, data=data, chat_id=-500, user_id=66)
    assert rows_of(bot, people) == []


def rows_of(bot: RunningBot, table: Table) -> list[object]:
    return bot.database.read_now(lambda connection: [tuple(row) for row in connection.execute(select(table))])
