"""Subscriptions to pushes as rows: one for each source whose document names a hub."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from monitors.hubs import HubState, HubSubscription
from monitors.storage.tables import hub_subscriptions as subscriptions
from monitors.storage.tables import sources

_STAYING = (HubState.WANTED, HubState.ACTIVE)


def reconcile(connection: Connection, *, now: datetime) -> None:
    """Brings the subscriptions in line with what the sources' documents named when they were last read.

    A source that names another hub or topic than before gets a new subscription, with a new callback and secret: what
    the old hub still sends to the old one is answered with "gone", which ends it.
    """
    named = (sources.c.active, sources.c.hub.is_not(None), sources.c.topic.is_not(None))
    for row in connection.execute(
        select(sources.c.id, sources.c.hub, sources.c.topic, subscriptions.c.source_id)
        .outerjoin(subscriptions, subscriptions.c.source_id == sources.c.id)
        .where(
            *named,
            subscriptions.c.source_id.is_(None)
            | (subscriptions.c.hub != sources.c.hub)
            | (subscriptions.c.topic != sources.c.topic),
        )
    ).all():
        if row.source_id is not None:
            forget(connection, row.source_id)
        connection.execute(subscriptions.insert().values(_fresh(row.id, row.hub, row.topic, now)))
    still_named = select(sources.c.id).where(*named)
    again: dict[str, Any] = {"next_ask_at": now, "failures": 0}
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.state.in_(_STAYING), subscriptions.c.source_id.not_in(still_named))
        .values(state=HubState.LEAVING, **again)
    )
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.state == HubState.LEAVING, subscriptions.c.source_id.in_(still_named))
        .values(state=HubState.WANTED, **again)
    )
    connection.execute(
        delete(subscriptions).where(
            subscriptions.c.state == HubState.DENIED, subscriptions.c.source_id.not_in(still_named)
        )
    )


def _fresh(source_id: int, hub: str, topic: str, now: datetime) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "hub": hub,
        "topic": topic,
        "token": secrets.token_urlsafe(32),
        "secret": secrets.token_urlsafe(32),
        "state": HubState.WANTED,
        "asked_at": now,
        "next_ask_at": now,
    }


def due_to_ask(connection: Connection, *, now: datetime, limit: int) -> list[HubSubscription]:
    """Those whose hub is to be asked, longest due first."""
    rows = connection.execute(
        select(subscriptions)
        .where(subscriptions.c.next_ask_at <= now)
        .order_by(subscriptions.c.next_ask_at)
        .limit(limit)
    )
    return [_subscription(row) for row in rows]


def subscription_at(connection: Connection, token: str) -> HubSubscription | None:
    """The one whose callback ends in `token`."""
    row = connection.execute(select(subscriptions).where(subscriptions.c.token == token)).one_or_none()
    return _subscription(row) if row is not None else None


def subscriptions_of(connection: Connection, source_ids: Collection[int]) -> dict[int, HubSubscription]:
    """Those of these sources, by source."""
    rows = connection.execute(select(subscriptions).where(subscriptions.c.source_id.in_(list(source_ids))))
    return {row.source_id: _subscription(row) for row in rows}


def record_asking(connection: Connection, subscription: HubSubscription, *, now: datetime, again_at: datetime) -> None:
    """Before the hub is asked, for it may answer before its answer to our question arrives.

    `again_at` is when to ask again if it does not confirm.
    """
    state = HubState.WANTED if subscription.state is HubState.DENIED else subscription.state
    _change(
        connection, subscription, state=state, asked_at=now, next_ask_at=again_at, failures=subscriptions.c.failures + 1
    )


def record_problem(connection: Connection, subscription: HubSubscription, error: str) -> None:
    """The hub would not even take the question."""
    _change(connection, subscription, error=error)


def record_confirmed(
    connection: Connection, subscription: HubSubscription, *, now: datetime, lease_until: datetime, renew_at: datetime
) -> None:
    _change(
        connection,
        subscription,
        state=HubState.ACTIVE,
        verified_at=now,
        lease_until=lease_until,
        next_ask_at=renew_at,
        failures=0,
        error=None,
    )


def record_denied(connection: Connection, subscription: HubSubscription, reason: str, *, again_at: datetime) -> None:
    _change(
        connection,
        subscription,
        state=HubState.DENIED,
        error=reason,
        lease_until=None,
        next_ask_at=again_at,
        failures=0,
    )


def record_push(connection: Connection, source_id: int, *, now: datetime, first: int) -> None:
    """A signed push has come, and showed `first` articles before any poll did."""
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.source_id == source_id)
        .values(last_push_at=now, first_by_push=subscriptions.c.first_by_push + first)
    )


def count_first_by_poll(connection: Connection, source_id: int, number: int) -> None:
    """A poll showed so many articles first, although the hub might have."""
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.source_id == source_id, subscriptions.c.state == HubState.ACTIVE)
        .values(first_by_poll=subscriptions.c.first_by_poll + number)
    )


def forget(connection: Connection, source_id: int) -> None:
    connection.execute(delete(subscriptions).where(subscriptions.c.source_id == source_id))


def _change(connection: Connection, subscription: HubSubscription, **values: Any) -> None:
    """By its token: the source may have got another subscription meanwhile."""
    connection.execute(update(subscriptions).where(subscriptions.c.token == subscription.token).values(values))


def _subscription(row: Row[Any]) -> HubSubscription:
    return HubSubscription(**{**row._mapping, "state": HubState(row.state)})
