"""Open questions as rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from monitors.storage.tables import dialogs
from monitors.storage.upserts import insert


def open_dialog(
    connection: Connection, chat_id: int, person_id: int, question: str, about: Mapping[str, Any], *, until: datetime
) -> None:
    """The person's one open question in the chat; an earlier one is forgotten."""
    values = {"question": question, "about": dict(about), "until": until}
    connection.execute(
        insert(connection, dialogs)
        .values(chat_id=chat_id, person_id=person_id, **values)
        .on_conflict_do_update(index_elements=["chat_id", "person_id"], set_=values)
    )


def take_dialog(
    connection: Connection, chat_id: int, person_id: int, *, now: datetime
) -> tuple[str, Mapping[str, Any]] | None:
    """(question, about) of the person's open question in the chat, which is over now; None if none is."""
    row = connection.execute(
        delete(dialogs)
        .where(dialogs.c.chat_id == chat_id, dialogs.c.person_id == person_id)
        .returning(dialogs.c.question, dialogs.c.about, dialogs.c.until)
    ).one_or_none()
    return (row.question, row.about) if row is not None and row.until > now else None


def peek_dialog(
    connection: Connection, chat_id: int, person_id: int, *, now: datetime
) -> tuple[str, Mapping[str, Any]] | None:
    """(question, about) of the person's open question in the chat; None if none is."""
    row = connection.execute(
        select(dialogs).where(dialogs.c.chat_id == chat_id, dialogs.c.person_id == person_id, dialogs.c.until > now)
    ).one_or_none()
    return None if row is None else (row.question, row.about)
