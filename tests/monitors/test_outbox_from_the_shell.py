"""`rasid outbox …` as an operator types it."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select
from typer.testing import CliRunner

from monitors.alerts import DeliveryKind, NewDelivery
from monitors.cli import build
from monitors.environment import variable_of
from monitors.storage.deliveries import enqueue
from monitors.storage.engine import Database
from monitors.storage.settlements import settle_undeliverable
from monitors.storage.tables import deliveries
from monitors.storage.watches import add_watch
from tests.monitors.holding import an_article
from tests.rows import NOW, a_telegram_chat


def two_in_trouble(connection: Connection) -> None:
    """An alert, and an answer."""
    chat = a_telegram_chat(connection)
    add_watch(connection, chat.id, "النفط", now=NOW)
    an_article(connection, 1, now=NOW, title="النفط\n  يرتفع")
    enqueue(connection, NewDelivery(chat.id, DeliveryKind.REPLY), now=NOW)
    for delivery_id in connection.scalars(select(deliveries.c.id)).all():
        settle_undeliverable(connection, delivery_id, "SOMETHING_ODD", now=NOW)


def test_an_alert_in_trouble_is_listed_with_its_article_s_title(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.write_now(two_in_trouble)
    url = database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv(variable_of("storage.url"), url)
    shown = CliRunner().invoke(build(), ["outbox", "list"], catch_exceptions=False).stdout
    answer, alert = sorted(shown.splitlines()[1:], reverse=True)
    assert alert.endswith("alert “النفط يرتفع” for 7, 2026-03-20 12:00 UTC: SOMETHING_ODD")
    assert answer.endswith("reply for 7, 2026-03-20 12:00 UTC: SOMETHING_ODD")
