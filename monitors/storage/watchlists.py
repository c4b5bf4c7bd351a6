"""Watchlists and watches as rows, and the revisions by which the index of watches keeps up with them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, literal, select, update

from monitors.chats import ChatState
from monitors.errors import NotFound, UsageError
from monitors.storage.tables import chats, revisions, watches, watchlists
from monitors.storage.upserts import insert
from monitors.watchlists import DEFAULT_WATCHLIST, Watch, WatchChange, WatchState

MAX_WATCHES_PER_CHAT = 1000
"""A guess at far more than a person needs, and little enough that one chat cannot burden the rest."""

_ACTIVE = literal(WatchState.ACTIVE.value, literal_execute=True)  # a partial index needs the literal


def add_watch(
    connection: Connection, chat_id: int, query: str, *, now: datetime, watchlist: str = DEFAULT_WATCHLIST
) -> tuple[Watch, bool]:
    """The standing watch for this query and whether it is new. The query must have been parsed before.

    Raises `UsageError` when the chat has as many watches as it may.
    """
    held = list_watches(connection, chat_id)
    for watch in held:
        if watch.query == query and watch.watchlist == watchlist:
            return watch, False
    if len(held) >= MAX_WATCHES_PER_CHAT:
        raise UsageError(f"There are {len(held)} watches already.", hint="Remove one before adding another.")
    watchlist_id = _ensure_watchlist(connection, chat_id, watchlist, now=now)
    result = connection.execute(
        watches.insert().values(
            watchlist_id=watchlist_id,
            query=query,
            state=WatchState.ACTIVE,
            created_at=now,
            revision=_next_revision(connection),
        )
    )
    key = result.inserted_primary_key
    assert key is not None
    return Watch(int(key[0]), chat_id, watchlist, query, now), True


def list_watches(connection: Connection, chat_id: int | None = None) -> list[Watch]:
    """The standing watches of one chat, or of all, oldest first."""
    query = (
        select(watches, watchlists.c.chat_id, watchlists.c.name)
        .join(watchlists, watches.c.watchlist_id == watchlists.c.id)
        .where(watches.c.state == _ACTIVE)
        .order_by(watches.c.id)
    )
    if chat_id is not None:
        query = query.where(watchlists.c.chat_id == chat_id)
    return [Watch(row.id, row.chat_id, row.name, row.query, row.created_at) for row in connection.execute(query)]


def remove_watch(connection: Connection, chat_id: int, wanted: str) -> Watch:
    """Removes the chat's watch of this id or exactly this query. Raises `NotFound`."""
    for watch in list_watches(connection, chat_id):
        if watch.query == wanted or str(watch.id) == wanted:
            connection.execute(
                update(watches)
                .where(watches.c.id == watch.id)
                .values(state=WatchState.REMOVED, revision=_next_revision(connection))
            )
            return watch
    raise NotFound(f"There is no watch “{wanted}”.", hint="Name it by its number or its exact words.")


def changes_since(connection: Connection, revision: int) -> list[WatchChange]:
    """Every watch changed after `revision`, in order; 0 gives all there are."""
    query = select(watches).where(watches.c.revision > revision).order_by(watches.c.revision)
    if revision == 0:  # a fresh index need not hear of watches it never knew
        query = query.where(watches.c.state == _ACTIVE)
    return [
        WatchChange(row.revision, row.id, row.query if row.state == WatchState.ACTIVE else None)
        for row in connection.execute(query)
    ]


def owners(connection: Connection, watch_ids: Collection[int]) -> dict[int, int]:
    """watch id → chat id, for standing watches whose chat can be reached."""
    rows = connection.execute(
        select(watches.c.id, watchlists.c.chat_id)
        .join(watchlists, watches.c.watchlist_id == watchlists.c.id)
        .join(chats, watchlists.c.chat_id == chats.c.id)
        .where(
            watches.c.id.in_(list(watch_ids)),
            watches.c.state == WatchState.ACTIVE,
            chats.c.state == ChatState.ACTIVE,
        )
    )
    return {row.id: row.chat_id for row in rows}


def _ensure_watchlist(connection: Connection, chat_id: int, name: str, *, now: datetime) -> int:
    connection.execute(
        insert(connection, watchlists)
        .values(chat_id=chat_id, name=name, created_at=now)
        .on_conflict_do_nothing(index_elements=["chat_id", "name"])
    )
    found = connection.scalar(select(watchlists.c.id).where(watchlists.c.chat_id == chat_id, watchlists.c.name == name))
    assert found is not None
    return int(found)


def _next_revision(connection: Connection) -> int:
    """The next revision. The row stays locked until commit, so revisions become visible in their order."""
    row = connection.execute(
        insert(connection, revisions)
        .values(name="watches", value=1)
        .on_conflict_do_update(index_elements=["name"], set_={"value": revisions.c.value + 1})
        .returning(revisions.c.value)
    ).one()
    return int(row.value)
