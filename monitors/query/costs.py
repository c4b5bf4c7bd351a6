"""What a standing query is expected to take of every article, from what it hangs on and how common that is (pure).

In µs of matching an article of 400 words, as `benchmarks/match.py` measured them. A match that is recorded takes far
more, and so does everything else that is done for an article: what counts is how much longer all of it takes.
"""

from __future__ import annotations

from math import inf, prod

from monitors.query.anchors import SIDE_BY_SIDE, Anchor, Frequency, Hold
from monitors.query.plan import Adjacent, All, Any, Close, Exact, OneOf, Pattern, Plan, Prefix, Some, Within, Without
from monitors.query.standing import Standing

_BEGINNING = 5.0
"""Looking for words that begin so, whether there are any or not; when many ask for it, each takes a fifth."""

_BEGUN_BY_ALL = 2
"""Letters: about every article has a word that begins so, with each letter more half as many; measured for three."""

_LOOKED_AT = 0.4
_RECORDED = 2.4
"""Of the 0.43 ms that an article takes to be matched among 10,000 watches, as much as 75 µs are of the 12 ms that it
takes to be recorded."""

_PLACED = 60.0
"""Working out where words stand, for the first who ask it of an article; when many do, each takes a tenth."""

_WITHIN = 60.0
_SPELLED = 150.0
_BEGUN = 150.0
_TRIED = 60.0
_WORD = 0.7


def cost_of(standing: Standing, frequency: Frequency) -> float:
    """Infinite for what hangs on characters: how often they stand in articles is not known, and looking is slow."""
    if isinstance(standing.plan, str):
        return frequency(standing.plan) * (_LOOKED_AT + _RECORDED)
    looking = looked_at = 0.0
    for anchor in standing.anchors:
        if anchor.hold is Hold.LITERAL or anchor.hold is Hold.EXPRESSION:
            return inf
        if anchor.hold is Hold.BEGINNING:
            looking += _BEGINNING
        looked_at += _chance(anchor, frequency)
    looked_at = min(1.0, looked_at)
    if standing.proven:
        return looking + looked_at * (_LOOKED_AT + _RECORDED)
    return looking + looked_at * (_effort(standing.plan) + _RECORDED / 2)  # half of them are met, say


def _chance(anchor: Anchor, frequency: Frequency) -> float:
    """How large a part of all articles has it."""
    chances = map(frequency, anchor.on)
    match anchor.hold:
        case Hold.BEGINNING:
            return max(*chances, 0.5 ** max(0, len(anchor.on[0]) - _BEGUN_BY_ALL))
        case Hold.WORDS:
            return sum(chances)
        case Hold.NEIGHBOURS:
            return SIDE_BY_SIDE * prod(chances)
        case _:
            return prod(chances)


def _effort(plan: Plan) -> float:
    """Finding out whether an article that has what the plan hangs on meets it."""
    match plan:
        case All(parts) if all(isinstance(part.part if isinstance(part, Without) else part, str) for part in parts):
            return _LOOKED_AT
        case Adjacent(terms) if all(isinstance(term, str) for term in terms):
            return _LOOKED_AT
        case _:
            return _asking(plan)


def _asking(plan: Plan) -> float:
    match plan:
        case All(parts) | Any(parts) | Some(_, parts):
            return sum(map(_asking, parts))
        case Without(part):
            return _asking(part)
        case Within(_, part):
            return _WITHIN + _asking(part)
        case Adjacent():
            return _PLACED
        case Close(groups):
            return _PLACED * (len(groups) - 1)
        case Exact():
            return _SPELLED
        case Pattern():
            return _TRIED
        case Prefix():
            return _BEGUN
        case OneOf() | str():
            return _WORD
