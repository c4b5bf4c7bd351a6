"""What a plan cannot be met without, and so where it hangs in the index: on the rarest of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import chain, pairwise
from typing import TypeAlias

from monitors.query.literals import literals_of
from monitors.query.plan import (
    Adjacent,
    All,
    Any,
    Close,
    Exact,
    OneOf,
    Pattern,
    Plan,
    Prefix,
    Run,
    Some,
    Term,
    Within,
    Without,
)


class Hold(Enum):
    WORD = auto()  # this word, and nothing else is asked
    NEIGHBOURS = auto()  # first, then second right after it
    COMPANIONS = auto()  # both somewhere in the article; the same word twice stands for one word
    BEGINNING = auto()  # some word begins so
    LITERAL = auto()  # these characters stand somewhere, in some case; see literals.py
    EXPRESSION = auto()  # the expression has to be tried


@dataclass(frozen=True, slots=True)
class Anchor:
    """`second` is for pairs and otherwise the same as `first`."""

    hold: Hold
    first: str
    second: str


Cover: TypeAlias = tuple[Anchor, ...]

_BEGINNINGS = 32.0  # guesses: as many words begin like one,
SIDE_BY_SIDE = 0.25  # and so often are two words that an article has side by side

Frequency: TypeAlias = Callable[[str], float]
"""How large a part of all articles has a key, roughly: it decides on speed alone. See rarity.py."""


def anchors_of(plan: Plan, frequency: Frequency) -> Cover | None:
    """Anchors of which an article that meets the plan has at least one; None when there need be none."""
    if isinstance(plan, str):
        return (Anchor(Hold.WORD, plan, plan),)
    cover = _Choice(frequency).cover(plan)
    return cover and tuple(dict.fromkeys(cover))


def is_proof(plan: Plan) -> bool:
    """Whether an article that has one of the plan's anchors meets the plan."""
    match plan:
        case str() | OneOf() | Prefix():
            return True
        case Adjacent(terms):
            return len(terms) == 2 and all(isinstance(term, str) for term in terms)
        case All(parts):
            return len(parts) == 2 and all(isinstance(part, str) for part in parts)
        case Any(parts):
            return all(is_proof(part) for part in parts)
        case _:
            return False


class _Choice:
    """Among what a plan cannot be met without, that which the fewest articles have."""

    __slots__ = ("_frequency",)

    def __init__(self, frequency: Frequency) -> None:
        self._frequency = frequency

    def cover(self, plan: Plan) -> Cover | None:
        match plan:
            case str(key) | Exact(key):
                return (Anchor(Hold.COMPANIONS, key, key),)
            case OneOf(keys):
                return tuple(Anchor(Hold.COMPANIONS, key, key) for key in keys)
            case Prefix(start):
                return (Anchor(Hold.BEGINNING, start, start),)
            case Adjacent(terms):
                return self._of_adjacent(terms)
            case Close(groups):
                return self._of_close(groups)
            case Pattern(pattern):
                return _of_pattern(pattern)
            case Within(_, part):
                return self.cover(part)
            case Without():
                return None
            case Any(parts):
                return _all_of([self.cover(part) for part in parts])
            case All(parts):
                return self._of_all(parts)
            case Some(count, parts):
                # Of so many parts, one at least is met when `count` of all are.
                covers = sorted(filter(None, map(self.cover, parts)), key=self._cost)
                needed = len(parts) - count + 1
                return _all_of(covers[:needed]) if len(covers) >= needed else None

    def _of_adjacent(self, terms: Iterable[Term]) -> Cover | None:
        pairs = [
            (Anchor(Hold.NEIGHBOURS, first, second),)
            for first, second in pairwise(map(_single_key, terms))
            if first is not None and second is not None
        ]
        return self._cheapest(pairs or map(self.cover, terms))

    def _of_close(self, groups: Iterable[Iterable[Run]]) -> Cover | None:
        alternatives = [tuple(group) for group in groups]
        covers = [_all_of(list(map(self.cover, runs))) for runs in alternatives]
        singles = [runs[0] for runs in alternatives if len(runs) == 1 and not isinstance(runs[0], Adjacent)]
        return self._cheapest([*covers, self._companions(singles)])

    def _of_all(self, parts: Iterable[Plan]) -> Cover | None:
        """The cheapest: what one of the parts hangs on, or the two rarest words of all parts together."""
        leaves = [part.part if isinstance(part, Within) else part for part in parts]
        words = [leaf for leaf in leaves if isinstance(leaf, str | Exact)]
        return self._cheapest([*map(self.cover, parts), self._companions(words)])

    def _companions(self, terms: Iterable[Term]) -> Cover | None:
        """The two rarest of these words, together."""
        keys = {key for key in map(_single_key, terms) if key is not None}
        if len(keys) < 2:
            return None
        first, second = sorted(keys, key=lambda key: (self._frequency(key), key))[:2]
        return (Anchor(Hold.COMPANIONS, first, second),)

    def _cheapest(self, covers: Iterable[Cover | None]) -> Cover | None:
        return min(filter(None, covers), key=self._cost, default=None)

    def _cost(self, cover: Cover) -> float:
        return sum(map(self._cost_of_anchor, cover))

    def _cost_of_anchor(self, anchor: Anchor) -> float:
        """What hangs there has to be looked at in so large a part of all articles; trying an expression costs more."""
        match anchor.hold:
            case Hold.EXPRESSION:
                return 1_000.0
            case Hold.LITERAL:
                return 100.0
            case Hold.BEGINNING:
                return _BEGINNINGS * self._frequency(anchor.first)
            case Hold.NEIGHBOURS:
                return SIDE_BY_SIDE * self._frequency(anchor.first) * self._frequency(anchor.second)
            case _:
                frequency = self._frequency(anchor.first)
                return frequency if anchor.first == anchor.second else frequency * self._frequency(anchor.second)


def _all_of(covers: Sequence[Cover | None]) -> Cover | None:
    known = [cover for cover in covers if cover is not None]
    return tuple(chain.from_iterable(known)) if len(known) == len(covers) else None


def _of_pattern(pattern: str) -> Cover:
    literals = literals_of(pattern)
    if literals:
        return tuple(Anchor(Hold.LITERAL, literal, literal) for literal in literals)
    return (Anchor(Hold.EXPRESSION, pattern, pattern),)


def _single_key(term: Term) -> str | None:
    match term:
        case str(key) | Exact(key):
            return key
        case _:
            return None
