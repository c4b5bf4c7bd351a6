"""Why an article meets a query or does not, part by part: what `explain` (explaining.py) gives back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from monitors.alerts import Spans
from monitors.query.language.printing import show
from monitors.query.tree import Form, InField, Query

MOST_QUOTED = 5
"""Different words of a field that a line quotes."""

Words = Mapping[str, tuple[str, ...]]
"""What stands at each of the spans, by field name."""


class Lack(StrEnum):
    """What is nearest to a word, phrase or the like that an article does not have."""

    NOTHING = "nothing"
    WIDER = "wider"  # it stands there in a wider form
    ELSEWHERE = "elsewhere"  # it stands in a field that the query does not look in
    PARTLY = "partly"  # some of its words stand there
    APART = "apart"  # all of its words stand there, but too far from each other
    ORDER = "order"  # they are near enough, but in another order


@dataclass(frozen=True, slots=True)
class Miss:
    """How an article misses a leaf of a query. `spans` and `words` are what it has instead."""

    lack: Lack
    spans: Spans = field(default_factory=dict)
    words: Words = field(default_factory=dict)
    form: Form | None = None  # WIDER: the narrowest that would do
    missing: tuple[Query, ...] = ()  # PARTLY: the words that stand nowhere
    distance: int | None = None  # APART: the smallest NEAR that would do; None when there is none


@dataclass(frozen=True, slots=True)
class Reason:
    """A part of a query, and whether it holds of an article.

    `spans` are the places that show it, in code points, and `words` what stands there; what is met because something
    is not there has none. `parts` are what it is made of; a field that is named before a group is given to each of
    the group's parts. `miss` is there for the leaves because of which a query is not met.
    """

    query: Query
    held: bool
    spans: Spans = field(default_factory=dict)
    words: Words = field(default_factory=dict)
    parts: tuple[Reason, ...] = ()
    miss: Miss | None = None

    @property
    def culprits(self) -> tuple[Reason, ...]:
        """The innermost parts because of which this does not hold; () when it does.

        Below a NOT these are what holds and must not.
        """
        return tuple(_culprits(self, wanted=True))

    def lines(self) -> list[str]:
        """The tree in English, one part a line, indented by depth."""
        return list(_lines(self, 0))


def _culprits(reason: Reason, *, wanted: bool) -> Iterator[Reason]:
    if reason.held is wanted:
        return
    if not reason.parts:
        yield reason
    negated = len(reason.parts) == 1  # all else has two parts or more
    for part in reason.parts:
        yield from _culprits(part, wanted=wanted is not negated)


def _lines(reason: Reason, depth: int) -> Iterator[str]:
    said = _quoted(reason.words) if not reason.parts and reason.held else _missed(reason)
    yield f"{'  ' * depth}{'yes' if reason.held else 'no '} {show(reason.query)}{f': {said}' if said else ''}"
    for part in reason.parts:
        yield from _lines(part, depth + 1)


def _quoted(words: Words) -> str:
    return "; ".join(f"{_some(found)} in {name}" for name, found in words.items())


def _some(found: tuple[str, ...]) -> str:
    different = list(dict.fromkeys(" ".join(each.split()) for each in found))
    quoted = ", ".join(f"“{each}”" for each in different[:MOST_QUOTED])
    return f"{quoted} and {len(different) - MOST_QUOTED} more" if len(different) > MOST_QUOTED else quoted


def _missed(reason: Reason) -> str:
    miss = reason.miss
    if miss is None:
        return ""
    match miss.lack:
        case Lack.NOTHING:
            return f"not in its {reason.query.field}" if isinstance(reason.query, InField) else "not in the article"
        case Lack.WIDER:
            sign = "without =" if miss.form is Form.NORMAL else "with ~"
            return f"only as {_quoted(miss.words)}; {sign} it would be found"
        case Lack.ELSEWHERE:
            return f"only elsewhere: {_quoted(miss.words)}"
        case Lack.PARTLY:
            return f"it lacks {', '.join(map(show, miss.missing))}"
        case Lack.ORDER:
            return "its words stand there in another order"
        case Lack.APART if miss.distance is None:
            return "its words stand there, but nowhere near each other"
        case Lack.APART:
            return f"its words stand there, but farther apart; NEAR/{miss.distance} would find them"
