"""One query asked of one article, word by word: slow and obviously right. The index has to agree with it.

It keeps all places; the index only the first ones, so compare their spans on articles with fewer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from monitors.alerts import Spans
from monitors.query.tree import And, Not, Or, Phrase, Query, Word
from monitors.text.analysis import Analysis, Keys, analyse_fields, keys_of_watch


class Place(NamedTuple):
    """Tokens of a field, from `first` to `last` inclusive, that one word or phrase of a query matched."""

    field: str
    first: int
    last: int


def evaluate(query: Query, fields: Mapping[str, str]) -> Spans | None:
    """Where the query matched, all of it, or None when the article does not meet it."""
    article = analyse_fields(fields)
    places = _places(query, article, wanted=True)
    return None if places is None else _spans(places, article)


def _disjoint(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The spans sorted, those that overlap joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _spans(places: Iterable[Place], article: Mapping[str, Analysis]) -> Spans:
    found: dict[str, list[tuple[int, int]]] = {}
    for field, first, last in places:
        spans = article[field].spans
        found.setdefault(field, []).append((spans[first][0], spans[last][1]))
    return {field: _disjoint(spans) for field, spans in found.items()}


def _places(query: Query, article: Mapping[str, Analysis], *, wanted: bool) -> set[Place] | None:
    """Where the article shows the query (or, not wanted, its negation) to hold; None when it does not hold."""
    match query:
        case Word(text):
            return _shown(_find(keys_of_watch(text), article), wanted)
        case Phrase(parts):
            words = [part.text for part in parts if isinstance(part, Word)]
            return _shown(_find(tuple(key for word in words for key in keys_of_watch(word)), article), wanted)
        case Not(part):
            return _places(part, article, wanted=not wanted)
        case And(parts) | Or(parts):
            found = [_places(part, article, wanted=wanted) for part in parts]
            holding = [places for places in found if places is not None]
            needed = len(parts) if isinstance(query, And) is wanted else 1
            return set().union(*holding) if len(holding) >= needed else None
        case _:
            raise NotImplementedError(query)


def _shown(places: set[Place], wanted: bool) -> set[Place] | None:
    if wanted:
        return places or None
    return None if places else set()


def _find(keys: Keys, article: Mapping[str, Analysis]) -> set[Place]:
    return {
        Place(field, first, first + len(keys) - 1)
        for field, analysis in article.items()
        for first in range(len(analysis.tokens) - len(keys) + 1)
        if all(key in analysis.tokens[first + offset] for offset, key in enumerate(keys))
    }
