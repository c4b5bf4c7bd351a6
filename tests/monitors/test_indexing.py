"""Articles' words kept for searching: all of them in time, whatever happens in between, on both databases."""

from __future__ import annotations

import asyncio
import logging
import re

import pytest
from sqlalchemy import Connection, text

from monitors import indexing
from monitors.articles import Article, ArticleState
from monitors.indexing import STEMS, read_archive, words_of
from monitors.query.occurrences import Occurrences
from monitors.query.reading import read
from monitors.roles import RoleContext
from monitors.service import decide_pending
from monitors.settings import Settings
from monitors.storage.articles import get_articles, save
from monitors.storage.engine import Database
from monitors.storage.rereading import present_analysis
from monitors.storage.words import IndexedWords, count_unread, places, unread_articles
from monitors.text.keys import stem_key
from monitors.wakeups import Wakeups
from monitors.watching import StandingWatches
from tests.monitors.archive import archive, found_by
from tests.rows import NOW, a_new_article, an_outlet


async def test_what_cannot_be_kept_is_alerted_all_the_same(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet)
    database.write_now(save, [a_new_article(outlet)], now=NOW)
    database.write_now(lambda connection: connection.execute(text("ALTER TABLE words RENAME TO lost")))
    context = RoleContext(Settings(), database, Wakeups(), asyncio.Event())
    assert await decide_pending(context, StandingWatches()) == 1


async def test_reading_the_archive_goes_on_where_it_was_cut_off(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "MOST_UNREAD", 4)
    outlet, _ = database.write_now(an_outlet)
    new = [a_new_article(outlet, number) for number in range(1, 10)]
    database.write_now(save, new, now=NOW, state=ArticleState.ARCHIVED)
    assert await read_archive(database) == 4
    assert found_by(database, "خبر") == [9, 8, 7, 6]
    with pytest.raises(RuntimeError):
        database.write_now(_cut_off_while_writing)
    assert database.read_now(count_unread) == 5
    assert [await read_archive(database) for _ in range(3)] == [4, 1, 0]
    assert sorted(found_by(database, "خبر")) == list(range(1, 10))


def _cut_off_while_writing(connection: Connection) -> None:
    (article, *_) = unread_articles(connection, limit=1)
    indexing._put_all(connection, [(article, indexing._words_if_possible(article))])
    raise RuntimeError


async def test_what_cannot_be_read_holds_nobody_up(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = indexing.words_of

    def words_of(article: Article, reading: Occurrences) -> IndexedWords:
        if article.title == "poison":
            raise ValueError
        return real(article, reading)

    monkeypatch.setattr(indexing, "words_of", words_of)
    outlet, _ = database.write_now(an_outlet)
    with caplog.at_level(logging.CRITICAL):
        await archive(database, a_new_article(outlet, 1), a_new_article(outlet, 2, title="poison"))
    assert found_by(database, "خبر") == [1]
    assert database.read_now(count_unread) == 0


def test_stems_take_no_places_among_the_words(sqlite_database: Database) -> None:
    """SQLite counts keys when it looks what stands side by side."""
    outlet, _ = sqlite_database.write_now(an_outlet)
    sqlite_database.write_now(save, [a_new_article(outlet)], now=NOW)
    (article,) = sqlite_database.read_now(get_articles, [1])
    kept = words_of(article, read({"text": "The ministers were running naïve cafés", "lang": "en"}, STEMS))
    assert kept.tokens[-2:] == [("naïve", "naive"), ("cafés", "cafes")]
    assert {stem_key("en", "run"), stem_key("en", "minist")} <= set(kept.others)


async def test_articles_are_read_again_when_the_analysis_has_changed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "MOST_UNREAD", 4)
    outlet, _ = database.write_now(an_outlet)
    await archive(database, *(a_new_article(outlet, number) for number in range(1, 7)))
    assert await read_archive(database) == 0

    def of_other_rules(article: Article, reading: Occurrences) -> IndexedWords:
        return IndexedWords([("جديد",)])

    monkeypatch.setattr(indexing, "present_analysis", lambda: "another")
    monkeypatch.setattr(indexing, "words_of", of_other_rules)
    assert [await read_archive(database) for _ in range(2)] == [4, 2]
    assert found_by(database, "خبر") == []
    assert database.read_now(lambda connection: len(places(connection, "جديد", limit=9))) == 6
    assert [await read_archive(database) for _ in range(2)] == [0, 0]


def test_what_stands_for_the_analysis_stays_the_same_while_it_does() -> None:
    assert present_analysis() == present_analysis()
    assert re.fullmatch("[0-9a-f]{16}", present_analysis())
