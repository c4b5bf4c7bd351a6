"""What a plan cannot be met without, and so where it hangs in the index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def anchors_of(plan: Plan) -> Cover | None:
    """Anchors of which an article that meets the plan has at least one; None when there need be none."""
    if isinstance(plan, str):
        return (Anchor(Hold.WORD, plan, plan),)
    cover = _cover(plan)
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


def _cover(plan: Plan) -> Cover | None:
    match plan:
        case str(key) | Exact(key):
            return (Anchor(Hold.COMPANIONS, key, key),)
        case OneOf(keys):
            return tuple(Anchor(Hold.COMPANIONS, key, key) for key in keys)
        case Prefix(start):
            return (Anchor(Hold.BEGINNING, start, start),)
        case Adjacent(terms):
            return _cover_of_adjacent(terms)
        case Close(groups):
            return _cover_of_close(groups)
        case Pattern(pattern):
            return _cover_of_pattern(pattern)
        case Within(_, part):
            return _cover(part)
        case Without():
            return None
        case Any(parts):
            return _all_of([_cover(part) for part in parts])
        case All(parts):
            return _cover_of_all(parts)
        case Some(count, parts):
            # Of so many parts, one at least is met when `count` of all are.
            covers = sorted(filter(None, map(_cover, parts)), key=_cost)
            needed = len(parts) - count + 1
            return _all_of(covers[:needed]) if len(covers) >= needed else None


def _all_of(covers: Sequence[Cover | None]) -> Cover | None:
    known = [cover for cover in covers if cover is not None]
    return tuple(chain.from_iterable(known)) if len(known) == len(covers) else None


def _cover_of_adjacent(terms: Iterable[Term]) -> Cover | None:
    pairs = [
        (Anchor(Hold.NEIGHBOURS, first, second),)
        for first, second in pairwise(map(_single_key, terms))
        if first is not None and second is not None
    ]
    return _cheapest(pairs or map(_cover, terms))


def _cover_of_close(groups: Iterable[Iterable[Run]]) -> Cover | None:
    alternatives = [tuple(group) for group in groups]
    covers = [_all_of(list(map(_cover, runs))) for runs in alternatives]
    singles = [runs[0] for runs in alternatives if len(runs) == 1 and not isinstance(runs[0], Adjacent)]
    return _cheapest([*covers, _companions(singles)])


def _cover_of_pattern(pattern: str) -> Cover:
    literals = literals_of(pattern)
    if literals:
        return tuple(Anchor(Hold.LITERAL, literal, literal) for literal in literals)
    return (Anchor(Hold.EXPRESSION, pattern, pattern),)


def _cover_of_all(parts: Iterable[Plan]) -> Cover | None:
    """The cheapest: what one of the parts hangs on, or the two rarest words of all parts together."""
    leaves = [part.part if isinstance(part, Within) else part for part in parts]
    return _cheapest([*map(_cover, parts), _companions([leaf for leaf in leaves if isinstance(leaf, str | Exact)])])


def _companions(terms: Iterable[Term]) -> Cover | None:
    """The two rarest of these words, together."""
    keys = sorted({key for key in map(_single_key, terms) if key is not None}, key=_rarity)
    return (Anchor(Hold.COMPANIONS, keys[0], keys[1]),) if len(keys) > 1 else None


def _single_key(term: Term) -> str | None:
    match term:
        case str(key) | Exact(key):
            return key
        case _:
            return None


def _cheapest(covers: Iterable[Cover | None]) -> Cover | None:
    return min(filter(None, covers), key=_cost, default=None)


def _cost(cover: Cover) -> float:
    return sum(map(_frequency_of, cover))


def _frequency_of(anchor: Anchor) -> float:
    """Roughly how often an article has it; only the order matters, and only for speed."""
    match anchor.hold:
        case Hold.EXPRESSION:
            return 1_000.0
        case Hold.LITERAL:
            return 100.0
        case Hold.BEGINNING:
            return 32.0 * _frequency((anchor.first,))
        case _:
            return _frequency({anchor.first, anchor.second})


def _frequency(keys: Iterable[str]) -> float:
    """Roughly how often an article has these words."""
    product = 1.0
    for key in keys:
        product *= 2.0 ** -min(len(key), 12)
    return product


def _rarity(key: str) -> tuple[float, str]:
    return _frequency((key,)), key
