from __future__ import annotations

from itertools import count
from operator import itemgetter
from typing import Any

import pytest
from sqlalchemy import Connection

from monitors.storage import inbox, tables
from monitors.storage.engine import Database
from monitors.storage.inbox import (
    Need,
    chats_waiting,
    count_refused,
    forget_handled,
    mark_handled,
    next_updates,
    payload_of,
    store_updates,
)
from tests.rows import NOW, SECOND, unhandled_updates


def update(number: int) -> dict[str, object]:
    return {"update_id": number, "message": {"text": "مرحبا 👋"}}


def test_an_update_is_stored_once_and_handled_in_order(database: Database) -> None:
    assert database.write_now(store_updates, [update(2), update(1)], now=NOW) == {1, 2}
    assert database.write_now(store_updates, [update(1), update(3)], now=NOW) == {3}
    waiting = database.read_now(unhandled_updates)
    assert [stored.update_id for stored in waiting] == [1, 2, 3]
    assert waiting[0].payload == update(1)


def of_chat(chat_id: int, *numbers: int) -> list[dict[str, Any]]:
    return [{"update_id": number, "chat": chat_id} for number in numbers]


def test_the_chats_that_something_waits_of_are_walked_in_a_circle(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "NEXT", 3)
    sent = [*of_chat(7, *range(1, 9)), *of_chat(-5, 9, 10), *of_chat(0, 11), *of_chat(8, 12)]
    database.write_now(store_updates, sent, now=NOW, chat_of=itemgetter("chat"))
    assert database.read_now(chats_waiting, limit=9) == [-5, 0, 7, 8]
    assert database.read_now(chats_waiting, limit=9, after=0) == [7, 8, -5, 0]
    assert database.read_now(chats_waiting, limit=3, after=0) == [7, 8, -5]
    assert database.read_now(chats_waiting, limit=1, after=5) == [7]
    assert [stored.update_id for stored in database.read_now(next_updates, 7)] == [1, 2, 3]
    database.write_now(mark_handled, 12, now=NOW)
    assert database.read_now(chats_waiting, limit=9, after=8) == [-5, 0, 7]


def test_what_a_look_costs_does_not_depend_on_how_much_waits(sqlite_database: Database) -> None:
    def cost(connection: Connection) -> int:
        """Steps of SQLite's machine, in hundreds."""
        hundreds = count()
        raw: Any = connection.connection.driver_connection
        raw.set_progress_handler(lambda: next(hundreds) < 0, 100)
        assert chats_waiting(connection, limit=9) == [7, 8]
        assert len(next_updates(connection, 8)) == inbox.NEXT
        raw.set_progress_handler(None, 0)
        return next(hundreds)

    def store(chat_id: int, numbers: range) -> None:
        rows = [{"update_id": number, "chat_id": chat_id, "payload": {}, "received_at": NOW} for number in numbers]
        sqlite_database.write_now(lambda connection: connection.execute(tables.inbox.insert(), rows))

    store(7, range(100))
    store(8, range(100, 200))
    little = sqlite_database.read_now(cost)
    store(7, range(200, 6_000))
    assert sqlite_database.read_now(cost) <= little + 1


def test_of_what_one_chat_sends_too_much_of_only_the_numbers_are_kept_until_it_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST_WAITING", 2)

    def stored(given: list[dict[str, Any]]) -> set[int]:
        need = {100: Need.HEED, 101: Need.NOTHING}
        return database.write_now(
            store_updates,
            given,
            now=NOW,
            chat_of=itemgetter("chat"),
            need_of=lambda update: need.get(update["update_id"], Need.ANSWER),
        )

    sent = [*of_chat(7, 1, 2, 3, 4, 5, 100), *of_chat(8, 6), *of_chat(-5, 7, 8, 9, 101)]
    assert stored(sent) == {1, 2, 3, 100, 6, 7, 8, 9}
    assert stored(sent) == set(), "Telegram offers them again"
    assert [database.read_now(payload_of, number) for number in (4, 101)] == [{}, {}]
    assert [one.update_id for one in database.read_now(unhandled_updates) if one.refused] == [3, 9]
    for number in (1, 2):
        assert database.write_now(mark_handled, number, now=NOW)
    assert stored(of_chat(7, 10)) == set(), "until it is told"
    assert database.write_now(mark_handled, 3, now=NOW, error=inbox.TOO_MANY)
    assert database.read_now(count_refused, 3) == 4
    assert stored(of_chat(7, 11)) == {11}


def test_no_update_is_one_that_cannot_be_stored(database: Database) -> None:
    hostile = {"update_id": 1, "message": {"text": "a\0b\ud800c 👋", "ids": [float("inf"), 1.5, None, True], "\0": {}}}
    assert database.write_now(store_updates, [hostile], now=NOW) == {1}
    (stored,) = database.read_now(unhandled_updates)
    kept = {"text": "a\ufffdb\ufffdc 👋", "ids": [None, 1.5, None, True], "\ufffd": {}}
    assert stored.payload == {"update_id": 1, "message": kept}


def test_a_handled_update_is_known_until_it_is_forgotten(database: Database) -> None:
    database.write_now(store_updates, [update(1)], now=NOW)
    assert database.write_now(mark_handled, 1, now=NOW)
    assert not database.write_now(mark_handled, 1, now=NOW)
    assert database.read_now(unhandled_updates) == []
    assert database.write_now(store_updates, [update(1)], now=NOW) == set()
    assert not database.write_now(forget_handled, before=NOW + SECOND)
    assert database.write_now(store_updates, [update(1)], now=NOW) == {1}


def test_many_updates_are_forgotten_in_portions(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "FORGOTTEN_AT_ONCE", 2)
    database.write_now(store_updates, [update(number) for number in (1, 2, 3, 4)], now=NOW)
    for number in (1, 2, 3):
        database.write_now(mark_handled, number, now=NOW)
    assert [database.write_now(forget_handled, before=NOW + SECOND) for _ in range(2)] == [True, False]
    assert [stored.update_id for stored in database.read_now(unhandled_updates)] == [4]
