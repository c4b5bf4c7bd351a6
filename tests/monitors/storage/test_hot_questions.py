"""What is asked every second, or for every article, is answered from an index, however much is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event

from monitors.chats import Transport
from monitors.storage.articles import pending_articles, recent_addresses
from monitors.storage.crawls import get_crawl, open_crawls
from monitors.storage.deliveries import claim, is_waiting
from monitors.storage.digests import find_digest
from monitors.storage.discoveries import open_discoveries
from monitors.storage.edits import lacking_pages, versions_of
from monitors.storage.engine import Database
from monitors.storage.held import due_held, is_any_due
from monitors.storage.identities import known_articles
from monitors.storage.inbox import chats_waiting, forget_handled, next_updates
from monitors.storage.outlets import sources_of
from monitors.storage.polls import due_sources
from monitors.storage.rereading import outdated_articles
from monitors.storage.revisions import changes_since
from monitors.storage.subjects import out_of_date
from monitors.storage.subscriptions import mutes_of, subscriptions_of, takers_of
from monitors.storage.tables import metadata
from monitors.storage.traces import outlets_of_articles_at, recorded_matches, told_chats
from monitors.storage.watches import history, list_watches
from monitors.storage.words import count_unread, unread_articles
from tests.rows import NOW

QUESTIONS: dict[str, Callable[[Connection], Any]] = {
    "due sources": lambda connection: due_sources(connection, now=NOW, limit=9),
    "sources of an outlet": lambda connection: sources_of(connection, 1),
    "known identities": lambda connection: known_articles(connection, 1, [1, 2]),
    "recent addresses": lambda connection: recent_addresses(connection, 1, limit=9),
    "pages to be asked for again": lambda connection: lacking_pages(connection, now=NOW, limit=9),
    "undecided articles": lambda connection: pending_articles(connection, limit=9),
    "articles not searchable yet": lambda connection: unread_articles(connection, limit=9),
    "how many those are": count_unread,
    "articles kept by older rules": lambda connection: outdated_articles(connection, 9, limit=9),
    "versions": lambda connection: versions_of(connection, 1),
    "takers of met watches": lambda connection: takers_of(connection, [1, 2], outlet_id=1, language="ar", zone="UTC"),
    "what is muted": lambda connection: mutes_of(connection, [1, 2], now=NOW),
    "what a chat takes": lambda connection: subscriptions_of(connection, 1),
    "watches of a chat": lambda connection: list_watches(connection, 1),
    "what a watch found": lambda connection: history(connection, 1, now=NOW),
    "what an article met": lambda connection: recorded_matches(connection, 1, 1),
    "articles with an address": lambda connection: outlets_of_articles_at(connection, ["https://a.example/1"]),
    "chats told of an article": lambda connection: told_chats(connection, 1),
    "changed watches": lambda connection: changes_since(connection, 1),
    "claiming": lambda connection: claim(connection, Transport.TELEGRAM, now=NOW, limit=9),
    "anything to tell": lambda connection: is_waiting(connection, Transport.TELEGRAM, now=NOW),
    "what is due of what is held": lambda connection: due_held(connection, now=NOW, limit=9),
    "whether any of it is": lambda connection: is_any_due(connection, now=NOW),
    "a digest": lambda connection: find_digest(connection, 1, 1),
    "messages out of date": lambda connection: out_of_date(connection, now=NOW),
    "chats that updates wait of": lambda connection: chats_waiting(connection, limit=9, after=1),
    "the next of one": lambda connection: next_updates(connection, 1),
    "updates to be forgotten": lambda connection: forget_handled(connection, before=NOW),
    "open crawls": open_crawls,
    "a crawl": lambda connection: get_crawl(connection, 1),
    "open looks": open_discoveries,
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_table_is_read_as_a_whole(sqlite_database: Database, question: str) -> None:
    def plans(connection: Connection) -> list[str]:
        asked: list[tuple[str, Any]] = []
        event.listen(connection, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))
        QUESTIONS[question](connection)
        return [
            row[-1]
            for statement, parameters in list(asked)
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]

    found = sqlite_database.write_now(plans)
    whole = {f"SCAN {table}" for table in metadata.tables}
    assert found
    assert [step for step in found if step in whole] == []
