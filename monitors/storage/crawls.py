"""Crawls somebody asked for: an outlet polled now, and a chat told when it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select, update

from monitors.alerts import DeliveryKind, NewDelivery
from monitors.storage.deliveries import enqueue
from monitors.storage.outlets import make_due, remove_outlet
from monitors.storage.tables import crawl_requests, outlets, sources


def request_crawl(connection: Connection, outlet_id: int, chat_id: int | None, *, now: datetime) -> bool:
    """Asks for a crawl and makes the outlet due; False when the same chat's request is still running."""
    running = connection.scalar(
        select(crawl_requests.c.id).where(
            crawl_requests.c.outlet_id == outlet_id,
            crawl_requests.c.chat_id == chat_id,
            crawl_requests.c.state == "running",
            crawl_requests.c.requested_at > now - LONGEST,
        )
    )
    if running is not None:
        return False
    connection.execute(
        crawl_requests.insert().values(outlet_id=outlet_id, chat_id=chat_id, requested_at=now, state="running")
    )
    make_due(connection, outlet_id, now=now)
    _end_complete(connection, outlet_id, now=now)  # at once, when no source is left to be polled
    return True


def stop_following(connection: Connection, outlet_id: int, *, now: datetime) -> None:
    """Removes the outlet, and tells those whose crawl of it will not be finished."""
    remove_outlet(connection, outlet_id)
    _end_complete(connection, outlet_id, now=now)


LONGEST = timedelta(hours=1)
"""After so long a request no longer stands in the way of another one."""


@dataclass(frozen=True, slots=True)
class CrawlCounts:
    """What one poll came to: entries listed, articles new among them, pages or polls that failed."""

    found: int = 0
    new: int = 0
    failed: int = 0


def count_poll(connection: Connection, outlet_id: int, counts: CrawlCounts, *, now: datetime) -> int:
    """Adds a finished poll to the outlet's running requests and tells everybody whose crawl is complete.

    A crawl is complete when every source of the outlet has been polled since it was asked for; its notice is
    `{"notice": "crawl_finished", "outlet": name, "found": …, "new": …, "failed": …}`. Part of the poll's
    transaction (T1). How many requests ended.
    """
    running = (crawl_requests.c.outlet_id == outlet_id, crawl_requests.c.state == "running")
    counted = connection.execute(
        update(crawl_requests)
        .where(*running)
        .values(
            found=crawl_requests.c.found + counts.found,
            new=crawl_requests.c.new + counts.new,
            failed=crawl_requests.c.failed + counts.failed,
        )
    ).rowcount
    return _end_complete(connection, outlet_id, now=now) if counted else 0


def _end_complete(connection: Connection, outlet_id: int, *, now: datetime) -> int:
    """Ends the outlet's requests that are complete; sources polled before a request came are made due again."""
    running = (crawl_requests.c.outlet_id == outlet_id, crawl_requests.c.state == "running")
    oldest_poll = _oldest_poll(connection, outlet_id)
    asked = connection.execute(
        select(crawl_requests, outlets.c.name).join(outlets, crawl_requests.c.outlet_id == outlets.c.id).where(*running)
    ).all()
    ended = [row for row in asked if oldest_poll is None or oldest_poll >= row.requested_at]
    for row in ended:
        connection.execute(update(crawl_requests).where(crawl_requests.c.id == row.id).values(state="finished"))
        if row.chat_id is not None:
            payload = {
                "notice": "crawl_finished",
                "outlet": row.name,
                "found": row.found,
                "new": row.new,
                "failed": row.failed,
            }
            enqueue(connection, NewDelivery(row.chat_id, DeliveryKind.NOTICE, payload), now=now)
    if len(ended) < len(asked):
        connection.execute(
            update(sources)
            .where(
                sources.c.outlet_id == outlet_id,
                sources.c.active,
                sources.c.last_polled_at < max(row.requested_at for row in asked),
                sources.c.next_poll_at > now,
            )
            .values(next_poll_at=now)
        )
    return len(ended)


def _oldest_poll(connection: Connection, outlet_id: int) -> datetime | None:
    """When the outlet's longest unpolled source was polled; None when it has no active source left."""
    polled = connection.scalars(
        select(sources.c.last_polled_at).where(sources.c.outlet_id == outlet_id, sources.c.active)
    ).all()
    never = datetime.min.replace(tzinfo=UTC)
    return min((at or never for at in polled), default=None)
