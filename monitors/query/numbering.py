"""The tokens of an article numbered through all its fields, and where in the numbers keys are.

A paragraph's first token is one number farther from the token before it, so that no phrase reaches across a blank
line; the ends of sentences mean nothing. Fields, and the values of a field that has several, are so far apart that
nothing is near.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from monitors.query.plan import MOST_APART
from monitors.query.tree import READ
from monitors.text.analysis import Analysis, Keys
from monitors.text.keys import field_key

_MOST_LOOKED_FOR = 4  # keys: finding the places of all takes about so many times as long
_FEW, _SHORT = 64, 4_096  # places and tokens: bits so few in a number so short are set one by one in half the time

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

    def laid_out(self, surfaces: Sequence[str]) -> list[str]:
        """The words of the field's tokens, each at its token's number in the article less `first`."""
        row = [""] * (self.end - self.first)
        for start, token, after in zip(self.starts, self.tokens, [*self.tokens[1:], len(surfaces)], strict=True):
            at = start - self.first
            row[at : at + after - token] = surfaces[token:after]
        return row


def numbered(analysed: Mapping[str, Analysis]) -> tuple[list[Keys], list[NumberedField]]:
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
        breaks, gap = _breaks(name, analysis), _NEXT_PARAGRAPH if name in READ else _FAR_AWAY
        row += _parted(tokens, breaks, gap)
        starts = [first, *(first + token + number * len(gap) for number, token in enumerate(breaks, 1))]
        fields.append(NumberedField(name, first, len(row), starts, [0, *breaks]))
    return row, fields


class Positions(dict[str, Sequence[int]]):
    """Key → the numbers of the tokens that answer to it: one after the other, or all once many have been asked for."""

    def __init__(self, tokens: Sequence[Keys]) -> None:
        self._tokens = tokens
        self._missed = 0

    def __missing__(self, key: str) -> Sequence[int]:
        self._missed += 1
        if self._missed < _MOST_LOOKED_FOR:
            self[key] = found = [at for at, keys in enumerate(self._tokens) if key in keys]
            return found
        if self._missed == _MOST_LOOKED_FOR:
            self._find_all()
            return self.get(key, ())
        return ()

    def of_any(self, keys: Collection[str]) -> Sequence[int]:
        """The numbers of the tokens that answer to one of the keys."""
        if len(keys) >= _MOST_LOOKED_FOR > self._missed:
            self._missed = _MOST_LOOKED_FOR
            self._find_all()
        return sorted(chain.from_iterable(map(self.__getitem__, keys)))

    def _find_all(self) -> None:
        positions = defaultdict(list)
        for at, keys in enumerate(self._tokens):
            for key in keys:
                positions[key].append(at)
        self.update(positions)


def bits_at(positions: Sequence[int]) -> int:
    """The number that has these bits set; they are sorted."""
    if len(positions) < _FEW and (not positions or positions[-1] < _SHORT):
        bits = 0
        for at in positions:
            bits |= 1 << at
        return bits
    octets = bytearray(positions[-1] // 8 + 1 if positions else 0)
    for at in positions:
        octets[at >> 3] |= 1 << (at & 7)
    return int.from_bytes(octets, "little")


def set_bits(bits: int, first: int, end: int) -> Iterator[int]:
    """The numbers of the bits that are set, from `first` up to, without, `end`."""
    digits = f"{bits >> first:b}"
    at = len(digits)
    while (at := digits.rfind("1", 0, at)) >= 0 and (number := first + len(digits) - 1 - at) < end:
        yield number


def _breaks(name: str, analysis: Analysis) -> Sequence[int]:
    """The numbers of the tokens before which a paragraph of title or text ends, or a value of another field."""
    if name in READ:
        return analysis.breaks
    starts = [start for start, _ in analysis.spans]
    ends = (at for at, character in enumerate(analysis.text) if character == "\n")
    return sorted({bisect_left(starts, end) for end in ends} - {0, len(starts)})


def _parted(tokens: list[Keys], breaks: Sequence[int], gap: Sequence[Keys]) -> list[Keys]:
    """The tokens with the gap in each of the breaks."""
    if not breaks:
        return tokens
    parted = tokens[: breaks[0]]
    for start, end in pairwise((*breaks, len(tokens))):
        parted += gap
        parted += tokens[start:end]
    return parted
