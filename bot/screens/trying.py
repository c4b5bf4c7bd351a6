"""Where a query that somebody wants watched goes, and how it is tried before the visit.

Buttons name the place: `l5` is watchlist 5, `w7` the place of what watch 7 asks now, `l0` the main list, which the
first watch makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.screens.named_watch import watch_of
from bot.visits import Glance
from bot.words.buttons import number
from monitors.backtesting import BackTest
from monitors.errors import QueryError
from monitors.query.language.grammar import parse
from monitors.query.language.printing import show
from monitors.query.widening import widenings
from monitors.storage.engine import Connection
from monitors.storage.watches import list_watches
from monitors.storage.watchlists import find_watchlist, watchlists_of
from monitors.trying import those_to_compare, try_soon
from monitors.watch_files import as_typed
from monitors.watchlists import DEFAULT_WATCHLIST, Watch, Watchlist


@dataclass(frozen=True, slots=True)
class Target:
    """Where a query goes: into a watchlist (None: the main one, which is not there yet), or in the place of what a
    watch asks now."""

    watchlist: Watchlist | None
    watch: Watch | None = None

    @property
    def data(self) -> str:
        """As buttons carry it."""
        if self.watch is not None:
            return f"w{self.watch.id}"
        return f"l{self.watchlist.id if self.watchlist is not None else 0}"

    @property
    def name(self) -> str:
        return self.watchlist.name if self.watchlist is not None else DEFAULT_WATCHLIST


@dataclass(frozen=True, slots=True)
class Trial:
    """A query that somebody wants watched, tried: either there is an error, or a result unless it was not to be had.

    `others` are the chat's watches by their ids.
    """

    query: str
    error: QueryError | None = None
    result: BackTest | None = None
    others: Mapping[int, Watch] = field(default_factory=dict)


def target_in(connection: Connection, chat_id: int, written: str) -> Target | None:
    """The target that a button names; None for what is not there any more, or not this chat's."""
    kind, named = written[:1], number(written[1:])
    if kind == "w":
        watch = watch_of(connection, chat_id, named)
        return None if watch is None else place_of(connection, watch)
    if kind != "l":
        return None
    if named == 0:
        return main_list(connection, chat_id)
    watchlist = find_watchlist(connection, chat_id, named)
    return None if watchlist is None else Target(watchlist)


def place_of(connection: Connection, watch: Watch) -> Target:
    return Target(find_watchlist(connection, watch.chat_id, watch.watchlist_id), watch)


def main_list(connection: Connection, chat_id: int) -> Target:
    """Where a watch goes when nobody names a list: also into the only one, whatever it was renamed to."""
    there = watchlists_of(connection, chat_id)
    only = there[0] if len(there) == 1 else None
    return Target(next((one for one in there if one.name == DEFAULT_WATCHLIST), only))


def try_for(glance: Glance, written: str, target: str) -> Trial | None:
    """The query tried for a target; None where there is nothing to try."""
    query = as_typed(written)
    if not query:
        return None
    where = target_in(glance.connection, glance.chat.id, target)
    if where is None:
        return None
    try:
        tree = parse(query)
    except QueryError as error:
        return Trial(query, error)
    held = list_watches(glance.connection, glance.chat.id)
    others = [watch for watch in held if where.watch is None or watch.id != where.watch.id]
    compared = those_to_compare(tree, others)
    zone = ZoneInfo(glance.zone)
    result = try_soon(glance.connection, tree, where.watchlist, compared, now=glance.now, zone=zone)
    return Trial(query, None, result, {watch.id: watch for watch in others})


def look_at_quoted(glance: Glance, target: str) -> Trial | None:
    return try_for(glance, glance.quoted or "", target or "l0")


def look_at_wider(glance: Glance, argument: str) -> Trial | None:
    target, _, place = argument.partition(":")
    wider = wider_query(glance.quoted or "", number(place))
    return None if wider is None else try_for(glance, wider, target)


def look_at_spelled(glance: Glance, target: str) -> Trial | None:
    """What was probably meant, if that can still be told."""
    tried = look_at_quoted(glance, target)
    meant = tried.result.meant if tried is not None and tried.result is not None else None
    return tried if meant is None else try_for(glance, show(meant), target or "l0")


def wider_query(query: str, place: int) -> str | None:
    """The query of this place among the next wider ones."""
    try:
        found = widenings(parse(query))
    except QueryError:
        return None
    return show(found[place].query) if 0 <= place < len(found) else None
