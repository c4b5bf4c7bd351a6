"""What comes due while it is paused waits, and comes when it goes on again; what comes in meanwhile is not told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from monitors.accounts import account_of
from monitors.alerts import Cause
from monitors.chats import Chat
from monitors.pauses import Pause
from monitors.releasing import KEPT_PAUSED, LOOKED_AGAIN
from monitors.storage.engine import Database
from monitors.storage.subscriptions import set_subscription_state, subscribe
from monitors.storage.watches import add_watch, list_watches, set_state
from monitors.storage.watchlists import (
    delete_watchlist,
    pause_watchlist,
    restore_watch,
    restore_watchlist,
    resume_watchlist,
    watchlists_of,
)
from monitors.subscriptions import SubscriptionState
from monitors.watchlists import Watch, Watchlist, WatchState
from monitors.why import Fate, WatchFate
from tests.monitors.holding import fates
from tests.monitors.test_releasing import (
    DAILY,
    DIGEST,
    HELD,
    HOUR,
    MERGED,
    MIDNIGHT,
    SEVEN,
    SIX,
    TOLD,
    chat,
    publish,
    release,
    rule,
    states,
    the_subscription,
)
from tests.rows import NOW, a_telegram_chat

__all__ = ["chat"]  # a fixture


def the_list(database: Database, chat: Chat) -> Watchlist:
    return database.read_now(watchlists_of, chat.id)[0]


def the_watch(database: Database, chat: Chat) -> Watch:
    return database.read_now(list_watches, chat.id)[0]


def rest(database: Database, chat: Chat, state: SubscriptionState) -> None:
    """Here, at six; or an hour later again not."""
    now = SIX if state is SubscriptionState.PAUSED else SIX + HOUR
    database.write_now(set_subscription_state, the_subscription(database, chat).id, state, now=now)


PAUSES: dict[str, tuple[Callable[[Database, Chat], object], Callable[[Database, Chat], object]]] = {
    "here": (
        lambda db, chat: rest(db, chat, SubscriptionState.PAUSED),
        lambda db, chat: rest(db, chat, SubscriptionState.ACTIVE),
    ),
    "by its owner": (
        lambda db, chat: db.write_now(pause_watchlist, the_list(db, chat), now=SIX),
        lambda db, chat: db.write_now(resume_watchlist, the_list(db, chat), now=SIX),
    ),
    "the watch alone": (
        lambda db, chat: db.write_now(set_state, the_watch(db, chat), WatchState.PAUSED, now=SIX),
        lambda db, chat: db.write_now(set_state, the_watch(db, chat), WatchState.ACTIVE, now=SIX),
    ),
    "the watch removed for a moment": (
        lambda db, chat: db.write_now(set_state, the_watch(db, chat), WatchState.REMOVED, now=SIX),
        lambda db, chat: db.write_now(restore_watch, chat.id, 1, WatchState.ACTIVE, now=SIX, most=None),
    ),
    "deleted for a moment": (
        lambda db, chat: db.write_now(delete_watchlist, the_list(db, chat), now=SIX),
        lambda db, chat: db.write_now(restore_watchlist, chat.id, 1, now=SIX, most=None),
    ),
}
"""How what found it comes to rest, and goes on again."""


@pytest.mark.parametrize("how", PAUSES)
def test_what_comes_due_while_what_found_it_is_paused_is_told_when_it_is_resumed(
    database: Database, chat: Chat, how: str
) -> None:
    pause, resume = PAUSES[how]
    rule(database, chat, DAILY)
    publish(database, 1, 2)
    pause(database, chat)
    release(database, SIX)
    assert database.read_now(fates) == [("alert", "held", Cause.PAUSED)] * 2
    assert release(database, SIX) == 0
    resume(database, chat)
    release(database, SIX)
    assert states(database) == [MERGED, MERGED, DIGEST]


def test_what_is_paused_for_more_than_a_week_is_dropped(database: Database, chat: Chat) -> None:
    rule(database, chat, DAILY)
    publish(database, 1)
    PAUSES["here"][0](database, chat)
    release(database, SIX)
    release(database, NOW + KEPT_PAUSED - LOOKED_AGAIN)
    assert states(database) == [HELD]
    release(database, NOW + KEPT_PAUSED + LOOKED_AGAIN)
    assert database.read_now(fates) == [("alert", "dropped", Cause.PAUSED)]


def test_what_another_watch_found_as_well_does_not_wait_for_the_paused_one(database: Database, chat: Chat) -> None:
    database.write_now(add_watch, chat.id, "نفط", now=NOW)
    rule(database, chat, DAILY)
    publish(database, 1)
    PAUSES["the watch alone"][0](database, chat)
    release(database, SIX)
    assert states(database) == [TOLD]


def test_what_goes_on_again_at_night_waits_for_the_end_of_quiet_hours(database: Database, chat: Chat) -> None:
    rule(database, chat, replace(DAILY, quiet_from=22 * 60, quiet_to=7 * 60))
    publish(database, 1)
    pause, resume = PAUSES["by its owner"]
    pause(database, chat)
    release(database, SIX)
    resume(database, chat)
    release(database, MIDNIGHT)
    assert database.read_now(fates) == [("alert", "held", Cause.TAKEN)]
    release(database, SEVEN)
    assert states(database) == [TOLD]


@pytest.mark.parametrize("how", ["here", "by its owner", "the watch alone"])
def test_whoever_asks_meanwhile_is_told_since_when_it_is_paused(database: Database, chat: Chat, how: str) -> None:
    pause, resume = PAUSES[how]
    publish(database, 1, now=SIX - HOUR)
    pause(database, chat)
    publish(database, 2, now=SIX)
    (met,), (paused,) = why(database, chat, 1), why(database, chat, 2)
    assert (met.fate, paused.fate, paused.pause) == (Fate.MATCHED, Fate.PAUSED, Pause(SIX))
    resume(database, chat)
    publish(database, 3, now=SIX + HOUR)
    assert [each.fate for each in why(database, chat, 3)] == [Fate.MATCHED]


def test_whoever_asks_later_is_told_from_when_until_when_it_was_paused(database: Database, chat: Chat) -> None:
    watch = the_watch(database, chat)
    database.write_now(set_state, watch, WatchState.PAUSED, now=NOW)
    publish(database, 1, now=NOW + HOUR)
    database.write_now(set_state, watch, WatchState.ACTIVE, now=SIX)
    publish(database, 2, now=SIX)
    (paused,), (met,) = why(database, chat, 1), why(database, chat, 2)
    assert (paused.fate, paused.pause, met.fate) == (Fate.PAUSED, Pause(NOW, SIX), Fate.MATCHED)


def test_what_a_group_was_told_while_it_was_paused_here_is_explained(database: Database, chat: Chat) -> None:
    group = database.write_now(a_telegram_chat, -100)
    database.write_now(subscribe, group.id, watchlist_id=the_list(database, chat).id, now=NOW)
    rest(database, chat, SubscriptionState.PAUSED)
    publish(database, 1, now=SIX)
    rest(database, chat, SubscriptionState.ACTIVE)
    (met,) = why(database, chat, 1)
    assert (met.fate, met.pause) == (Fate.MATCHED, Pause(SIX, SIX + HOUR))


def why(database: Database, chat: Chat, number: int) -> Sequence[WatchFate]:
    return database.read_now(account_of, str(number), chat.address).fates
