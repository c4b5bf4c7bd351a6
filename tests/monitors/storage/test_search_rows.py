"""The words' index on both databases: what is kept of an article, and how it is found by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from monitors.articles import Article, ArticleState, Edit
from monitors.errors import DatabaseAway
from monitors.query.plan import Adjacent, Prefix
from monitors.storage.articles import get_articles, save
from monitors.storage.candidates import CUT, AllOf, AnyOf, Condition, any_of, candidates
from monitors.storage.edits import save_edits
from monitors.storage.engine import Database
from monitors.storage.words import (
    MOST_PLACES,
    MOST_REPEATS,
    IndexedWords,
    article_at,
    count_places,
    count_unread,
    days,
    outlines_at,
    places,
    put_words,
    try_put_words,
    unread_articles,
)
from monitors.text.analysis import Keys
from monitors.text.keys import field_key, stem_key
from tests.rows import NOW, a_new_article, an_outlet

DAY = timedelta(days=1)

KEYS = st.text(
    st.characters(categories=["L", "M", "N", "Co", "P", "S"]).filter(lambda letter: letter.casefold() == letter),
    min_size=1,
    max_size=80,
)
"""Whatever a key could be made of, and more: no blanks, no capitals."""


def some_articles(connection: Connection, count: int = 1) -> list[Article]:
    """Articles that were recorded in silence, one a day, the first today."""
    outlet, _ = an_outlet(connection)
    new = [a_new_article(outlet, number, published_at=NOW - (number - 1) * DAY) for number in range(1, count + 1)]
    save(connection, new, now=NOW, state=ArticleState.ARCHIVED)
    return unread_articles(connection, limit=count)[::-1]


def found(connection: Connection, condition: Condition | None) -> list[int]:
    return [article_at(place) for place in places(connection, condition, limit=100)]


def words(*tokens: str | Keys, others: Sequence[str] = ()) -> IndexedWords:
    return IndexedWords([(token,) if isinstance(token, str) else token for token in tokens], others)


def needed(*keys: str) -> Condition:
    condition = candidates(Adjacent(keys))
    assert condition is not None
    return condition


def test_an_article_is_found_by_each_of_its_keys(database: Database) -> None:
    (article,) = database.write_now(some_articles)
    database.write_now(put_words, article, words(("والسد", "السد", "سد"), "كبير", others=[field_key("tag", "مياه")]))
    for key in ("والسد", "السد", "سد", "كبير", field_key("tag", "مياه")):
        assert database.read_now(found, key) == [article.id]
    for key in ("س", "سدود", "مياه", field_key("tag", "سد"), field_key("author", "مياه")):
        assert database.read_now(found, key) == []
    assert database.read_now(found, Prefix("كب")) == [article.id]
    assert database.read_now(found, AllOf(("سد", "كبير"))) == [article.id]
    assert database.read_now(found, AllOf(("سد", "صغير"))) == []
    assert database.read_now(found, AnyOf(("صغير", "كبير"))) == [article.id]


@given(st.lists(KEYS, min_size=1, max_size=6, unique=True), KEYS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_key_stays_whole(database: Database, keys: list[str], other: str) -> None:
    def kept_and_found(connection: Connection) -> list[bool]:
        with connection.begin_nested() as attempt:
            (article,) = some_articles(connection)
            put_words(connection, article, words(*keys[:3], others=keys[3:]))
            asked: list[Condition] = [*keys, *(Prefix(key[:2]) for key in keys), AllOf(tuple(keys)), needed(*keys[:3])]
            met = [found(connection, condition) == [article.id] for condition in asked]
            short = {key[:64] for key in keys}
            met.append(bool(found(connection, other)) == (other[:64] in short))
            attempt.rollback()
        return met

    assert all(database.write_now(kept_and_found))


def test_sqlite_tells_words_near_each_other_from_words_far_apart(sqlite_database: Database) -> None:
    def fill(connection: Connection) -> tuple[Article, Article]:
        one, other = some_articles(connection, 2)
        put_words(connection, one, words("سد", ("النهضة", "نهضة"), "كبير"))
        put_words(connection, other, words("سد", *["كلمة"] * 20, "النهضة"))
        return one, other

    one, other = sqlite_database.write_now(fill)
    assert sqlite_database.read_now(found, needed("سد", "نهضة", "كبير")) == [one.id]
    assert sqlite_database.read_now(found, needed("سد", "النهضة")) == [one.id]
    assert sqlite_database.read_now(found, AllOf(("سد", "النهضة"))) == [one.id, other.id]


def test_an_outline_stays_with_the_words(database: Database) -> None:
    (article,) = database.write_now(some_articles)
    assert database.read_now(outlines_at, [0]) == {}
    for outline in (b"first", b"second"):
        database.write_now(put_words, article, IndexedWords([("سد",)], outline=outline))
        (place,) = database.read_now(places, "سد", limit=9)
        assert database.read_now(outlines_at, [place]) == {place: outline}
    database.write_now(put_words, article, words("سد"))
    assert database.read_now(outlines_at, [place]) == {}


@pytest.mark.parametrize(
    "tokens",
    [
        [*(f"و{number}" for number in range(MOST_PLACES)), "سد", "النهضة"],
        [*["سد", "كلمة"] * MOST_REPEATS, "سد", "النهضة"],
        [tuple(f"س{number}" for number in range(12)), "سد", *["النهضة"]],
    ],
    ids=["long", "repeating", "many readings of a word"],
)
def test_no_phrase_is_lost_where_places_end(database: Database, tokens: list[str | Keys]) -> None:
    (article,) = database.write_now(some_articles)
    database.write_now(put_words, article, words(*tokens))
    assert database.read_now(found, needed("سد", "النهضة")) == [article.id]


def test_an_article_with_too_many_words_is_a_candidate_for_all(database: Database) -> None:
    (article,) = database.write_now(some_articles)
    database.write_now(put_words, article, words(*(f"كلمة{number}" for number in range(40_000))))
    assert database.read_now(found, any_of(["سد", CUT])) == [article.id]


def test_stems_and_fields_have_no_places(database: Database) -> None:
    (article,) = database.write_now(some_articles)
    tag = [field_key("tag", word) for word in ("new", "york")]
    database.write_now(put_words, article, words("running", others=[*tag, stem_key("en", "run")]))
    assert database.read_now(found, needed(*tag)) == [article.id]
    assert database.read_now(found, needed("running", stem_key("en", "run"))) == [article.id]


def test_an_edited_article_is_found_by_what_it_says_now(database: Database) -> None:
    def edit(connection: Connection, article: Article) -> Article:
        new = a_new_article(an_outlet(connection, "أخرى")[0], 9, title="آخر", silent=True, published_at=NOW - DAY)
        save_edits(connection, [Edit(article.id, new)])
        return get_articles(connection, [article.id])[0]

    (article,) = database.write_now(some_articles)
    database.write_now(put_words, article, words("سد"))
    assert database.read_now(count_unread) == 0
    edited = database.write_now(edit, article)
    assert edited.version == 2
    assert database.read_now(found, "سد") == [article.id], "until it is read again"
    assert [each.id for each in database.read_now(unread_articles, limit=9)] == [article.id]
    database.write_now(put_words, article, words("قديم"))
    assert database.read_now(found, "قديم") == [], "what was read before the edit is out of date"
    database.write_now(put_words, edited, words("نهر"))
    assert database.read_now(found, "سد") == []
    assert database.read_now(found, "نهر") == [article.id]
    assert database.read_now(count_unread) == 0


def test_an_article_whose_day_becomes_known_is_found_once(database: Database) -> None:
    (article,) = database.write_now(some_articles)
    database.write_now(put_words, article, words("سد"))
    database.write_now(put_words, replace(article, published_at=NOW - 9 * DAY), words("سد"))
    assert database.read_now(found, "سد") == [article.id]
    first, end = days(NOW - 9 * DAY, NOW - 9 * DAY)
    assert database.read_now(count_places, "سد", first=first, before=end, most=9) == 1


def test_the_newest_come_first_a_page_and_some_days_at_a_time(database: Database) -> None:
    def fill(connection: Connection) -> list[int]:
        articles = some_articles(connection, 10)
        for article in articles:
            put_words(connection, article, words("سد"))
        return [article.id for article in articles]

    ids = database.write_now(fill)
    assert database.read_now(found, "سد") == database.read_now(found, None) == ids
    first_page = database.read_now(places, "سد", limit=4)
    rest = database.read_now(places, "سد", before=first_page[-1], limit=100)
    assert [article_at(place) for place in (*first_page, *rest)] == ids
    first, end = days(NOW - 5 * DAY, NOW - 3 * DAY)
    within = database.read_now(places, "سد", first=first, before=end, limit=100)
    assert [article_at(place) for place in within] == ids[3:6]
    assert database.read_now(count_places, "سد", first=first, before=end, most=100) == 3
    assert database.read_now(count_places, "سد", first=first, before=end, most=2) == 2


def test_times_nobody_could_mean_are_kept_in_order(database: Database) -> None:
    (article,) = database.write_now(some_articles)
    ancient = replace(article, published_at=NOW.replace(year=1))
    database.write_now(put_words, ancient, words("سد"))
    assert database.read_now(found, "سد") == [article.id]


def test_old_articles_wait_to_be_read_newest_first_but_not_what_is_decided_soon(database: Database) -> None:
    articles = database.write_now(some_articles, 3)
    outlet, _ = database.write_now(an_outlet, "أخرى")
    database.write_now(save, [a_new_article(outlet, 9)], now=NOW)
    waiting = sorted((article.id for article in articles), reverse=True)
    assert [article.id for article in database.read_now(unread_articles, limit=9)] == waiting
    assert [article.id for article in database.read_now(unread_articles, limit=1)] == waiting[:1]
    assert database.read_now(count_unread) == 3


def test_words_that_cannot_be_kept_harm_nothing_else(database: Database) -> None:
    def decide(connection: Connection) -> bool:
        (article,) = some_articles(connection)
        connection.execute(text("ALTER TABLE words RENAME TO lost"))
        return try_put_words(connection, article, words("سد"))

    assert database.write_now(decide) is False
    assert database.read_now(count_unread) == 1


def test_words_that_find_no_room_are_kept_later(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite rolls the whole transaction back by itself")

    def run_out_of_room(connection: Connection) -> bool:
        (article,) = some_articles(connection)
        full = "BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END"
        connection.execute(text(f"CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $${full}$$"))
        connection.execute(
            text("CREATE TRIGGER no_room BEFORE INSERT ON words FOR EACH ROW EXECUTE FUNCTION no_room()")
        )
        return try_put_words(connection, article, words("سد"))

    with pytest.raises(DatabaseAway, match="could not extend file"):
        database.write_now(run_out_of_room)


def test_reading_the_archive_does_not_swell_the_log(sqlite_database: Database) -> None:
    """A big log costs disk and slows every reader; it is emptied every minute and by every thousand pages."""

    def fill(connection: Connection) -> None:
        for number, article in enumerate(some_articles(connection, 10)):
            put_words(connection, article, words(*(f"كلمة{number}و{each}" for each in range(400))))

    sqlite_database.write_now(fill)
    log = Path(f"{sqlite_database.url.database}-wal")
    assert log.stat().st_size < 2_000_000
