from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from monitors.alerts import DeliveryKind
from monitors.articles import ArticleState
from monitors.chats import CONSOLE, ChatAddress
from monitors.health import Health
from monitors.outlets import NewOutlet, NewSource, Poll, PollReason, Source
from monitors.rates import RateEstimate
from monitors.storage.articles import save
from monitors.storage.chats import set_unreachable
from monitors.storage.engine import Connection, Database
from monitors.storage.followers import add_follower
from monitors.storage.health import changes_of_health, health_of, tell_changes
from monitors.storage.outlets import add_outlet, remove_outlet, sources_of
from monitors.storage.polls import record_poll
from monitors.storage.statistics import outlet_numbers, read_status
from monitors.storage.tables import deliveries, outlets
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet, the_console

HOUR = timedelta(hours=1)
BUSY = RateEstimate(hours=(18.0,) * 24, days=9.0, latest=NOW, longest_gap_s=3600, as_of=NOW)


def polled(connection: Connection, /, source: Source, at: datetime = NOW, **changes: Any) -> None:
    poll = Poll(source.id, polled_at=at, next_poll_at=at + HOUR, reason=PollReason.INTERVAL, rate=BUSY, new_at=at)
    record_poll(connection, replace(poll, **changes))


def failed(connection: Connection, source: Source, *, times: int = 4) -> None:
    """From NOW on, every other hour."""
    for number in range(times):
        at = NOW + 2 * number * HOUR
        polled(connection, source, at, succeeded=False, error="The site answered 500.", rate=None, new_at=None)


def judge(database: Database, now: datetime, operators: Sequence[ChatAddress] = ()) -> int:
    """Notices enqueued."""
    changes = database.read_now(changes_of_health, now=now)
    return database.write_now(tell_changes, changes, operators, now=now)


def notices(database: Database) -> list[Any]:
    query = select(deliveries.c.chat_id, deliveries.c.kind, deliveries.c.payload).order_by(deliveries.c.id)
    return database.read_now(lambda connection: list(connection.execute(query)))


def health(database: Database) -> list[Any]:
    columns = (outlets.c.health, outlets.c.health_since, outlets.c.health_told)
    return database.read_now(lambda connection: list(connection.execute(select(*columns))))


def test_followers_are_told_once_that_an_outlet_broke_and_once_that_it_works_again(database: Database) -> None:
    with database.engine.begin() as connection:
        outlet, source = an_outlet(connection)
        chat = a_telegram_chat(connection)
        add_follower(connection, outlet.id, chat.id, now=NOW)
        polled(connection, source, NOW - HOUR)
        failed(connection, source)
    assert judge(database, NOW + 5 * HOUR) == 0  # too early to say
    assert judge(database, NOW + 7 * HOUR) == 1
    assert judge(database, NOW + 8 * HOUR) == 0  # told
    assert health(database) == [(Health.BROKEN, NOW, True)]
    told = notices(database)[0]
    assert (told.chat_id, told.kind) == (chat.id, DeliveryKind.NOTICE)
    assert told.payload == {
        "notice": "outlet_health",
        "outlet": outlet.name,
        "outlet_id": outlet.id,
        "health": "broken",
        "since": NOW.isoformat(),
        "reason": {"code": "failing", "failures": 4, "error": "The site answered 500."},
    }
    database.write_now(polled, source, NOW + 9 * HOUR)
    assert judge(database, NOW + 9 * HOUR) == 1
    assert judge(database, NOW + 10 * HOUR) == 0
    assert notices(database)[1].payload["health"] == "ok"
    assert health(database) == [(Health.OK, NOW + 9 * HOUR, True)]


def test_silence_is_told_once_however_long_it_lasts(database: Database) -> None:
    with database.engine.begin() as connection:
        outlet, source = an_outlet(connection)
        add_follower(connection, outlet.id, a_telegram_chat(connection).id, now=NOW)
        polled(connection, source)
    told = []
    for day in range(40):
        now = NOW + day * 24 * HOUR
        database.write_now(polled, source, now, new_at=None, rate=BUSY.at(now))
        told.append(judge(database, now))
    assert sum(told) == 1
    assert notices(database)[0].payload["reason"] == {"code": "silent", "expected": 42, "hours": 24}


def test_what_nobody_follows_is_told_to_the_operators_who_have_a_chat(database: Database) -> None:
    with database.engine.begin() as connection:
        _, source = an_outlet(connection)
        mine = a_telegram_chat(connection, 7)
        a_telegram_chat(connection, 8)  # somebody else
        polled(connection, source, NOW - HOUR)
        failed(connection, source)
    never_met = replace(mine.address, chat_id=9)
    assert judge(database, NOW + 7 * HOUR, [mine.address, never_met]) == 1
    assert [row.chat_id for row in notices(database)] == [mine.id]


def test_who_blocked_the_bot_is_told_nothing(database: Database) -> None:
    with database.engine.begin() as connection:
        outlet, source = an_outlet(connection)
        chat = a_telegram_chat(connection)
        add_follower(connection, outlet.id, chat.id, now=NOW)
        set_unreachable(connection, chat.address.chat_id, "blocked")
        the_console(connection)
        polled(connection, source, NOW - HOUR)
        failed(connection, source)
    assert judge(database, NOW + 7 * HOUR, [chat.address, CONSOLE]) == 1


def test_whoever_comes_later_is_told_of_a_trouble_nobody_knew(database: Database) -> None:
    with database.engine.begin() as connection:
        outlet, source = an_outlet(connection)
        polled(connection, source, NOW - HOUR)
        failed(connection, source)
    assert judge(database, NOW + 7 * HOUR) == 0
    assert health(database) == [(Health.BROKEN, NOW, False)]
    with database.engine.begin() as connection:
        add_follower(connection, outlet.id, a_telegram_chat(connection).id, now=NOW)
    assert judge(database, NOW + 8 * HOUR) == 1


def test_nobody_is_told_that_a_trouble_is_over_of_which_nobody_knew(database: Database) -> None:
    with database.engine.begin() as connection:
        outlet, source = an_outlet(connection)
        polled(connection, source, NOW - HOUR)
        failed(connection, source)
    judge(database, NOW + 7 * HOUR)
    with database.engine.begin() as connection:
        polled(connection, source, NOW + 8 * HOUR)
        add_follower(connection, outlet.id, a_telegram_chat(connection).id, now=NOW)
    assert judge(database, NOW + 8 * HOUR) == 0
    assert health(database) == [(Health.OK, NOW + 8 * HOUR, True)]


def test_when_most_outlets_break_at_once_it_is_our_own_connection(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with database.engine.begin() as connection:
        chat = a_telegram_chat(connection)
        followed = [an_outlet(connection, f"جريدة {number}") for number in range(6)]
        for number, (_, source) in enumerate(followed):
            polled(connection, source, NOW - HOUR)
            if number < 4:
                failed(connection, source)
            else:
                polled(connection, source, NOW + 7 * HOUR)
    assert judge(database, NOW + 7 * HOUR, [chat.address]) == 0
    assert "4 of 6 outlets cannot be read" in caplog.text
    database.write_now(polled, followed[0][1], NOW + 8 * HOUR)
    assert judge(database, NOW + 8 * HOUR, [chat.address]) == 3


def test_a_volume_far_below_what_is_usual_is_noticed(database: Database) -> None:
    now = NOW + 30 * 24 * HOUR
    with database.engine.begin() as connection:
        outlet, source = an_outlet(connection)
        chat = a_telegram_chat(connection)
        polled(connection, source)
        found = [a_new_article(outlet, number, first_seen_at=now - number * HOUR) for number in range(1, 11)]
        save(connection, found, now=now)
        polled(connection, source, now, rate=replace(BUSY, as_of=now))
    assert judge(database, now, [chat.address]) == 1
    assert notices(database)[0].payload["reason"] == {"code": "few", "seen": 10, "expected": 141, "hours": 72}


def test_what_is_not_followed_any_more_is_not_judged(database: Database) -> None:
    with database.engine.begin() as connection:
        outlet, source = an_outlet(connection)
        chat = a_telegram_chat(connection)
        polled(connection, source, NOW - HOUR)
        failed(connection, source)
        remove_outlet(connection, outlet.id)
    assert judge(database, NOW + 7 * HOUR, [chat.address]) == 0


def test_an_outlet_s_numbers_say_what_came_and_how_soon(database: Database) -> None:
    week = [(number, NOW - number * 6 * HOUR) for number in range(1, 41)]
    with database.engine.begin() as connection:
        outlet, source = an_outlet(connection)
        polled(connection, source, rate=BUSY)
        before_us = a_new_article(outlet, 99, first_seen_at=NOW - 30 * HOUR, published_at=NOW - 900 * HOUR)
        save(connection, [before_us], now=NOW, state=ArticleState.ARCHIVED)
        late = [
            a_new_article(outlet, number, first_seen_at=at, published_at=at - timedelta(seconds=number))
            for number, at in week
        ]
        undated = a_new_article(outlet, 50, first_seen_at=NOW - HOUR)
        save(connection, [*late, undated], now=NOW)
    numbers = database.read_now(outlet_numbers, outlet.id, now=NOW)
    assert (numbers.last_day, numbers.last_week) == (5, 29)  # 4 and 28 of them with a date
    assert (numbers.delays.median_s, numbers.delays.p95_s) == (14.5, 27)
    assert numbers.expected_per_day == pytest.approx(BUSY.per_day)


def test_an_outlet_nobody_has_polled_yet_has_no_numbers(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet)
    numbers = database.read_now(outlet_numbers, outlet.id, now=NOW)
    assert (numbers.expected_per_day, numbers.last_week, numbers.delays.median_s) == (None, 0, None)
    assert database.read_now(health_of, outlet, now=NOW).health is Health.OK


def test_what_rested_is_not_blamed_for_having_been_silent(database: Database) -> None:
    later = NOW + 30 * 24 * HOUR
    with database.engine.begin() as connection:
        outlet, source = an_outlet(connection)
        chat = a_telegram_chat(connection)
        polled(connection, source)
        remove_outlet(connection, outlet.id)
        add_outlet(connection, NewOutlet(outlet.name, outlet.homepage), [NewSource(source.url)], now=later)
        (again,) = sources_of(connection, outlet.id)
        assert again.rate is None  # its first listing tells it anew
        polled(connection, source, later, new_at=None)
    assert judge(database, later + HOUR, [chat.address]) == 0


def test_the_status_counts_outlets_in_trouble(database: Database) -> None:
    with database.engine.begin() as connection:
        for number in range(3):
            _, source = an_outlet(connection, f"جريدة {number}")
            polled(connection, source, NOW - HOUR)
        failed(connection, source)
    judge(database, NOW + 7 * HOUR)
    status = database.read_now(read_status, now=NOW)
    assert (status.quiet_outlets, status.broken_outlets) == (0, 1)
    assert "outlets   3, 1 broken (3 sources, 1 failing)" in status.lines()
