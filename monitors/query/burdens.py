"""What of a query costs every article something, whatever words it has; a chat may have only so many such watches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum

from monitors.errors import QueryError
from monitors.query.grammar import parse
from monitors.query.tree import Alias, And, AtLeast, InField, Near, Not, Or, Phrase, Query, Regex, Word


class Burden(StrEnum):
    REGEX = "regex"
    PREFIX = "prefix"


MOST = {Burden.REGEX: 20, Burden.PREFIX: 100}
"""Watches of a chat that have one: guesses at more than a person needs. A regular expression costs about 5 µs of an
article, a prefix 1."""

_SIGNS = "/*"  # without one of them a query has neither


class Burdens:
    """What the watches of one chat burden articles with."""

    def __init__(self, queries: Iterable[str]) -> None:
        self._queries = queries
        self._counted: Counter[Burden] | None = None

    def excess(self, query: str) -> Burden | None:
        """What the chat would have too much of with this watch; None when it may have it, and then it counts."""
        wanted = _burdens_of(query)
        if wanted:
            if self._counted is None:
                self._counted = Counter(burden for each in self._queries for burden in _burdens_of(each))
            for burden in sorted(wanted):
                if self._counted[burden] >= MOST[burden]:
                    return burden
            self._counted.update(wanted)
        return None


def _burdens_of(text: str) -> frozenset[Burden]:
    if not any(sign in text for sign in _SIGNS):
        return frozenset()
    try:
        return frozenset(_burdens(parse(text)))
    except QueryError:  # it burdens nobody
        return frozenset()


def _burdens(query: Query) -> Iterator[Burden]:
    match query:
        case Regex():
            yield Burden.REGEX
        case Word(prefix=True):
            yield Burden.PREFIX
        case Not(part) | InField(_, part):
            yield from _burdens(part)
        case Phrase(parts) | Near(parts) | And(parts) | Or(parts) | AtLeast(_, parts) | Alias(parts):
            for part in parts:
                yield from _burdens(part)
