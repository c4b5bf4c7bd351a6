"""Single values by their names."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, select

from monitors.storage.tables import marks
from monitors.storage.upserts import insert


def mark_of(connection: Connection, name: str) -> str | None:
    return connection.scalar(_VALUE, {"name": name})


def set_mark(connection: Connection, name: str, value: str | None) -> None:
    """None takes it away."""
    if value is None:
        connection.execute(delete(marks).where(marks.c.name == name))
        return
    statement = insert(connection, marks).values(name=name, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


_VALUE = select(marks.c.value).where(marks.c.name == bindparam("name"))
"""Formed once: some are asked for with every message."""
