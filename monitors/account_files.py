"""The file of a whole account: written as JSON that people can read, and its watchlists read again (pure)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from monitors.errors import UsageError
from monitors.query.language.grammar import parse
from monitors.watch_files import MAX_BYTES, as_typed, watchlist_name
from monitors.watchlists import NewWatch, WatchState


def write_account(belongings: Mapping[str, Any]) -> bytes:
    return json.dumps(belongings, ensure_ascii=False, indent=2).encode()


@dataclass(frozen=True, slots=True)
class Watched:
    """The watches of an account file, and how many of what stands there are none (any more)."""

    watches: tuple[NewWatch, ...]
    unread: int


def read_watched(content: bytes) -> Watched:
    """What stood in its watchlists. Raises `UsageError` for a file that is no account file."""
    try:
        written = json.loads(content) if len(content) <= MAX_BYTES else None
    except (ValueError, RecursionError):
        written = None
    if not isinstance(written, dict) or not isinstance(written.get("rasid"), int):
        raise UsageError("This is no account file of Rasid.", hint="Send one that /export wrote.")
    found = [*_rows(written)]
    return Watched(tuple(one for one in found if one is not None), found.count(None))


def _rows(written: Mapping[str, Any]) -> Iterator[NewWatch | None]:
    for watchlist in _mappings(written.get("watchlists")):
        for watch in _mappings(watchlist.get("watches")):
            try:
                query = as_typed(str(watch.get("query", "")))
                parse(query)
                yield NewWatch(query, watchlist_name(str(watchlist.get("name", ""))), _state(watch))
            except UsageError:
                yield None


def _state(watch: Mapping[str, Any]) -> WatchState:
    return WatchState.PAUSED if watch.get("state") == WatchState.PAUSED else WatchState.ACTIVE


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    yield from (one for one in (value if isinstance(value, list) else ()) if isinstance(one, Mapping))
