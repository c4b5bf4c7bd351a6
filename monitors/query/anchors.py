"""What a plan cannot be met without, and so where it hangs in the index: on the rarest of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, auto
from itertools import chain, pairwise
from math import prod
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


class Hold(IntEnum):
    WORDS = auto()  # any of these words
    NEIGHBOURS = auto()  # two words, the second right after the first
    COMPANIONS = auto()  # two words, both somewhere in the article
    BEGINNING = auto()  # some word begins so
    LITERAL = auto()  # these characters stand somewhere, in some case; see literals.py
    EXPRESSION = auto()  # the expression has to be tried


@dataclass(frozen=True, slots=True)
class Anchor:
    hold: Hold
    on: tuple[str, ...]


Cover: TypeAlias = tuple[Anchor, ...]

_BEGINNINGS = 32.0  # guesses: as many words begin like one,
SIDE_BY_SIDE = 0.25  # and so often are two words that an article has side by side

Frequency: TypeAlias = Callable[[str], float]
"""How large a part of all articles has a key, roughly: it decides on speed alone. See rarity.py."""


def anchors_of(plan: Plan, frequency: Frequency) -> Cover | None:
    """Anchors of which an article that meets the plan has at least one; None when there need be none."""
    cover = _Choice(frequency).cover(plan)
    if cover is None or len(cover) == 1:
        return cover
    words = dict.fromkeys(chain.from_iterable(anchor.on for anchor in cover if anchor.hold is Hold.WORDS))
    others = dict.fromkeys(anchor for anchor in cover if anchor.hold is not Hold.WORDS)
    return (*_any_of(tuple(words)), *others) if words else tuple(others)


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
                return _any_of((key,))
            case OneOf(keys):
                return _any_of(keys)
            case Prefix(start):
                return (Anchor(Hold.BEGINNING, (start,)),)
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
                return self._of_any(parts)
            case All(parts):
                return self._of_all(parts)
            case Some(count, parts):
                # Of so many parts, one at least is met when `count` of all are.
                covers = sorted(filter(None, map(self.cover, parts)), key=self._cost)
                needed = len(parts) - count + 1
                return _all_of(covers[:needed]) if len(covers) >= needed else None

    def _of_adjacent(self, terms: Iterable[Term]) -> Cover | None:
        pairs = [
            (Anchor(Hold.NEIGHBOURS, (first, second)),)
            for first, second in pairwise(map(_single_key, terms))
            if first is not None and second is not None
        ]
        return self._cheapest(pairs or map(self.cover, terms))

    def _of_any(self, parts: Sequence[Plan]) -> Cover | None:
        keys, others = _parted(parts)
        words = [_any_of(tuple(keys))] if keys else []
        return _all_of([*words, *map(self.cover, others)])

    def _of_close(self, groups: Iterable[Sequence[Run]]) -> Cover | None:
        keys, others = _parted([group[0] if len(group) == 1 else Any(tuple(group)) for group in groups])
        return self._cheapest([self._of_words(keys), *map(self.cover, others)])

    def _of_all(self, parts: Iterable[Plan]) -> Cover | None:
        keys, others = _parted([part.part if isinstance(part, Within) else part for part in parts])
        return self._cheapest([self._of_words(keys), *map(self.cover, others)])

    def _of_words(self, keys: Iterable[str]) -> Cover | None:
        """The two rarest together, which are in no more articles than each alone; None when there are no words."""
        rarest = sorted(set(keys), key=lambda key: (self._frequency(key), key))[:2]
        if len(rarest) < 2:
            return _any_of(tuple(rarest)) if rarest else None
        return (Anchor(Hold.COMPANIONS, tuple(rarest)),)

    def _cheapest(self, covers: Iterable[Cover | None]) -> Cover | None:
        known = list(filter(None, covers))
        return known[0] if len(known) == 1 else min(known, key=self._cost, default=None)

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
                return _BEGINNINGS * self._frequency(anchor.on[0])
            case Hold.WORDS:
                return sum(map(self._frequency, anchor.on))
            case Hold.NEIGHBOURS:
                return SIDE_BY_SIDE * prod(map(self._frequency, anchor.on))
            case Hold.COMPANIONS:
                return prod(map(self._frequency, anchor.on))


def _any_of(words: tuple[str, ...]) -> Cover:
    return (Anchor(Hold.WORDS, words),)


def _all_of(covers: Sequence[Cover | None]) -> Cover | None:
    known = [cover for cover in covers if cover is not None]
    return tuple(chain.from_iterable(known)) if len(known) == len(covers) else None


def _of_pattern(pattern: str) -> Cover:
    literals = literals_of(pattern)
    if literals:
        return tuple(Anchor(Hold.LITERAL, (literal,)) for literal in literals)
    return (Anchor(Hold.EXPRESSION, (pattern,)),)


def _parted(plans: Sequence[Plan]) -> tuple[Sequence[str], Sequence[Plan]]:
    """The keys of those that ask for a single word, and the others."""
    keys = [_single_key(plan) for plan in plans]
    others = [plan for plan, key in zip(plans, keys, strict=True) if key is None]
    return [key for key in keys if key is not None], others


def _single_key(plan: Plan) -> str | None:
    match plan:
        case str(key) | Exact(key):
            return key
        case _:
            return None
