"""The archive searched by the watch language: a query finds the articles it would have matched, and no others.

The words' index (storage/words.py) names the candidates, newest first; each is then asked as matching asks it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeAlias

from sqlalchemy import Connection

from monitors.alerts import Spans
from monitors.articles import Article
from monitors.query.needs import Needs
from monitors.query.occurrences import Occurrences, read
from monitors.query.plan import plan_of
from monitors.query.question import Question
from monitors.query.tree import READ, Field, Query
from monitors.storage.articles import get_articles
from monitors.storage.candidates import CUT, AllOf, Condition, all_of, any_of, candidates, is_enough
from monitors.storage.engine import Database
from monitors.storage.rereading import Kept, how_kept, note_kept, outdated_articles, present_analysis
from monitors.storage.words import (
    IndexedWords,
    article_at,
    count_places,
    days,
    give_up,
    places,
    try_put_words,
    unread_articles,
)
from monitors.text.analysis import keys_of_watch
from monitors.text.keys import field_key, key_field, stem_language
from monitors.text.stemming import STEMMED

logger = logging.getLogger(__name__)

STEMS = Needs(languages=STEMMED)
"""What an article's words are kept with, so that wide queries in its language find it."""

MOST_READ = 1_000
"""Articles that are read for one page, about a second of work; a query without a word to look up needs that many."""
MOST_COUNTED = 1_000
MOST_UNREAD = 50
"""Old articles that are read in one go."""

_FIRST_READ, _MOST_AT_ONCE = 20, 100
_WRITTEN_AT_ONCE = 10
_FIELDS = Needs(fields=frozenset(Field).difference(READ))
_OUTLET = "outlet_id"
"""A field of our own: no query can name it."""

_Read: TypeAlias = tuple[Article, IndexedWords | None]


@dataclass(frozen=True, slots=True)
class Found:
    """An article that meets the query, and where: (start, end) in code points by field."""

    article: Article
    spans: Spans


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what was found, newest first. `next` is the `before` of the page after this; None on the last.

    `stopped` when so many articles were read in vain that the page ends before it is full.
    """

    items: tuple[Found, ...]
    next: int | None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles are searched. The times bound `Article.dated`: from `since` to, without, `until`."""

    since: datetime | None = None
    until: datetime | None = None
    outlet_id: int | None = None
    language: str | None = None

    @property
    def condition(self) -> list[Condition]:
        """What of it the words' index can look up."""
        named = [(_OUTLET, str(self.outlet_id))] if self.outlet_id is not None else []
        named += [("lang", key) for key in keys_of_watch(self.language or "")]
        return [field_key(field, key) for field, key in named]

    def holds(self, article: Article) -> bool:
        return (
            (self.since is None or article.dated >= self.since)
            and (self.until is None or article.dated < self.until)
            and (self.outlet_id is None or article.outlet_id == self.outlet_id)
            and (self.language is None or self.language in _languages(article))
        )


def _languages(article: Article) -> tuple[str, str]:
    """What the article's language answers to: "ar-SY" to "ar", too."""
    language = (article.language or "").lower()
    return language, language.partition("-")[0]


EVERYTHING = Scope()


def search(
    connection: Connection,
    query: Query,
    scope: Scope = EVERYTHING,
    *,
    limit: int = 20,
    before: int | None = None,
) -> Page:
    """A page of the articles that meet the query: by the days they were published, newest first, and of one day those
    first that came last. `before` is where the page before this one ended.
    """
    question = Question(query)
    found: list[Found] = []
    ends: list[int] = []
    for looked_at, (place, article) in enumerate(_candidates(connection, question, scope, before)):
        if looked_at == MOST_READ:
            return Page(tuple(found), before, stopped=len(found) < limit)
        before = place
        if (spans := _met(question, scope, article)) is None:
            continue
        if len(found) == limit:
            return Page(tuple(found), ends[-1])
        found.append(Found(article, spans))
        ends.append(place)
    return Page(tuple(found), None)


def matching_articles(
    connection: Connection,
    query: Query,
    scope: Scope = EVERYTHING,
    *,
    limit: int | None = None,
) -> Iterator[Found]:
    """All articles that meet the query, or the newest `limit`, in the order of `search`; a few in memory at a time.

    A query that names no word reads every article there is.
    """
    question = Question(query)
    met = (
        Found(article, spans)
        for _, article in _candidates(connection, question, scope)
        if (spans := _met(question, scope, article)) is not None
    )
    return islice(met, limit)


def count_found(
    connection: Connection,
    query: Query,
    scope: Scope = EVERYTHING,
) -> int | None:
    """How many articles meet the query, counted up to MOST_COUNTED; None when only reading them would tell.

    Counted in whole days (UTC), and without articles that have more words than the index keeps.
    """
    plan = plan_of(query)
    condition = candidates(plan)
    if condition is None or not is_enough(plan):
        return None
    first, end = days(scope.since, scope.until)
    whole = AllOf((condition, *scope.condition))
    return count_places(connection, whole, first=first, before=end, most=MOST_COUNTED)


def words_of(article: Article, reading: Occurrences) -> IndexedWords:
    """What the words' index keeps of the article. `reading` is of its title and text, with STEMS."""
    tokens = [keys for keys in reading.tokens if keys and key_field(keys[0]) is None]
    others = read(article.about, _FIELDS).keys | {field_key(_OUTLET, str(article.outlet_id))}
    if stems := {key for key in reading.keys if stem_language(key)}:
        tokens = [tuple(key for key in keys if key not in stems) for keys in tokens]
    return IndexedWords(tokens, others | stems)


async def read_archive(database: Database) -> int:
    """Lets some of the articles be found that cannot be found yet, the newest first; how many those were.

    When there are none, some are read again whose words were kept by an older analysis. They are read beside the loop
    and written in short transactions. What cannot be read is passed over for good: it would be tried for ever.
    """
    present = Kept(await asyncio.to_thread(present_analysis))
    kept = await database.read(how_kept)
    if kept is None:
        kept = present
        await database.write(note_kept, kept)
    unread = await database.read(unread_articles, limit=MOST_UNREAD)
    for some in _parts(unread):
        await database.write(_put_all, await _read_all(some))
    if unread or kept == present:
        return len(unread)
    below = kept.below if kept.analysis == present.analysis else None
    outdated = await database.read(outdated_articles, below, limit=MOST_UNREAD)
    for some in _parts(outdated):
        await database.write(_put_again, await _read_all(some), present.analysis)
    if not outdated:
        await database.write(note_kept, present)
    return len(outdated)


def _parts(found: Sequence[Article]) -> Iterator[Sequence[Article]]:
    return (found[start : start + _WRITTEN_AT_ONCE] for start in range(0, len(found), _WRITTEN_AT_ONCE))


async def _read_all(found: Sequence[Article]) -> list[_Read]:
    """In the order in which the index keeps them: it likes that best."""
    ordered = sorted(found, key=lambda article: (article.dated, article.id))
    return [(article, await asyncio.to_thread(_words_if_possible, article)) for article in ordered]


def _words_if_possible(article: Article) -> IndexedWords | None:
    try:
        return words_of(article, read(article.fields | article.about, STEMS))
    except Exception:
        logger.exception("article %d (%s) could not be read for the archive's index", article.id, article.url)
        return None


def _put_again(connection: Connection, found: Sequence[_Read], analysis: str) -> None:
    _put_all(connection, found)
    note_kept(connection, Kept(analysis, below=min(article.id for article, _ in found)))


def _put_all(connection: Connection, found: Sequence[_Read]) -> None:
    for article, words in found:
        if words is None or not try_put_words(connection, article, words):
            give_up(connection, article)


def _candidates(
    connection: Connection, question: Question, scope: Scope, before: int | None = None
) -> Iterator[tuple[int, Article]]:
    """The articles that may meet the question, newest first, each with its place; more at a time as it goes on."""
    first, end = days(scope.since, scope.until)
    end = end if before is None else min(end, before)
    needed = candidates(question.plan)
    condition = all_of([*([needed] if needed is not None else []), *scope.condition])
    if condition is not None:
        condition = any_of([condition, CUT])
    at_once = _FIRST_READ
    while found := places(connection, condition, first=first, before=end, limit=at_once):
        articles = {article.id: article for article in get_articles(connection, [article_at(place) for place in found])}
        for place in found:
            if article_at(place) in articles:
                yield place, articles[article_at(place)]
        end = found[-1]
        at_once = min(at_once * 2, _MOST_AT_ONCE)


def _met(question: Question, scope: Scope, article: Article) -> Spans | None:
    return question.spans(article.fields | article.about) if scope.holds(article) else None
