"""What hangs on the beginnings of words."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

_GROUPED_BY = 3  # first letters; a guess at how many tell most words apart
_FEW = 20  # beginnings that are looked for faster one by one, in all words written one after the other
_BETWEEN = "\n"  # is in no word

T = TypeVar("T")


class Prefixes(Generic[T]):
    """Things by the beginning of a word. Words are compared with the beginnings that share their first letters."""

    def __init__(self) -> None:
        self._groups: dict[int, dict[str, dict[str, list[T]]]] = {}  # by the number of first letters, and by them
        self._count = 0  # of beginnings

    def __bool__(self) -> bool:
        return bool(self._groups)

    def add(self, start: str, thing: T) -> None:
        first = start[:_GROUPED_BY]
        things = self._groups.setdefault(len(first), {}).setdefault(first, {}).setdefault(start, [])
        self._count += not things
        things.append(thing)

    def remove(self, start: str, thing: T) -> None:
        first = start[:_GROUPED_BY]
        groups = self._groups[len(first)]
        groups[first][start].remove(thing)
        if not groups[first][start]:
            self._count -= 1
            del groups[first][start]
            if not groups[first]:
                del groups[first]
                if not groups:
                    del self._groups[len(first)]

    def of(self, words: Collection[str]) -> Iterator[T]:
        """The things at the beginnings of these words."""
        if self._count <= _FEW:
            yield from self._of_few(words)
            return
        for length, groups in self._groups.items():
            shared = groups.keys() & {word[:length] for word in words}
            longer = any(len(groups[first]) > (first in groups[first]) for first in shared)
            begun = _by_first_letters(words, shared, length) if longer else {}
            for first in shared:
                for start, things in groups[first].items():
                    if start == first or _begins_one(start, begun[first]):
                        yield from things

    def _of_few(self, words: Collection[str]) -> Iterator[T]:
        written = _BETWEEN + _BETWEEN.join(words)
        for groups in self._groups.values():
            for group in groups.values():
                for start, things in group.items():
                    if _BETWEEN + start in written:
                        yield from things


def _by_first_letters(words: Collection[str], shared: set[str], length: int) -> Mapping[str, Sequence[str]]:
    """The words that begin with one of these, each list sorted."""
    begun: dict[str, list[str]] = defaultdict(list)
    for word in words:
        if word[:length] in shared:
            begun[word[:length]].append(word)
    for some in begun.values():
        some.sort()
    return begun


def _begins_one(start: str, words: Sequence[str]) -> bool:
    at = bisect_left(words, start)
    return at < len(words) and words[at].startswith(start)
