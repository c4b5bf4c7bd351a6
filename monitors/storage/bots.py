"""Which bot speaks for us, and the secret by which its webhook is known."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, delete, select

from monitors.storage.tables import marks
from monitors.storage.upserts import insert

_KNOWN_BY = "telegram.webhook_secret"
_REGISTERED = "telegram.webhook"


def webhook_secret(connection: Connection) -> str:
    """The secret that belongs to this database, made when it is first asked for."""
    known = _mark(connection, _KNOWN_BY)
    if known is None:
        known = secrets.token_urlsafe(32)
        _set_mark(connection, _KNOWN_BY, known)
    return known


def registered_webhook(connection: Connection) -> str | None:
    """What Telegram was last told about the webhook, as `set_registered_webhook` has it."""
    return _mark(connection, _REGISTERED)


def set_registered_webhook(connection: Connection, told: str | None) -> None:
    if told is None:
        connection.execute(delete(marks).where(marks.c.name == _REGISTERED))
    else:
        _set_mark(connection, _REGISTERED, told)


def _mark(connection: Connection, name: str) -> str | None:
    return connection.scalar(select(marks.c.value).where(marks.c.name == name))


def _set_mark(connection: Connection, name: str, value: str) -> None:
    statement = insert(connection, marks).values(name=name, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
