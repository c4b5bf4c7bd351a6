"""What a plan cannot be met without, and so where it hangs in the index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from itertools import chain, pairwise

from monitors.query.plan import Adjacent, All, Any, Plan, Without


class Hold(Enum):
    WORD = auto()  # this word, and nothing else is asked
    NEIGHBOURS = auto()  # first, then second right after it
    COMPANIONS = auto()  # both somewhere in the article; the same word twice stands for one word


@dataclass(frozen=True, slots=True)
class Anchor:
    hold: Hold
    first: str
    second: str


def anchors_of(plan: Plan) -> tuple[Anchor, ...] | None:
    """Anchors of which an article that meets the plan has at least one; None when there need be none."""
    if isinstance(plan, str):
        return (Anchor(Hold.WORD, plan, plan),)
    cover = _cover(plan)
    return cover and tuple(dict.fromkeys(cover))


def is_proof(plan: Plan) -> bool:
    """Whether an article that has one of the plan's anchors meets the plan."""
    match plan:
        case str():
            return True
        case Adjacent(terms):
            return len(terms) == 2
        case All(parts):
            return len(parts) == 2 and all(isinstance(part, str) for part in parts)
        case Any(parts):
            return all(is_proof(part) for part in parts)
        case _:
            return False


def _cover(plan: Plan) -> tuple[Anchor, ...] | None:
    match plan:
        case str():
            return (Anchor(Hold.COMPANIONS, plan, plan),)
        case Adjacent(terms):
            keys = [term for term in terms if isinstance(term, str)]
            return (Anchor(Hold.NEIGHBOURS, *min(pairwise(keys), key=_frequency)),)
        case Without():
            return None
        case Any(parts):
            covers = [_cover(part) for part in parts]
            known = [cover for cover in covers if cover is not None]
            return tuple(chain.from_iterable(known)) if len(known) == len(covers) else None
        case All(parts):
            return _cover_of_all(parts)
        case _:
            raise NotImplementedError(plan)


def _cover_of_all(parts: Iterable[Plan]) -> tuple[Anchor, ...] | None:
    """The cheapest: what one of the parts hangs on, or the two rarest words of all parts together."""
    covers = [cover for part in parts if (cover := _cover(part))]
    words = sorted((part for part in parts if isinstance(part, str)), key=_rarity)
    if len(words) > 1:
        covers.append((Anchor(Hold.COMPANIONS, words[0], words[1]),))
    return min(covers, key=_cost, default=None)


def _cost(cover: tuple[Anchor, ...]) -> float:
    return sum(
        _frequency((anchor.first,) if anchor.first == anchor.second else (anchor.first, anchor.second))
        for anchor in cover
    )


def _frequency(keys: Iterable[str]) -> float:
    """Roughly how often an article has these words; only the order matters, and only for speed."""
    product = 1.0
    for key in keys:
        product *= 2.0 ** -min(len(key), 12)
    return product


def _rarity(key: str) -> tuple[float, str]:
    return _frequency((key,)), key
