"""Watchlists as rows: made, named, copied, paused, limited, deleted and had back.

Whatever changes what their watches ask or whether they stand gives all of them new revisions, from which the index of
watches learns it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from monitors.errors import QuotaReached, UsageError
from monitors.storage.list_names import clear_name, ensure_watchlist, free_name, is_unused
from monitors.storage.pauses import note_pause
from monitors.storage.portions import portions
from monitors.storage.revisions import hold, next_revision
from monitors.storage.subscriptions import wake
from monitors.storage.tables import matches, mutes, shares, subscriptions, watches, watchlists
from monitors.storage.watches import Added, add_watches, admit, list_watches, set_state
from monitors.subscriptions import MuteKind
from monitors.watchlists import DEFAULT_WATCHLIST, MOST_LISTS, UNDO, NewWatch, Watch, Watchlist, WatchState, is_main

KEPT = timedelta(days=1)
"""And for so long it is kept: the index of watches has heard of it by then."""


def watchlists_of(connection: Connection, chat_id: int) -> list[Watchlist]:
    """The chat's watchlists, oldest first, without deleted ones."""
    there = select(watchlists).where(watchlists.c.chat_id == chat_id, watchlists.c.removed_at.is_(None))
    return [_watchlist(row) for row in connection.execute(there.order_by(watchlists.c.id))]


def find_watchlist(connection: Connection, chat_id: int, watchlist_id: int) -> Watchlist | None:
    """The chat's watchlist of this number; None for deleted ones and those of other chats."""
    found = _any_watchlist(connection, chat_id, watchlist_id)
    return found if found is not None and found.removed_at is None else None


def get_watchlist(connection: Connection, watchlist_id: int) -> Watchlist | None:
    """Whosever it is, and also while it is deleted."""
    row = connection.execute(select(watchlists).where(watchlists.c.id == watchlist_id)).one_or_none()
    return None if row is None else _watchlist(row)


def get_watchlists(connection: Connection, ids: Collection[int]) -> dict[int, Watchlist]:
    """The same of many, by their numbers."""
    rows = connection.execute(select(watchlists).where(watchlists.c.id.in_(ids)))
    return {row.id: _watchlist(row) for row in rows}


def counts_of(connection: Connection, chat_id: int) -> dict[int, int]:
    """How many watches each watchlist of the chat has, those that are paused too; none of those that have none."""
    rows = connection.execute(
        select(watches.c.watchlist_id, func.count())
        .join(watchlists, watches.c.watchlist_id == watchlists.c.id)
        .where(watchlists.c.chat_id == chat_id, watches.c.state.in_([WatchState.ACTIVE, WatchState.PAUSED]))
        .group_by(watches.c.watchlist_id)
    )
    return {row[0]: row[1] for row in rows}


def create_watchlist(
    connection: Connection, chat_id: int, name: str, *, now: datetime, most: int | None = MOST_LISTS
) -> Watchlist:
    """Raises `UsageError` when the chat has one of this name, or as many as it may have."""
    there = watchlists_of(connection, chat_id)
    _refuse_taken(there, name)
    if most is not None and len(there) >= most:
        raise QuotaReached(f"There is no room: a chat may have {most} watchlists.", hint="Delete one.")
    made = _any_watchlist(connection, chat_id, ensure_watchlist(connection, chat_id, name, now=now))
    assert made is not None
    return made


def rename_watchlist(connection: Connection, watchlist: Watchlist, name: str) -> Watchlist:
    """Raises `UsageError` when the chat has another one of this name."""
    _refuse_taken(watchlists_of(connection, watchlist.chat_id), name, but=watchlist.id)
    clear_name(connection, watchlist.chat_id, name)
    _set(connection, watchlist, name=name)
    return replace(watchlist, name=name)


def copy_watchlist(
    connection: Connection,
    watchlist: Watchlist,
    chat_id: int,
    name: str,
    *,
    now: datetime,
    most: int | None,
    most_lists: int | None = MOST_LISTS,
) -> tuple[Watchlist, Added]:
    """A list of the chat's own that begins as this one is now, its own or somebody else's, even a deleted one: with its
    limits and those of its watches there is room for. A taken name gets a number.

    What is paused stays so, and is copied for its owner alone. Raises `QuotaReached` without room for a list, or for
    any of its watches.
    """
    states = [WatchState.ACTIVE, *([WatchState.PAUSED] if chat_id == watchlist.chat_id else [])]
    rows = connection.execute(
        select(watches.c.query, watches.c.state)
        .where(watches.c.watchlist_id == watchlist.id, watches.c.state.in_(states))
        .order_by(watches.c.id)
    )
    name = free_name(connection, chat_id, name)
    wanted = [NewWatch(row.query, name, WatchState(row.state)) for row in rows]
    if wanted and not admit(connection, chat_id, wanted, most=most, most_lists=None).new:
        raise QuotaReached(f"There is no room: a chat may have {most} watches.", hint="Remove some.")
    copy = create_watchlist(connection, chat_id, name, now=now, most=most_lists)
    copy = limit_watchlist(
        connection, copy, excluding=watchlist.excluding, outlets=watchlist.outlets, languages=watchlist.languages
    )
    return copy, add_watches(connection, chat_id, wanted, now=now, most=most, most_lists=None)


def pause_watchlist(connection: Connection, watchlist: Watchlist, *, now: datetime) -> Watchlist:
    """Its watches find nothing until it is resumed, for whoever takes it."""
    note_pause(connection, watchlists, watchlist.id, paused=True, now=now)
    return _changed(connection, replace(watchlist, paused_at=now))


def resume_watchlist(connection: Connection, watchlist: Watchlist, *, now: datetime) -> Watchlist:
    """What had been found before it was paused, and came due meanwhile, is told now."""
    note_pause(connection, watchlists, watchlist.id, paused=False, now=now)
    wake(connection, subscriptions.c.watchlist_id == watchlist.id)
    return _changed(connection, replace(watchlist, paused_at=None))


def limit_watchlist(
    connection: Connection,
    watchlist: Watchlist,
    *,
    excluding: str | None,
    outlets: Collection[int] | None,
    languages: Collection[str] | None,
) -> Watchlist:
    """What its watches do not want to meet (a query that was parsed), and the outlets and languages they look at."""
    limited = replace(
        watchlist,
        excluding=excluding,
        outlets=None if outlets is None else tuple(sorted(outlets)),
        languages=None if languages is None else tuple(sorted(languages)),
    )
    return _changed(connection, limited)


def delete_watchlist(connection: Connection, watchlist: Watchlist, *, now: datetime) -> None:
    """Nobody is told anything of it any more; for a while it can be had back as it was, and has been paused then."""
    note_pause(connection, watchlists, watchlist.id, paused=True, now=now)
    _changed(connection, replace(watchlist, removed_at=now))


def restore_watchlist(
    connection: Connection,
    chat_id: int,
    watchlist_id: int,
    *,
    now: datetime,
    most: int | None,
    most_lists: int | None = MOST_LISTS,
) -> Watchlist | None:
    """The deleted watchlist with its watches, what they found, and whoever takes it; None when it is too late.

    Raises `QuotaReached` when there is no more room for it or its watches.
    """
    found = _any_watchlist(connection, chat_id, watchlist_id)
    if found is None or found.removed_at is None or now - found.removed_at > UNDO:
        return None
    hold(connection)
    held = counts_of(connection, chat_id)
    others = watchlists_of(connection, chat_id)
    if most_lists is not None and len(others) >= most_lists:
        raise QuotaReached(f"There is no room: a chat may have {most_lists} watchlists.", hint="Delete one.")
    there = sum(held.get(one.id, 0) for one in others)
    if most is not None and there + held.get(found.id, 0) > most:
        raise QuotaReached(f"There is no room: a chat may have {most} watches.", hint="Remove some.")
    if found.paused_at is None:
        note_pause(connection, watchlists, found.id, paused=False, now=now)
    wake(connection, subscriptions.c.watchlist_id == found.id)
    return _as_main(connection, _changed(connection, replace(found, removed_at=None)), others, now=now)


def _as_main(connection: Connection, back: Watchlist, others: Collection[Watchlist], *, now: datetime) -> Watchlist:
    """The list that was the main one is that again, unless there is another by now that is used. What was removed from
    an unused one may still be had back."""
    new = next((one for one in others if one.name == DEFAULT_WATCHLIST), None)
    if back.name == DEFAULT_WATCHLIST or not is_main(back.name):
        return back
    if new is not None:
        if not is_unused(connection, new):
            return back
        connection.execute(update(watches).where(watches.c.watchlist_id == new.id).values(watchlist_id=back.id))
        delete_watchlist(connection, new, now=now)
    return rename_watchlist(connection, back, DEFAULT_WATCHLIST)


def restore_watch(
    connection: Connection, chat_id: int, watch_id: int, state: WatchState, *, now: datetime, most: int | None
) -> Watch | None:
    """The removed watch as it was, with what it found; None when it is too late, or the chat has such a one again.

    Raises `UsageError` when there is no more room for it.
    """
    row = connection.execute(
        select(watches, watchlists.c.name, watchlists.c.chat_id)
        .join(watchlists, watches.c.watchlist_id == watchlists.c.id)
        .where(watches.c.id == watch_id, watches.c.state == WatchState.REMOVED)
        .where(watchlists.c.chat_id == chat_id, watchlists.c.removed_at.is_(None))
    ).one_or_none()
    if row is None or row.state_since is None or now - row.state_since > UNDO:
        return None
    hold(connection)
    there = list_watches(connection, chat_id)
    if any(watch.watchlist_id == row.watchlist_id and watch.query == row.query for watch in there):
        return None
    if most is not None and len(there) >= most:
        raise UsageError(f"There is no room: a chat may have {most} watches.", hint="Remove one.")
    removed = Watch(row.id, chat_id, row.name, row.query, row.created_at, watchlist_id=row.watchlist_id)
    return set_state(connection, removed, state, now=now)


def forget_deleted(connection: Connection, *, before: datetime) -> int:
    """Deletes watchlists that were deleted before then, with their watches and who took them; how many."""
    gone = list(connection.scalars(select(watchlists.c.id).where(watchlists.c.removed_at < before)))
    for watchlist_id in gone:
        ids = list(connection.scalars(select(watches.c.id).where(watches.c.watchlist_id == watchlist_id)))
        for some in portions(ids):
            connection.execute(delete(matches).where(matches.c.watch_id.in_(some)))
            connection.execute(delete(mutes).where(mutes.c.kind == MuteKind.WATCH, mutes.c.target_id.in_(some)))
        for table in (watches, subscriptions, shares):
            connection.execute(delete(table).where(table.c.watchlist_id == watchlist_id))
        connection.execute(delete(watchlists).where(watchlists.c.id == watchlist_id))
    return len(gone)


def _refuse_taken(there: Collection[Watchlist], name: str, *, but: int | None = None) -> None:
    if any(one.name == name and one.id != but for one in there):
        raise UsageError(f"There is a watchlist “{name}” already.", hint="Choose another name.")


def _any_watchlist(connection: Connection, chat_id: int, watchlist_id: int) -> Watchlist | None:
    mine = select(watchlists).where(watchlists.c.id == watchlist_id, watchlists.c.chat_id == chat_id)
    row = connection.execute(mine).one_or_none()
    return None if row is None else _watchlist(row)


def _changed(connection: Connection, watchlist: Watchlist) -> Watchlist:
    _set(
        connection,
        watchlist,
        excluding=watchlist.excluding,
        outlets=watchlist.outlets and list(watchlist.outlets),
        languages=watchlist.languages and list(watchlist.languages),
        paused_at=watchlist.paused_at,
        removed_at=watchlist.removed_at,
    )
    _revise(connection, watchlist.id)
    return watchlist


def _set(connection: Connection, watchlist: Watchlist, **values: Any) -> None:
    connection.execute(update(watchlists).where(watchlists.c.id == watchlist.id).values(**values))


def _revise(connection: Connection, watchlist_id: int) -> None:
    """New revisions for all its watches that are not removed."""
    kept = watches.c.state.in_([WatchState.ACTIVE, WatchState.PAUSED])
    ids = list(connection.scalars(select(watches.c.id).where(watches.c.watchlist_id == watchlist_id, kept)))
    if not ids:
        return
    last = next_revision(connection, len(ids))
    new: list[Mapping[str, int]] = [
        {"changed": watch_id, "number": revision} for revision, watch_id in enumerate(ids, last - len(ids) + 1)
    ]
    connection.execute(
        update(watches).where(watches.c.id == bindparam("changed")).values(revision=bindparam("number")), new
    )


def _watchlist(row: Row[Any]) -> Watchlist:
    return Watchlist(
        id=row.id,
        chat_id=row.chat_id,
        name=row.name,
        created_at=row.created_at,
        excluding=row.excluding,
        outlets=None if row.outlets is None else tuple(row.outlets),
        languages=None if row.languages is None else tuple(row.languages),
        paused_at=row.paused_at,
        removed_at=row.removed_at,
    )
