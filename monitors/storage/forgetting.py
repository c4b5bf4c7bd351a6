"""Requests of people that were over long ago are forgotten; what is decided by them for good stays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Table, delete, func, select

from monitors.requests import CrawlState, DiscoveryState
from monitors.storage.tables import crawl_requests, discoveries


def forget_requests(connection: Connection, *, before: datetime) -> int:
    """Deletes crawls and looks at addresses asked for before then and over; how many.

    A look that added an outlet stays: it says whose outlet that is, and counts among what the person may add. The
    newest of each kind stays, for SQLite would give its number again, and articles and old messages still name it.
    """
    over = (
        (crawl_requests, ~crawl_requests.c.state.in_([CrawlState.WAITING.value, CrawlState.RUNNING.value])),
        (discoveries, ~discoveries.c.state.in_([DiscoveryState.WAITING.value, DiscoveryState.FOLLOWING.value])),
    )
    forgotten = 0
    for table, is_over in over:
        doomed = delete(table).where(table.c.requested_at < before, is_over, table.c.id != _newest(connection, table))
        if table is discoveries:
            doomed = doomed.where(~discoveries.c.added)
        forgotten += connection.execute(doomed).rowcount
    return forgotten


def _newest(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.max(table.c.id))) or 0
