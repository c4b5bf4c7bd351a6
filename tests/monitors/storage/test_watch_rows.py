from __future__ import annotations

import pytest

from monitors.chats import ChatState
from monitors.errors import NotFound, UsageError
from monitors.storage import watchlists
from monitors.storage.chats import ensure_chat, set_unreachable
from monitors.storage.engine import Database
from monitors.storage.watchlists import add_watch, changes_since, list_watches, owners, remove_watch
from tests.rows import NOW, a_telegram_chat, the_console


def test_adding_a_watch_twice_keeps_one(database: Database) -> None:
    chat = database.write_now(the_console)
    watch, new = database.write_now(add_watch, chat.id, "القيارة", now=NOW)
    again, new_again = database.write_now(add_watch, chat.id, "القيارة", now=NOW)
    assert (new, new_again, again.id) == (True, False, watch.id)
    assert database.read_now(list_watches, chat.id) == [watch]


def test_the_same_words_may_stand_in_two_watchlists(database: Database) -> None:
    chat = database.write_now(the_console)
    for name in ("الأمن", "الاقتصاد"):
        database.write_now(add_watch, chat.id, "القيارة", now=NOW, watchlist=name)
    assert [watch.watchlist for watch in database.read_now(list_watches, chat.id)] == ["الأمن", "الاقتصاد"]


def test_a_watch_is_removed_by_number_or_words_and_can_come_back(database: Database) -> None:
    chat = database.write_now(the_console)
    first, _ = database.write_now(add_watch, chat.id, "القيارة", now=NOW)
    assert database.write_now(remove_watch, chat.id, str(first.id)) == first
    second, new = database.write_now(add_watch, chat.id, "القيارة", now=NOW)
    assert new
    assert database.write_now(remove_watch, chat.id, "القيارة") == second
    assert database.read_now(list_watches) == []


def test_nobody_removes_anothers_watch(database: Database) -> None:
    mine = database.write_now(a_telegram_chat, 1)
    watch, _ = database.write_now(add_watch, mine.id, "القيارة", now=NOW)
    stranger = database.write_now(a_telegram_chat, 2)
    with pytest.raises(NotFound):
        database.write_now(remove_watch, stranger.id, str(watch.id))


def test_changes_tell_what_to_add_and_what_to_drop_in_order(database: Database) -> None:
    chat = database.write_now(the_console)
    first, _ = database.write_now(add_watch, chat.id, "بغداد", now=NOW)
    second, _ = database.write_now(add_watch, chat.id, "دمشق", now=NOW)
    seen = database.read_now(changes_since, 0)
    assert [(change.watch_id, change.query) for change in seen] == [(first.id, "بغداد"), (second.id, "دمشق")]
    database.write_now(remove_watch, chat.id, "بغداد")
    (change,) = database.read_now(changes_since, seen[-1].revision)
    assert (change.watch_id, change.query) == (first.id, None)
    assert database.read_now(changes_since, change.revision) == []


def test_a_chat_has_a_limit(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchlists, "MAX_WATCHES_PER_CHAT", 2)
    chat = database.write_now(the_console)
    for query in ("أ", "ب"):
        database.write_now(add_watch, chat.id, query, now=NOW)
    with pytest.raises(UsageError, match="2 watches"):
        database.write_now(add_watch, chat.id, "ج", now=NOW)


def test_watches_of_a_chat_that_cannot_be_reached_rest(database: Database) -> None:
    chat = database.write_now(a_telegram_chat, 7)
    watch, _ = database.write_now(add_watch, chat.id, "القيارة", now=NOW)
    assert database.read_now(owners, [watch.id]) == {watch.id: chat.id}
    database.write_now(set_unreachable, 7, "blocked")
    assert database.read_now(owners, [watch.id]) == {}
    assert database.write_now(ensure_chat, chat.address, now=NOW, language="ar").state is ChatState.ACTIVE
    assert database.read_now(owners, [watch.id]) == {watch.id: chat.id}
