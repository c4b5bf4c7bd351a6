"""An account file had again: what the chat lacks of it is added, and nothing that it has is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table

from monitors.account_files import AccountFile, KeptSubscription
from monitors.storage.chats import get_chat, set_language, set_previews, set_zone, zone_of
from monitors.storage.list_names import ensure_watchlist
from monitors.storage.restorable import LackingList, Restorable
from monitors.storage.subscriptions import (
    destinations_of,
    set_rules,
    set_subscription_state,
    subscribe,
    unsubscribe,
)
from monitors.storage.tables import followers, mutes, saved_articles
from monitors.storage.upserts import insert
from monitors.storage.watches import Added, add_watches
from monitors.storage.watchlists import get_watchlist, limit_watchlist, pause_watchlist
from monitors.subscriptions import MuteKind, Rules, Subscription, SubscriptionState


def restore(
    connection: Connection,
    chat_id: int,
    found: Restorable,
    *,
    now: datetime,
    most: int | None,
    rest_astray: bool = False,
) -> Restorable:
    """Adds what was found to be lacking a moment ago; what was added of it, if there is less room by now.

    A list that looked only at outlets which nobody follows here looks at all; with `rest_astray` it is paused.
    """
    if found.settings:
        _take_settings(connection, chat_id, found.file)
    for one in found.lists:
        _make(connection, chat_id, one, rest_astray, now=now)
    added = add_watches(connection, chat_id, found.watches.new, now=now, most=most, most_lists=None)
    of_chat = {"chat_id": chat_id}
    _add(connection, followers, ({**of_chat, "outlet_id": outlet_id, "since": now} for outlet_id in found.follows))
    for outlet_id, kept in found.whole:
        _rule(connection, subscribe(connection, chat_id, outlet_id=outlet_id, now=now), kept, now=now)
    for watchlist_id, kept in found.taken:
        _rule(
            connection, subscribe(connection, chat_id, watchlist_id=watchlist_id, owned=False, now=now), kept, now=now
        )
    saved = ({**of_chat, "article_id": number, "saved_at": min(at or now, now)} for number, at in found.saved.items())
    _add(connection, saved_articles, saved)
    _add(connection, mutes, (of_chat | values for values in _mutes(found, added, now)))
    return replace(found, watches=replace(found.watches, new=found.watches.new[: len(added.watches)]))


def _add(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Those that are not there."""
    if given := list(rows):
        connection.execute(insert(connection, table).on_conflict_do_nothing(), given)


def _take_settings(connection: Connection, chat_id: int, file: AccountFile) -> None:
    if file.time_zone is not None and zone_of(connection, chat_id) is None:
        set_zone(connection, chat_id, file.time_zone)
    if not file.previews:
        set_previews(connection, chat_id, False)
    chat = get_chat(connection, chat_id)
    if chat is not None and file.language and chat.language != file.language:
        set_language(connection, chat_id, file.language)


def _make(connection: Connection, chat_id: int, one: LackingList, rest_astray: bool, *, now: datetime) -> None:
    """The list with its limits and rules."""
    kept = one.kept
    watchlist = get_watchlist(connection, ensure_watchlist(connection, chat_id, kept.name, now=now))
    assert watchlist is not None
    if kept.excluding is not None or one.outlets is not None or kept.languages is not None:
        watchlist = limit_watchlist(
            connection, watchlist, excluding=kept.excluding, outlets=one.outlets, languages=kept.languages
        )
    if kept.paused or (one.astray and rest_astray):
        pause_watchlist(connection, watchlist, now=now)
    if kept.rules == Rules() and not kept.resting:  # as every list begins
        return
    (own,) = destinations_of(connection, watchlist.id)
    if kept.rules is None:
        unsubscribe(connection, own.id)
    else:
        _rule(connection, own, KeptSubscription("", kept.rules, kept.resting), now=now)


def _rule(connection: Connection, one: Subscription, kept: KeptSubscription, *, now: datetime) -> None:
    set_rules(connection, one.id, kept.rules)
    if kept.resting:
        set_subscription_state(connection, one.id, SubscriptionState.PAUSED, now=now)


def _mutes(found: Restorable, added: Added, now: datetime) -> Iterable[dict[str, Any]]:
    """Without those of a watch for which there was no room any more."""
    new = {(watch.watchlist, watch.query): watch.id for watch in added.watches}
    for kept, target in found.muted:
        target_id = target or new.get((kept.watchlist, kept.name))
        if target_id is not None or kept.kind is MuteKind.EVERYTHING:
            yield {"kind": kept.kind, "target_id": target_id, "until": kept.until, "since": now}
