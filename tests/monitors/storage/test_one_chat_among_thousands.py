"""Thousands may watch what an article is about: what concerns one chat costs no more for that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from monitors.alerts import Cause, Judgement, Match, Verdict
from monitors.storage.articles import save
from monitors.storage.decisions import record_decision
from monitors.storage.engine import Database
from monitors.storage.held import due_held
from monitors.storage.naming import meetings
from monitors.storage.watches import add_watches
from monitors.watchlists import NewWatch
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet

QUESTIONS: dict[str, Callable[[Connection, int], Any]] = {
    "which watches an alert names": lambda connection, alert: meetings(connection, [alert]),
    "who takes what is due": lambda connection, _: due_held(connection, now=NOW + timedelta(hours=1), limit=9),
}
MANY = 1_000


def an_alert_among(connection: Connection, others: int) -> int:
    """An alert that is held, about an article that so many watches of others met."""
    outlet, _ = an_outlet(connection)
    (article,) = save(connection, [a_new_article(outlet)], now=NOW)
    mine, their = a_telegram_chat(connection, 7), a_telegram_chat(connection, 8)
    wanted = [NewWatch(f"word{number}") for number in range(others)]
    met = [
        *add_watches(connection, mine.id, [NewWatch("word")], now=NOW).watches,
        *add_watches(connection, their.id, wanted, now=NOW, most=None).watches,
    ]
    judgement = Judgement(mine.id, Verdict.HELD, Cause.QUIET_HOURS, due_at=NOW)
    (alert,) = record_decision(connection, article, [Match(one.id, {}) for one in met], [judgement], now=NOW)
    return alert


def work(connection: Connection, question: Callable[[Connection, int], Any], alert: int) -> int:
    """How many hundreds of instructions SQLite takes to answer."""
    steps = [0]

    def count() -> None:
        steps[0] += 1

    raw: Any = connection.connection.driver_connection
    raw.set_progress_handler(count, 100)
    assert question(connection, alert)
    raw.set_progress_handler(None, 0)
    return steps[0]


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_the_watches_of_others_are_not_read(sqlite_database: Database, question: Callable[..., Any]) -> None:
    alert = sqlite_database.write_now(an_alert_among, MANY)
    assert sqlite_database.write_now(work, question, alert) < MANY / 50
