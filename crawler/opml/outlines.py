"""What a list of outlets holds, whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass

from monitors.outlet_lists import Row

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 20
MAX_ROWS = 500


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be followed; `reason` is in words."""

    line: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class OutletList:
    """A file's rows in its order, each address once."""

    title: str | None
    rows: tuple[Row, ...]
    bad: tuple[BadRow, ...] = ()
