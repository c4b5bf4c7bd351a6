"""Searching the archive: what is found is what would have matched, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, text

from monitors import searching
from monitors.articles import Article, NewArticle
from monitors.indexing import read_archive
from monitors.outlets import NewOutlet, Outlet
from monitors.query.language.grammar import parse
from monitors.query.language.limits import MAX_DEPTH, MAX_WIDE
from monitors.query.question import Question
from monitors.query.tree import Regex
from monitors.roles import RoleContext
from monitors.searching import Scope, count_found, matching_articles, search
from monitors.service import decide_pending
from monitors.settings import Settings
from monitors.storage.articles import get_articles, save
from monitors.storage.engine import Database
from monitors.storage.outlets import add_outlet, remove_outlet
from monitors.storage.tables import articles, outlines
from monitors.storage.words import count_unread
from monitors.text.cleaning import clean
from monitors.wakeups import Wakeups
from monitors.watching import StandingWatches
from tests.monitors.archive import archive, found_by, ids
from tests.monitors.query.chance import random_article, random_query
from tests.rows import NOW, a_new_article, an_outlet

DAY = timedelta(days=1)


def an_article_of(outlet: Outlet, number: int, fields: Mapping[str, str], **changes: Any) -> NewArticle:
    safe = {name: clean(value) for name, value in fields.items()}
    return a_new_article(
        outlet,
        number,
        title=safe.get("title", ""),
        text=safe.get("text", ""),
        authors=tuple(filter(None, safe.get("author", "").split("\n"))),
        tags=tuple(filter(None, safe.get("tag", "").split("\n"))),
        language=safe.get("lang") or None,
        **changes,
    )


@pytest.mark.parametrize("seed", range(3))
async def test_what_is_found_is_what_matches(database: Database, seed: int) -> None:
    chance = Random(seed)
    outlet, _ = database.write_now(an_outlet, "علي كرة")
    new = [an_article_of(outlet, number, random_article(chance, longest=40)) for number in range(1, 31)]
    await archive(database, *new)
    kept = database.read_now(get_articles, range(1, 31))
    met = 0
    for _ in range(60):
        query = random_query(chance)
        question = Question(query)
        expected = {each.id: question.spans(each.fields | each.about) for each in kept}
        page = database.read_now(search, query, limit=100)
        assert {each.article.id: each.spans for each in page.items} == {
            number: spans for number, spans in expected.items() if spans is not None
        }, query
        count = database.read_now(count_found, query)
        assert count is None or count == len(page.items), query
        met += len(page.items)
    assert met > 100, "else nothing was tried"


async def test_the_deepest_queries_are_answered(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet)
    await archive(database, a_new_article(outlet))
    query = "خبر"
    for number in range(MAX_DEPTH - 1):
        query = f'("خ{number} ر" OR {query})' if number % 2 else f'("نص الخبر" AND {query})'
    assert found_by(database, query) == [1]
    assert found_by(database, " OR ".join(f"~كتاب{number}" for number in range(MAX_WIDE - 1)) + " OR ~خبر") == [1]


async def test_a_decided_article_is_found_at_once(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet)
    database.write_now(save, [a_new_article(outlet, text="حول سد النهضة", tags=("مياه",))], now=NOW)
    assert found_by(database, "سد النهضة") == []
    context = RoleContext(Settings(), database, Wakeups(), asyncio.Event())
    assert await decide_pending(context, StandingWatches()) == 1
    assert found_by(database, "سد النهضة") == found_by(database, "tag:مياه") == [1]
    assert database.read_now(count_unread) == 0


async def test_pages_follow_one_another(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet)
    await archive(
        database, *(a_new_article(outlet, number, published_at=NOW - number // 3 * DAY) for number in range(1, 11))
    )
    query = parse("خبر")
    pages = [database.read_now(search, query, limit=4)]
    while pages[-1].next is not None:
        pages.append(database.read_now(search, query, limit=4, before=pages[-1].next))
    assert [ids(page) for page in pages] == [[2, 1, 5, 4], [3, 8, 7, 6], [10, 9]]
    assert database.read_now(lambda connection: [each.article.id for each in matching_articles(connection, query)]) == [
        number for page in pages for number in ids(page)
    ]
    assert database.read_now(search, query, limit=10).next is None
    assert database.read_now(count_found, query) == 10


async def test_pages_are_newest_first_to_the_second_and_stay_so_when_others_come(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet)

    def new(number: int, hours: int) -> NewArticle:
        return a_new_article(outlet, number, published_at=NOW - timedelta(hours=hours))

    await archive(database, *(new(at, hours) for at, hours in enumerate((3, 1, 2, 9, 2, 40), 1)))
    query = parse("خبر")
    assert ids(database.read_now(search, query, limit=9)) == [2, 5, 3, 1, 4, 6]
    assert [each.article.id for each in database.read_now(lambda c: list(matching_articles(c, query)))] == [
        2, 5, 3, 1, 4, 6
    ]  # fmt: skip
    first = database.read_now(search, query, limit=2)
    await archive(database, new(7, 0), new(8, 5), new(9, 2))
    second = database.read_now(search, query, limit=2, before=first.next)
    third = database.read_now(search, query, limit=9, before=second.next)
    assert [ids(page) for page in (first, second, third)] == [[2, 5], [3, 1], [8, 4, 6]]
    assert ids(database.read_now(search, query, limit=9)) == [7, 2, 9, 5, 3, 1, 8, 4, 6]


async def test_a_time_an_outlet_and_a_language_can_be_chosen(database: Database) -> None:
    (one, _), (other, _) = database.write_now(an_outlet), database.write_now(an_outlet, "أخرى")
    await archive(
        database,
        a_new_article(one, 1, language="ar-SY"),
        a_new_article(one, 2, language="en", published_at=NOW - 2 * DAY),
        a_new_article(other, 3, language="ar", published_at=NOW - 4 * DAY),
        a_new_article(other, 4, published_at=NOW + DAY),
    )
    assert found_by(database, "خبر") == [4, 1, 2, 3], "what claims to be of tomorrow is of today"
    assert found_by(database, "خبر", since=NOW - 2 * DAY) == [4, 1, 2]
    assert found_by(database, "خبر", since=NOW - 2 * DAY + timedelta(seconds=1)) == [4, 1]
    assert found_by(database, "خبر", until=NOW - 2 * DAY) == [3]
    assert found_by(database, "خبر", outlet_id=other.id) == [4, 3]
    assert found_by(database, "خبر", language="ar") == [1, 3]
    assert found_by(database, "خبر", language="ar", outlet_id=one.id) == [1]
    assert database.read_now(count_found, parse("خبر"), Scope(language="ar")) == 2
    assert database.read_now(count_found, parse("خبر"), Scope(outlet_id=other.id)) == 2


async def test_a_query_without_a_word_reads_so_many_and_goes_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_READ", 4)
    outlet, _ = database.write_now(an_outlet)
    await archive(
        database, *(a_new_article(outlet, number, published_at=NOW - number * DAY) for number in range(1, 11))
    )
    query = Regex("رقم (3|9)$")
    first = database.read_now(search, query)
    assert (ids(first), first.stopped) == ([3], True)
    assert database.read_now(count_found, query) is None
    second = database.read_now(search, query, before=first.next)
    assert (ids(second), second.stopped) == ([], True)
    last = database.read_now(search, query, before=second.next)
    assert (ids(last), last.stopped, last.next) == ([9], False, None)


async def test_only_articles_are_read_that_have_the_words_where_they_are_asked_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def get(connection: Connection, numbers: Sequence[int]) -> list[Article]:
        read.extend(numbers)
        return get_articles(connection, numbers)

    monkeypatch.setattr(searching, "get_articles", get)
    outlet, _ = database.write_now(an_outlet)
    texts = ("سد النهضة", "النهضة سد", "سد على النهضة", "سد", "السد والنهضة", "بسد النهضة")
    await archive(database, *(a_new_article(outlet, number, text=text) for number, text in enumerate(texts, 1)))
    for query, expected in (('"سد النهضة"', [6, 5, 1]), ("سد ONEAR/2 النهضة", [6, 5, 3, 1]), ('title:"سد النهضة"', [])):
        read.clear()
        assert found_by(database, query) == read == expected
    database.write_now(lambda connection: connection.execute(outlines.delete()))
    read.clear()
    assert found_by(database, '"سد النهضة"') == [6, 5, 1], "those are read of which is not known what stands where"
    assert len(read) > 3


async def test_who_looks_through_many_in_vain_stops_and_goes_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_PASSED", 4)
    monkeypatch.setattr(searching, "_FIRST_OUTLINED", 2)
    monkeypatch.setattr(searching, "_MOST_OUTLINED_AT_ONCE", 2)
    outlet, _ = database.write_now(an_outlet)
    texts = ["سد النهضة", *["النهضة سد"] * 9]
    await archive(database, *(a_new_article(outlet, number, text=text) for number, text in enumerate(texts, 1)))
    query = parse('"سد النهضة"')
    pages = [database.read_now(search, query)]
    while pages[-1].next is not None:
        pages.append(database.read_now(search, query, before=pages[-1].next))
    assert [(ids(page), page.stopped) for page in pages] == [([], True), ([], True), ([1], False)]
    assert database.read_now(lambda connection: [each.article.id for each in matching_articles(connection, query)]) == [
        1
    ]


async def test_an_article_that_is_gone_is_passed_over(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet)
    await archive(database, a_new_article(outlet, 1), a_new_article(outlet, 2))
    database.write_now(lambda connection: connection.execute(text("DELETE FROM fingerprints")))
    database.write_now(lambda connection: connection.execute(articles.delete().where(articles.c.id == 2)))
    assert found_by(database, "خبر") == [1]


async def test_all_forms_of_a_word_are_looked_up(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet)
    await archive(
        database,
        a_new_article(outlet, 1, text="وبالسياسيين", language="ar"),
        a_new_article(outlet, 2, text="The ministers were running late", language="en"),
        a_new_article(outlet, 3, text="Les ministres", language="fr"),
    )
    for query in ("~سياسي", "~minister", "~run", "~ministre", "~ministre AND lang:fr"):
        question = Question(parse(query))
        kept = database.read_now(get_articles, [1, 2, 3])
        expected = [each.id for each in kept if question.meets(each.fields | each.about)]
        assert sorted(found_by(database, query)) == expected
    assert found_by(database, "~run") == [2]


async def test_an_outlet_that_comes_back_is_found_by_its_new_name(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet, "القديمة")
    await archive(database, a_new_article(outlet, 1))
    database.write_now(remove_outlet, outlet.id)
    database.write_now(add_outlet, NewOutlet("الجديدة", outlet.homepage), [], now=NOW)
    assert database.read_now(count_unread) == 1
    assert await read_archive(database) == 1
    assert found_by(database, "outlet:الجديدة") == [1]
    assert found_by(database, "outlet:القديمة") == []
