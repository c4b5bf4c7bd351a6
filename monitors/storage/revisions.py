"""The revisions of watches: every change of one gets the next, and by them the index of watches keeps up."""

from __future__ import annotations

from sqlalchemy import Connection, and_, case, func, literal, select

from monitors.storage.tables import revisions, watches, watchlists
from monitors.storage.upserts import insert
from monitors.watchlists import WatchChange, WatchState

_ACTIVE = literal(WatchState.ACTIVE.value, literal_execute=True)  # a partial index needs the literal
_LISTED = watches.join(watchlists, watches.c.watchlist_id == watchlists.c.id)
_STANDING = and_(watches.c.state == _ACTIVE, watchlists.c.paused_at.is_(None), watchlists.c.removed_at.is_(None))


def next_revision(connection: Connection, count: int = 1) -> int:
    """The last of the next `count` revisions. The row stays locked until commit, so they become visible in order."""
    row = connection.execute(
        insert(connection, revisions)
        .values(name="watches", value=count)
        .on_conflict_do_update(index_elements=["name"], set_={"value": revisions.c.value + count})
        .returning(revisions.c.value)
    ).one()
    return int(row.value)


def hold(connection: Connection) -> None:
    """Lets nobody else change watches until the end of the transaction, so that what is read first stays true.

    SQLite has one writer at a time anyway; on PostgreSQL changes would wait for each other at their revisions.
    """
    connection.execute(select(revisions.c.value).where(revisions.c.name == "watches").with_for_update())


def changes_since(connection: Connection, revision: int, *, limit: int | None = None) -> list[WatchChange]:
    """Every watch changed after `revision`, or the first of them, in order; 0 gives all there are."""
    asked = case((_STANDING, watches.c.query))
    query = (
        select(watches.c.revision, watches.c.id, watchlists.c.chat_id, asked, watchlists.c.excluding)
        .join(watchlists, watches.c.watchlist_id == watchlists.c.id)
        .where(watches.c.revision > revision)
        .order_by(watches.c.revision)
        .limit(limit)
    )
    if revision == 0:  # a fresh index need not hear of watches it never knew
        query = query.where(_STANDING)
    return [WatchChange(*row) for row in connection.execute(query)]


def count_standing(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(_LISTED).where(_STANDING)) or 0


def standing_watches(connection: Connection, chat_id: int) -> list[int]:
    """The numbers of the chat's watches that are standing."""
    return list(
        connection.scalars(select(watches.c.id).select_from(_LISTED).where(watchlists.c.chat_id == chat_id, _STANDING))
    )
