"""Polls as rows: what is due, what a poll left behind, and what all sources publish.

The service's hot path; whose sources they are is in `outlets`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from monitors.outlets import DocumentWord, Poll, PollReason, Source, Standing
from monitors.rates import RateEstimate
from monitors.storage.marks import mark_of, set_mark
from monitors.storage.outlets import source_of
from monitors.storage.tables import outlets, sources

_PAUSED = "polling.paused"


def due_sources(connection: Connection, *, now: datetime, limit: int) -> list[Source]:
    """Active sources whose time has come, longest due first; none while an operator lets all of them rest."""
    if is_polling_paused(connection):
        return []
    rows = connection.execute(
        select(sources)
        .where(sources.c.active, sources.c.next_poll_at <= now)
        .order_by(sources.c.next_poll_at)
        .limit(limit)
    )
    return [source_of(row) for row in rows]


def is_polling_paused(connection: Connection) -> bool:
    """Whether an operator lets no source be visited by itself, until further notice."""
    return mark_of(connection, _PAUSED) is not None


def pause_polling(connection: Connection, paused: bool, *, now: datetime) -> None:
    set_mark(connection, _PAUSED, now.isoformat() if paused else None)


def record_poll(connection: Connection, poll: Poll) -> None:
    """What a poll left behind; part of T1, together with the last of its articles."""
    values: dict[str, Any] = {
        "last_polled_at": poll.polled_at,
        "next_poll_at": poll.next_poll_at,
        "poll_reason": poll.reason,
    }
    if not poll.postponed:
        values["last_error"] = poll.error
        values["failures"] = 0 if poll.succeeded else sources.c.failures + 1
        values["failing_since"] = None if poll.succeeded else func.coalesce(sources.c.failing_since, poll.polled_at)
    if poll.succeeded:
        values["first_polled_at"] = func.coalesce(sources.c.first_polled_at, poll.polled_at)
        values["strikes"] = 0
    values |= _learnt(poll)
    if poll.document is not None:
        values |= _document_word(connection, poll.document)
    if poll.strike:
        values["strikes"] = sources.c.strikes + 1
    if poll.gone:
        values["active"] = False
    connection.execute(update(sources).where(sources.c.id == poll.source_id).values(values))


def _learnt(poll: Poll) -> dict[str, Any]:
    """What the poll knows better than the row."""
    values: dict[str, Any] = {}
    if poll.validators is not None:
        values |= {"etag": poll.validators.etag, "last_modified": poll.validators.last_modified}
    if poll.body_hash is not None:
        values["body_hash"] = poll.body_hash
    if poll.parts is not None:
        values["parts"] = [[part.url, *astuple(part.validators), part.body_hash] for part in poll.parts] or None
    if poll.rate is not None:
        values |= {"rate": poll.rate.to_json(), "items_per_day": poll.rate.per_day}
    if poll.ttl_s is not None:
        values["ttl_s"] = poll.ttl_s
    if poll.asked_s is not None:
        values["asked_s"] = poll.asked_s
    if poll.new_at is not None:
        values["last_new_at"] = poll.new_at
    if poll.unconditional:
        values["last_unconditional_at"] = poll.polled_at
    return values


def _document_word(connection: Connection, word: DocumentWord) -> dict[str, Any]:
    values: dict[str, Any] = {
        "hub": word.hub,
        "topic": word.topic,
        "moved_to": word.moved.url if word.moved else None,
        "moved_since": word.moved.since if word.moved else None,
        "moved_times": word.moved.times if word.moved else 0,
    }
    if word.lying:
        values["validators_broken"] = True
    if word.url is not None:
        taken = select(sources.c.id).where(sources.c.url == word.url)
        if connection.execute(taken).one_or_none() is None:
            values["url"] = word.url
    return values


def standings(connection: Connection) -> Iterator[Standing]:
    """Every active source as the budget sees it."""
    rows = connection.execute(
        select(
            sources.c.outlet_id,
            outlets.c.language,
            outlets.c.time_zone,
            sources.c.rate,
            sources.c.poll_reason,
            sources.c.asked_s,
            sources.c.last_polled_at,
            sources.c.next_poll_at,
            sources.c.failures,
        )
        .join(outlets, sources.c.outlet_id == outlets.c.id)
        .where(sources.c.active)
    )
    for row in rows:
        gap = row.next_poll_at - (row.last_polled_at or row.next_poll_at)
        yield Standing(
            outlet_id=row.outlet_id,
            language=row.language,
            time_zone=row.time_zone,
            rate=RateEstimate.from_json(row.rate) if row.rate else None,
            reason=PollReason(row.poll_reason) if row.poll_reason else None,
            asked_s=row.asked_s or 0.0,
            gap_s=gap.total_seconds(),
            failing=row.failures > 0,
        )
