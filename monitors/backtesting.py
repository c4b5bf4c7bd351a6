"""A query tried on articles there are: how much it finds, by which words, and what others find beside it (pure)."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from monitors.alerts import Spans
from monitors.query.implying import can_be_met
from monitors.query.needs import NOTHING_MORE
from monitors.query.occurrences import Occurrences
from monitors.query.question import Question
from monitors.query.reading import read
from monitors.query.tree import READ, Query, either
from monitors.query.widening import Wider, widenings
from monitors.text.cleaning import one_line

BROAD = 50
"""Matches a day that nobody reads; a guess."""
SAME_SHARE = 0.8
"""How many of the matches another watch finds too when the two are one interest; a guess."""
MOST_COMPARED = 300
"""Matches of which is asked whether other watches find them, the first ones: a chat may have a thousand."""
MOST_WORDS = 1000
"""Different words counted; a pattern could find a new one in every article."""
MOST_DAYS = 366
EXAMPLES = 3


class Caution(StrEnum):
    """What its owner should know of a query before it is a watch."""

    CANNOT_BE_MET = "cannot be met"  # it asks for what it, or its list, rules out
    FINDS_NOTHING = "finds nothing"
    TOO_BROAD = "too broad"  # more than BROAD a day
    ONLY_OLD = "only old"  # nothing in the second half of the time


@dataclass(frozen=True, slots=True)
class Tried:
    """An article that queries are tried on: its texts by the names of `tree.Field`, and when it was published."""

    fields: Mapping[str, str]
    at: datetime | None
    url: str = ""
    outlet: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    article: Tried
    spans: Spans


@dataclass(frozen=True, slots=True)
class Gain:
    """What one wider query would find besides, in articles."""

    wider: Wider
    more: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another watch that finds much of the same: its id, and the share of the matches that it finds. `same`: it asks
    just the same.
    """

    watch_id: int
    share: float
    same: bool


@dataclass(frozen=True, slots=True)
class BackTest:
    """What a query found. `days` are whole days of `zone`, oldest first, those without a match too, and at most
    MOST_DAYS; `undated` and `earlier` matches are on none of them. Words are as they stand in the texts, the most
    frequent first, and examples the newest first. `meant` is what was probably meant, where it finds nothing. `cut`
    when there were more articles than were to be asked; gains are of the time from `gains_since` on, or of all of it.
    """

    query: Query
    asked: int
    matches: int
    days: Mapping[date, int]
    undated: int
    earlier: int
    zone: tzinfo
    since: datetime | None
    until: datetime | None
    cut: bool
    per_day: float | None
    words: Sequence[tuple[str, int]]
    examples: Sequence[Example]
    gains: Sequence[Gain]
    overlaps: Sequence[Overlap]
    cautions: Sequence[Caution]
    gains_since: datetime | None = None
    meant: Query | None = None

    @property
    def length(self) -> float:
        """Days, and parts of days."""
        return (self.until - self.since) / timedelta(days=1) if self.since and self.until else 0.0


def back_test(
    articles: Iterable[Tried],
    query: Query,
    *,
    zone: tzinfo,
    since: datetime | None = None,
    until: datetime | None = None,
    others: Mapping[int, Query] | None = None,
    most: int | None = None,
) -> BackTest:
    """Tries the query on articles in any order, each read once, a few in memory at a time.

    Articles before `since` and after `until` do not count; without them the time is that of the articles. `others`
    are standing queries by the ids of their watches. After `most` articles no more are asked, and the time begins with
    the oldest of them: so let them come newest first.
    """
    trial = _Trial(query, zone, others or {})
    for article in articles:
        if article.at is None or ((since is None or article.at >= since) and (until is None or article.at <= until)):
            if trial.asked == most:
                return trial.result(None, until, cut=True)
            trial.ask(article)
    return trial.result(since, until)


def everything_asked(query: Query) -> Query:
    """A query that every article meets which a back-test of this one has to see."""
    return either([query, *(wider.query for wider in widenings(query))])


class _Trial:
    """Counts in the making."""

    def __init__(self, query: Query, zone: tzinfo, others: Mapping[int, Query]) -> None:
        self._question = Question(query)
        self._zone = zone
        self._wider = [(wider, Question(wider.query)) for wider in widenings(query)]
        self._others = {watch_id: Question(other) for watch_id, other in others.items()}
        self._needs = NOTHING_MORE
        for question in (self._question, *(asked for _, asked in self._wider), *self._others.values()):
            self._needs |= question.needs
        self.asked = self._matches = self._undated = self._compared = 0
        self._oldest: datetime | None = None
        self._newest: datetime | None = None
        self._days: Counter[date] = Counter()
        self._words: Counter[str] = Counter()
        self._more: Counter[int] = Counter()
        self._shared: Counter[int] = Counter()
        self._examples: list[tuple[float, int, Example]] = []

    def ask(self, article: Tried) -> None:
        self.asked += 1
        if article.at is not None:
            self._oldest = min(article.at, self._oldest or article.at)
            self._newest = max(article.at, self._newest or article.at)
        analysed = read(article.fields, self._needs)
        spans = self._question.spans_in(analysed)
        if spans is None:
            self._more.update(number for number, (_, wider) in enumerate(self._wider) if wider.met_by(analysed))
            return
        self._matches += 1
        self._count_day(article)
        self._count_words(article, spans)
        self._keep(Example(article, spans))
        self._compare(analysed)

    def _count_day(self, article: Tried) -> None:
        if article.at is None:
            self._undated += 1
        else:
            self._days[article.at.astimezone(self._zone).date()] += 1

    def _count_words(self, article: Tried, spans: Spans) -> None:
        for field in READ:
            text = article.fields.get(field, "")
            for start, end in spans.get(field, ()):
                surface = one_line(text[start:end])
                if surface in self._words or len(self._words) < MOST_WORDS:
                    self._words[surface] += 1

    def _keep(self, example: Example) -> None:
        """The newest examples, of each title one; of those without a date, the first."""
        at = example.article.at.timestamp() if example.article.at is not None else float("-inf")
        entry = (at, -self._matches, example)
        title = example.article.fields.get("title")
        alike = [kept for kept in self._examples if title and kept[2].article.fields.get("title") == title]
        if alike:
            self._examples.remove(alike[0])
            self._examples.append(max(alike[0], entry, key=lambda one: one[:2]))
            heapq.heapify(self._examples)
        elif len(self._examples) < EXAMPLES:
            heapq.heappush(self._examples, entry)
        else:
            heapq.heappushpop(self._examples, entry)

    def _compare(self, analysed: Occurrences) -> None:
        if self._compared < MOST_COMPARED:
            self._compared += 1
            self._shared.update(watch_id for watch_id, other in self._others.items() if other.met_by(analysed))

    def result(self, since: datetime | None, until: datetime | None, *, cut: bool = False) -> BackTest:
        first, last = since or self._oldest, until or self._newest
        days, earlier = self._every_day(first, last)
        dated = self._matches - self._undated
        length = (last - first) / timedelta(days=1) if first is not None and last is not None else 0.0
        per_day = dated / max(length, 1.0) if first is not None else None
        return BackTest(
            query=self._question.query,
            asked=self.asked,
            matches=self._matches,
            days=days,
            undated=self._undated,
            earlier=earlier,
            zone=self._zone,
            since=first,
            until=last,
            cut=cut,
            per_day=per_day,
            words=self._words.most_common(),
            examples=[example for _, _, example in sorted(self._examples, key=lambda entry: entry[:2], reverse=True)],
            gains=[Gain(wider, self._more[number]) for number, (wider, _) in enumerate(self._wider)],
            overlaps=self._overlaps(),
            cautions=self._cautions(per_day, first, last),
        )

    def _every_day(self, first: datetime | None, last: datetime | None) -> tuple[dict[date, int], int]:
        """Every day from first to last with its matches, and how many were before the first that is shown."""
        if first is None or last is None:
            return {}, 0
        end = last.astimezone(self._zone).date()
        length = min((end - first.astimezone(self._zone).date()).days + 1, MOST_DAYS)
        days = {day: self._days[day] for day in (end - timedelta(days=ago) for ago in reversed(range(length)))}
        return days, self._days.total() - sum(days.values())

    def _overlaps(self) -> list[Overlap]:
        plan = self._question.plan
        found = [
            Overlap(watch_id, self._shared[watch_id] / max(self._compared, 1), other.plan == plan)
            for watch_id, other in self._others.items()
        ]
        close = [overlap for overlap in found if overlap.same or overlap.share >= SAME_SHARE]
        return sorted(close, key=lambda overlap: (not overlap.same, -overlap.share, overlap.watch_id))

    def _cautions(self, per_day: float | None, first: datetime | None, last: datetime | None) -> list[Caution]:
        if not can_be_met(self._question.plan):
            return [Caution.CANNOT_BE_MET]
        if not self._matches:
            return [Caution.FINDS_NOTHING]
        found = [Caution.TOO_BROAD] if per_day is not None and per_day > BROAD else []
        if first is not None and last is not None and not self._undated and self._days:
            middle = (first + (last - first) / 2).astimezone(self._zone).date()
            if max(self._days) < middle:
                found.append(Caution.ONLY_OLD)
        return found
