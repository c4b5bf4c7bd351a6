from __future__ import annotations

from operator import itemgetter
from typing import Any

import pytest

from monitors.storage import inbox
from monitors.storage.engine import Database
from monitors.storage.inbox import forget_handled, mark_handled, payload_of, store_updates, unhandled_updates
from tests.rows import NOW, SECOND


def update(number: int) -> dict[str, object]:
    return {"update_id": number, "message": {"text": "مرحبا 👋"}}


def test_an_update_is_stored_once_and_handled_in_order(database: Database) -> None:
    assert database.write_now(store_updates, [update(2), update(1)], now=NOW) == 2
    assert database.write_now(store_updates, [update(1), update(3)], now=NOW) == 1
    waiting = database.read_now(unhandled_updates, limit=10)
    assert [stored.update_id for stored in waiting] == [1, 2, 3]
    assert waiting[0].payload == update(1)


def of_chat(chat_id: int, *numbers: int) -> list[dict[str, Any]]:
    return [{"update_id": number, "chat": chat_id} for number in numbers]


def test_however_much_one_chat_has_sent_the_next_of_every_other_is_seen_first(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "NEXT", 3)
    sent = [*of_chat(7, *range(1, 9)), *of_chat(-5, 9, 10)]
    database.write_now(store_updates, sent, now=NOW, chat_of=itemgetter("chat"))
    waiting = database.read_now(unhandled_updates, limit=4)
    assert [stored.update_id for stored in waiting] == [1, 9, 2, 10]
    waiting = database.read_now(unhandled_updates, limit=99)
    assert [stored.update_id for stored in waiting] == [1, 9, 2, 10, 3]


def test_of_what_one_person_sends_too_much_of_only_the_numbers_are_kept(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST_WAITING", 2)
    sent = [*of_chat(7, 1, 2, 3, 4), *of_chat(8, 5), *of_chat(-5, 6, 7, 8)]

    def stored(given: list[dict[str, Any]]) -> int:
        return database.write_now(store_updates, given, now=NOW, chat_of=itemgetter("chat"))

    assert stored(sent) == len(sent)
    assert {one.update_id for one in database.read_now(unhandled_updates, limit=99)} == {1, 2, 5, 6, 7, 8}
    assert database.read_now(payload_of, 3) == {}
    assert stored(sent) == 0, "Telegram offers them again"
    assert database.write_now(mark_handled, 1, now=NOW)
    assert stored(of_chat(7, 9)) == 1
    assert {one.update_id for one in database.read_now(unhandled_updates, limit=99)} == {2, 5, 6, 7, 8, 9}


def test_no_update_is_one_that_cannot_be_stored(database: Database) -> None:
    hostile = {"update_id": 1, "message": {"text": "a\0b\ud800c 👋", "ids": [float("inf"), 1.5, None, True], "\0": {}}}
    assert database.write_now(store_updates, [hostile], now=NOW) == 1
    (stored,) = database.read_now(unhandled_updates, limit=10)
    kept = {"text": "a\ufffdb\ufffdc 👋", "ids": [None, 1.5, None, True], "\ufffd": {}}
    assert stored.payload == {"update_id": 1, "message": kept}


def test_a_handled_update_is_known_until_it_is_forgotten(database: Database) -> None:
    database.write_now(store_updates, [update(1)], now=NOW)
    assert database.write_now(mark_handled, 1, now=NOW)
    assert not database.write_now(mark_handled, 1, now=NOW)
    assert database.read_now(unhandled_updates, limit=10) == []
    assert database.write_now(store_updates, [update(1)], now=NOW) == 0
    assert not database.write_now(forget_handled, before=NOW + SECOND)
    assert database.write_now(store_updates, [update(1)], now=NOW) == 1


def test_many_updates_are_forgotten_in_portions(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "FORGOTTEN_AT_ONCE", 2)
    database.write_now(store_updates, [update(number) for number in (1, 2, 3, 4)], now=NOW)
    for number in (1, 2, 3):
        database.write_now(mark_handled, number, now=NOW)
    assert [database.write_now(forget_handled, before=NOW + SECOND) for _ in range(2)] == [True, False]
    assert [stored.update_id for stored in database.read_now(unhandled_updates, limit=9)] == [4]
