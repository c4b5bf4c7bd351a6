"""How much room the database takes and has."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes; `free_bytes` is None for a database on a server."""

    used_bytes: int
    free_bytes: int | None


def disk_of(connection: Connection) -> Disk:
    if connection.dialect.name != "sqlite":
        return Disk(int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0), None)
    pages, size = (int(connection.scalar(text(f"PRAGMA {name}")) or 0) for name in ("page_count", "page_size"))
    return Disk(pages * size, shutil.disk_usage(Path(connection.engine.url.database or ".").parent).free)
