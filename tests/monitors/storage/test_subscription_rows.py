"""Who takes what, and what they want to hear none of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from monitors.alerts import Cause, Judgement, Match, Verdict
from monitors.storage.articles import save
from monitors.storage.chats import set_unreachable
from monitors.storage.decisions import record_decision
from monitors.storage.dialogs import open_dialog, peek_dialog, take_dialog
from monitors.storage.engine import Database
from monitors.storage.subscriptions import (
    destinations_of,
    mute,
    mutes_of,
    set_rules,
    set_subscription_state,
    subscribe,
    subscriptions_of,
    takers_of,
    told_today,
    unmute,
    unsubscribe,
)
from monitors.storage.supergroups import migrate
from monitors.storage.tables import watchlists
from monitors.storage.watches import add_watch
from monitors.subscriptions import Mode, Mute, MuteKind, Rules, SubscriptionState, Taker
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.engine.begin() as connection:
        yield connection


def takers(connection: Connection, *watch_ids: int, outlet_id: int = 1, language: str | None = "ar") -> list[Taker]:
    return takers_of(connection, watch_ids, outlet_id=outlet_id, language=language, zone="UTC")


def test_a_watchlist_is_taken_by_its_own_chat_from_the_start(connection: Connection) -> None:
    chat = a_telegram_chat(connection)
    watch, _ = add_watch(connection, chat.id, "دمشق", now=NOW)
    (taker,) = takers(connection, watch.id)
    assert (taker.chat_id, taker.watch_id, taker.rules, taker.zone) == (chat.id, watch.id, Rules(), "UTC")
    (subscription,) = subscriptions_of(connection, chat.id)
    assert (subscription.id, subscription.owned) == (taker.subscription_id, True)


def test_several_chats_take_one_watchlist_by_rules_of_their_own(connection: Connection) -> None:
    owner, reader = a_telegram_chat(connection), a_telegram_chat(connection, 8)
    watch, _ = add_watch(connection, owner.id, "دمشق", now=NOW)
    (own,) = subscriptions_of(connection, owner.id)
    taken = subscribe(connection, reader.id, watchlist_id=own.watchlist_id, owned=False, now=NOW)
    assert subscribe(connection, reader.id, watchlist_id=own.watchlist_id, now=NOW) == taken
    rules = Rules(Mode.DAILY, 600, 1320, 420, 5)
    set_rules(connection, taken.id, rules)
    assert {taker.chat_id: taker.rules for taker in takers(connection, watch.id)} == {
        owner.id: Rules(),
        reader.id: rules,
    }
    assert own.watchlist_id is not None
    assert [one.chat_id for one in destinations_of(connection, own.watchlist_id)] == [owner.id, reader.id]
    set_subscription_state(connection, taken.id, SubscriptionState.PAUSED, now=NOW)
    assert [taker.chat_id for taker in takers(connection, watch.id)] == [owner.id]
    assert unsubscribe(connection, taken.id)
    assert not unsubscribe(connection, taken.id)


def test_all_of_an_outlet_is_taken_without_a_watch(connection: Connection) -> None:
    outlet, _ = an_outlet(connection)
    chat = a_telegram_chat(connection)
    subscribe(connection, chat.id, outlet_id=outlet.id, now=NOW)
    assert [(taker.chat_id, taker.watch_id) for taker in takers(connection, outlet_id=outlet.id)] == [(chat.id, None)]
    assert takers(connection, outlet_id=outlet.id + 1) == []


def test_nobody_is_told_who_cannot_be_reached(connection: Connection) -> None:
    chat = a_telegram_chat(connection)
    watch, _ = add_watch(connection, chat.id, "دمشق", now=NOW)
    set_unreachable(connection, 7, "blocked")
    assert takers(connection, watch.id) == []


def test_a_watchlist_may_be_limited_to_outlets_and_languages(connection: Connection) -> None:
    chat = a_telegram_chat(connection)
    watch, _ = add_watch(connection, chat.id, "دمشق", now=NOW)
    connection.execute(watchlists.update().values(outlets=[1, 2], languages=["ar"]))
    assert takers(connection, watch.id, outlet_id=1, language="ar-SY")
    assert not takers(connection, watch.id, outlet_id=3)
    assert not takers(connection, watch.id, outlet_id=1, language="en")
    assert not takers(connection, watch.id, outlet_id=1, language=None)


def test_a_deleted_watchlist_tells_nobody(connection: Connection) -> None:
    chat = a_telegram_chat(connection)
    watch, _ = add_watch(connection, chat.id, "دمشق", now=NOW)
    connection.execute(watchlists.update().values(removed_at=NOW))
    assert takers(connection, watch.id) == []


def test_alerts_of_the_day_are_counted_where_there_is_a_limit(connection: Connection) -> None:
    outlet, _ = an_outlet(connection)
    chat = a_telegram_chat(connection)
    watch, _ = add_watch(connection, chat.id, "دمشق", now=NOW)
    (subscription,) = subscriptions_of(connection, chat.id)
    set_rules(connection, subscription.id, Rules(daily_limit=2))
    verdicts = [Verdict.NOW, Verdict.DIGEST, Verdict.HELD, Verdict.DROPPED]
    for verdict, article_id in zip(
        verdicts, save(connection, [a_new_article(outlet, number) for number in range(1, 5)], now=NOW), strict=True
    ):
        judged = [Judgement(chat.id, verdict, Cause.TAKEN, subscription.id, due_at=NOW)]
        record_decision(connection, article_id, [Match(watch.id, {})], judged, now=NOW)
    assert told_today(connection, takers(connection, watch.id), now=NOW) == {subscription.id: 2}
    assert told_today(connection, takers(connection, watch.id), now=NOW + timedelta(days=1)) == {subscription.id: 0}


def test_what_is_muted_is_so_until_its_time_and_once(connection: Connection) -> None:
    chat = a_telegram_chat(connection)
    hour, day = NOW + timedelta(hours=1), NOW + timedelta(days=1)
    mute(connection, Mute(chat.id, MuteKind.EVERYTHING, None, day), now=NOW)
    mute(connection, Mute(chat.id, MuteKind.EVERYTHING, None, hour), now=NOW)
    mute(connection, Mute(chat.id, MuteKind.OUTLET, 3, None), now=NOW)
    assert mutes_of(connection, [chat.id], now=NOW) == [
        Mute(chat.id, MuteKind.EVERYTHING, None, hour),
        Mute(chat.id, MuteKind.OUTLET, 3, None),
    ]
    assert mutes_of(connection, [chat.id], now=hour) == [Mute(chat.id, MuteKind.OUTLET, 3, None)]
    assert unmute(connection, chat.id, MuteKind.OUTLET, 3)
    assert not unmute(connection, chat.id, MuteKind.OUTLET, 3)


def test_a_group_that_became_a_supergroup_takes_what_it_took(connection: Connection) -> None:
    old, new = a_telegram_chat(connection, -5), a_telegram_chat(connection, -1005)
    watch, _ = add_watch(connection, old.id, "دمشق", now=NOW)
    add_watch(connection, new.id, "حلب", now=NOW)
    outlet, _ = an_outlet(connection)
    for chat in (old, new):
        subscribe(connection, chat.id, outlet_id=outlet.id, now=NOW)
    mute(connection, Mute(old.id, MuteKind.WATCH, watch.id, None), now=NOW)
    migrate(connection, -5, -1005)
    assert {taker.chat_id for taker in takers(connection, watch.id, outlet_id=outlet.id)} == {new.id}
    assert len(subscriptions_of(connection, new.id)) == 3
    assert mutes_of(connection, [new.id], now=NOW)


def test_a_question_is_open_until_it_is_answered_or_too_old(connection: Connection) -> None:
    chat = a_telegram_chat(connection)
    later = NOW + timedelta(hours=1)
    open_dialog(connection, chat.id, 7, "rename", {"watchlist": 3}, until=later)
    open_dialog(connection, chat.id, 7, "add", {"watchlist": 4}, until=later)
    assert peek_dialog(connection, chat.id, 7, now=NOW) == ("add", {"watchlist": 4})
    assert peek_dialog(connection, chat.id, 8, now=NOW) is None
    assert peek_dialog(connection, chat.id, 7, now=later) is None
    assert take_dialog(connection, chat.id, 7, now=NOW) == ("add", {"watchlist": 4})
    assert take_dialog(connection, chat.id, 7, now=NOW) is None
