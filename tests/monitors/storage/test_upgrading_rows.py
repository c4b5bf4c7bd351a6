"""A database of the first schema, with everything in the middle of something: nothing is lost or told twice by the
upgrade."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, func, select

from monitors.articles import ArticleState, TextOrigin
from monitors.chats import Transport
from monitors.indexing import read_archive
from monitors.outlets import Outlet
from monitors.query.language.grammar import parse
from monitors.requests import CrawlState, Trouble
from monitors.roles import RoleContext
from monitors.searching import search
from monitors.service import decide_pending
from monitors.settings import Settings
from monitors.storage.alerts import get_alert
from monitors.storage.articles import count_by_state, get_articles, pending_articles, save
from monitors.storage.crawls import end_overdue, get_crawl, open_crawls
from monitors.storage.deliveries import claim
from monitors.storage.engine import Database, open_database
from monitors.storage.migrating import MIGRATIONS, upgrade
from monitors.storage.outlets import find_outlet
from monitors.storage.polls import due_sources
from monitors.storage.settlements import settle_sent
from monitors.storage.tables import alerts, articles, deliveries
from monitors.storage.words import count_unread
from monitors.wakeups import Wakeups
from monitors.watching import StandingWatches
from tests.databases import BACKENDS, fresh_database
from tests.rows import NOW, SECOND, a_new_article

LONG_AGO = NOW - timedelta(days=3)
ARCHIVED, TOLD, WAITING = 1, 2, 3
OPEN, OVERDUE, OF_THE_SHELL, OVER = 1, 2, 3, 4


@pytest.fixture(params=BACKENDS)
def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with fresh_database(request.param, tmp_path) as url, open_database(url) as opened:
        opened.write_now(_bring_to, "0001")
        opened.write_now(_fill)
        assert upgrade(opened)
        yield opened


def _bring_to(connection: Connection, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def _fill(connection: Connection) -> None:
    """An outlet whose articles are archived, told to chat 7 (who has yet to get the message), and undecided."""
    tables = MetaData()
    tables.reflect(connection)
    rows: dict[str, list[dict[str, Any]]] = {
        "chats": [_chat(1, 7)],
        "outlets": [
            {"id": 1, "name": "صحيفة", "homepage": "https://a.example/", "state": "active", "added_at": LONG_AGO}
        ],
        "sources": [
            {"id": 1, "outlet_id": 1, "kind": "feed", "url": "https://a.example/feed/", "etag": '"7"'}
            | {"next_poll_at": NOW, "first_polled_at": LONG_AGO, "last_polled_at": LONG_AGO, "active": True}
        ],
        "watchlists": [{"id": 1, "chat_id": 1, "name": "main", "created_at": LONG_AGO}],
        "watches": [
            {"id": 1, "watchlist_id": 1, "query": "القيارة", "state": "active", "created_at": LONG_AGO, "revision": 1}
        ],
        "revisions": [{"name": "watches", "value": 1}],
        "stories": [{"id": 1, "created_at": LONG_AGO}],
        "articles": [
            _article(ARCHIVED, "archived", author=None),
            _article(TOLD, "decided", author="ليلى", story_id=1),
            _article(WAITING, "pending", author='سمير "الكاتب"'),
        ],
        "fingerprints": [
            {"outlet_id": 1, "fingerprint": key} for number in (ARCHIVED, TOLD, WAITING) for key in _keys(number)
        ],
        "matches": [{"article_id": TOLD, "watch_id": 1, "spans": {"title": [[0, 7]]}}],
        "alerts": [
            {"id": 1, "chat_id": 1, "story_id": 1, "article_id": TOLD, "verdict": "new", "reason": "first"}
            | {"created_at": LONG_AGO}
        ],
        "deliveries": [
            {"id": 1, "chat_id": 1, "kind": "alert", "alert_id": 1, "payload": {}, "priority": 1, "state": "pending"}
            | {"created_at": LONG_AGO}
        ],
        "crawl_requests": [
            _crawl(OPEN, chat_id=1, requested_at=NOW - SECOND, finished=False),
            _crawl(OVERDUE, chat_id=1, requested_at=LONG_AGO, finished=False),
            _crawl(OF_THE_SHELL, chat_id=None, requested_at=LONG_AGO, finished=False),
            _crawl(OVER, chat_id=1, requested_at=LONG_AGO, finished=True),
        ],
    }
    for name, found in rows.items():
        connection.execute(tables.tables[name].insert(), found)
        if connection.dialect.name == "postgresql" and "id" in found[0]:  # rows that bring their ids move no sequence
            table = tables.tables[name]
            connection.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), func.max(table.c.id))))


def _chat(chat_id: int, telegram_chat_id: int) -> dict[str, Any]:
    return {
        "id": chat_id,
        "transport": "telegram",
        "telegram_chat_id": telegram_chat_id,
        "thread_id": 0,
        "language": "ar",
        "state": "active",
        "created_at": LONG_AGO,
    }


def _article(number: int, state: str, *, author: str | None, story_id: int | None = None) -> dict[str, Any]:
    url = f"https://a.example/{number}"
    return {
        "id": number,
        "outlet_id": 1,
        "source_id": 1,
        "url": url,
        "canonical_url": url,
        "guid": url,
        "title": f"القيارة {number}",
        "summary": "",
        "text": "نص",
        "text_origin": "page",
        "author": author,
        "language": "ar",
        "tags": ["محليات"],
        "first_seen_at": LONG_AGO,
        "saved_at": LONG_AGO,
        "state": state,
        "decided_at": None if state == "pending" else LONG_AGO,
        "story_id": story_id,
    }


def _keys(number: int) -> tuple[int, int]:
    return number * 2, number * 2 + 1


def _crawl(number: int, **values: Any) -> dict[str, Any]:
    return {"id": number, "outlet_id": 1, "found": number, "new": 0, "failed": 0, **values}


def _judged(connection: Connection) -> dict[int, int]:
    rows = connection.execute(select(articles.c.id, articles.c.judged_version))
    return {row.id: row.judged_version for row in rows}


def outlet_of(database: Database) -> Outlet:
    return database.read_now(find_outlet, "1")


def test_authors_are_kept(upgraded: Database) -> None:
    found = upgraded.read_now(get_articles, [ARCHIVED, TOLD, WAITING])
    assert [article.authors for article in found] == [(), ("ليلى",), ('سمير "الكاتب"',)]
    assert found[TOLD - 1].tags == ("محليات",)
    assert found[TOLD - 1].text_origin is TextOrigin.PAGE


async def test_what_was_told_or_archived_is_not_told_again_and_what_waited_is(upgraded: Database) -> None:
    assert [article.id for article in upgraded.read_now(pending_articles, limit=9)] == [WAITING]
    assert upgraded.read_now(_judged) == {ARCHIVED: 1, TOLD: 1, WAITING: 0}
    context = RoleContext(Settings(), upgraded, Wakeups(), asyncio.Event())
    assert await decide_pending(context, StandingWatches()) == 1
    told = []
    while claimed := upgraded.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9):
        for delivery in claimed:
            assert delivery.alert_id is not None
            told.append(upgraded.read_now(get_alert, delivery.alert_id).fields["title"])
            upgraded.write_now(settle_sent, delivery.id, len(told), now=NOW)
    assert told == [f"القيارة {TOLD}", f"القيارة {WAITING}"]


def test_what_an_outlet_showed_before_stays_known(upgraded: Database) -> None:
    outlet = outlet_of(upgraded)
    again = [a_new_article(outlet, number, fingerprints=_keys(number)) for number in (ARCHIVED, TOLD, WAITING)]
    new = a_new_article(outlet, 9)
    assert len(upgraded.write_now(save, [*again, new], now=NOW)) == 1
    assert upgraded.read_now(count_by_state) == {
        ArticleState.ARCHIVED: 1,
        ArticleState.DECIDED: 1,
        ArticleState.PENDING: 2,
    }


def test_sources_are_polled_on_as_they_were(upgraded: Database) -> None:
    (source,) = upgraded.read_now(due_sources, now=NOW, limit=9)
    assert source.validators.etag == '"7"'
    assert source.first_polled_at == LONG_AGO, "else everything new would be archived in silence"
    assert source.rate is None


def test_crawls_that_were_under_way_are_worked_on_or_ended(upgraded: Database) -> None:
    upgraded.write_now(end_overdue, now=NOW)
    assert [crawl.id for crawl in upgraded.read_now(open_crawls)] == [OPEN]
    states = [upgraded.read_now(get_crawl, crawl_id) for crawl_id in (OVERDUE, OF_THE_SHELL, OVER)]
    assert [crawl and (crawl.state, crawl.error) for crawl in states] == [
        (CrawlState.FAILED, Trouble.OVERDUE),
        (CrawlState.FAILED, Trouble.OVERDUE),
        (CrawlState.FINISHED, None),
    ]


async def test_what_was_there_before_can_be_searched_once_it_is_read(upgraded: Database) -> None:
    assert upgraded.read_now(count_unread) == 2, "what waits to be decided is read then"
    assert await read_archive(upgraded) == 2
    found = upgraded.read_now(search, parse("القيارة"))
    assert [each.article.id for each in found.items] == [TOLD, ARCHIVED]


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_alert_knows_since_when_its_article_met_more_and_whether_its_message_says_so(
    backend: str, tmp_path: Path
) -> None:
    with fresh_database(backend, tmp_path) as url, open_database(url) as opened:
        opened.write_now(_bring_to, "0001")
        opened.write_now(_fill)
        opened.write_now(_bring_to, "0006")
        opened.write_now(_grow)
        assert upgrade(opened)
        both = select(alerts.c.grown_at, alerts.c.growths, deliveries.c.growths.label("told")).join(deliveries)
        assert opened.read_now(lambda connection: connection.execute(both).all()) == [(NOW, 1, 0)]


def _grow(connection: Connection) -> None:
    """The alert grew twice."""
    tables = MetaData()
    tables.reflect(connection, only=["alert_articles"])
    rows = [
        {"alert_id": 1, "article_id": TOLD, "seen_at": NOW},
        {"alert_id": 1, "article_id": ARCHIVED, "seen_at": LONG_AGO},
    ]
    connection.execute(tables.tables["alert_articles"].insert(), rows)
