from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from monitors.alerts import Match
from monitors.chats import ChatState
from monitors.errors import NotFound, UsageError
from monitors.pauses import Pause
from monitors.query.burdens import MOST, Burden
from monitors.quotas import NoRoom
from monitors.storage.articles import save
from monitors.storage.chats import ensure_chat, set_unreachable
from monitors.storage.decisions import record_decision
from monitors.storage.engine import Database
from monitors.storage.revisions import changes_since
from monitors.storage.subscriptions import takers_of
from monitors.storage.watches import add_watch, add_watches, edit_watch, find_watch, history, list_watches, set_state
from monitors.watchlists import DEFAULT_WATCHLIST, NewWatch, Watch, WatchState
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet, remove_watch, the_console

LATER = NOW + timedelta(hours=1)


def taken_by(database: Database, watch: Watch) -> list[int]:
    """The chats that are told of what the watch finds."""
    takers = database.read_now(takers_of, [watch.id], outlet_id=1, language="ar", zone="UTC")
    return [taker.chat_id for taker in takers]


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
    assert database.write_now(remove_watch, chat.id, str(first.id), now=NOW) == first
    second, new = database.write_now(add_watch, chat.id, "القيارة", now=NOW)
    assert new
    assert database.write_now(remove_watch, chat.id, "القيارة", now=NOW) == second
    assert database.read_now(list_watches) == []


def test_nobody_removes_anothers_watch(database: Database) -> None:
    mine = database.write_now(a_telegram_chat, 1)
    watch, _ = database.write_now(add_watch, mine.id, "القيارة", now=NOW)
    stranger = database.write_now(a_telegram_chat, 2)
    with pytest.raises(NotFound):
        database.write_now(remove_watch, stranger.id, str(watch.id), now=NOW)


def test_changes_tell_what_to_add_and_what_to_drop_in_order(database: Database) -> None:
    chat = database.write_now(the_console)
    first, _ = database.write_now(add_watch, chat.id, "بغداد", now=NOW)
    second, _ = database.write_now(add_watch, chat.id, "دمشق", now=NOW)
    seen = database.read_now(changes_since, 0)
    assert [(change.watch_id, change.query) for change in seen] == [(first.id, "بغداد"), (second.id, "دمشق")]
    database.write_now(remove_watch, chat.id, "بغداد", now=NOW)
    (change,) = database.read_now(changes_since, seen[-1].revision)
    assert (change.watch_id, change.query) == (first.id, None)
    assert database.read_now(changes_since, change.revision) == []


def test_a_chat_has_a_limit(database: Database) -> None:
    chat = database.write_now(the_console)
    for query in ("أ", "ب"):
        database.write_now(add_watch, chat.id, query, now=NOW, most=2)
    with pytest.raises(UsageError, match="2 watches"):
        database.write_now(add_watch, chat.id, "ج", now=NOW, most=2)


def test_what_is_paused_takes_room(database: Database) -> None:
    chat = database.write_now(the_console)
    watch, _ = database.write_now(add_watch, chat.id, "أ", now=NOW, most=1)
    database.write_now(set_state, watch, WatchState.PAUSED, now=LATER)
    with pytest.raises(UsageError):
        database.write_now(add_watch, chat.id, "ب", now=NOW, most=1)


def test_many_watches_are_added_at_once_each_once_while_there_is_room(database: Database) -> None:
    chat = database.write_now(the_console)
    first, _ = database.write_now(add_watch, chat.id, "غزة", now=NOW)
    wanted = [
        NewWatch("غزة"),
        NewWatch("نفط"),
        NewWatch("نفط"),
        NewWatch("نفط", "sea", WatchState.PAUSED),
        NewWatch("ماء"),
    ]
    added = database.write_now(add_watches, chat.id, wanted, now=LATER, most=3)
    assert [(watch.query, watch.watchlist, watch.state) for watch in added.watches] == [
        ("نفط", DEFAULT_WATCHLIST, WatchState.ACTIVE),
        ("نفط", "sea", WatchState.PAUSED),
    ]
    assert added.held == [wanted[0], wanted[2]]
    assert added.without_room == [NoRoom(wanted[4])]
    there = database.read_now(list_watches, chat.id)
    assert [replace(watch, pauses=()) for watch in there] == [first, *added.watches]
    assert there[2].pauses == (Pause(LATER),)
    changes = database.read_now(changes_since, 1)
    assert [(change.revision, change.query) for change in changes] == [(2, "نفط"), (3, None)]


def test_a_paused_watch_stands_again_when_it_is_resumed_or_added(database: Database) -> None:
    chat = database.write_now(the_console)
    watch, _ = database.write_now(add_watch, chat.id, "غزة", now=NOW)
    paused = database.write_now(set_state, watch, WatchState.PAUSED, now=LATER)
    assert (paused.id, paused.state, paused.state_since) == (watch.id, WatchState.PAUSED, LATER)
    (change,) = database.read_now(changes_since, 1)
    assert change.query is None
    assert taken_by(database, watch) == []
    again, new = database.write_now(add_watch, chat.id, "غزة", now=LATER)
    assert (again.id, again.state, new) == (watch.id, WatchState.ACTIVE, True)
    (change,) = database.read_now(changes_since, change.revision)
    assert change.query == "غزة"


def test_an_edited_watch_keeps_its_number_and_what_it_found(database: Database) -> None:
    chat = database.write_now(the_console)
    watch, _ = database.write_now(add_watch, chat.id, "غزة", now=NOW)
    database.write_now(found, watch, days_ago=0)
    edited = database.write_now(edit_watch, watch, now=LATER, query="غزة OR رفح", watchlist="الأخبار")
    assert (edited.id, edited.query, edited.watchlist, edited.created_at) == (watch.id, "غزة OR رفح", "الأخبار", NOW)
    (change,) = database.read_now(changes_since, 1)
    assert (change.watch_id, change.query) == (watch.id, "غزة OR رفح")
    assert database.read_now(history, watch.id, now=LATER).matches == 1


def test_a_watch_is_not_edited_into_one_that_is_there(database: Database) -> None:
    chat = database.write_now(the_console)
    watch, _ = database.write_now(add_watch, chat.id, "غزة", now=NOW)
    database.write_now(add_watch, chat.id, "رفح", now=NOW)
    with pytest.raises(UsageError, match=r"no\. 2 says that already"):
        database.write_now(edit_watch, watch, now=LATER, query="رفح")


def test_words_in_two_watchlists_must_be_named_with_theirs_or_by_number(database: Database) -> None:
    chat = database.write_now(the_console)
    for name in ("a", "b"):
        database.write_now(add_watch, chat.id, "غزة", now=NOW, watchlist=name)
    with pytest.raises(UsageError, match=r"several watchlists: 1 \(a\), 2 \(b\)"):
        database.read_now(find_watch, chat.id, "غزة")
    assert database.read_now(find_watch, chat.id, "غزة", watchlist="b").id == 2
    assert database.read_now(find_watch, chat.id, "1").watchlist == "a"


def test_a_watch_knows_what_it_found_lately_in_all_and_when_last(database: Database) -> None:
    chat = database.write_now(the_console)
    watch, _ = database.write_now(add_watch, chat.id, "غزة", now=NOW)
    assert database.read_now(history, watch.id, now=NOW).last_at is None
    for days_ago in (30, 8, 6, 2):
        database.write_now(found, watch, days_ago=days_ago)
    known = database.read_now(history, watch.id, now=NOW)
    assert (known.matches, known.lately, known.last_at) == (4, 2, NOW - timedelta(days=2))


def found(connection: Connection, watch: Watch, *, days_ago: int) -> None:
    """The watch finds an article then."""
    outlet, _ = an_outlet(connection)
    (article_id,) = save(connection, [a_new_article(outlet, days_ago + 1)], now=NOW)
    record_decision(connection, article_id, [Match(watch.id, {})], [], now=NOW - timedelta(days=days_ago))


def test_watches_of_a_chat_that_cannot_be_reached_rest(database: Database) -> None:
    chat = database.write_now(a_telegram_chat, 7)
    watch, _ = database.write_now(add_watch, chat.id, "القيارة", now=NOW)
    assert taken_by(database, watch) == [chat.id]
    database.write_now(set_unreachable, 7, "blocked")
    assert taken_by(database, watch) == []
    assert database.write_now(ensure_chat, chat.address, now=NOW, language="ar").state is ChatState.ACTIVE
    assert taken_by(database, watch) == [chat.id]


@pytest.mark.parametrize(
    ("query", "burden", "each", "said"),
    [
        ("/سد {}[0-9]/", Burden.REGEX, 1, "regular expressions"),
        ("كلمة{}* OR سدود*", Burden.PREFIX, 2, "words with a star"),
        ("سد NEAR/5 (نهر{} OR بحر)", Burden.NEAR, 2, "words joined to others by NEAR"),
        ("2 of (سد, نهر{}, بحر, قمح, نفط)", Burden.SOME, 5, "parts in lists"),
    ],
)
def test_the_watches_of_a_chat_burden_every_article_only_so_much(
    database: Database, query: str, burden: Burden, each: int, said: str
) -> None:
    most, said = MOST[burden] // each, f"{MOST[burden]} {said}"
    chat = database.write_now(a_telegram_chat, 1)
    wanted = [NewWatch(query.format(number)) for number in range(most + 1)]
    added = database.write_now(add_watches, chat.id, wanted, now=NOW)
    assert (len(added.watches), [refused.watch for refused in added.without_room]) == (most, wanted[most:])
    with pytest.raises(UsageError, match=said):
        database.write_now(add_watch, chat.id, query.format("x"), now=NOW)
    word, _ = database.write_now(add_watch, chat.id, "غزة", now=NOW)
    with pytest.raises(UsageError, match=said):
        database.write_now(edit_watch, word, now=NOW, query=query.format("x"))
    assert database.write_now(edit_watch, added.watches[0], now=NOW, query=query.format("x")).id == added.watches[0].id
    assert database.write_now(add_watch, chat.id, query.format("y"), now=NOW, most=2_000)[1]
    other = database.write_now(a_telegram_chat, 2)
    assert database.write_now(add_watch, other.id, query.format("x"), now=NOW)[1]
