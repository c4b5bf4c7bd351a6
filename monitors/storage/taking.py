"""Subscriptions as those see them who may change their rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from monitors.alerts import Cause, DeliveryState
from monitors.chats import ChatState
from monitors.storage.subscriptions import name_for, subscription_of
from monitors.storage.tables import alerts, chats, deliveries, outlets, subscriptions, watchlists
from monitors.subscriptions import Subscription


@dataclass(frozen=True, slots=True)
class Taken:
    """A subscription with what people call it: its watchlist's or its outlet's name, and the chat that takes it.

    `chat_state` says whether that can be told things and `chat_reason` why not, `zone` is its own time zone (IANA), if
    it has one; `owner_id` the chat whose watchlist it is, and `paused_at` since when that has paused it.
    """

    subscription: Subscription
    name: str
    chat_title: str | None
    chat_state: ChatState
    chat_reason: str | None
    zone: str | None
    owner_id: int | None = None
    paused_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many alerts a subscription holds back, when the first are due (None when there are none), and how many are
    due already and on their way."""

    waiting: int
    due_at: datetime | None
    coming: int


def find_taken(connection: Connection, subscription_id: int, chat_id: int) -> Taken | None:
    """The subscription, if this chat may change its rules: its own, that of a chat that is managed from here, or one
    by which a watchlist of this chat is sent elsewhere."""
    row = connection.execute(_taken(chat_id).where(subscriptions.c.id == subscription_id)).one_or_none()
    return None if row is None else _read(row)


def list_taken(connection: Connection, chat_id: int) -> list[Taken]:
    """All such subscriptions, the chat's own first."""
    own = (subscriptions.c.chat_id == chat_id).desc()
    return [_read(row) for row in connection.execute(_taken(chat_id).order_by(own, subscriptions.c.id))]


def backlog_of(connection: Connection, subscription: Subscription, *, now: datetime) -> Backlog:
    """Without what rests because something is paused: nobody knows when that comes."""
    due_at = deliveries.c.not_before
    row = connection.execute(
        select(
            func.count().filter(due_at > now).label("waiting"),
            func.min(due_at).filter(due_at > now).label("first"),
            func.count().filter(due_at <= now).label("coming"),
        )
        .join(alerts, deliveries.c.alert_id == alerts.c.id)
        .where(deliveries.c.chat_id == subscription.chat_id, deliveries.c.state == DeliveryState.HELD)
        .where(alerts.c.subscription_id == subscription.id, alerts.c.reason != Cause.PAUSED)
    ).one()
    return Backlog(row.waiting, row.first, row.coming)


def _taken(chat_id: int) -> Select[Any]:
    return (
        select(subscriptions, chats.c.title, chats.c.time_zone, chats.c.state.label("chat_state"))
        .add_columns(chats.c.state_reason.label("chat_reason"))
        .add_columns(name_for(chat_id).label("watchlist"), outlets.c.name.label("outlet"))
        .add_columns(watchlists.c.chat_id.label("owner_id"), watchlists.c.paused_at)
        .join(chats, subscriptions.c.chat_id == chats.c.id)
        .outerjoin(watchlists, subscriptions.c.watchlist_id == watchlists.c.id)
        .outerjoin(outlets, subscriptions.c.outlet_id == outlets.c.id)
        .where(_may_change(chat_id), watchlists.c.removed_at.is_(None))
    )


def _may_change(chat_id: int) -> ColumnElement[bool]:
    return or_(
        subscriptions.c.chat_id == chat_id,
        chats.c.keeper_id == chat_id,
        and_(subscriptions.c.owned, watchlists.c.chat_id == chat_id),
    )


def _read(row: Row[Any]) -> Taken:
    name = row.watchlist or row.outlet or ""
    there = (row.title, ChatState(row.chat_state), row.chat_reason, row.time_zone)
    return Taken(subscription_of(row), name, *there, row.owner_id, row.paused_at)
