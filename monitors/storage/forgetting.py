"""Requests that were over long ago are forgotten, and the words of answers; what is decided for good stays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Table, delete, func, select, update

from monitors.alerts import DeliveryKind, DeliveryState
from monitors.requests import CrawlState, DiscoveryState
from monitors.storage.marks import mark_of, set_mark
from monitors.storage.tables import crawl_requests, deliveries, discoveries


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


def forget_answers(connection: Connection, *, before: datetime) -> bool:
    """Takes the words out of answers and notices created before then that are told, or not wanted; whether there may be
    more of them.

    They may quote what others have long deleted. Whatever is composed anew when it is sent is left as it is. Rows are
    looked at once, in the order of their numbers, so that it costs the same however many there are.
    """
    known = mark_of(connection, _ANSWERS)
    rows = connection.execute(
        select(deliveries.c.id, deliveries.c.kind, deliveries.c.state, deliveries.c.payload)
        .where(deliveries.c.id > int(known or 0), deliveries.c.created_at < before)
        .order_by(deliveries.c.id)
        .limit(AT_ONCE)
    ).all()
    if not rows:
        return False
    quoting = [
        row.id
        for row in rows
        if row.kind in _ANSWERING and row.state in _OVER and ("message" in row.payload or "notice" in row.payload)
    ]
    connection.execute(update(deliveries).where(deliveries.c.id.in_(quoting)).values(payload={}))
    set_mark(connection, _ANSWERS, str(rows[-1].id))
    return len(rows) == AT_ONCE


_ANSWERS = "answers.forgotten"
_ANSWERING = (DeliveryKind.REPLY, DeliveryKind.NOTICE)
_OVER = (DeliveryState.SENT, DeliveryState.DROPPED)

AT_ONCE = 1_000
"""Rows looked at in one transaction."""


def _newest(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.max(table.c.id))) or 0
