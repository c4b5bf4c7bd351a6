"""Watchlists by their names: found or made, and a name that is free."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select, update

from monitors.storage.subscriptions import destinations_of, subscribe
from monitors.storage.tables import shares, watches, watchlists
from monitors.storage.upserts import insert
from monitors.subscriptions import Rules, SubscriptionState
from monitors.watchlists import Watchlist, WatchState


def ensure_watchlist(connection: Connection, chat_id: int, name: str, *, now: datetime) -> int:
    """The chat's watchlist of this name; a new one is taken by the chat itself."""
    clear_name(connection, chat_id, name)
    made = connection.scalar(
        insert(connection, watchlists)
        .values(chat_id=chat_id, name=name, created_at=now)
        .on_conflict_do_nothing(index_elements=["chat_id", "name"])
        .returning(watchlists.c.id)
    )
    if made is not None:
        subscribe(connection, chat_id, watchlist_id=made, now=now)
        return int(made)
    found = connection.scalar(select(watchlists.c.id).where(watchlists.c.chat_id == chat_id, watchlists.c.name == name))
    assert found is not None
    return int(found)


def clear_name(connection: Connection, chat_id: int, name: str) -> None:
    """Lets a watchlist be called so although a deleted one is; that one takes another name."""
    of_chat = watchlists.c.chat_id == chat_id
    deleted = connection.scalar(
        select(watchlists.c.id).where(of_chat, watchlists.c.name == name, watchlists.c.removed_at.is_not(None))
    )
    if deleted is not None:
        other = free_name(connection, chat_id, name)
        connection.execute(update(watchlists).where(watchlists.c.id == deleted).values(name=other))


def free_name(connection: Connection, chat_id: int, name: str) -> str:
    """The name, or the first of “name 2”, “name 3” … that no watchlist of the chat has, deleted ones included."""
    taken = set(connection.scalars(select(watchlists.c.name).where(watchlists.c.chat_id == chat_id)))
    number = 2
    free = name
    while free in taken:
        free = f"{name} {number}"
        number += 1
    return free


def is_unused(connection: Connection, watchlist: Watchlist) -> bool:
    """Whether it is as every list begins: without a watch, taken by its own chat alone, by the usual rules."""
    standing = select(watches.c.id).where(watches.c.watchlist_id == watchlist.id, watches.c.state != WatchState.REMOVED)
    if replace(watchlist, excluding=None, outlets=None, languages=None, paused_at=None) != watchlist:
        return False
    shared = select(shares.c.token).where(shares.c.watchlist_id == watchlist.id)
    if connection.scalar(standing.limit(1)) is not None or connection.scalar(shared.limit(1)) is not None:
        return False
    taken = destinations_of(connection, watchlist.id)
    own = [one for one in taken if one.chat_id == watchlist.chat_id and one.state is SubscriptionState.ACTIVE]
    return len(taken) == 1 and [one.rules for one in own] == [Rules()]
