"""What of a query costs every article something, however rare its words are; all watches of a chat share a quota."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from math import isinf

from monitors.errors import QueryError
from monitors.query.language.grammar import parse
from monitors.query.patterns import expression
from monitors.query.tree import Alias, And, AtLeast, InField, Near, Not, Or, Phrase, Query, Regex, Word, count_words


class Burden(StrEnum):
    REGEX = "regex"  # regular expressions
    PREFIX = "prefix"  # words with a star
    NEAR = "near"  # words joined to others by NEAR
    SOME = "some"  # parts of lists of which some are asked


MOST = {Burden.REGEX: 20, Burden.PREFIX: 200, Burden.NEAR: 100, Burden.SOME: 300}
"""How many of each the watches of a chat may have: more than a person needs, it is hoped, and few enough for the
machine. Others are protected by their order (monitors/lanes.py): who fills all of them with the commonest words takes
about a millisecond of an article, after everybody else. Each regular expression takes about 10 µs of an article, a NEAR
of common words 3 µs, each of the rest less than 1 µs."""

_SMALL = 100  # instructions of an expression; longer ones count several times, as articles can make them slow
_LARGEST = 5

_KEPT = 8192
"""Queries whose burdens are kept, some megabytes at worst: a file is counted before it is added, when others wait."""


class Burdens:
    """What the watches of one chat burden articles with, which may have `quotas` times as much as MOST."""

    def __init__(self, queries: Iterable[str], quotas: float = 1.0) -> None:
        self._queries = queries
        self._quotas = quotas
        self._counted: Counter[Burden] | None = None

    def most(self, burden: Burden) -> float:
        return MOST[burden] * self._quotas

    def excess(self, query: str) -> Burden | None:
        """What the chat would have too much of with this watch; None when it may have it, and then it counts."""
        wanted = Counter[Burden]() if isinf(self._quotas) else burdens_of(query)
        if not wanted:
            return None
        if self._counted is None:
            self._counted = sum(map(burdens_of, self._queries), Counter())
        for burden, count in wanted.items():
            if self._counted[burden] + count > self.most(burden):
                return burden
        self._counted += wanted
        return None


@lru_cache(_KEPT)
def burdens_of(text: str) -> Counter[Burden]:
    """Not to be changed: it is kept."""
    try:
        return _burdens(parse(text, suggesting=False))
    except QueryError:  # it burdens nobody
        return Counter()


def _burdens(query: Query) -> Counter[Burden]:
    match query:
        case Regex(pattern):
            return Counter({Burden.REGEX: min(1 + expression(pattern).size // _SMALL, _LARGEST)})
        case Word():
            return Counter({Burden.PREFIX: 1}) if query.prefix else Counter()
        case Not(part) | InField(_, part):
            return _burdens(part)
        case Near(parts):
            return _in_all(parts) + Counter({Burden.NEAR: count_words(query) - 1})
        case AtLeast(_, parts):
            return _in_all(parts) + Counter({Burden.SOME: len(parts)})
        case Phrase(parts) | And(parts) | Or(parts) | Alias(parts):
            return _in_all(parts)


def _in_all(parts: Iterable[Query]) -> Counter[Burden]:
    return sum(map(_burdens, parts), Counter())
