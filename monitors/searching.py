"""The archive searched by the watch language: a query finds the articles it would have matched, and no others.

The words' index (storage/words.py) names the candidates, newest first; each is then asked as matching asks it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from monitors.alerts import Spans
from monitors.articles import Article
from monitors.query.outline import Outline, says_more
from monitors.query.plan import plan_of
from monitors.query.question import Question
from monitors.query.tree import Query
from monitors.storage.articles import get_articles
from monitors.storage.candidates import CUT, AllOf, Condition, all_of, any_of, candidates, is_enough
from monitors.storage.words import (
    OUTLET,
    article_at,
    count_places,
    days,
    end_of_day,
    moments,
    outlines_at,
    start_of_day,
)
from monitors.text.analysis import keys_of_watch
from monitors.text.cleaning import one_line
from monitors.text.keys import field_key

MOST_READ = 500
"""Articles that are read for one page, about a second of work; a query without a word to look up needs that many."""
MOST_PASSED = 20_000
"""Articles whose outlines are looked at in vain for one page, about a second of work, too."""
MOST_COUNTED = 1_000

_FIRST_READ, _MOST_AT_ONCE = 20, 100
_FIRST_OUTLINED, _MOST_OUTLINED_AT_ONCE = 200, 3_200


@dataclass(frozen=True, slots=True)
class Found:
    """An article that meets the query, and where: (start, end) in code points by field."""

    article: Article
    spans: Spans


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what was found, newest first among them. `next` is the `before` of the page after this; None on the last.

    `stopped` when so many articles were read in vain that the page ends before it is full.
    """

    items: tuple[Found, ...]
    next: int | None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles are searched. The times bound `Article.dated`: from `since` to, without, `until`. Neither `but` is
    found nor what has its title."""

    since: datetime | None = None
    until: datetime | None = None
    outlet_id: int | None = None
    language: str | None = None
    but: Article | None = None

    @property
    def condition(self) -> list[Condition]:
        """What of it the words' index can look up."""
        named = [(OUTLET, str(self.outlet_id))] if self.outlet_id is not None else []
        named += [("lang", key) for key in keys_of_watch(self.language or "")]
        return [field_key(field, key) for field, key in named]

    def holds(self, article: Article) -> bool:
        return (
            (self.since is None or article.dated >= self.since)
            and (self.until is None or article.dated < self.until)
            and (self.outlet_id is None or article.outlet_id == self.outlet_id)
            and (self.language is None or self.language in _languages(article))
            and (self.but is None or not _is_copy(article, self.but))
        )


def _is_copy(article: Article, of: Article) -> bool:
    title = one_line(of.title)
    return article.id == of.id or (bool(title) and one_line(article.title) == title)


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
    """A page of the articles that meet the query, by when they were published, newest first, and of one second what
    came last. `before` is where the page before this one ended: pages do not change places when others come.
    """
    question = Question(query)
    found: list[Found] = []
    ends: list[int] = []
    read = 0
    for moment, article in _candidates(connection, question, scope, before):
        if article is None or read == MOST_READ:
            end = moment if article is None else before
            return Page(tuple(found), end, stopped=len(found) < limit)
        read += 1
        before = moment
        if (spans := _met(question, scope, article)) is None:
            continue
        if len(found) == limit:
            return Page(tuple(found), ends[-1])
        found.append(Found(article, spans))
        ends.append(moment)
    return Page(tuple(found), None)


def matching_articles(connection: Connection, query: Query, scope: Scope = EVERYTHING) -> Iterator[Found]:
    """All articles that meet the query, in the order of `search`; a few in memory at a time.

    A query that names no word reads every article there is.
    """
    question = Question(query)
    for _, article in _candidates(connection, question, scope):
        if article is not None and (spans := _met(question, scope, article)) is not None:
            yield Found(article, spans)


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


def _candidates(
    connection: Connection, question: Question, scope: Scope, before: int | None = None
) -> Iterator[tuple[int, Article | None]]:
    """The articles that may meet the question, newest first, each with its moment; more at a time as it goes on.

    None stands for many that were looked through in vain, down to this moment.
    """
    first, end = days(scope.since, scope.until)
    end = end if before is None else min(end, end_of_day(before))
    needed = candidates(question.plan)
    condition = all_of([*([needed] if needed is not None else []), *scope.condition])
    if condition is not None:
        condition = any_of([condition, CUT])
    outlined = says_more(question.plan)
    at_once, most_at_once = (_FIRST_OUTLINED, _MOST_OUTLINED_AT_ONCE) if outlined else (_FIRST_READ, _MOST_AT_ONCE)
    passed = 0
    while found := moments(connection, condition, first=first, before=end, at_least=at_once):
        end = start_of_day(found[-1][1])
        left = [one for one in found if before is None or one[0] < before]
        while left:
            some, left = left[:at_once], left[at_once:]
            open_ = _not_refuted(connection, question, some) if outlined else some
            yield from _read(connection, open_)
            passed += len(some) - len(open_)
            if passed >= MOST_PASSED:
                yield some[-1][0], None
                passed = 0
            at_once = min(at_once * 2, most_at_once)


def _read(connection: Connection, found: Sequence[tuple[int, int]]) -> Iterator[tuple[int, Article]]:
    """The articles there, each with its moment."""
    for start in range(0, len(found), _MOST_AT_ONCE):
        some = [(moment, article_at(place)) for moment, place in found[start : start + _MOST_AT_ONCE]]
        articles = {article.id: article for article in get_articles(connection, [number for _, number in some])}
        yield from ((moment, articles[number]) for moment, number in some if number in articles)


def _not_refuted(connection: Connection, question: Question, found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those whose articles may meet the question, as far as their outlines tell."""
    outlines = outlines_at(connection, [place for _, place in found])
    return [one for one in found if one[1] not in outlines or Outline(outlines[one[1]]).may_meet(question.plan)]


def _met(question: Question, scope: Scope, article: Article) -> Spans | None:
    return question.spans(article.fields | article.about) if scope.holds(article) else None
