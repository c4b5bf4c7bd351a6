"""Long work in steps: generators that stop where others may have their turn, and return what came of it."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeAlias, TypeVar

T = TypeVar("T")

Steps: TypeAlias = Generator[None, None, T]
"""A few milliseconds of work between two yields. On an event loop, `await asyncio.sleep(0)` after each."""


def finish(steps: Steps[T]) -> T:
    """What the steps come to, all of them taken at once."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
