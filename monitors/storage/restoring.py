"""An account file had again: what the chat lacks of it is added, and nothing that it has is changed.

Watchlists and outlets are known by their names and home pages, articles by their addresses, so a file of another Rasid
brings as much as this one knows; and the same file twice brings nothing the second time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from monitors.account_files import AccountFile, KeptList, KeptMute
from monitors.errors import QuotaReached
from monitors.storage.chats import set_previews, zone_of
from monitors.storage.followers import add_follower
from monitors.storage.lists import create_watchlist, limit_watchlist, pause_watchlist, watchlists_of
from monitors.storage.outlets import list_outlets
from monitors.storage.saved import save_article
from monitors.storage.subscriptions import (
    mute,
    mutes_of,
    set_rules,
    set_subscription_state,
    set_zone,
    subscribe,
    subscriptions_of,
)
from monitors.storage.traces import outlets_of_articles_at, spellings_of
from monitors.storage.watches import add_watches, list_watches
from monitors.subscriptions import Mute, MuteKind, SubscriptionState


@dataclass(frozen=True, slots=True)
class Restored:
    """How much was added; `there` are watches the chat had, `no_room` those it may not have, `unknown` outlets and
    articles that this Rasid does not know. `settings` when time zone or previews were taken over."""

    lists: int
    watches: int
    follows: int
    saved: int
    muted: int
    settings: bool
    there: int
    no_room: int
    unknown: int

    @property
    def anything(self) -> bool:
        return self.settings or any((self.lists, self.watches, self.follows, self.saved, self.muted))


class _Undone(Exception):
    """Takes back what was only tried."""


def would_restore(
    connection: Connection, chat_id: int, file: AccountFile, *, now: datetime, most: int | None, most_lists: int | None
) -> Restored:
    """What `restore` would do now; nothing is changed."""
    restored: list[Restored] = []
    try:
        with connection.begin_nested():
            restored.append(restore(connection, chat_id, file, now=now, most=most, most_lists=most_lists))
            raise _Undone
    except _Undone:
        return restored[0]


def restore(
    connection: Connection, chat_id: int, file: AccountFile, *, now: datetime, most: int | None, most_lists: int | None
) -> Restored:
    """Adds what the chat lacks. Settings are taken over by a chat that has no watchlist yet."""
    followed = list_outlets(connection)
    by_home = {outlet.homepage: outlet.id for outlet in followed}
    by_name = {outlet.name: outlet.id for outlet in followed}
    fresh = not watchlists_of(connection, chat_id)
    settings = fresh and _take_settings(connection, chat_id, file)
    lists, refused = _make_lists(connection, chat_id, file, by_home, now=now, most_lists=most_lists)
    wanted = [watch for one in file.lists if one.name not in refused for watch in one.watches]
    added = add_watches(connection, chat_id, wanted, now=now, most=most, most_lists=None)
    homes = [*file.follows, *(home for home, _ in file.whole)]
    follows = sum(add_follower(connection, by_home[home], chat_id, now=now) for home in file.follows if home in by_home)
    follows += _take_whole(connection, chat_id, file, by_home, now=now)
    saved, lost = _save(connection, chat_id, file, now=now)
    return Restored(
        lists=lists,
        watches=len(added.watches),
        follows=follows,
        saved=saved,
        muted=_mute_again(connection, chat_id, file, by_name, now=now),
        settings=settings,
        there=len(added.held),
        no_room=len(added.without_room) + sum(len(one.watches) for one in file.lists if one.name in refused),
        unknown=lost + len({home for home in homes if home not in by_home}),
    )


def _take_settings(connection: Connection, chat_id: int, file: AccountFile) -> bool:
    zone = file.time_zone if zone_of(connection, chat_id) is None else None
    if zone is not None:
        set_zone(connection, chat_id, zone)
    if not file.previews:
        set_previews(connection, chat_id, False)
    return zone is not None or not file.previews


def _make_lists(
    connection: Connection,
    chat_id: int,
    file: AccountFile,
    by_home: dict[str, int],
    *,
    now: datetime,
    most_lists: int | None,
) -> tuple[int, set[str]]:
    """How many lists were made, with their limits and rules, and the names of those for which there is no room."""
    there = {one.name for one in watchlists_of(connection, chat_id)}
    made = 0
    refused: set[str] = set()
    for kept in file.lists:
        if kept.name in there | refused:
            continue
        try:
            _make(connection, chat_id, kept, by_home, now=now, most_lists=most_lists)
        except QuotaReached:
            refused.add(kept.name)
            continue
        there.add(kept.name)
        made += 1
    return made, refused


def _make(
    connection: Connection,
    chat_id: int,
    kept: KeptList,
    by_home: dict[str, int],
    *,
    now: datetime,
    most_lists: int | None,
) -> None:
    watchlist = create_watchlist(connection, chat_id, kept.name, now=now, most=most_lists)
    ids = None if kept.outlets is None else [by_home[home] for home in kept.outlets if home in by_home]
    # Of a list whose outlets are all unknown here, nothing but its outlets would be right, so it looks at none.
    watchlist = limit_watchlist(connection, watchlist, excluding=kept.excluding, outlets=ids, languages=kept.languages)
    if kept.paused:
        pause_watchlist(connection, watchlist, now=now)
    own = next(one for one in subscriptions_of(connection, chat_id) if one.watchlist_id == watchlist.id)
    if kept.rules is not None:
        set_rules(connection, own.id, kept.rules)
    if kept.resting:
        set_subscription_state(connection, own.id, SubscriptionState.PAUSED, now=now)


def _take_whole(
    connection: Connection, chat_id: int, file: AccountFile, by_home: dict[str, int], *, now: datetime
) -> int:
    taken = {one.outlet_id for one in subscriptions_of(connection, chat_id)}
    new = [(by_home[home], rules) for home, rules in file.whole if by_home.get(home) not in taken | {None}]
    for outlet_id, rules in new:
        set_rules(connection, subscribe(connection, chat_id, outlet_id=outlet_id, now=now).id, rules)
    return len(new)


def _save(connection: Connection, chat_id: int, file: AccountFile, *, now: datetime) -> tuple[int, int]:
    """How many articles were saved, and how many are not known here."""
    saved = lost = 0
    for address in reversed(file.saved):
        found = outlets_of_articles_at(connection, spellings_of(address))
        if not found:
            lost += 1
        elif save_article(connection, chat_id, list(found)[-1], now=now):
            saved += 1
    return saved, lost


def _mute_again(
    connection: Connection, chat_id: int, file: AccountFile, by_name: dict[str, int], *, now: datetime
) -> int:
    by_query = {watch.query: watch.id for watch in list_watches(connection, chat_id)}
    there = {(one.kind, one.target_id) for one in mutes_of(connection, [chat_id], now=now)}
    targets: dict[MuteKind, Callable[[KeptMute], int | None]] = {
        MuteKind.OUTLET: lambda one: by_name.get(one.name),
        MuteKind.WATCH: lambda one: by_query.get(one.name),
    }
    muted = 0
    for one in file.muted:
        if one.until is not None and one.until <= now:
            continue
        target = targets[one.kind](one) if one.kind in targets else None
        if (target is None and one.kind is not MuteKind.EVERYTHING) or (one.kind, target) in there:
            continue
        mute(connection, Mute(chat_id, one.kind, target, one.until), now=now)
        there.add((one.kind, target))
        muted += 1
    return muted
