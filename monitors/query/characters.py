"""What hangs on characters rather than words: on literals that a text must have, and on expressions to be tried."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain
from typing import Generic, TypeVar

from monitors.query.patterns import PatternSet, expression
from monitors.text.steps import Steps

_MANY = 200  # literals; from about so many on it is faster to look all beginnings up that a text has
_BEGINNING = 3  # characters; no literal has fewer
_TEXT_AT_ONCE = 20_000  # characters whose beginnings are looked up
_SEARCHED_AT_ONCE = 5_000_000  # literals times characters; in a text made for it one takes 1 ns for each

_TOGETHER = 16  # expressions, tried in one go; a guess: more are slower to put together and likelier to be too many
_SMALL = 60  # instructions; each of two expressions may have to be followed from wherever the other has begun
_BYTES_AT_ONCE = 40_000  # bytes times sets; a set takes some 40 ns for each
_LONG = 16_384  # bytes; what is tried together could take long on a text somebody made for that

T = TypeVar("T")


class Literals(Generic[T]):
    """Things by a string that a text must contain."""

    def __init__(self) -> None:
        self._things: dict[str, list[T]] = {}
        self._by_beginning: dict[tuple[str, ...], list[str]] = {}

    def __bool__(self) -> bool:
        return bool(self._things)

    def add(self, literal: str, thing: T) -> None:
        if literal not in self._things:
            self._things[literal] = []
            self._by_beginning.setdefault(_beginning(literal), []).append(literal)
        self._things[literal].append(thing)

    def remove(self, literal: str, thing: T) -> None:
        self._things[literal].remove(thing)
        if not self._things[literal]:
            del self._things[literal]
            beginning = _beginning(literal)
            self._by_beginning[beginning].remove(literal)
            if not self._by_beginning[beginning]:
                del self._by_beginning[beginning]

    def finding_steps(self, text: str, found: set[T]) -> Steps[None]:
        """Adds the things whose literal the text contains."""
        likely: Collection[str] = self._things
        if len(self._things) >= _MANY:
            beginnings: set[tuple[str, ...]] = set()
            for start in range(0, len(text), _TEXT_AT_ONCE):
                part = text[start : start + _TEXT_AT_ONCE + _BEGINNING - 1]
                beginnings.update(zip(part, part[1:], part[2:], strict=False))
                yield
            begun = map(self._by_beginning.__getitem__, self._by_beginning.keys() & beginnings)
            likely = list(chain.from_iterable(begun))
        at_once = _SEARCHED_AT_ONCE // (len(text) + 1) + 1
        for number, literal in enumerate(likely, 1):
            if literal in text:
                found.update(self._things[literal])
            if not number % at_once:
                yield


class Expressions(Generic[T]):
    """Things by an expression. Small expressions are tried together, but for the last few that came."""

    def __init__(self) -> None:
        self._things: dict[str, list[T]] = {}
        self._large: set[str] = set()
        self._alone: set[str] = set()
        self._set_of: dict[str, _Together] = {}
        self._sets: dict[_Together, None] = {}

    def __bool__(self) -> bool:
        return bool(self._things)

    def add(self, pattern: str, thing: T) -> None:
        if pattern not in self._things:
            self._things[pattern] = []
            if expression(pattern).size > _SMALL:
                self._large.add(pattern)
            else:
                self._take_in([pattern])
        self._things[pattern].append(thing)

    def remove(self, pattern: str, thing: T) -> None:
        self._things[pattern].remove(thing)
        if not self._things[pattern]:
            del self._things[pattern]
            self._take_out(pattern)

    def finding_steps(self, texts: Collection[bytes], found: set[T]) -> Steps[None]:
        """Adds the things whose expression can be in one of the texts; elsewhere it is not."""
        for pattern in chain(self._large, self._alone):
            found.update(self._things[pattern])
        at_once = _BYTES_AT_ONCE // (sum(map(len, texts)) + 1) + 1
        for number, together in enumerate(self._sets, 1):
            for pattern in together.likely(texts):
                found.update(self._things.get(pattern, ()))
            if not number % at_once:
                yield

    def _take_in(self, patterns: Sequence[str]) -> None:
        self._alone.update(patterns)
        if len(self._alone) >= _TOGETHER:
            together = _Together(sorted(self._alone))
            self._sets[together] = None
            self._set_of.update(dict.fromkeys(self._alone, together))
            self._alone.clear()

    def _take_out(self, pattern: str) -> None:
        if pattern in self._large:
            self._large.remove(pattern)
            return
        together = self._set_of.pop(pattern, None)
        if together is None:
            self._alone.remove(pattern)
            return
        left = [other for other in together.patterns if self._set_of.get(other) is together]
        if len(left) <= len(together.patterns) // 2:
            del self._sets[together]
            for other in left:
                del self._set_of[other]
            self._take_in(left)


class _Together:
    """Expressions that are tried in one go."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = patterns
        self._set = PatternSet(patterns)

    def likely(self, texts: Collection[bytes]) -> set[str]:
        if any(len(text) > _LONG for text in texts):
            return set(self.patterns)
        found = [self._set.found_in(text) for text in texts]
        return set(self.patterns) if None in found else {self.patterns[n] for each in found if each for n in each}


def _beginning(literal: str) -> tuple[str, ...]:
    return tuple(literal[:_BEGINNING])
