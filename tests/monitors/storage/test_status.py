"""How Rasid fares, in rows: which parts run, what became of alerts, what is in trouble."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select, update

from monitors.alerts import Cause, DeliveryKind, DeliveryState, Judgement, NewDelivery, Verdict
from monitors.chats import Chat, ChatState
from monitors.storage import delays
from monitors.storage.articles import save
from monitors.storage.decisions import record_decision
from monitors.storage.delays import delivery_counts
from monitors.storage.deliveries import enqueue
from monitors.storage.engine import Database
from monitors.storage.presence import MISSED, Loading, Trouble, beat, fall_silent, say_loading, say_trouble
from monitors.storage.queues import find_troubled, give_up, waiting
from monitors.storage.statistics import read_status
from monitors.storage.tables import chats, deliveries
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet


def an_alert_each(connection: Connection, chat: Chat, count: int) -> None:
    outlet, _ = an_outlet(connection)
    articles = save(connection, [a_new_article(outlet, number) for number in range(1, count + 1)], now=NOW)
    for article in articles:
        record_decision(connection, article, [], [Judgement(chat.id, Verdict.NOW, Cause.TAKEN)], now=NOW)


def test_the_delays_are_those_of_the_newest_alerts(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delays, "NEWEST", 2)
    with database.engine.begin() as connection:
        an_alert_each(connection, a_telegram_chat(connection), 3)
        for seconds, delivery_id in enumerate(connection.scalars(select(deliveries.c.id).order_by(deliveries.c.id)), 7):
            told = {"state": DeliveryState.SENT, "settled_at": NOW + timedelta(seconds=seconds)}
            connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(**told))
        counted = delivery_counts(connection)
        assert counted.by_state == {DeliveryState.SENT: 3}
        assert [delay_s - counted.delays_s[0] for delay_s in counted.delays_s] == [0, 1]
        assert counted.delays_s[0] > 7


def test_what_is_kept_for_somebody_who_cannot_be_told_is_no_delay(database: Database) -> None:
    with database.engine.begin() as connection:
        chat, gone = a_telegram_chat(connection), a_telegram_chat(connection, 8)
        an_alert_each(connection, chat, 1)
        enqueue(connection, NewDelivery(gone.id, DeliveryKind.NOTICE), now=NOW)
        assert [one.kind for one in waiting(connection)] == [DeliveryKind.ALERT, DeliveryKind.NOTICE]
        connection.execute(update(chats).where(chats.c.id == gone.id).values(state=ChatState.UNREACHABLE))
        assert [(one.kind, one.count) for one in waiting(connection)] == [(DeliveryKind.ALERT, 1)]


def test_what_waits_is_counted_in_words(database: Database) -> None:
    with database.engine.begin() as connection:
        chat = a_telegram_chat(connection)
        an_alert_each(connection, chat, 3)
        for kind in [DeliveryKind.REPLY, DeliveryKind.REPLY, DeliveryKind.PROGRESS, DeliveryKind.PROGRESS]:
            enqueue(connection, NewDelivery(chat.id, kind), now=NOW)
        enqueue(connection, NewDelivery(chat.id, DeliveryKind.DIGEST), now=NOW)
        lines = [line for line in read_status(connection, now=NOW).lines() if line.startswith("waiting")]
    counted = [line.removeprefix("waiting").partition(",")[0].strip() for line in lines]
    assert counted == ["3 alerts", "1 digest", "2 progress messages", "2 replies"]


def test_alerts_that_were_told_together_count_by_their_message(database: Database) -> None:
    with database.engine.begin() as connection:
        chat = a_telegram_chat(connection)
        an_alert_each(connection, chat, 3)
        digest = enqueue(connection, NewDelivery(chat.id, DeliveryKind.DIGEST), now=NOW)
        merged = {"state": DeliveryState.MERGED, "told_in": digest, "settled_at": NOW}
        connection.execute(update(deliveries).where(deliveries.c.alert_id.is_not(None)).values(**merged))
        assert delivery_counts(connection).by_state == {DeliveryState.PENDING: 3}
        told = {"state": DeliveryState.SENT, "settled_at": NOW + timedelta(seconds=9)}
        connection.execute(update(deliveries).where(deliveries.c.id == digest).values(**told))
        counted = delivery_counts(connection)
        assert counted.by_state == {DeliveryState.SENT: 3}
        assert len(set(counted.delays_s)) == 1, "they were told at one time"
        assert counted.delays_s[0] >= 9


def test_who_runs_is_known_to_others_until_it_ends_or_is_not_heard(database: Database) -> None:
    def said(at: timedelta = timedelta(0)) -> list[str]:
        status = database.read_now(read_status, now=NOW + at)
        return [line for line in status.lines() if line.startswith(("running", "loading"))]

    assert said() == ["running   no; start it with: rasid run"]
    database.write_now(beat, {"crawl": None, "decide": NOW}, now=NOW)
    database.write_now(say_loading, Loading(5000, 20000))
    starting, since, loading = said()
    assert starting.startswith("running   crawl is being started")
    assert since.startswith("running   decide since 20")
    assert "5000 of 20000 watches" in loading
    assert "decide not heard since" in said(MISSED)[1]
    database.write_now(fall_silent, ["crawl", "decide"])
    database.write_now(say_loading, None)
    assert said() == ["running   no; start it with: rasid run"]


def test_what_is_wrong_with_the_line_is_said_since_it_began(database: Database) -> None:
    def said() -> list[str]:
        return [line for line in database.read_now(read_status, now=NOW).lines() if line.startswith("telegram")]

    assert said() == []
    database.write_now(say_trouble, Trouble.AWAY, now=NOW)
    database.write_now(say_trouble, Trouble.UNAUTHORIZED, now=NOW + timedelta(hours=1))
    (line,) = said()
    assert line.startswith("telegram  does not accept the bot token")
    assert line.endswith(f"(since {NOW:%Y-%m-%d %H:%M} UTC)")
    database.write_now(say_trouble, None, now=NOW)
    assert said() == []


def test_what_is_given_up_holds_nothing_up(database: Database) -> None:
    with database.engine.begin() as connection:
        chat = a_telegram_chat(connection)
        number = enqueue(connection, NewDelivery(chat.id, DeliveryKind.REPLY), now=NOW)
        assert number is not None
        assert give_up(connection, number, now=NOW) == 0, "it is no trouble"
        lost = update(deliveries).values(state=DeliveryState.UNCONFIRMED, error="broke")
        connection.execute(lost)
        found = find_troubled(connection, number)
        assert found is not None
        assert (found.error, found.reachable) == ("broke", True)
        assert give_up(connection, DeliveryState.UNDELIVERABLE, now=NOW) == 0
        assert give_up(connection, DeliveryState.UNCONFIRMED, now=NOW) == 1
        assert find_troubled(connection, number) is None
