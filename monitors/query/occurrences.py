"""An analysed article as the index asks it: which keys it has and, once somebody needs to know, where.

An article is written by strangers and asked by everybody, so nothing here costs more the more often a word stands in
it: where a word or phrase is, is found once for all queries, and only its first places in each field are shown.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain, islice
from typing import NamedTuple

from monitors.alerts import Spans
from monitors.query.plan import Adjacent, All, Any, Leaf, Plan, Term, Without
from monitors.text.analysis import Analysis, Keys

MOST_SPANS = 100
"""How many places of a word or phrase are shown in a field, and how many spans of a match; the first ones."""


class _Field(NamedTuple):
    """A field and the numbers of its tokens in the article: from `first` up to, without, `end`."""

    name: str
    first: int
    end: int


class Occurrences:
    """One article's tokens, its fields one after the other, parted by a token that answers to nothing."""

    def __init__(self, analysed: Mapping[str, Analysis]) -> None:
        self._analysed = analysed
        self._fields: list[_Field] = []
        self.tokens: list[Keys] = []
        for name, analysis in analysed.items():
            first = len(self.tokens)
            self.tokens += analysis.tokens
            self._fields.append(_Field(name, first, len(self.tokens)))
            self.tokens.append(())
        self.keys: set[str] = set(chain.from_iterable(set(self.tokens)))
        self._bits_of_keys: dict[str, int] = {}
        self._bits_of_phrases: dict[Keys, int] = {}
        self._spans_of_leaves: dict[Leaf, Spans] = {}

    def meet(self, plan: Plan) -> bool:
        match plan:
            case str():
                return plan in self.keys
            case Adjacent(terms):
                return self._phrase(_keys(terms)) != 0
            case Without(part):
                return not self.meet(part)
            case All(parts):
                return all(map(self.meet, parts))
            case Any(parts):
                return any(map(self.meet, parts))
            case _:
                raise NotImplementedError(plan)

    def spans(self, plan: Plan) -> Spans:
        """What of the article meets the plan, in code points of the fields; the article must meet it.

        Of each word and phrase the first MOST_SPANS places in a field count; those that overlap are joined, and of
        the spans that result the first MOST_SPANS are kept.
        """
        found: dict[str, list[tuple[int, int]]] = {}
        leaves = dict.fromkeys(self._shown(plan))
        if len(leaves) == 1:
            return self._spans_of(*leaves)
        for leaf in leaves:
            for field, spans in self._spans_of(leaf).items():
                found.setdefault(field, []).extend(spans)
        return {field: _disjoint(spans)[:MOST_SPANS] for field, spans in found.items()}

    def _shown(self, plan: Plan) -> Iterator[Leaf]:
        """The words and phrases by which the plan is met."""
        match plan:
            case str() | Adjacent():
                yield plan
            case Without():
                return
            case All(parts):
                yield from chain.from_iterable(map(self._shown, parts))
            case Any(parts):
                yield from chain.from_iterable(self._shown(part) for part in parts if self.meet(part))
            case _:
                raise NotImplementedError(plan)

    def _spans_of(self, leaf: Leaf) -> Spans:
        if leaf not in self._spans_of_leaves:
            found = {field.name: self._spans_in(field, leaf) for field in self._fields}
            self._spans_of_leaves[leaf] = {name: spans for name, spans in found.items() if spans}
        return self._spans_of_leaves[leaf]

    def _spans_in(self, field: _Field, leaf: Leaf) -> tuple[tuple[int, int], ...]:
        if isinstance(leaf, str):
            positions, length = self._positions.get(leaf, ()), 1
            start = bisect_left(positions, field.first)
            places: Iterable[int] = positions[start : bisect_left(positions, field.end, start)]
        else:
            assert isinstance(leaf, Adjacent)
            length = len(leaf.terms)
            places = _set_bits(self._phrase(_keys(leaf.terms)), field.first, field.end)
        firsts = [place - field.first for place in islice(places, MOST_SPANS)]
        if not firsts:
            return ()
        spans = self._analysed[field.name].spans
        return _disjoint([(spans[first][0], spans[first + length - 1][1]) for first in firsts])

    def _phrase(self, keys: Keys) -> int:
        """Where the keys stand side by side: bit n is set when they begin at token n.

        Bits take as long for a phrase of one word in a text of that word as for any other.
        """
        if keys not in self._bits_of_phrases:
            bits = self._bits(keys[0])
            for offset, key in enumerate(keys[1:], 1):
                if not bits:
                    break
                bits &= self._bits(key) >> offset
            self._bits_of_phrases[keys] = bits
        return self._bits_of_phrases[keys]

    def _bits(self, key: str) -> int:
        """Bit n is set when token n answers to the key."""
        if key not in self._bits_of_keys:
            positions = self._positions.get(key, ())
            octets = bytearray(positions[-1] // 8 + 1 if positions else 0)
            for at in positions:
                octets[at >> 3] |= 1 << (at & 7)
            self._bits_of_keys[key] = int.from_bytes(octets, "little")
        return self._bits_of_keys[key]

    @cached_property
    def _positions(self) -> Mapping[str, list[int]]:
        positions = defaultdict(list)
        for at, keys in enumerate(self.tokens):
            for key in keys:
                positions[key].append(at)
        return positions


def _keys(terms: Iterable[Term]) -> Keys:
    return tuple(term for term in terms if isinstance(term, str))


def _set_bits(bits: int, first: int, end: int) -> Iterator[int]:
    """The numbers of the bits that are set, from `first` up to, without, `end`."""
    digits = f"{bits >> first:b}"
    at = len(digits)
    while (at := digits.rfind("1", 0, at)) >= 0 and (number := first + len(digits) - 1 - at) < end:
        yield number


def _disjoint(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The spans sorted, those that overlap joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
