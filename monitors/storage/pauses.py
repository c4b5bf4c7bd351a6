"""Pauses as they stand in the rows of watches, watchlists and subscriptions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Table, select, update

from monitors.pauses import as_rows, begun, ended, from_rows


def note_pause(connection: Connection, table: Table, row_id: int, *, paused: bool, now: datetime) -> None:
    """What this row stands for is paused from now on, or is not any more; nothing changes where that was so before."""
    this = table.c.id == row_id
    before = from_rows(connection.scalar(select(table.c.pauses).where(this)))
    after = begun(before, now=now) if paused else ended(before, now=now)
    if after != before:
        connection.execute(update(table).where(this).values(pauses=as_rows(after)))
