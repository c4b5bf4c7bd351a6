from __future__ import annotations

from sqlalchemy import Connection, select

from monitors.outlets import NewOutlet, NewSource, Poll
from monitors.storage.crawls import CrawlCounts, count_poll, request_crawl, stop_following
from monitors.storage.engine import Database
from monitors.storage.inbox import forget_handled, mark_handled, store_updates, unhandled_updates
from monitors.storage.outlets import add_outlet, due_sources, record_poll
from monitors.storage.tables import deliveries
from tests.rows import NOW, SECOND, a_telegram_chat, an_outlet


def update(number: int) -> dict[str, object]:
    return {"update_id": number, "message": {"text": "مرحبا 👋"}}


def test_an_update_is_stored_once_and_handled_in_order(database: Database) -> None:
    assert database.write_now(store_updates, [update(2), update(1)], now=NOW) == 2
    assert database.write_now(store_updates, [update(1), update(3)], now=NOW) == 1
    waiting = database.read_now(unhandled_updates, limit=10)
    assert [stored.update_id for stored in waiting] == [1, 2, 3]
    assert waiting[0].payload == update(1)


def test_a_handled_update_is_known_until_it_is_forgotten(database: Database) -> None:
    database.write_now(store_updates, [update(1)], now=NOW)
    assert database.write_now(mark_handled, 1, now=NOW)
    assert not database.write_now(mark_handled, 1, now=NOW)
    assert database.read_now(unhandled_updates, limit=10) == []
    assert database.write_now(store_updates, [update(1)], now=NOW) == 0
    assert database.write_now(forget_handled, before=NOW + SECOND) == 1


def notices(connection: Connection) -> list[object]:
    return list(connection.scalars(select(deliveries.c.payload)))


def test_a_crawl_is_over_when_every_source_has_been_polled_and_then_told(database: Database) -> None:
    home = "https://alofoq.example/"
    outlet, (first, second) = database.write_now(
        add_outlet, NewOutlet("الأفق", home), [NewSource(f"{home}feed/"), NewSource(f"{home}sport/feed/")], now=NOW
    )
    chat = database.write_now(a_telegram_chat)
    asked = NOW + 10 * SECOND
    assert database.write_now(request_crawl, outlet.id, chat.id, now=asked)
    assert not database.write_now(request_crawl, outlet.id, chat.id, now=asked)
    assert len(database.read_now(due_sources, now=asked, limit=9)) == 2

    def polled(connection: Connection, source_id: int, counts: CrawlCounts) -> int:
        record_poll(connection, Poll(source_id, asked, asked + 300 * SECOND))
        return count_poll(connection, outlet.id, counts, now=asked)

    assert database.write_now(polled, first.id, CrawlCounts(found=10, new=2)) == 0
    assert database.read_now(notices) == []
    assert database.write_now(polled, second.id, CrawlCounts(found=5, new=1, failed=1)) == 1
    assert database.read_now(notices) == [
        {"notice": "crawl_finished", "outlet": "الأفق", "found": 15, "new": 3, "failed": 1}
    ]
    assert database.write_now(polled, second.id, CrawlCounts(found=5)) == 0


def test_a_crawl_of_an_outlet_without_a_source_left_ends_at_once(database: Database) -> None:
    outlet, _ = database.write_now(add_outlet, NewOutlet("الأفق", "https://alofoq.example/"), [], now=NOW)
    chat = database.write_now(a_telegram_chat)
    assert database.write_now(request_crawl, outlet.id, chat.id, now=NOW)
    assert len(database.read_now(notices)) == 1


def test_a_crawl_of_an_outlet_that_is_removed_meanwhile_ends_too(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet)
    chat = database.write_now(a_telegram_chat)
    database.write_now(request_crawl, outlet.id, chat.id, now=NOW)
    database.write_now(stop_following, outlet.id, now=NOW)
    assert len(database.read_now(notices)) == 1


def test_a_crawl_asked_for_during_a_poll_gets_one_of_its_own(database: Database) -> None:
    outlet, source = database.write_now(an_outlet)
    chat = database.write_now(a_telegram_chat)
    asked = NOW + 10 * SECOND
    database.write_now(request_crawl, outlet.id, chat.id, now=asked)

    def end_of_the_earlier_poll(connection: Connection) -> int:
        record_poll(connection, Poll(source.id, NOW, NOW + 300 * SECOND))
        return count_poll(connection, outlet.id, CrawlCounts(found=9), now=asked)

    assert database.write_now(end_of_the_earlier_poll) == 0
    assert [due.id for due in database.read_now(due_sources, now=asked, limit=9)] == [source.id]
