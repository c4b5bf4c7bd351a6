"""A distinct query that stands for everybody who asks it, and where all of them hang.

Where one hangs is decided when it comes (anchors.py) and kept with it: what is rare may look different when it goes.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import pairwise
from typing import TypeAlias

from monitors.query.anchors import Anchor, Cover, Frequency, Hold, anchors_of, is_proof
from monitors.query.characters import Expressions, Literals
from monitors.query.occurrences import Occurrences
from monitors.query.plan import Adjacent, All, Close, Plan, Without
from monitors.query.prefixes import Prefixes
from monitors.text.analysis import Keys
from monitors.text.steps import Steps

_AT_ONCE = 250  # plans that are looked at between two turns of others; most take a few microseconds
_TOKENS_ASKED_AT_ONCE = 100_000  # plans times tokens, for in long articles a plan may take milliseconds
_TOKENS_AT_ONCE = 10_000
_PAIRS_AT_ONCE = 1_000

_FEW = 16  # companions that are looked at one by one faster than all at once

_MOST_PLACES = 4  # of two neighbours, at which a longer phrase is looked for; beyond, looking it up as a whole is fast


class Standing:
    """One distinct query with its watches, by id. `proven` when whatever it hangs on is all it asks for."""

    __slots__ = ("anchors", "plan", "proven", "watches")

    def __init__(self, plan: Plan, anchors: Cover, *, proven: bool = False) -> None:
        self.plan = plan
        self.anchors = anchors
        self.proven = proven
        self.watches = array("q")

    def is_met_by(self, article: Occurrences) -> bool:
        """Of an article that has what the query hangs on."""
        return self.proven or article.meet(self.plan)

    def add(self, watch_id: int) -> None:
        """Take in a watch that is not there."""
        if not self.watches or self.watches[-1] < watch_id:  # as nearly always
            self.watches.append(watch_id)
        else:
            insort(self.watches, watch_id)

    def remove(self, watch_id: int) -> None:
        self.watches.pop(bisect_left(self.watches, watch_id))


class _Words(Standing):
    """One that asks for words to be there and others not to be."""

    __slots__ = ("_absent", "_present")

    def __init__(self, plan: Plan, anchors: Cover, present: Sequence[str], absent: Sequence[str]) -> None:
        super().__init__(plan, anchors)
        hung_on = anchors[0].on
        self._present = tuple(key for key in present if key not in hung_on)
        self._absent = absent

    def is_met_by(self, article: Occurrences) -> bool:
        return article.keys.issuperset(self._present) and article.keys.isdisjoint(self._absent)


class _Near(Standing):
    """One that asks for a word near another."""

    __slots__ = ("_around", "_other")

    def __init__(self, plan: Plan, anchors: Cover, around: tuple[str, int, bool], other: str) -> None:
        super().__init__(plan, anchors)
        self._around = around
        self._other = other

    def is_met_by(self, article: Occurrences) -> bool:
        return article.are_close(self._around, self._other)


def standing_for(plan: Plan, frequency: Frequency) -> Standing:
    """The query with the fastest way to find out whether it is met: reading a plan takes ten times as long.

    Raises ValueError for one that an article without any of its words meets.
    """
    if isinstance(plan, str):  # as most are, which stand by their word
        return Standing(plan, (), proven=True)
    anchors = anchors_of(plan, frequency)
    if anchors is None:
        raise ValueError("a standing query must ask for some word")
    if is_proof(plan):
        return Standing(plan, anchors, proven=True)
    match plan:
        case All(parts) if all(isinstance(part, str | Without) for part in parts):
            present = tuple(part for part in parts if isinstance(part, str))
            absent = tuple(part.part for part in parts if isinstance(part, Without) and isinstance(part.part, str))
            if len(present) + len(absent) == len(parts):
                return _Words(plan, anchors, present, absent)
        case Close(((str(one),), (str(other),)), distance, ordered):
            return _Near(plan, anchors, (one, distance, ordered), other)
    return Standing(plan, anchors)


Hung: TypeAlias = dict[str, list[Standing]]
Pairs: TypeAlias = dict[str, Hung]


class _OnWords:
    """What hangs on a word, or on two that are anywhere in the article."""

    __slots__ = ("companions", "single")

    def __init__(self) -> None:
        self.single: Hung = {}
        self.companions: Pairs = {}

    def of(self, some: Set[str], present: Set[str]) -> set[Standing]:
        """What hangs on words that are all present, and the first of them among some."""
        found: set[Standing] = set()
        single, companions = self.single, self.companions
        for key in single.keys() & some:
            found.update(single[key])
        for key in companions.keys() & some:
            others = companions[key]
            for other in others if len(others) < _FEW else others.keys() & present:
                if other in present:
                    found.update(others[other])
        return found


class Hangers:
    """Standing queries by what they hang on."""

    def __init__(self) -> None:
        self.words: dict[str, Standing] = {}  # what asks for one word is found here, too
        self._neighbours: Pairs = {}
        self._proven = _OnWords()  # apart from the others: most are never looked at closer
        self._open = _OnWords()
        self._beginnings: Prefixes[Standing] = Prefixes()
        self._literals: Literals[Standing] = Literals()
        self._expressions: Expressions[Standing] = Expressions()
        self._tables: dict[Hold, Prefixes[Standing] | Literals[Standing] | Expressions[Standing]] = {
            Hold.BEGINNING: self._beginnings,
            Hold.LITERAL: self._literals,
            Hold.EXPRESSION: self._expressions,
        }

    def hang(self, standing: Standing) -> None:
        if isinstance(standing.plan, str):
            self.words[standing.plan] = standing
            return
        for anchor in standing.anchors:
            match anchor.hold:
                case Hold.WORDS:
                    _hang(standing, self._on_words(standing).single, anchor.on)
                case Hold.NEIGHBOURS | Hold.COMPANIONS:
                    first, second = anchor.on
                    _hang(standing, self._pairs(anchor, standing).setdefault(first, {}), (second,))
                case _:
                    self._tables[anchor.hold].add(anchor.on[0], standing)

    def take_down(self, standing: Standing) -> None:
        if isinstance(standing.plan, str):
            del self.words[standing.plan]
            return
        for anchor in standing.anchors:
            match anchor.hold:
                case Hold.WORDS:
                    _unhang(standing, self._on_words(standing).single, anchor.on)
                case Hold.NEIGHBOURS | Hold.COMPANIONS:
                    first, second = anchor.on
                    pairs = self._pairs(anchor, standing)
                    _unhang(standing, pairs[first], (second,))
                    if not pairs[first]:
                        del pairs[first]
                case _:
                    self._tables[anchor.hold].remove(anchor.on[0], standing)

    def meeting_steps(self, article: Occurrences) -> Steps[list[Standing]]:
        """What the article meets, each once, in no order."""
        met: list[Standing] = []
        proven: set[Standing] = set()
        open_ones: set[Standing] = set()
        for keys in article.groups:
            met += [self.words[key] for key in self.words.keys() & keys]
            proven |= self._proven.of(keys, article.keys)
            open_ones |= self._open.of(keys, article.keys)
            yield
        neighbours = yield from self._neighbours_in(article)
        yield from self._side_by_side(neighbours, article.tokens, proven, open_ones)
        yield from self._on_characters(article, open_ones)
        met += proven
        at_once = max(1, min(_AT_ONCE, _TOKENS_ASKED_AT_ONCE // (len(article.tokens) or 1)))
        for number, standing in enumerate(open_ones, 1):
            if not standing.proven:
                yield from article.looking_steps(standing.plan)
            if standing.is_met_by(article):
                met.append(standing)
            if not number % at_once:
                yield
        return met

    def _side_by_side(
        self,
        neighbours: Mapping[tuple[str, str], Sequence[int]],
        tokens: Sequence[Keys],
        met: set[Standing],
        open_ones: set[Standing],
    ) -> Steps[None]:
        """Adds what hangs on two words that are side by side in the article: to what is met, or to what is open."""
        for number, ((first, second), places) in enumerate(neighbours.items(), 1):
            for standing in self._neighbours[first][second]:
                phrase = standing.plan
                if standing.proven:
                    met.add(standing)
                elif isinstance(phrase, Adjacent) and len(places) < _MOST_PLACES and _is_plain(phrase):
                    if _stands_at(phrase.terms, first, second, tokens, places):
                        met.add(standing)
                else:
                    open_ones.add(standing)
            if not number % _PAIRS_AT_ONCE:
                yield

    def _neighbours_in(self, article: Occurrences) -> Steps[Mapping[tuple[str, str], Sequence[int]]]:
        """Two words that something hangs on → the first places where they are side by side."""
        neighbours = self._neighbours
        first_words = set[str]()
        for some in article.groups:
            first_words |= neighbours.keys() & some
            yield
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        tokens = article.tokens if first_words else []
        for start in range(0, len(tokens), _TOKENS_AT_ONCE):
            for at, (keys, next_keys) in enumerate(pairwise(tokens[start : start + _TOKENS_AT_ONCE + 1]), start):
                for key in keys:
                    if key in first_words:
                        after = neighbours[key]
                        for next_key in next_keys:
                            if next_key in after:
                                places = found[key, next_key]
                                if len(places) < _MOST_PLACES:
                                    places.append(at)
            yield
        return found

    def _on_characters(self, article: Occurrences, found: set[Standing]) -> Steps[None]:
        """Adds what hangs on less than a word."""
        if self._beginnings:
            for keys in article.groups:
                found.update(self._beginnings.of(keys))
                yield
        if self._literals:
            yield from self._literals.finding_steps(article.folded, found)
        if self._expressions:
            yield from self._expressions.finding_steps(article.texts, found)

    def _on_words(self, standing: Standing) -> _OnWords:
        return self._proven if standing.proven else self._open

    def _pairs(self, anchor: Anchor, standing: Standing) -> Pairs:
        return self._neighbours if anchor.hold is Hold.NEIGHBOURS else self._on_words(standing).companions


def _hang(standing: Standing, hung: Hung, keys: Iterable[str]) -> None:
    for key in keys:
        if key in hung:
            hung[key].append(standing)
        else:
            hung[key] = [standing]


def _unhang(standing: Standing, hung: Hung, keys: Iterable[str]) -> None:
    for key in keys:
        hung[key].remove(standing)
        if not hung[key]:
            del hung[key]


def _is_plain(phrase: Adjacent) -> bool:
    return all(isinstance(term, str) for term in phrase.terms)


def _stands_at(
    phrase: Sequence[object], first: str, second: str, tokens: Sequence[Keys], places: Iterable[int]
) -> bool:
    """Whether the phrase is around one of the places where these two words of it begin."""
    before = next(at for at, pair in enumerate(pairwise(phrase)) if pair == (first, second))
    for place in places:
        start = place - before
        window = tokens[start : start + len(phrase)] if start >= 0 else ()
        if len(window) == len(phrase) and all(term in keys for term, keys in zip(phrase, window, strict=True)):
            return True
    return False
