"""Regular expressions as watches may have them: RE2's, capitals and small letters alike, over a text as it stands.

RE2 never goes back, but an expression can still cost as much for every byte as it is long, so the product of both is
bounded: a long expression reads only the beginning of a very long text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

import re2

from monitors.query.dialect import is_word, translated

MOST_PLACES = 100
"""How many places of an expression are found in a text: the first ones, fewer in a long one, and at least one."""

MAX_SIZE = 5_000
"""The longest expression, in instructions of RE2's; `.` has about 9, `\\pL` 1,200."""

_MEMORY = 2 << 20  # bytes RE2 may use for one expression; what it can't do within, it does slower
_WORK = 16_000_000  # at most 1.3 ns were measured for each instruction and byte, and 100 more instructions
_FIXED = 100


class Expression:
    """A compiled expression. Raises `re2.error` for one that RE2 refuses, or that is too long."""

    __slots__ = ("_cost", "_dialect", "_regex", "size")

    def __init__(self, pattern: str) -> None:
        self.size: int = re2.compile(readable(pattern), _options()).programsize
        """As it was typed, in instructions: what it can cost a text that is made for it."""
        self._dialect = translated(readable(pattern))
        self._regex = re2.compile(self._dialect.pattern, _options())
        size: int = self._regex.programsize
        if size > MAX_SIZE:
            raise re2.error(f"expression too long: {size} instructions")
        self._cost = size + _FIXED  # for each byte, at worst

    def found_in(self, encoded: bytes) -> bool:
        return self._regex.search(self._read(encoded)) is not None

    def places(self, encoded: bytes) -> tuple[tuple[int, int], ...]:
        """The first places, in code points, without those that are empty."""
        read = self._read(encoded)
        # To find the end of one place RE2 may have to look through all that follows.
        most = min(max(_WORK // (self._cost * (len(read) + 1)), 1), MOST_PLACES)
        spans = islice(self._spans(read), most)
        return tuple(_in_code_points(encoded, (span for span in spans if span[0] < span[1])))

    def _spans(self, read: bytes) -> Iterator[tuple[int, int]]:
        if not self._dialect.edge_before and not self._dialect.edge_after:
            yield from (match.span() for match in self._regex.finditer(read))
            return
        at = 0
        while found := self._regex.search(read, at):
            start, end = found.span()
            if self._dialect.edge_before:
                start += _beyond(read[start : min(start + 4, end)].decode(errors="ignore")[:1])
            if self._dialect.edge_after:
                end -= _beyond(read[max(start, end - 4) : end].decode(errors="ignore")[-1:])
            yield start, end
            at = end if end > at else found.end() + 1  # what is beyond one may be beyond the next, too

    def _read(self, encoded: bytes) -> bytes:
        return encoded[: _WORK // self._cost]


_SURROGATE = re.compile("[\ud800-\udfff]")


class PatternSet:
    """Expressions tried in one go. RE2 gives up on some sets, of which nothing is known then."""

    def __init__(self, patterns: Sequence[str]) -> None:
        # RE2 says that it gave up by finding nothing at all, and the empty expression is found everywhere.
        self._set: re2.Set | None = re2.Set.SearchSet(_options())
        for pattern in ("", *(translated(readable(pattern)).pattern for pattern in patterns)):
            self._set.Add(pattern)
        try:
            self._set.Compile()
        except re2.error:
            self._set = None

    def found_in(self, encoded: bytes) -> set[int] | None:
        """The numbers of the expressions that are found in all of the text, 0 the first; None when it is not known."""
        found = set(self._set.Match(encoded) or ()) if self._set else set()
        return {number - 1 for number in found if number} if found else None


@lru_cache(maxsize=1024)
def expression(pattern: str) -> Expression:
    return Expression(pattern)


def readable(text: str) -> str:
    """The text as expressions read it: lone surrogates, which cannot be encoded, become U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False
    options.max_mem = _MEMORY
    return options


def _in_code_points(encoded: bytes, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Sorted, disjoint spans of bytes as spans of code points."""
    at = counted = 0
    for start, end in spans:
        first = counted + _count(encoded[at:start])
        at, counted = end, first + _count(encoded[start:end])
        yield first, counted


def _beyond(character: str) -> int:
    """How many bytes at the edge of what was found are not in the word."""
    return 0 if is_word(character) else len(character.encode())


def _count(encoded: bytes) -> int:
    """How many code points these are; a character cut in two counts as none."""
    return len(encoded.decode(errors="ignore"))
