"""What hangs on characters rather than words: on literals that a text must have, and on expressions to be tried."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import Generic, TypeVar

from monitors.query.patterns import PatternSet, expression

_MANY = 200  # literals; from about so many on it is faster to look all beginnings up that a text has
_BEGINNING = 3  # characters; no literal has fewer

_TOGETHER = 16  # expressions, tried in one go; a guess: more are slower to put together and likelier to be too many
_SMALL = 60  # instructions; each of two expressions may have to be followed from wherever the other has begun
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

    def of(self, text: str) -> Iterator[T]:
        """The things whose literal the text contains."""
        for literal in self._likely(text):
            if literal in text:
                yield from self._things[literal]

    def _likely(self, text: str) -> Iterator[str]:
        if len(self._things) < _MANY:
            yield from self._things
        else:
            for beginning in self._by_beginning.keys() & set(zip(text, text[1:], text[2:], strict=False)):
                yield from self._by_beginning[beginning]


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

    def of(self, texts: Collection[bytes]) -> Iterator[T]:
        """The things whose expression can be in one of the texts; elsewhere it is not."""
        for pattern in chain(self._large, self._alone):
            yield from self._things[pattern]
        for together in self._sets:
            for pattern in together.likely(texts):
                yield from self._things.get(pattern, ())

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
