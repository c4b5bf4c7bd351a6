"""Searches as rows, so that their pages can be turned: the buttons carry the number of the row and of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select, update

from monitors.storage.tables import searches

SEARCHES_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """What was searched: `days` back, or everything when it is None. `starts` says where each page known so far begins,
    as `searching.search` takes it (`before`). `like_id` is the article that others like it are searched for."""

    id: int
    query: str
    days: int | None
    starts: Sequence[int | None]
    like_id: int | None = None


def open_search(
    connection: Connection, chat_id: int, query: str, *, now: datetime, like_id: int | None = None
) -> SavedSearch:
    """A search of everything, of which the first page can be turned to."""
    row_id: int = connection.scalar(
        searches.insert()
        .values(chat_id=chat_id, query=query, like_id=like_id, days=None, starts=[None], asked_at=now)
        .returning(searches.c.id)
    )
    return SavedSearch(row_id, query, None, (None,), like_id)


def get_search(connection: Connection, chat_id: int, search_id: int) -> SavedSearch | None:
    """The search of this chat; None when it is forgotten, or another chat's."""
    row = connection.execute(
        select(searches).where(searches.c.id == search_id, searches.c.chat_id == chat_id)
    ).one_or_none()
    return None if row is None else SavedSearch(row.id, row.query, row.days, tuple(row.starts), row.like_id)


def keep_search(connection: Connection, search: SavedSearch, *, now: datetime) -> None:
    """Writes down its present days and pages."""
    connection.execute(
        update(searches)
        .where(searches.c.id == search.id)
        .values(days=search.days, starts=list(search.starts), asked_at=now)
    )


def forget_searches(connection: Connection, *, before: datetime) -> int:
    """Deletes those not turned since then; how many. The newest stays, for SQLite would give its number again."""
    newest = connection.scalar(select(func.max(searches.c.id))) or 0
    return connection.execute(delete(searches).where(searches.c.asked_at < before, searches.c.id != newest)).rowcount
