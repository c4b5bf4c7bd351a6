"""Watchlists and the watches in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

DEFAULT_WATCHLIST = "default"
"""The watchlist a watch goes to when nobody names one."""


class WatchState(StrEnum):
    ACTIVE = "active"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Watch:
    """One standing query of a chat. `query` is as its owner typed it, cleaned."""

    id: int
    chat_id: int
    watchlist: str
    query: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class WatchChange:
    """A watch added, changed or removed since some revision; `query` is None when it is no longer standing."""

    revision: int
    watch_id: int
    query: str | None
