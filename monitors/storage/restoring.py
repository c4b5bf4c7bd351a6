"""An account file had again: what the chat lacks of it is added, and nothing that it has is changed.

Watchlists and outlets are known by their names and home pages, articles by their addresses, so a file of another Rasid
brings as much as this one knows; and the same file twice brings nothing the second time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from monitors.account_files import AccountFile, KeptList, KeptMute
from monitors.errors import QuotaReached
from monitors.storage.chats import get_chat, set_language, set_previews, set_zone, zone_of
from monitors.storage.decisions import story_of
from monitors.storage.followers import add_follower
from monitors.storage.outlets import list_outlets
from monitors.storage.saved import save_article
from monitors.storage.shares import find_shared
from monitors.storage.subscriptions import (
    mute,
    mutes_of,
    set_rules,
    set_subscription_state,
    subscribe,
    subscriptions_of,
    unsubscribe,
)
from monitors.storage.traces import outlets_of_articles_at, spellings_of
from monitors.storage.watches import add_watches, list_watches
from monitors.storage.watchlists import create_watchlist, limit_watchlist, pause_watchlist, watchlists_of
from monitors.subscriptions import MOST_TAKEN, Mute, MuteKind, Rules, Subscription, SubscriptionState


class Lost(StrEnum):
    """What stands in an account file and is not had again."""

    WITHOUT_ROOM = "without room"  # watches
    OUTLET = "outlet"  # nobody follows it here
    ARTICLE = "article"  # it is not in this archive
    MUTE = "mute"  # what was muted is not known here
    LINK = "link"  # others' watchlists whose link leads nowhere
    TAKEN_WITHOUT_ROOM = "taken without room"  # others' watchlists, of which a chat may take so many
    PLACE = "place"  # Telegram says who administers it when that is set up, and not to a file
    HISTORY = "history"  # what was told and searched is no wish


@dataclass(frozen=True, slots=True)
class Restored:
    """How much was added; `there` are watches the chat had. `settings` when language, time zone or previews were taken
    over. `lost` names what was not had again (home pages, addresses, names), of each sort; `astray` are the names of
    lists that looked only at outlets which nobody follows here.
    """

    lists: int
    watches: int
    follows: int
    taken: int
    saved: int
    muted: int
    settings: bool
    there: int
    lost: Mapping[Lost, Sequence[str]]
    astray: Sequence[str]

    @property
    def anything(self) -> bool:
        return self.settings or any((self.lists, self.watches, self.follows, self.taken, self.saved, self.muted))


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
    connection: Connection,
    chat_id: int,
    file: AccountFile,
    *,
    now: datetime,
    most: int | None,
    most_lists: int | None,
    rest_astray: bool = False,
) -> Restored:
    """Adds what the chat lacks. Settings are taken over by a chat that has no watchlist yet.

    A list that looked only at outlets which nobody follows here looks at all; with `rest_astray` it is paused.
    """
    lost: dict[Lost, list[str]] = {sort: [] for sort in Lost}
    by_home = {outlet.homepage: outlet.id for outlet in list_outlets(connection)}
    settings = not watchlists_of(connection, chat_id) and _take_settings(connection, chat_id, file)
    made, refused = _make_lists(connection, chat_id, file, by_home, rest_astray, now=now, most_lists=most_lists)
    wanted = [watch for one in file.lists if one.name not in refused for watch in one.watches]
    added = add_watches(connection, chat_id, wanted, now=now, most=most, most_lists=None)
    follows = sum(add_follower(connection, by_home[home], chat_id, now=now) for home in file.follows if home in by_home)
    follows += _take_whole(connection, chat_id, file, by_home, now=now)
    taken = _take_shared(connection, chat_id, file, lost, now=now)
    saved = _save(connection, chat_id, file, lost, now=now)
    muted = _mute_again(connection, chat_id, file, by_home, lost, now=now)
    limiting = [home for one in file.lists if one.name in made for home in one.outlets or ()]
    homes = dict.fromkeys((*file.follows, *(one.what for one in file.whole), *limiting))
    lost[Lost.OUTLET] += [home for home in homes if home not in by_home]
    lost[Lost.WITHOUT_ROOM] += [refusal.watch.query for refusal in added.without_room]
    lost[Lost.WITHOUT_ROOM] += [watch.query for one in file.lists if one.name in refused for watch in one.watches]
    lost[Lost.PLACE] += file.places
    lost[Lost.HISTORY] += [""] if file.history else []
    return Restored(
        lists=len(made),
        watches=len(added.watches),
        follows=follows,
        taken=taken,
        saved=saved,
        muted=muted,
        settings=settings,
        there=len(added.held),
        lost=lost,
        astray=[one.name for one in file.lists if one.name in made and _is_astray(one, by_home)],
    )


def _take_settings(connection: Connection, chat_id: int, file: AccountFile) -> bool:
    zone = file.time_zone if zone_of(connection, chat_id) is None else None
    if zone is not None:
        set_zone(connection, chat_id, zone)
    if not file.previews:
        set_previews(connection, chat_id, False)
    chat = get_chat(connection, chat_id)
    speaks = file.language or (chat.language if chat is not None else "")
    other = chat is not None and chat.language != speaks
    if other:
        set_language(connection, chat_id, speaks)
    return zone is not None or not file.previews or other


def _make_lists(
    connection: Connection,
    chat_id: int,
    file: AccountFile,
    by_home: Mapping[str, int],
    rest_astray: bool,
    *,
    now: datetime,
    most_lists: int | None,
) -> tuple[set[str], set[str]]:
    """The names of the lists that were made, with their limits and rules, and of those for which there is no room."""
    there = {one.name for one in watchlists_of(connection, chat_id)}
    made: set[str] = set()
    refused: set[str] = set()
    for kept in file.lists:
        if kept.name in there | made | refused:
            continue
        try:
            watchlist = create_watchlist(connection, chat_id, kept.name, now=now, most=most_lists)
        except QuotaReached:
            refused.add(kept.name)
            continue
        astray = _is_astray(kept, by_home)
        outlets = kept.outlets if not astray else None
        ids = None if outlets is None else [by_home[home] for home in outlets if home in by_home]
        limited = limit_watchlist(
            connection, watchlist, excluding=kept.excluding, outlets=ids, languages=kept.languages
        )
        if kept.paused or (astray and rest_astray):
            pause_watchlist(connection, limited, now=now)
        own = next(one for one in subscriptions_of(connection, chat_id) if one.watchlist_id == watchlist.id)
        if kept.rules is None:
            unsubscribe(connection, own.id)
        else:
            _rule(connection, own, kept.rules, kept.resting, now=now)
        made.add(kept.name)
    return made, refused


def _is_astray(kept: KeptList, by_home: Mapping[str, int]) -> bool:
    return kept.outlets is not None and not any(home in by_home for home in kept.outlets)


def _rule(connection: Connection, one: Subscription, rules: Rules, resting: bool, *, now: datetime) -> None:
    set_rules(connection, one.id, rules)
    if resting:
        set_subscription_state(connection, one.id, SubscriptionState.PAUSED, now=now)


def _take_whole(
    connection: Connection, chat_id: int, file: AccountFile, by_home: Mapping[str, int], *, now: datetime
) -> int:
    taken = {one.outlet_id for one in subscriptions_of(connection, chat_id)}
    new = [(by_home[one.what], one) for one in file.whole if by_home.get(one.what) not in taken | {None}]
    for outlet_id, one in new:
        made = subscribe(connection, chat_id, outlet_id=outlet_id, now=now)
        _rule(connection, made, one.rules, one.resting, now=now)
    return len(new)


def _take_shared(
    connection: Connection, chat_id: int, file: AccountFile, lost: Mapping[Lost, list[str]], *, now: datetime
) -> int:
    """Watchlists of others whose link still leads there; how many."""
    there = subscriptions_of(connection, chat_id)
    taken = {one.watchlist_id for one in there}
    held = sum(not one.owned for one in there)
    new = 0
    for one in file.taken:
        shared = find_shared(connection, one.what)
        if shared is None:
            lost[Lost.LINK].append(one.name)
        elif shared.chat_id == chat_id or shared.id in taken:
            continue
        elif held + new >= MOST_TAKEN:
            lost[Lost.TAKEN_WITHOUT_ROOM].append(one.name)
        else:
            made = subscribe(connection, chat_id, watchlist_id=shared.id, owned=False, now=now)
            _rule(connection, made, one.rules, one.resting, now=now)
            taken.add(shared.id)
            new += 1
    return new


def _save(
    connection: Connection, chat_id: int, file: AccountFile, lost: Mapping[Lost, list[str]], *, now: datetime
) -> int:
    saved = 0
    for address, at in file.saved:
        found = outlets_of_articles_at(connection, spellings_of(address))
        if not found:
            lost[Lost.ARTICLE].append(address)
        elif save_article(connection, chat_id, list(found)[-1], now=min(at or now, now)):
            saved += 1
    return saved


def _mute_again(
    connection: Connection,
    chat_id: int,
    file: AccountFile,
    by_home: Mapping[str, int],
    lost: Mapping[Lost, list[str]],
    *,
    now: datetime,
) -> int:
    watches = {(watch.watchlist, watch.query): watch.id for watch in list_watches(connection, chat_id)}
    there = {(one.kind, one.target_id) for one in mutes_of(connection, [chat_id], now=now)}
    targets: dict[MuteKind, Callable[[KeptMute], int | None]] = {
        MuteKind.OUTLET: lambda one: by_home.get(one.name),
        MuteKind.WATCH: lambda one: watches.get((one.watchlist, one.name)),
        MuteKind.STORY: lambda one: _story_at(connection, one.name),
    }
    muted = 0
    for one in file.muted:
        if one.until is not None and one.until <= now:
            continue
        target = targets[one.kind](one) if one.kind in targets else None
        if target is None and one.kind is not MuteKind.EVERYTHING:
            lost[Lost.MUTE].append(one.name)
        elif (one.kind, target) not in there:
            mute(connection, Mute(chat_id, one.kind, target, one.until), now=now)
            there.add((one.kind, target))
            muted += 1
    return muted


def _story_at(connection: Connection, address: str) -> int | None:
    found = outlets_of_articles_at(connection, spellings_of(address)) if address else {}
    return story_of(connection, next(iter(found))) if found else None
