"""What hangs on the beginnings of words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

_GROUPED_BY = 3  # first letters; a guess at how many tell most words apart

T = TypeVar("T")


class Prefixes(Generic[T]):
    """Things by the beginning of a word. A word is compared with the beginnings that share its first letters."""

    def __init__(self) -> None:
        self._groups: dict[str, dict[str, list[T]]] = {}

    def __bool__(self) -> bool:
        return bool(self._groups)

    def add(self, start: str, thing: T) -> None:
        self._groups.setdefault(start[:_GROUPED_BY], {}).setdefault(start, []).append(thing)

    def remove(self, start: str, thing: T) -> None:
        group = self._groups[start[:_GROUPED_BY]]
        group[start].remove(thing)
        if not group[start]:
            del group[start]
            if not group:
                del self._groups[start[:_GROUPED_BY]]

    def of(self, words: Sequence[str]) -> Iterator[T]:
        """The things at the beginnings of these sorted words."""
        for first_letters in self._groups.keys() & self._first_letters(words):
            for start, things in self._groups[first_letters].items():
                at = bisect_left(words, start)
                if at < len(words) and words[at].startswith(start):
                    yield from things

    def _first_letters(self, words: Sequence[str]) -> set[str]:
        lengths = {len(first_letters) for first_letters in self._groups}
        return {word[:length] for length in lengths for word in words}
