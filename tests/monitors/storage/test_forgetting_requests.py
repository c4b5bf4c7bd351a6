from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, Table, select

from monitors.requests import CrawlState, DiscoveryKind, DiscoveryState, NewCrawl
from monitors.storage.crawls import add_crawl
from monitors.storage.discoveries import accept, ask_discovery, decline, outlets_added_by, record_followed, record_found
from monitors.storage.engine import Database
from monitors.storage.forgetting import forget_requests
from monitors.storage.tables import crawl_requests, discoveries
from tests.rows import NOW, a_telegram_chat, an_outlet

LONG_AGO = NOW - timedelta(days=40)
MONTH = timedelta(days=30)


def kept(database: Database, table: Table) -> list[int]:
    return database.read_now(lambda connection: list(connection.scalars(select(table.c.id).order_by(table.c.id))))


def look(connection: Connection, state: DiscoveryState, *, outlet_id: int | None = None, days: int = 40) -> int:
    """A look at an address that came so far, so many days ago."""
    chat, at = a_telegram_chat(connection), NOW - timedelta(days=days)
    found = ask_discovery(connection, DiscoveryKind.ADDRESS, "a.example", chat_id=chat.id, person_id=7, now=at)
    if state in (DiscoveryState.FOUND, DiscoveryState.FOLLOWING, DiscoveryState.FOLLOWED):
        record_found(connection, found.id, {}, now=at)
    if state in (DiscoveryState.FOLLOWING, DiscoveryState.FOLLOWED):
        accept(connection, found.id, chat.id, now=at)
    if state is DiscoveryState.FOLLOWED:
        record_followed(connection, found.id, outlet_id=outlet_id, added=outlet_id is not None, now=at)
    if state is DiscoveryState.CANCELLED:
        decline(connection, found.id, chat.id, now=at)
    return found.id


def test_crawls_that_were_over_a_month_ago_are_forgotten(database: Database) -> None:
    wish = NewCrawl(database.write_now(an_outlet)[0].id)

    def crawl(state: CrawlState, days: int) -> int:
        at = NOW - timedelta(days=days)
        return database.write_now(add_crawl, wish, now=at, state=state).id

    for state in (CrawlState.FINISHED, CrawlState.FAILED, CrawlState.CANCELLED):
        crawl(state, 31)
    running, waiting = crawl(CrawlState.RUNNING, 31), crawl(CrawlState.WAITING, 31)
    recent = crawl(CrawlState.FINISHED, 29)
    assert database.write_now(forget_requests, before=NOW - MONTH) == 3
    assert kept(database, crawl_requests) == [running, waiting, recent]


def test_looks_that_added_nothing_are_forgotten(database: Database) -> None:
    outlet = database.write_now(an_outlet)[0]
    for state in (DiscoveryState.FOUND, DiscoveryState.CANCELLED, DiscoveryState.FOLLOWED):
        database.write_now(look, state)
    added = database.write_now(look, DiscoveryState.FOLLOWED, outlet_id=outlet.id)
    open_one = database.write_now(look, DiscoveryState.FOLLOWING)
    recent = database.write_now(look, DiscoveryState.CANCELLED, days=29)
    assert database.write_now(forget_requests, before=NOW - MONTH) == 3
    assert kept(database, discoveries) == [added, open_one, recent]
    assert database.read_now(outlets_added_by, 7) == 1, "whose outlet it is stays known"


def test_no_number_is_given_twice(database: Database) -> None:
    wish = NewCrawl(database.write_now(an_outlet)[0].id)
    first = database.write_now(add_crawl, wish, now=LONG_AGO, state=CrawlState.FINISHED)
    seen = database.write_now(look, DiscoveryState.CANCELLED)
    database.write_now(forget_requests, before=NOW - MONTH)
    assert database.write_now(add_crawl, wish, now=NOW).id > first.id, "its articles would be shown as the other's"
    assert database.write_now(look, DiscoveryState.CANCELLED) > seen
