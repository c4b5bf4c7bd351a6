from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from monitors.alerts import Match
from monitors.chats import Chat
from monitors.errors import QuotaReached, UsageError
from monitors.storage.articles import save
from monitors.storage.decisions import record_decision
from monitors.storage.engine import Database
from monitors.storage.revisions import changes_since, count_standing
from monitors.storage.subscriptions import destinations_of, takers_of
from monitors.storage.watches import add_watch, history, list_watches, set_state
from monitors.storage.watchlists import (
    copy_watchlist,
    counts_of,
    create_watchlist,
    delete_watchlist,
    find_watchlist,
    forget_deleted,
    limit_watchlist,
    pause_watchlist,
    rename_watchlist,
    restore_watch,
    restore_watchlist,
    resume_watchlist,
    watchlists_of,
)
from monitors.watchlists import DEFAULT_WATCHLIST, UNDO, Watchlist, WatchState
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet, remove_watch

SOON = NOW + timedelta(minutes=5)


def a_list(connection: Connection, name: str = "الأمن", *queries: str) -> tuple[Chat, Watchlist]:
    chat = a_telegram_chat(connection)
    made = create_watchlist(connection, chat.id, name, now=NOW)
    for query in queries:
        add_watch(connection, chat.id, query, now=NOW, watchlist=name)
    return chat, made


def standing(database: Database) -> list[str]:
    """What a fresh index asks."""
    return [change.query for change in database.read_now(changes_since, 0) if change.query is not None]


def names(database: Database, chat: Chat) -> list[str]:
    return [one.name for one in database.read_now(watchlists_of, chat.id)]


def test_a_watchlist_is_made_once_of_each_name_and_taken_by_its_chat(database: Database) -> None:
    chat, made = database.write_now(a_list)
    (own,) = database.read_now(destinations_of, made.id)
    assert own.chat_id == chat.id
    with pytest.raises(UsageError):
        database.write_now(create_watchlist, chat.id, "الأمن", now=NOW)


def test_a_watchlist_of_another_chat_is_not_found(database: Database) -> None:
    _, made = database.write_now(a_list)
    stranger = database.write_now(a_telegram_chat, 8)
    assert database.read_now(find_watchlist, stranger.id, made.id) is None
    assert database.write_now(restore_watchlist, stranger.id, made.id, now=NOW, most=None) is None


def test_another_name_leaves_everything_else(database: Database) -> None:
    chat, made = database.write_now(a_list, "الأمن", "غزة")
    database.write_now(create_watchlist, chat.id, "نفط", now=NOW)
    with pytest.raises(UsageError):
        database.write_now(rename_watchlist, made, "نفط")
    database.write_now(rename_watchlist, made, "أمن")
    assert names(database, chat) == ["أمن", "نفط"]
    assert [watch.watchlist for watch in database.read_now(list_watches, chat.id)] == ["أمن"]


def test_a_copy_has_the_same_watches_and_limits(database: Database) -> None:
    chat, made = database.write_now(a_list, "الأمن", "غزة", "نفط")
    made = database.write_now(limit_watchlist, made, excluding="رياضة", outlets=[3, 1], languages=["ar"])
    copy, added = database.write_now(copy_watchlist, made, chat.id, "الأمن", now=NOW, most=3)
    assert (copy.name, copy.excluding, copy.outlets, copy.languages) == ("الأمن 2", "رياضة", (1, 3), ("ar",))
    assert [watch.query for watch in added.watches] == ["غزة"]
    assert len(added.without_room) == 1
    assert database.read_now(find_watchlist, chat.id, copy.id) == copy
    with pytest.raises(QuotaReached):  # not an empty list
        database.write_now(copy_watchlist, made, chat.id, "الأمن", now=NOW, most=3)
    assert names(database, chat) == ["الأمن", "الأمن 2"]


def test_the_watches_of_a_paused_list_do_not_stand_until_it_is_resumed(database: Database) -> None:
    chat, made = database.write_now(a_list, "الأمن", "غزة", "نفط")
    last = database.read_now(changes_since, 0)[-1].revision
    paused = database.write_now(pause_watchlist, made, now=NOW)
    assert [change.query for change in database.read_now(changes_since, last)] == [None, None]
    assert standing(database) == []
    assert database.read_now(count_standing) == 0
    ids = [watch.id for watch in database.read_now(list_watches, chat.id) if watch.resting]
    assert database.read_now(takers_of, ids, outlet_id=1, language="ar", zone="UTC") == []
    database.write_now(resume_watchlist, paused, now=NOW)
    assert standing(database) == ["غزة", "نفط"]
    assert database.read_now(count_standing) == 2


def test_what_a_list_excludes_is_said_of_each_of_its_watches_anew(database: Database) -> None:
    _, made = database.write_now(a_list, "الأمن", "غزة", "نفط")
    last = database.read_now(changes_since, 0)[-1].revision
    database.write_now(limit_watchlist, made, excluding="رياضة", outlets=None, languages=None)
    changes = database.read_now(changes_since, last)
    assert [(change.query, change.excluding) for change in changes] == [("غزة", "رياضة"), ("نفط", "رياضة")]


def test_a_deleted_list_comes_back_as_it_was(database: Database) -> None:
    chat, made = database.write_now(a_list, "الأمن", "غزة")
    (watch,) = database.read_now(list_watches, chat.id)
    (article,) = database.write_now(lambda it: save(it, [a_new_article(an_outlet(it)[0])], now=NOW))
    database.write_now(record_decision, article, [Match(watch.id, {})], [], now=NOW)
    database.write_now(delete_watchlist, made, now=NOW)
    assert (names(database, chat), database.read_now(list_watches, chat.id), standing(database)) == ([], [], [])
    back = database.write_now(restore_watchlist, chat.id, made.id, now=SOON, most=None)
    assert back == made
    assert [one.id for one in database.read_now(list_watches, chat.id)] == [watch.id]
    assert database.read_now(history, watch.id, now=SOON).matches == 1
    assert standing(database) == ["غزة"]
    assert len(database.read_now(destinations_of, made.id)) == 1


def test_a_deleted_list_does_not_come_back_late_or_without_room(database: Database) -> None:
    chat, made = database.write_now(a_list, "الأمن", "غزة")
    database.write_now(delete_watchlist, made, now=NOW)
    late = NOW + UNDO + timedelta(seconds=1)
    assert database.write_now(restore_watchlist, chat.id, made.id, now=late, most=None) is None
    database.write_now(add_watch, chat.id, "نفط", now=NOW)
    with pytest.raises(UsageError):
        database.write_now(restore_watchlist, chat.id, made.id, now=SOON, most=1)


def test_the_name_of_a_deleted_list_can_be_used_again(database: Database) -> None:
    chat, made = database.write_now(a_list, "الأمن", "غزة")
    database.write_now(delete_watchlist, made, now=NOW)
    database.write_now(add_watch, chat.id, "غزة", now=NOW, watchlist="الأمن")
    database.write_now(restore_watchlist, chat.id, made.id, now=SOON, most=None)
    assert sorted(names(database, chat)) == ["الأمن", "الأمن 2"]


def test_a_deleted_list_is_forgotten_in_the_end_with_all_that_hangs_on_it(database: Database) -> None:
    chat, made = database.write_now(a_list, "الأمن", "غزة")
    (watch,) = database.read_now(list_watches, chat.id)
    (article,) = database.write_now(lambda it: save(it, [a_new_article(an_outlet(it)[0])], now=NOW))
    database.write_now(record_decision, article, [Match(watch.id, {})], [], now=NOW)
    database.write_now(delete_watchlist, made, now=NOW)
    assert database.write_now(forget_deleted, before=NOW) == 0
    assert database.write_now(forget_deleted, before=SOON) == 1
    assert database.read_now(destinations_of, made.id) == []
    assert database.read_now(changes_since, 1) == []


def test_a_removed_watch_comes_back_with_its_number_and_state(database: Database) -> None:
    chat, _ = database.write_now(a_list, "الأمن", "غزة")
    (watch,) = database.read_now(list_watches, chat.id)
    database.write_now(set_state, watch, WatchState.PAUSED, now=NOW)
    database.write_now(remove_watch, chat.id, "غزة", now=NOW)
    back = database.write_now(restore_watch, chat.id, watch.id, WatchState.PAUSED, now=SOON, most=1)
    assert back is not None
    assert (back.id, back.state) == (watch.id, WatchState.PAUSED)
    assert database.read_now(counts_of, chat.id) == {watch.watchlist_id: 1}


def test_a_removed_watch_does_not_come_back_late_twice_or_without_room(database: Database) -> None:
    chat, _ = database.write_now(a_list, "الأمن", "غزة")
    watch = database.write_now(remove_watch, chat.id, "غزة", now=NOW)
    late = NOW + UNDO + timedelta(seconds=1)
    assert database.write_now(restore_watch, chat.id, watch.id, WatchState.ACTIVE, now=late, most=None) is None
    database.write_now(add_watch, chat.id, "نفط", now=NOW)
    with pytest.raises(UsageError):
        database.write_now(restore_watch, chat.id, watch.id, WatchState.ACTIVE, now=SOON, most=1)
    database.write_now(add_watch, chat.id, "غزة", now=NOW, watchlist="الأمن")
    assert database.write_now(restore_watch, chat.id, watch.id, WatchState.ACTIVE, now=SOON, most=None) is None


def test_the_main_list_that_comes_back_is_the_main_list_again_unless_the_new_one_is_used(database: Database) -> None:
    chat, made = database.write_now(a_list, DEFAULT_WATCHLIST, "غزة")
    database.write_now(delete_watchlist, made, now=NOW)
    slip, _ = database.write_now(add_watch, chat.id, "نقط", now=NOW)
    database.write_now(remove_watch, chat.id, slip.query, now=NOW)
    back = database.write_now(restore_watchlist, chat.id, made.id, now=SOON, most=None)
    assert (back, names(database, chat)) == (made, [DEFAULT_WATCHLIST])
    again = database.write_now(restore_watch, chat.id, slip.id, WatchState.ACTIVE, now=SOON, most=None)
    assert again is not None
    assert again.watchlist_id == made.id
    database.write_now(delete_watchlist, made, now=NOW)
    database.write_now(add_watch, chat.id, "نفط", now=NOW)
    database.write_now(restore_watchlist, chat.id, made.id, now=SOON, most=None)
    assert names(database, chat) == ["default 2", DEFAULT_WATCHLIST]
