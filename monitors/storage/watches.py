"""Watches as rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, update

from monitors.errors import NotFound, UsageError
from monitors.pauses import from_rows
from monitors.quotas import NoRoom, burdens
from monitors.storage.list_names import ensure_watchlist
from monitors.storage.pauses import note_pause
from monitors.storage.revisions import hold, next_revision
from monitors.storage.subscriptions import wake
from monitors.storage.tables import articles, matches, subscriptions, watches, watchlists
from monitors.text.cleaning import one_line
from monitors.watchlists import DEFAULT_WATCHLIST, MOST_LISTS, MOST_WATCHES, NewWatch, Watch, WatchHistory, WatchState

LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of watches that were wanted: added, there already, or without room; each in the order wanted.
    `before` are those the chat had.
    """

    watches: Sequence[Watch]
    held: Sequence[NewWatch]
    without_room: Sequence[NoRoom]
    before: Sequence[Watch]


@dataclass(frozen=True, slots=True)
class Admitted:
    """The same before anything is added."""

    new: Sequence[NewWatch] = ()
    held: Sequence[NewWatch] = ()
    without_room: Sequence[NoRoom] = ()
    before: Sequence[Watch] = ()


def add_watch(
    connection: Connection,
    chat_id: int,
    query: str,
    *,
    now: datetime,
    watchlist: str = DEFAULT_WATCHLIST,
    most: int | None = MOST_WATCHES,
) -> tuple[Watch, bool]:
    """The standing watch for this query and whether it was not standing. The query must have been parsed before.

    One that is paused stands again. Raises `UsageError` when the chat has as many watches as it may.
    """
    added = add_watches(connection, chat_id, [NewWatch(query, watchlist)], now=now, most=most, most_lists=None)
    if added.without_room:
        raise added.without_room[0].error(most)
    if added.watches:
        return added.watches[0], True
    watch = next(watch for watch in added.before if watch.query == query and watch.watchlist == watchlist)
    if watch.state is WatchState.ACTIVE:
        return watch, False
    return set_state(connection, watch, WatchState.ACTIVE, now=now), True


def add_watches(
    connection: Connection,
    chat_id: int,
    wanted: Sequence[NewWatch],
    *,
    now: datetime,
    most: int | None = MOST_WATCHES,
    most_lists: int | None = MOST_LISTS,
) -> Added:
    """Adds those that are not there yet, each once, as long as there is room. One that is paused stays so."""
    hold(connection)
    admitted = admit(connection, chat_id, wanted, most=most, most_lists=most_lists)
    added = _insert(connection, chat_id, admitted.new, now=now)
    return Added(added, admitted.held, admitted.without_room, admitted.before)


def admit(
    connection: Connection, chat_id: int, wanted: Sequence[NewWatch], *, most: int | None, most_lists: int | None
) -> Admitted:
    """What would become of them if they were added now."""
    there = list_watches(connection, chat_id)
    known = {(watch.watchlist, watch.query) for watch in there}
    named = select(watchlists.c.name).where(watchlists.c.chat_id == chat_id, watchlists.c.removed_at.is_(None))
    lists = set(connection.scalars(named))
    room = len(wanted) if most is None else max(most - len(there), 0)
    asked = burdens(there, most)
    new: list[NewWatch] = []
    held: list[NewWatch] = []
    without_room: list[NoRoom] = []
    for watch in wanted:
        place = (watch.watchlist, watch.query)
        if place in known:
            held.append(watch)
        elif len(new) == room:
            without_room.append(NoRoom(watch))
        elif watch.watchlist not in lists and most_lists is not None and len(lists) >= most_lists:
            without_room.append(NoRoom(watch, lists=True))
        elif (burden := asked.excess(watch.query)) is not None:
            without_room.append(NoRoom(watch, burden))
        else:
            known.add(place)
            lists.add(watch.watchlist)
            new.append(watch)
    return Admitted(new, held, without_room, there)


def _insert(connection: Connection, chat_id: int, new: Sequence[NewWatch], *, now: datetime) -> list[Watch]:
    if not new:
        return []
    names = dict.fromkeys(watch.watchlist for watch in new)
    lists = {name: ensure_watchlist(connection, chat_id, name, now=now) for name in names}
    last = next_revision(connection, len(new))
    rows = [
        {
            "watchlist_id": lists[watch.watchlist],
            "query": watch.query,
            "state": watch.state,
            "created_at": now,
            "revision": revision,
        }
        for revision, watch in enumerate(new, last - len(new) + 1)
    ]
    ids = connection.scalars(watches.insert().returning(watches.c.id, sort_by_parameter_order=True), rows)
    made = [
        Watch(watch_id, chat_id, watch.watchlist, watch.query, now, watch.state, watchlist_id=lists[watch.watchlist])
        for watch_id, watch in zip(ids, new, strict=True)
    ]
    for watch in made:
        if watch.state is WatchState.PAUSED:
            note_pause(connection, watches, watch.id, paused=True, now=now)
    return made


def list_watches(connection: Connection, chat_id: int | None = None, *, watchlist: str | None = None) -> list[Watch]:
    """The watches of one chat, or of all, paused ones too, oldest first; of one watchlist, if it is named."""
    query = _standing()
    if chat_id is not None:
        query = query.where(watchlists.c.chat_id == chat_id)
    if watchlist is not None:
        query = query.where(watchlists.c.name == watchlist)
    return [watch_in(row) for row in connection.execute(query)]


def watches_of(connection: Connection, watchlist_ids: Collection[int], *, most: int = MOST_WATCHES) -> list[Watch]:
    """The oldest watches of these watchlists, whosever they are, paused ones too."""
    query = _standing().where(watches.c.watchlist_id.in_(watchlist_ids)).limit(most)
    return [watch_in(row) for row in connection.execute(query)]


def _standing() -> Select[Any]:
    there = watches.c.state.in_([WatchState.ACTIVE, WatchState.PAUSED])
    return watches_in_lists().where(there, watchlists.c.removed_at.is_(None)).order_by(watches.c.id)


def find_watch(connection: Connection, chat_id: int, wanted: str, *, watchlist: str | None = None) -> Watch:
    """The chat's watch of this number or exactly these words, but for blanks.

    Raises `NotFound`, and `UsageError` when several watchlists hold these words.
    """
    wanted = one_line(wanted)
    held = list_watches(connection, chat_id, watchlist=watchlist)
    found = [watch for watch in held if str(watch.id) == wanted] or [watch for watch in held if watch.query == wanted]
    if not found:
        raise NotFound(f"There is no watch “{wanted}”.", hint="Name it by its number or its exact words.")
    if len(found) > 1:
        numbers = ", ".join(f"{watch.id} ({watch.watchlist})" for watch in found)
        raise UsageError(f"“{wanted}” stands in several watchlists: {numbers}.", hint="Name it by its number.")
    return found[0]


def set_state(connection: Connection, watch: Watch, state: WatchState, *, now: datetime) -> Watch:
    """Pauses, resumes or removes the watch. Resumed, it tells what it had found before and was due meanwhile."""
    if state is not WatchState.REMOVED:  # one that is had back goes on resting
        note_pause(connection, watches, watch.id, paused=state is WatchState.PAUSED, now=now)
    if state is WatchState.ACTIVE:
        wake(connection, subscriptions.c.watchlist_id == watch.watchlist_id)
    return _changed(connection, watch, now=now, state=state)


def edit_watch(
    connection: Connection,
    watch: Watch,
    *,
    now: datetime,
    query: str | None = None,
    watchlist: str | None = None,
    most: int | None = MOST_WATCHES,
) -> Watch:
    """The watch with another query, or in another watchlist; its number, its state and what it found stay.

    The query must have been parsed before. Raises `UsageError` when the chat has such a watch there already, or as
    much of something as all its watches may have (quotas.py).
    """
    hold(connection)
    query, watchlist = query or watch.query, watchlist or watch.watchlist
    others = [other for other in list_watches(connection, watch.chat_id) if other.id != watch.id]
    for other in others:
        if other.watchlist == watchlist and other.query == query:
            raise UsageError(f"Watch no. {other.id} says that already: {query}", hint="Remove one of them.")
    if query != watch.query and (burden := burdens(others, most).excess(query)) is not None:
        raise NoRoom(NewWatch(query, watchlist), burden).error(most)
    moved = ensure_watchlist(connection, watch.chat_id, watchlist, now=now)
    return _changed(connection, watch, now=now, query=query, watchlist_id=moved)


def _changed(connection: Connection, watch: Watch, *, now: datetime, **values: object) -> Watch:
    connection.execute(
        update(watches)
        .where(watches.c.id == watch.id)
        .values(state_since=now, revision=next_revision(connection), **values)
    )
    return watch_in(connection.execute(watches_in_lists().where(watches.c.id == watch.id)).one())


def history(connection: Connection, watch_id: int, *, now: datetime) -> WatchHistory:
    """What the watch has found: in all, in the last seven days, and when last."""
    row = connection.execute(
        select(
            func.count().label("in_all"),
            func.count().filter(articles.c.decided_at >= now - LATELY).label("lately"),
            func.max(articles.c.decided_at).label("last_at"),
        )
        .join(articles, matches.c.article_id == articles.c.id)
        .where(matches.c.watch_id == watch_id)
    ).one()
    return WatchHistory(row.in_all, row.lately, row.last_at)


def watches_in_lists() -> Select[Any]:
    """Watches with what their watchlists say of them, removed ones too."""
    of_list = (watchlists.c.chat_id, watchlists.c.name, watchlists.c.excluding, watchlists.c.paused_at)
    return select(watches, *of_list, watchlists.c.pauses.label("list_pauses")).join(
        watchlists, watches.c.watchlist_id == watchlists.c.id
    )


def watch_in(row: Row[Any]) -> Watch:
    """The watch of a row of `watches_in_lists`."""
    return Watch(
        id=row.id,
        chat_id=row.chat_id,
        watchlist=row.name,
        query=row.query,
        created_at=row.created_at,
        state=WatchState(row.state),
        state_since=row.state_since,
        watchlist_id=row.watchlist_id,
        excluding=row.excluding,
        resting=row.paused_at is not None,
        pauses=(*from_rows(row.pauses), *from_rows(row.list_pauses)),
    )
