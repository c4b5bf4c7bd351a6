"""Long lists taken to the database in portions: SQLite takes 32,766 parameters in a statement, PostgreSQL 65,535."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

PORTION = 5_000


def portions(items: Sequence[T], size: int = PORTION) -> Iterator[Sequence[T]]:
    """The items in their order, at most `size` at once."""
    return (items[start : start + size] for start in range(0, len(items), size))
