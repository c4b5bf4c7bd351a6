"""What a language's story is about: invented outlets, places and news. Whatever looks real is chance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 3, 18, 9, 41, tzinfo=UTC)
"""A Wednesday. In the story it is always this moment."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Piece:
    """An article, so long before now, of the outlet of this place."""

    hours_ago: float
    outlet: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class World:
    """`outlets` are (name, host, country). `watches` stand beside the topic that is pressed – `mistyped` does not –,
    `tried` is shown before it is saved; `alert` and `unwanted` meet it, and `left_out` is a word of the latter alone.
    `missed` meets nothing, and what comes in the `evening` is one digest. `found` is the outlet of an address, `news`
    its articles; `tip` is broadcast. `group` watches for `desk`, which `local` meets."""

    language: str
    zone: str
    person: str
    outlets: tuple[tuple[str, str, str], ...]
    archive: tuple[Piece, ...]
    watches: tuple[str, ...]
    mistyped: str
    tried: str
    alert: Piece
    unwanted: Piece
    left_out: str
    missed: Piece
    evening: tuple[Piece, ...]
    searched: str
    channel: str
    found: str
    news: tuple[str, ...]
    tip: str
    group: str
    desk: str
    local: Piece
