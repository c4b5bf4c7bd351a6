from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, update

from monitors.chats import Transport
from monitors.requests import CrawlState, DiscoveryKind, NewCrawl
from monitors.storage import crawls, discoveries
from monitors.storage.articles import save
from monitors.storage.deliveries import claim
from monitors.storage.engine import Database
from monitors.storage.outlet_cards import outlet_card
from monitors.storage.settlements import settle_sent
from monitors.storage.subjects import WATCHED, out_of_date
from monitors.storage.tables import articles
from tests.rows import NOW, SECOND, a_new_article, a_telegram_chat, an_outlet


def asked(connection: Connection) -> int:
    outlet, _ = an_outlet(connection)
    chat = a_telegram_chat(connection)
    crawl = crawls.ask(connection, NewCrawl(outlet.id, chat.id, 7), now=NOW, per_hour=None).crawl
    assert crawl is not None
    return crawl.id


def said(database: Database, at: timedelta) -> None:
    """Everything that waits is sent."""
    for delivery in database.write_now(claim, Transport.TELEGRAM, now=NOW + at, limit=9):
        database.write_now(settle_sent, delivery.id, 100, now=NOW + at)


def stale(database: Database, at: timedelta) -> list[bool]:
    """Whether the messages that are out of date are urgent."""
    return [message.urgent for message in database.read_now(out_of_date, now=NOW + at)]


def test_a_message_is_out_of_date_once_its_crawl_has_gone_on(database: Database) -> None:
    crawl_id = database.write_now(asked)
    assert stale(database, SECOND) == []  # it waits to be sent, and will say what is the case then
    said(database, 5 * SECOND)
    assert stale(database, 6 * SECOND) == []
    database.write_now(crawls.record_progress, crawl_id, found=3, failed=0, now=NOW + 7 * SECOND)
    assert stale(database, 8 * SECOND) == [False]
    said(database, 8 * SECOND)  # nothing waits: whoever looks after it has to let it out
    assert stale(database, 8 * SECOND + WATCHED) == []


def test_the_end_is_urgent_until_it_has_been_said(database: Database) -> None:
    crawl_id = database.write_now(asked)
    said(database, 5 * SECOND)
    database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9)
    database.write_now(crawls.end_crawl, crawl_id, CrawlState.FINISHED, now=NOW + 7 * SECOND)
    (again,) = database.write_now(claim, Transport.TELEGRAM, now=NOW + 6 * SECOND, limit=9)
    database.write_now(settle_sent, again.id, 100, now=NOW + 8 * SECOND)
    assert stale(database, 9 * SECOND) == [True]  # its words were made before the end


def test_what_is_decided_after_the_end_puts_a_message_out_of_date(database: Database) -> None:
    crawl_id = database.write_now(asked)

    def found(connection: Connection) -> None:
        outlet, _ = an_outlet(connection)
        save(connection, [a_new_article(outlet)], now=NOW, crawl_id=crawl_id)
        crawls.end_crawl(connection, crawl_id, CrawlState.FINISHED, now=NOW)

    database.write_now(found)
    said(database, 5 * SECOND)
    assert stale(database, 6 * SECOND) == []
    decided = update(articles).values(state="decided", decided_at=NOW + 9 * SECOND)
    database.write_now(lambda connection: connection.execute(decided))
    assert stale(database, 10 * SECOND) == [False]


def test_a_preview_is_urgent(database: Database) -> None:
    def looked(connection: Connection) -> int:
        chat = a_telegram_chat(connection)
        look = discoveries.ask_discovery(
            connection, DiscoveryKind.ADDRESS, "https://alofoq.example/", chat_id=chat.id, person_id=7, now=NOW
        )
        return look.id

    look_id = database.write_now(looked)
    (delivery,) = database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9)
    assert database.write_now(discoveries.record_found, look_id, {"name": "الأفق"}, now=NOW + 3 * SECOND)
    database.write_now(settle_sent, delivery.id, 100, now=NOW + 4 * SECOND)  # it was on its way all the while
    assert stale(database, 5 * SECOND) == [True]


def test_an_outlets_card_says_how_late_its_articles_are_seen(database: Database) -> None:
    from monitors.articles import DateOrigin

    def published(connection: Connection) -> str:
        outlet, _ = an_outlet(connection)
        late = [
            a_new_article(outlet, number, published_at=NOW - number * SECOND, published_origin=DateOrigin.ENTRY)
            for number in range(1, 21)
        ]
        save(connection, [*late, a_new_article(outlet, 99)], now=NOW)
        return str(outlet.id)

    card = database.read_now(outlet_card, database.write_now(published), now=NOW + SECOND)
    assert (card.recent, card.median_delay_s, card.p95_delay_s) == (21, 10.5, 19.0)
    assert card.health == "ok"
