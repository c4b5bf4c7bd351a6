"""What a list of outlets holds, whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass

from monitors.outlets import SourceKind

NAMESPACE = "urn:rasid:opml"
"""Of our own attributes: what readers of feeds cannot follow, and what OPML has no word for."""

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 20
MAX_ROWS = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One source to be followed. `line` is where it stands in the file, 0 for a row that was never in one.

    `kind` is None when only a home page is given, whose sources have to be found. `homepage`, where it is given, says
    which rows are of one outlet.
    """

    url: str
    kind: SourceKind | None = SourceKind.FEED
    name: str | None = None
    homepage: str | None = None
    language: str | None = None
    country: str | None = None
    time_zone: str | None = None
    folders: tuple[str, ...] = ()
    line: int = 0


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
