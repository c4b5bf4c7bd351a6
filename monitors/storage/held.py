"""What is held back as rows: what is due, who still wants it, and what becomes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, literal, select, update

from monitors.alerts import Cause, DeliveryState, Judgement, Verdict
from monitors.storage.lanes import refresh
from monitors.storage.portions import portions
from monitors.storage.stories import stories_of
from monitors.storage.tables import alerts, articles, deliveries, matches, subscriptions, watches, watchlists
from monitors.subscriptions import SubscriptionState
from monitors.watchlists import UNDO, WatchState

_HELD = literal(DeliveryState.HELD.value, literal_execute=True)
"""Spelled out: a partial index is used for literals only."""


@dataclass(frozen=True, slots=True)
class Held:
    """An alert whose time has come. `taken_by` are those of the chat's active subscriptions that bring it this
    article, each with the watches (ids) that still look for it: none where a whole outlet is taken.

    `paused` when nobody takes it now, and somebody would who has paused it, or may have back what was removed; it has
    been waiting `since` then, and `reason` says for what. `alone` when no digest may tell it, for it may have been said
    or has a message (`merging.merge`).
    """

    delivery_id: int
    alert_id: int
    chat_id: int
    verdict: Verdict
    reason: Cause
    silent: bool
    outlet_id: int
    story_ids: frozenset[int]
    taken_by: Mapping[int, frozenset[int]]
    paused: bool
    since: datetime
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """What is not told, and why; until when it is muted, None for good."""

    held: Held
    reason: Cause
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An alert whose time has yet to come; it was judged, for the last time, when it `came_at`."""

    delivery_id: int
    alert_id: int
    verdict: Verdict
    reason: Cause
    came_at: datetime


def is_any_due(connection: Connection, *, now: datetime) -> bool:
    """A cheap look before the writing `due_held`."""
    due = select(deliveries.c.id).where(deliveries.c.state == _HELD, deliveries.c.not_before <= now)
    return connection.execute(due.limit(1)).one_or_none() is not None


def due_held(connection: Connection, *, now: datetime, limit: int) -> list[Held]:
    """What is due in some chats, `limit` alerts at most, by chat and age: all of each chat, or of the one chat that has
    more the oldest. Locks alerts before deliveries, as `grow` does."""
    is_due = and_(deliveries.c.state == _HELD, deliveries.c.not_before <= now)
    there = deliveries.c.chat_id.in_(_first_chats(connection, is_due, limit))
    first = select(deliveries.c.alert_id).where(there, is_due).order_by(deliveries.c.chat_id, deliveries.c.id)
    theirs = select(alerts.c.id).where(alerts.c.id.in_(first.limit(limit))).order_by(alerts.c.id)
    connection.execute(theirs.with_for_update(key_share=True))
    due = (
        select(deliveries.c.id, deliveries.c.alert_id, deliveries.c.chat_id, deliveries.c.silent)
        .add_columns(deliveries.c.created_at, alerts.c.verdict, alerts.c.reason, alerts.c.article_id)
        .add_columns(articles.c.outlet_id, deliveries.c.repeats, deliveries.c.message_id)
        .join(alerts, deliveries.c.alert_id == alerts.c.id)
        .join(articles, alerts.c.article_id == articles.c.id)
        .where(there, is_due)
        .order_by(deliveries.c.chat_id, deliveries.c.id)
        .limit(limit)
        .with_for_update(of=deliveries)
    )
    rows = connection.execute(due).all()
    takers, resting = _takers(connection, [row.alert_id for row in rows], now=now)
    told = stories_of(connection, {row.article_id for row in rows})
    return [
        Held(
            delivery_id=row.id,
            alert_id=row.alert_id,
            chat_id=row.chat_id,
            verdict=Verdict(row.verdict),
            reason=Cause(row.reason),
            silent=row.silent,
            outlet_id=row.outlet_id,
            story_ids=told[row.article_id],
            taken_by={number: frozenset(met) for number, met in takers.get(row.alert_id, {}).items()},
            paused=row.alert_id in resting and row.alert_id not in takers,
            since=row.created_at,
            alone=row.repeats > 0 or row.message_id is not None,
        )
        for row in rows
    ]


def _first_chats(connection: Connection, is_due: ColumnElement[bool], limit: int) -> list[int]:
    """Chats in which something has been due for longest, as many as hold `limit` alerts together, but one at least."""
    first = select(deliveries.c.chat_id).where(is_due).order_by(deliveries.c.not_before).limit(limit)
    chosen = list(dict.fromkeys(connection.scalars(first)))
    counted = select(deliveries.c.chat_id, func.count()).where(deliveries.c.chat_id.in_(chosen), is_due)
    held = {row[0]: row[1] for row in connection.execute(counted.group_by(deliveries.c.chat_id))}
    so_far = accumulate(held.get(chat_id, 0) for chat_id in chosen)
    return chosen[: max(1, sum(together <= limit for together in so_far))]


def _takers(
    connection: Connection, alert_ids: Sequence[int], *, now: datetime
) -> tuple[dict[int, dict[int, set[int]]], set[int]]:
    """Alert → the chat's active subscriptions that bring it → the watches that look for it; and the alerts that
    something brings which is paused, or was removed and can be had back."""
    of_watches = (
        select(alerts.c.id, subscriptions.c.id.label("taker"), subscriptions.c.state, watches.c.id.label("watch"))
        .add_columns(watches.c.state.label("watch_state"), watches.c.state_since)
        .add_columns(watchlists.c.paused_at, watchlists.c.removed_at)
        .join(deliveries, deliveries.c.alert_id == alerts.c.id)
        .join(subscriptions, subscriptions.c.chat_id == deliveries.c.chat_id)
        .join(watchlists, subscriptions.c.watchlist_id == watchlists.c.id)
        .join(watches, watches.c.watchlist_id == watchlists.c.id)
        .outerjoin(matches, and_(matches.c.article_id == alerts.c.article_id, matches.c.watch_id == watches.c.id))
        .where(func.coalesce(matches.c.version, 0) > 0)  # as in naming.py
    )
    of_outlets = (
        select(alerts.c.id, subscriptions.c.id.label("taker"), subscriptions.c.state)
        .join(articles, alerts.c.article_id == articles.c.id)
        .join(deliveries, deliveries.c.alert_id == alerts.c.id)
        .join(
            subscriptions,
            and_(subscriptions.c.outlet_id == articles.c.outlet_id, subscriptions.c.chat_id == deliveries.c.chat_id),
        )
    )
    found: dict[int, dict[int, set[int]]] = defaultdict(dict)
    resting: set[int] = set()
    for ids in portions(alert_ids):
        some = alerts.c.id.in_(ids)
        for row in connection.execute(of_watches.where(some)):
            if _stands(row):
                found[row.id].setdefault(row.taker, set()).add(row.watch)
            elif _may_stand_again(row, since=now - UNDO):
                resting.add(row.id)
        for row in connection.execute(of_outlets.where(some)):
            if row.state == SubscriptionState.ACTIVE:
                found[row.id].setdefault(row.taker, set())
            elif row.state == SubscriptionState.PAUSED:
                resting.add(row.id)
    return found, resting


def _stands(row: Row[Any]) -> bool:
    return (
        row.state == SubscriptionState.ACTIVE
        and row.watch_state == WatchState.ACTIVE
        and row.paused_at is None
        and row.removed_at is None
    )


def _may_stand_again(row: Row[Any], *, since: datetime) -> bool:
    """It rests, or was removed since then and can be had back."""
    gone_at = [row.removed_at] if row.removed_at is not None else []
    if row.watch_state == WatchState.REMOVED:
        gone_at.append(row.state_since)
    return row.state != SubscriptionState.ENDED and all(at is not None and at > since for at in gone_at)


def let_go(connection: Connection, held: Sequence[Held], *, now: datetime, silent: bool = False) -> None:
    """Each goes out by itself, in the order of its chat's lane, in which it waits since now; `silent`, or as it was
    meant to."""
    how = {"silent": True} if silent else {}
    _change(connection, [one.delivery_id for one in held], state=DeliveryState.PENDING, not_before=now, **how)
    refresh(connection, (one.chat_id for one in held))


def rest(connection: Connection, held: Sequence[Held], *, until: datetime) -> None:
    """What brought it is paused: it waits until `subscriptions.wake`, and is looked at again then."""
    _change(connection, [one.delivery_id for one in held], not_before=until)
    _say_why(connection, [one.alert_id for one in held], reason=Cause.PAUSED)


def drop(connection: Connection, dropped: Sequence[Dropped], *, now: datetime) -> None:
    """They are not told, and why is written down."""
    together: dict[tuple[Cause, datetime | None], list[Held]] = defaultdict(list)
    for one in dropped:
        together[one.reason, one.until].append(one.held)
    for (reason, until), held in together.items():
        _say_why(connection, [one.alert_id for one in held], verdict=Verdict.DROPPED, reason=reason)
        gone = {"state": DeliveryState.DROPPED, "not_before": until, "settled_at": now}
        _change(connection, [one.delivery_id for one in held], **gone)


def held_of(connection: Connection, subscription_id: int, *, now: datetime) -> list[Waiting]:
    """What this subscription holds back for later than now, the soonest first."""
    rows = connection.execute(
        select(deliveries.c.id, deliveries.c.alert_id, deliveries.c.created_at, alerts.c.verdict, alerts.c.reason)
        .join(alerts, deliveries.c.alert_id == alerts.c.id)
        .join(subscriptions, alerts.c.subscription_id == subscriptions.c.id)
        .where(subscriptions.c.id == subscription_id, deliveries.c.chat_id == subscriptions.c.chat_id)
        .where(deliveries.c.state == _HELD, deliveries.c.not_before > now)
        .order_by(deliveries.c.not_before, deliveries.c.id)
    )
    return [Waiting(row.id, row.alert_id, Verdict(row.verdict), Cause(row.reason), row.created_at) for row in rows]


def hold_until(
    connection: Connection,
    waiting: Sequence[Waiting | Held],
    due_at: datetime,
    *,
    verdict: Verdict,
    reason: Cause,
    silent: bool,
) -> None:
    """They are due at that moment instead, for this reason. Locks alerts before deliveries, as `grow` does."""
    _say_why(connection, [one.alert_id for one in waiting], verdict=verdict, reason=reason)
    _change(connection, [one.delivery_id for one in waiting], not_before=due_at, silent=silent)


def taken_as(connection: Connection, held: Held, judged: Judgement, *, now: datetime) -> None:
    """It is due, and told, as it was judged anew: as if it had come now."""
    _change(connection, [held.delivery_id], created_at=now, not_before=judged.due_at or now, silent=judged.silent)
    why = {"verdict": judged.verdict, "reason": judged.reason, "subscription_id": judged.subscription_id}
    _say_why(connection, [held.alert_id], **why)


def _say_why(connection: Connection, alert_ids: Sequence[int], **values: Any) -> None:
    for ids in portions(alert_ids):
        connection.execute(update(alerts).where(alerts.c.id.in_(ids)).values(**values))


def _change(connection: Connection, delivery_ids: Sequence[int], **values: Any) -> None:
    for ids in portions(delivery_ids):
        connection.execute(
            update(deliveries).where(deliveries.c.id.in_(ids), deliveries.c.state == _HELD).values(**values)
        )
