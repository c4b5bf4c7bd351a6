"""INSERT … ON CONFLICT, which SQLite and PostgreSQL spell alike and SQLAlchemy in two places."""

from __future__ import annotations

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert(connection: Connection, table: Table) -> postgresql.Insert:
    """An INSERT of the connection's dialect, with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)  # type: ignore[return-value]  # same methods, no common base class
    return postgresql.insert(table)
