"""How outlets fare, as rows: judged by the hour, told once to those who follow them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select, update

from monitors.alerts import DeliveryKind, NewDelivery
from monitors.chats import ChatAddress, ChatState
from monitors.health import BROKEN_AFTER, FEW_SHARE, FEW_WINDOW, SILENT_AT_LEAST, Diagnosis, Health, Record, diagnose
from monitors.outlets import Outlet, OutletState, PollReason
from monitors.rates import DAY_S
from monitors.rhythms import usual_profile
from monitors.storage.chats import find_chat
from monitors.storage.deliveries import enqueue
from monitors.storage.followers import followers_of
from monitors.storage.outlets import sources_of
from monitors.storage.tables import articles, chats, outlets, sources

logger = logging.getLogger(__name__)

OUTAGE_OUTLETS = 5
"""When more than half of at least so many outlets break at once, it is our own connection that is broken."""


@dataclass(frozen=True, slots=True)
class Change:
    """An outlet fares otherwise than it did, or nobody could be told yet how it fares."""

    outlet_id: int
    name: str
    was: Health
    was_told: bool
    diagnosis: Diagnosis


def changes_of_health(connection: Connection, *, now: datetime) -> list[Change]:
    """The outlets whose followers have to be told something. Reads only."""
    rows = connection.execute(
        select(outlets).where(
            outlets.c.state == OutletState.ACTIVE,
            or_(
                outlets.c.id.in_(_doubtful(now)),
                outlets.c.id.in_(_silent(now)),
                outlets.c.id.in_(_few(now)),
                outlets.c.health != Health.OK,
                ~outlets.c.health_told,
            ),
        )
    ).all()
    found = []
    for row in rows:
        record = _record(connection, row, now)
        diagnosis = diagnose(record, now=now)
        if diagnosis.health != record.health or not row.health_told:
            found.append(Change(row.id, row.name, record.health, row.health_told, diagnosis))
    return _without_outage(connection, found)


def health_of(connection: Connection, outlet: Outlet, *, now: datetime) -> Diagnosis:
    """How the outlet fares at this moment, whether anybody was told yet or not."""
    row = connection.execute(select(outlets).where(outlets.c.id == outlet.id)).one()
    return diagnose(_record(connection, row, now), now=now)


def tell_changes(
    connection: Connection, changes: Sequence[Change], operators: Sequence[ChatAddress], *, now: datetime
) -> int:
    """Writes the changes down and enqueues their notices; how many those are.

    A notice is `{"notice": "outlet_health", "outlet": name, "outlet_id": id, "health": "ok" | "quiet" | "broken",
    "since": ISO time, "reason": {"code": Finding, …numbers}}`. It goes to the outlet's followers, or to the operators'
    chats when nobody follows it. That all is well again is told only to whom the trouble was told.
    """
    told = 0
    for change in changes:
        diagnosis = change.diagnosis
        recipients = [] if _was_silent_trouble(change) else _recipients(connection, change.outlet_id, operators)
        for chat_id in recipients:
            payload = {
                "notice": "outlet_health",
                "outlet": change.name,
                "outlet_id": change.outlet_id,
                "health": diagnosis.health,
                "since": diagnosis.since.isoformat(),
                "reason": dict(diagnosis.reason),
            }
            enqueue(connection, NewDelivery(chat_id, DeliveryKind.NOTICE, payload), now=now)
        told += len(recipients)
        connection.execute(
            update(outlets)
            .where(outlets.c.id == change.outlet_id)
            .values(
                health=diagnosis.health,
                health_since=diagnosis.since,
                health_told=bool(recipients) or diagnosis.health is Health.OK,
            )
        )
    return told


def _articles_since(connection: Connection, outlet_id: int, since: datetime) -> int:
    return (
        connection.scalar(
            select(func.count())
            .select_from(articles)
            .where(articles.c.outlet_id == outlet_id, articles.c.first_seen_at >= since)
        )
        or 0
    )


def _record(connection: Connection, row: Row[Any], now: datetime) -> Record:
    return Record(
        sources=sources_of(connection, row.id),
        usual=usual_profile(row.language, row.time_zone, now),
        recent=_articles_since(connection, row.id, now - FEW_WINDOW),
        health=Health(row.health),
        since=row.health_since,
    )


def _was_silent_trouble(change: Change) -> bool:
    """Nobody knew of the trouble, so nobody is told that it is over."""
    return change.diagnosis.health is Health.OK and not change.was_told


def _recipients(connection: Connection, outlet_id: int, operators: Sequence[ChatAddress]) -> list[int]:
    reachable = select(chats.c.id).where(
        chats.c.id.in_(followers_of(connection, outlet_id)), chats.c.state == ChatState.ACTIVE
    )
    if following := connection.scalars(reachable.order_by(chats.c.id)).all():
        return list(following)
    found = [find_chat(connection, address) for address in operators]
    return [chat.id for chat in found if chat is not None and chat.state is ChatState.ACTIVE]


def _without_outage(connection: Connection, found: list[Change]) -> list[Change]:
    """Without the breaks, if so many broke at once that it cannot be them."""
    broken = [
        change for change in found if change.diagnosis.health is Health.BROKEN and change.was is not Health.BROKEN
    ]
    followed = connection.scalar(select(func.count()).where(outlets.c.state == OutletState.ACTIVE)) or 0
    if followed < OUTAGE_OUTLETS or 2 * len(broken) <= followed:
        return found
    logger.warning("%d of %d outlets cannot be read: is this machine online? Nobody is told.", len(broken), followed)
    return [change for change in found if change not in broken]


def _doubtful(now: datetime) -> Select[Any]:
    return select(sources.c.outlet_id).where(
        or_(sources.c.failing_since <= now - BROKEN_AFTER, sources.c.poll_reason == PollReason.GONE)
    )


def _silent(now: datetime) -> Select[Any]:
    newest = func.max(func.coalesce(sources.c.last_new_at, sources.c.first_polled_at))
    return (
        select(sources.c.outlet_id)
        .where(sources.c.active)
        .group_by(sources.c.outlet_id)
        .having(newest <= now - SILENT_AT_LEAST)
    )


def _few(now: datetime) -> Select[Any]:
    """A look at counts alone, for most outlets are well: who brought less than twice what would be too little."""
    recent = (
        select(func.count())
        .select_from(articles)
        .where(articles.c.outlet_id == sources.c.outlet_id, articles.c.first_seen_at >= now - FEW_WINDOW)
        .correlate(sources)
        .scalar_subquery()
    )
    expected = func.sum(sources.c.items_per_day) * (FEW_WINDOW.total_seconds() / DAY_S)
    return (
        select(sources.c.outlet_id)
        .where(sources.c.active)
        .group_by(sources.c.outlet_id)
        .having(recent < 2 * FEW_SHARE * expected)
    )
