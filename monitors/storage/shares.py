"""Watchlists that their owners share by a link: whoever has it may take the watchlist, and hears of all its changes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select

from monitors.alerts import DeliveryKind, NewDelivery
from monitors.storage.deliveries import enqueue_all
from monitors.storage.portions import portions
from monitors.storage.subscriptions import set_subscription_state, subscriptions_of
from monitors.storage.tables import shares, subscriptions, watches, watchlists
from monitors.storage.upserts import insert
from monitors.storage.watchlists import get_watchlist, get_watchlists
from monitors.subscriptions import Subscription, SubscriptionState
from monitors.watchlists import UNDO, Watchlist, WatchState

_RANDOM_BYTES = 16


def share(connection: Connection, watchlist_id: int, *, now: datetime) -> str:
    """The unguessable part of the watchlist's link; the same until it is revoked."""
    connection.execute(
        insert(connection, shares)
        .values(token=secrets.token_urlsafe(_RANDOM_BYTES), watchlist_id=watchlist_id, created_at=now)
        .on_conflict_do_nothing(index_elements=["watchlist_id"])
    )
    token = share_of(connection, watchlist_id)
    assert token is not None
    return token


def share_of(connection: Connection, watchlist_id: int) -> str | None:
    """The token of a watchlist that is shared."""
    return connection.scalar(select(shares.c.token).where(shares.c.watchlist_id == watchlist_id))


def revoke(connection: Connection, watchlist_id: int) -> bool:
    """The link leads nowhere from then on; who subscribed by it stays. False if it was not shared."""
    return connection.execute(delete(shares).where(shares.c.watchlist_id == watchlist_id)).rowcount > 0


def find_shared(connection: Connection, token: str) -> Watchlist | None:
    """The watchlist behind a link; None for one that is unknown or revoked, or whose watchlist is deleted."""
    number = connection.scalar(select(shares.c.watchlist_id).where(shares.c.token == token))
    shared = None if number is None else get_watchlist(connection, number)
    return None if shared is None or shared.removed_at is not None else shared


def lists_behind(connection: Connection, tokens: Sequence[str]) -> dict[str, Watchlist]:
    """The same of many links, by their tokens."""
    found: dict[str, Watchlist] = {}
    for some in portions(tokens):
        shared = connection.execute(select(shares.c.token, shares.c.watchlist_id).where(shares.c.token.in_(some)))
        token_of = {row.watchlist_id: row.token for row in shared}
        found |= {token_of[one.id]: one for one in get_watchlists(connection, list(token_of)).values()}
    return {token: one for token, one in found.items() if one.removed_at is None}


def lists_shared_with(connection: Connection, chat_id: int) -> list[Watchlist]:
    """The watchlists of others that the chat subscribes to, in the order in which it began to; no deleted ones."""
    return [one for _, one in lists_taken(connection, chat_id) if one.removed_at is None]


def lists_taken(connection: Connection, chat_id: int) -> list[tuple[Subscription, Watchlist]]:
    """The same with its subscriptions, and with those that their owners have just deleted."""
    taken = [one for one in subscriptions_of(connection, chat_id) if not one.owned and one.watchlist_id is not None]
    found = get_watchlists(connection, [one.watchlist_id for one in taken if one.watchlist_id is not None])
    return [(one, found[one.watchlist_id]) for one in taken if one.watchlist_id is not None]


def count_of_others(connection: Connection, chat_id: int) -> int:
    """How many watchlists of others come to the chat: what it subscribes to, and what their owners send there."""
    others = (subscriptions.c.chat_id == chat_id, watchlists.c.chat_id != chat_id, watchlists.c.removed_at.is_(None))
    return connection.scalar(select(func.count()).select_from(subscriptions.join(watchlists)).where(*others)) or 0


def queries_of(connection: Connection, watchlist_id: int) -> list[str]:
    """What the watchlist looks for, oldest first."""
    return list(
        connection.scalars(
            select(watches.c.query)
            .where(watches.c.watchlist_id == watchlist_id, watches.c.state == WatchState.ACTIVE)
            .order_by(watches.c.id)
        )
    )


def count_subscribers(connection: Connection, watchlist_id: int) -> int:
    """How many chats take the watchlist that its owner did not send it to."""
    return (
        connection.scalar(
            select(func.count())
            .select_from(subscriptions)
            .where(subscriptions.c.watchlist_id == watchlist_id, subscriptions.c.owned.is_(False))
        )
        or 0
    )


def is_any_ended(connection: Connection, *, now: datetime) -> bool:
    """A cheap look before the writing `tell_of_ends`."""
    return connection.execute(_ended(now).limit(1)).one_or_none() is not None


def tell_of_ends(connection: Connection, *, now: datetime) -> int:
    """Whoever subscribes to a watchlist that its owner deleted, and cannot have back any more, hears of it once and may
    copy it; how many they are."""
    ended = connection.execute(_ended(now)).all()
    for row in ended:
        set_subscription_state(connection, row.id, SubscriptionState.ENDED, now=now)
    told = [
        NewDelivery(
            row.chat_id, DeliveryKind.NOTICE, {"notice": "list_ended", "name": row.name, "subscription": row.id}
        )
        for row in ended
    ]
    return len(enqueue_all(connection, told, now=now))


def _ended(now: datetime) -> Select[Any]:
    return (
        select(subscriptions.c.id, subscriptions.c.chat_id, watchlists.c.name)
        .join(watchlists, subscriptions.c.watchlist_id == watchlists.c.id)
        .where(watchlists.c.removed_at < now - UNDO, subscriptions.c.owned.is_(False))
        .where(subscriptions.c.state != SubscriptionState.ENDED)
    )
