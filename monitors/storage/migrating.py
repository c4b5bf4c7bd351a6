"""The schema, brought to the version this code needs.

Versions are files in `migrations/versions`, named `NNNN_what.py`; the newest number is what this code needs.
Each upgrade runs in one transaction on both databases, so a crash in the middle leaves the old schema.
Alembic is imported only when there is something to do: it costs a third of a second.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from monitors.errors import StorageError
from monitors.storage.engine import Database

MIGRATIONS = Path(__file__).parent / "migrations"

_UPGRADE_LOCK = 0x7261736964  # "rasid": one upgrade at a time on a shared PostgreSQL


def needed_version() -> str:
    """The schema version this code was written for, such as "0001"."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def schema_version(connection: Connection) -> str | None:
    """The database's schema version; None when it holds no schema of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def upgrade(database: Database) -> bool:
    """Brings the schema up to date; whether there was anything to do. Raises `StorageError` for a newer one."""
    if database.read_now(schema_version) == needed_version():
        return False
    return database.write_now(_upgrade)


def _upgrade(connection: Connection) -> bool:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
    found, needed = schema_version(connection), needed_version()
    if found == needed:
        return False
    if found is not None and found > needed:
        raise StorageError(
            f"The database has schema {found}, this Rasid knows up to {needed}.",
            hint="Install the newer Rasid that upgraded it, or restore a backup from before.",
        )
    if found is None and inspect(connection).has_table("outlets"):
        raise StorageError(
            "The database holds tables that are not Rasid's.",
            hint="Point storage.url at a database of its own.",
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return True
