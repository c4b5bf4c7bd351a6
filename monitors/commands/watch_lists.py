"""What `rasid watch add|list|edit|pause|resume|remove` do."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from monitors.chats import Chat
from monitors.cli import show, show_json
from monitors.commands.asking import room_of, with_chat
from monitors.errors import NotFound, QueryError, UsageError
from monitors.query.implying import can_be_met
from monitors.query.language.describing import describe, is_plain
from monitors.query.language.grammar import parse
from monitors.query.plan import plan_of
from monitors.query.tree import Query
from monitors.storage.watches import add_watch, edit_watch, find_watch, list_watches, set_state
from monitors.watch_files import as_typed, watchlist_name
from monitors.watchlists import DEFAULT_WATCHLIST, Watch, WatchState


def add_one(query: str, *, watchlist: str, chat: int | None, as_json: bool) -> None:
    typed = as_typed(query)
    tree, name = parse(typed), watchlist_name(watchlist)

    def work(connection: Connection, owner: Chat, now: datetime) -> tuple[Watch, bool, list[Watch]]:
        most, _ = room_of(connection, owner)
        watch, new = add_watch(connection, owner.id, typed, now=now, watchlist=name, most=most)
        return watch, new, list_watches(connection, owner.id)

    watch, new, held = with_chat(chat, work)
    _warn_if_in_vain(tree)
    same = asking_the_same(tree, [other for other in held if other.id != watch.id])
    if as_json:
        show_json({**as_dict(watch), "new": new, "same": [other.id for other in same]})
        return
    show(f"{'Watching' if new else 'Already watching'} (no. {watch.id}): {watch.query}")
    if not is_plain(tree):
        show(f"That is: {describe(tree)}")
    _warn_of(same)


def list_all(*, watchlist: str | None, chat: int | None, as_json: bool) -> None:
    watches = with_chat(chat, lambda connection, owner, _: list_watches(connection, owner.id, watchlist=watchlist))
    if as_json:
        for watch in watches:
            show_json(as_dict(watch))
    elif watches:
        show("\n".join(map(line_of, watches)))
    else:
        show("No watches yet. Add one: rasid watch add WORDS")


def edit_one(
    wanted: str, query: str, *, to: str | None, watchlist: str | None, chat: int | None, as_json: bool
) -> None:
    typed = as_typed(query)
    if not typed and to is None:
        raise UsageError("There is nothing to change.", hint="Give its new query, or --to WATCHLIST.")
    tree = parse(typed) if typed else None
    moved = watchlist_name(to) if to is not None else None

    def work(connection: Connection, owner: Chat, now: datetime) -> tuple[Watch, Watch, list[Watch]]:
        most, _ = room_of(connection, owner)
        before = find_watch(connection, owner.id, wanted, watchlist=watchlist)
        after = edit_watch(connection, before, now=now, query=typed or None, watchlist=moved, most=most)
        return before, after, list_watches(connection, owner.id)

    before, after, held = with_chat(chat, work)
    if tree is not None:
        _warn_if_in_vain(tree)
    if as_json:
        show_json(as_dict(after))
        return
    show(f"Changed (no. {after.id}): {after.query}{_place(after)}")
    if tree is not None and not is_plain(tree):
        show(f"That is: {describe(tree)}")
    if before.query != after.query:
        show(f"Before: {before.query}")
    if tree is not None:
        _warn_of(asking_the_same(tree, [other for other in held if other.id != after.id]))


def change_state(
    wanted: str | None, state: WatchState, *, watchlist: str | None, chat: int | None, as_json: bool
) -> None:
    """Pauses, resumes or removes one watch, or all of a watchlist when none is named."""
    if wanted is None and watchlist is None:
        raise UsageError("Which watch?", hint="Give its number or its words, or --watchlist for all of one.")

    def work(connection: Connection, owner: Chat, now: datetime) -> list[tuple[Watch, Watch]]:
        if wanted is not None:
            found = [find_watch(connection, owner.id, wanted, watchlist=watchlist)]
        elif not (found := list_watches(connection, owner.id, watchlist=watchlist)):
            raise NotFound(f"There is no watchlist “{watchlist}”.", hint="See them with: rasid watch list")
        return [
            (watch, watch if watch.state is state else set_state(connection, watch, state, now=now)) for watch in found
        ]

    for before, after in with_chat(chat, work):
        if as_json:
            show_json(as_dict(after))
        else:
            show(_told(before, after))


def asking_the_same(query: Query, watches: Sequence[Watch]) -> list[Watch]:
    """Those of the watches that every article meets which meets the query, and no other."""
    plan = plan_of(query)
    return [watch for watch in watches if (tree := parsed(watch)) is not None and plan_of(tree) == plan]


def parsed(watch: Watch) -> Query | None:
    """What the watch asks; None when it was written for another Rasid and is no query any more."""
    try:
        return parse(watch.query)
    except QueryError:
        return None


def as_dict(watch: Watch) -> dict[str, Any]:
    return {
        "id": watch.id,
        "watchlist": watch.watchlist,
        "query": watch.query,
        "state": watch.state.value,
        "created_at": watch.created_at,
        "state_since": watch.state_since,
    }


def line_of(watch: Watch) -> str:
    paused = "  (paused)" if watch.state is WatchState.PAUSED else ""
    return f"{watch.id:>4}{paused}  {watch.query}{_place(watch)}"


def _warn_if_in_vain(query: Query) -> None:
    if not can_be_met(plan_of(query)):
        sys.stderr.write("rasid: No article can meet it: it asks for what it rules out.\n")


def _warn_of(same: Sequence[Watch]) -> None:
    for other in same:
        sys.stderr.write(f"rasid: No. {other.id} asks the same already{_place(other)}: {other.query}\n")


def _place(watch: Watch) -> str:
    return "" if watch.watchlist == DEFAULT_WATCHLIST else f"  [{watch.watchlist}]"


def _told(before: Watch, after: Watch) -> str:
    match after.state:
        case WatchState.REMOVED:
            return f"No longer watching: {after.query}"
        case WatchState.PAUSED if before is after:
            return f"It was paused already (no. {after.id}): {after.query}"
        case WatchState.PAUSED:
            return f"Paused (no. {after.id}); to go on: rasid watch resume {after.id}  {after.query}"
        case WatchState.ACTIVE if before is after:
            return f"It is not paused (no. {after.id}): {after.query}"
        case WatchState.ACTIVE:
            return f"Watching again (no. {after.id}): {after.query}"
