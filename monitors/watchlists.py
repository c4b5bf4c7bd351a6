"""Watchlists and the watches in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitors.pauses import Pause

DEFAULT_WATCHLIST = "default"
"""The watchlist a watch goes to when nobody names one."""

UNTOLD_NAME = "\x1f"
"""Stands for a watchlist's name where it is nobody's business. No name has control characters."""

SHARED_NAME = "\x1e"
"""Stands for the name of somebody else's default watchlist: its readers have one of their own."""

MOST_WATCHES = 1000
"""How many a chat may have unless the operator says otherwise: a guess at far more than a person needs, and little
enough that one chat cannot burden the rest."""

MOST_LISTS = 100
"""And watchlists of one chat: a guess at far more than anybody tells apart."""

UNDO = timedelta(minutes=10)
"""For so long what was removed can be had back by a button."""


def is_main(name: str) -> bool:
    """Whether it is the watchlist that nobody named; one that was deleted has a number since there is a new one."""
    first, _, another = name.partition(" ")
    return first == DEFAULT_WATCHLIST and (not another or another.isdecimal())


class WatchState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"  # kept with its matches, and finds nothing until it is resumed
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Watchlist:
    """A named list of a chat's watches, and what is asked of articles besides: not to meet `excluding` (a query), to be
    of one of these outlets (ids) and in one of these languages (codes); None: any.
    """

    id: int
    chat_id: int
    name: str
    created_at: datetime
    excluding: str | None = None
    outlets: tuple[int, ...] | None = None
    languages: tuple[str, ...] | None = None
    paused_at: datetime | None = None
    removed_at: datetime | None = None


class FileFormat(StrEnum):
    """The files that watchlists are exchanged in."""

    CSV = "csv"
    TOML = "toml"
    JSONL = "jsonl"
    TXT = "txt"


@dataclass(frozen=True, slots=True)
class NewWatch:
    """A watch that somebody wants. The query has been parsed, and is on one line."""

    query: str
    watchlist: str = DEFAULT_WATCHLIST
    state: WatchState = WatchState.ACTIVE


@dataclass(frozen=True, slots=True)
class Watch:
    """One query of a chat. `query` is as its owner typed it, cleaned; `state_since` when it was last paused, resumed
    or changed. `excluding` is what its watchlist excludes (a query), and `resting` that the whole of it is paused.
    `pauses` are its own and its watchlist's.
    """

    id: int
    chat_id: int
    watchlist: str
    query: str
    created_at: datetime
    state: WatchState = WatchState.ACTIVE
    state_since: datetime | None = None
    watchlist_id: int = 0
    excluding: str | None = None
    resting: bool = False
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class WatchChange:
    """A chat's watch added, changed or removed since some revision; `query` is None when it is no longer standing.
    `excluding` is what its watchlist excludes (a query).
    """

    revision: int
    watch_id: int
    chat_id: int
    query: str | None
    excluding: str | None = None


@dataclass(frozen=True, slots=True)
class WatchHistory:
    """What a watch has found, in articles."""

    matches: int
    lately: int
    last_at: datetime | None
