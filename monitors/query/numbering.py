"""The tokens of an article numbered through all its fields, and where in the numbers keys are.

A paragraph's first token is one number farther from the token before it, so that no phrase reaches across a blank
line; the ends of sentences mean nothing. Fields, and the values of a field that has several, are so far apart that
nothing is near.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain, islice, pairwise
from typing import NamedTuple

from monitors.query.plan import MOST_APART
from monitors.query.tree import READ
from monitors.text.analysis import Analysis, Keys
from monitors.text.keys import field_key
from monitors.text.steps import Steps, finish

_MOST_LOOKED_FOR = 4  # keys: finding the places of all takes about so many times as long
_SPARSE = 50  # tokens for each place: with more it is faster to set bits than to write digits
_ONE = ord("1")
_DIGITS = b"10" + bytes(254)  # of a byte that is 0 or 1, the opposite
_NOWHERE = array("i")
_BREAKS_AT_ONCE = 5_000
_TOKENS_AT_ONCE = 10_000
_LOOKED_THROUGH_AT_ONCE = 1_000  # tokens, each with many keys
_OF_A_BREAK = 5  # what a paragraph of its own takes, in tokens

_NEXT_PARAGRAPH: Sequence[Keys] = [()]
_FAR_AWAY: Sequence[Keys] = [()] * MOST_APART


class NumberedField(NamedTuple):
    """A field and the numbers of its tokens in the article: from `first` up to, without, `end`.

    `starts` are those of the tokens with which its paragraphs or values begin, and `tokens` their numbers in the field.
    """

    name: str
    first: int
    end: int
    starts: Sequence[int]
    tokens: Sequence[int]

    def token(self, at: int) -> int:
        """The number in the field of what is `at` in the article."""
        stretch = bisect_right(self.starts, at) - 1
        return self.tokens[stretch] + at - self.starts[stretch]


def numbering_steps(analysed: Mapping[str, Analysis]) -> Steps[tuple[list[Keys], list[NumberedField]]]:
    """All tokens in a row, with tokens that answer to nothing between fields, values and paragraphs; and the fields."""
    fields: list[NumberedField] = []
    row: list[Keys] = []
    for name, analysis in analysed.items():
        if fields:
            row += _FAR_AWAY
        first = len(row)
        tokens = analysis.tokens
        if name not in READ:
            tokens = [tuple(field_key(name, key) for key in keys) for keys in tokens]
        breaks = (yield from analysis.break_steps()) if name in READ else _values(analysis)
        gap = _NEXT_PARAGRAPH if name in READ else _FAR_AWAY
        yield from _parting_steps(row, tokens, breaks, gap)
        starts = [first, *(first + token + number * len(gap) for number, token in enumerate(breaks, 1))]
        fields.append(NumberedField(name, first, len(row), starts, [0, *breaks]))
    return row, fields


def _parting_steps(row: list[Keys], tokens: list[Keys], breaks: Sequence[int], gap: Sequence[Keys]) -> Steps[None]:
    """Adds the tokens to the row, with the gap in each of the breaks."""
    row += tokens[: breaks[0]] if breaks else tokens
    for number, (start, end) in enumerate(pairwise((*breaks, len(tokens))), 1):
        row += gap
        row += tokens[start:end]
        if not number % _BREAKS_AT_ONCE:
            yield


def surface_steps(analysed: Mapping[str, Analysis], fields: Iterable[NumberedField]) -> Steps[list[str]]:
    """The words of all tokens, as they stand in the texts, each at its token's number."""
    row: list[str] = []
    work = 0
    for field in fields:
        analysis = analysed[field.name]
        surfaces = analysis.surfaces
        for start, token, after in zip(
            field.starts, field.tokens, (*field.tokens[1:], len(analysis.tokens)), strict=True
        ):
            row += [""] * (start - len(row))
            for at in range(token, after, _TOKENS_AT_ONCE):
                row += islice(surfaces, min(_TOKENS_AT_ONCE, after - at))
                if (work := work + min(_TOKENS_AT_ONCE, after - at) + _OF_A_BREAK) > _TOKENS_AT_ONCE:
                    work = 0
                    yield
        row += [""] * (field.end - len(row))
    return row


class Positions(dict[str, "array[int]"]):
    """Key → the numbers of the tokens that answer to it: one after the other, or all once many have been asked for."""

    def __init__(self, tokens: Sequence[Keys]) -> None:
        self._tokens = tokens
        self._looked_for = 0
        self._has_all = False

    def __missing__(self, key: str) -> array[int]:
        if not self._has_all:
            self._looked_for += 1
            if self._looked_for < _MOST_LOOKED_FOR:
                self[key] = found = array("i", [at for at, keys in enumerate(self._tokens) if key in keys])
                return found
            finish(self.finding_steps())
        return self.get(key, _NOWHERE)

    def of_any(self, keys: Collection[str]) -> Iterable[Sequence[int]]:
        """The numbers of the tokens that answer to each of the keys."""
        if len(keys) >= _MOST_LOOKED_FOR:
            finish(self.finding_steps())
        return map(self.__getitem__, keys)

    def finding_steps(self) -> Steps[None]:
        """Finds all, if that was not done before."""
        if self._has_all:
            return
        self.clear()
        for start in range(0, len(self._tokens), _LOOKED_THROUGH_AT_ONCE):
            for at, keys in enumerate(self._tokens[start : start + _LOOKED_THROUGH_AT_ONCE], start):
                for key in keys:
                    found = self.get(key)
                    if found is None:
                        self[key] = array("i", (at,))  # no work for the garbage collector, as many lists are
                    else:
                        found.append(at)
            yield
        self._has_all = True


def bits_at(groups: Iterable[Sequence[int]]) -> int:
    """The number that has these bits set. The positions in each group are sorted."""
    groups = [group for group in groups if group]
    if not groups:
        return 0
    length = max(group[-1] for group in groups) + 1
    if sum(map(len, groups)) * _SPARSE < length:
        octets = bytearray(length // 8 + 1)
        for at in chain.from_iterable(groups):
            octets[at >> 3] |= 1 << (at & 7)
        return int.from_bytes(octets, "little")
    digits = bytearray(b"0") * length
    for at in chain.from_iterable(groups):
        digits[at] = _ONE
    digits.reverse()
    return int(digits, 2)


def bits_steps(tokens: Sequence[Keys], keys: Set[str]) -> Steps[int]:
    """The number that has the bits of the tokens set that answer to one of the keys."""
    others = bytearray()
    for start in range(0, len(tokens), _TOKENS_AT_ONCE):
        others += bytes(map(keys.isdisjoint, tokens[start : start + _TOKENS_AT_ONCE]))
        if start + _TOKENS_AT_ONCE < len(tokens):
            yield
    others.reverse()
    return int(others.translate(_DIGITS), 2) if others else 0


def set_bits(bits: int, first: int, end: int) -> Iterator[int]:
    """The numbers of the bits that are set, from `first` up to, without, `end`."""
    digits = f"{bits >> first:b}"
    at = len(digits)
    while (at := digits.rfind("1", 0, at)) >= 0 and (number := first + len(digits) - 1 - at) < end:
        yield number


def _values(analysis: Analysis) -> Sequence[int]:
    """The numbers of the tokens before which a value of a field other than title and text ends."""
    starts = [start for start, _ in analysis.spans]
    ends = (at for at, character in enumerate(analysis.text) if character == "\n")
    return sorted({bisect_left(starts, end) for end in ends} - {0, len(starts)})
