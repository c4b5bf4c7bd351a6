"""A broadcast goes to everybody who can be reached, each once, whatever is cut off in between."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select, update

from monitors.settings import TelegramSettings
from monitors.storage import broadcasts
from monitors.storage.broadcasts import begin_broadcast, count_audience, draft_broadcast, is_sending, send_on
from monitors.storage.chats import set_unreachable
from monitors.storage.engine import Database
from monitors.storage.people import allow, block
from monitors.storage.tables import deliveries
from tests.rows import NOW, a_telegram_chat

OPERATOR, GONE, OUT = 42, 8, 9


class CutError(Exception):
    """The process ends here."""


def a_portion_cut_off(connection: Connection, settings: TelegramSettings) -> None:
    send_on(connection, settings, now=NOW)
    raise CutError


def told(connection: Connection) -> list[int]:
    return list(connection.scalars(select(deliveries.c.chat_id).order_by(deliveries.c.chat_id)))


@pytest.mark.parametrize("access", ["open", "list"])
def test_everybody_who_can_be_reached_has_it_once(
    database: Database, monkeypatch: pytest.MonkeyPatch, access: str
) -> None:
    monkeypatch.setattr(broadcasts, "PORTION", 2)
    settings = TelegramSettings(access=access, admins=(OPERATOR,))  # type: ignore[arg-type]  # checked by pydantic
    with database.engine.begin() as connection:
        chats = {person: a_telegram_chat(connection, person).id for person in (OPERATOR, 1, 2, 3, GONE, OUT, -500)}
        for person in (1, 2, GONE, OUT):
            allow(connection, person, by_id=OPERATOR, now=NOW)
        set_unreachable(connection, GONE, "blocked")
        block(connection, OUT, by_id=OPERATOR, now=NOW)
        wanted = sorted(chats[person] for person in ((OPERATOR, 1, 2, 3) if access == "open" else (OPERATOR, 1, 2)))
        assert count_audience(connection, settings) == len(wanted)
        made = draft_broadcast(connection, OPERATOR, {"text": "?"}, now=NOW)
        assert begin_broadcast(connection, made.id, now=NOW)
        assert not begin_broadcast(connection, made.id, now=NOW), "pressed twice"
    for _ in range(3):
        assert database.read_now(is_sending)
        before = database.read_now(told)
        with pytest.raises(CutError):
            database.write_now(a_portion_cut_off, settings)
        assert database.read_now(told) == before
        database.write_now(send_on, settings, now=NOW)
        database.write_now(lambda connection: connection.execute(update(deliveries).values(state="sent")) and None)
    assert not database.read_now(is_sending)
    assert database.read_now(told) == wanted
