"""A database ready for use: reachable, ours, and of the schema this code needs."""

from __future__ import annotations

from monitors.settings import Settings
from monitors.storage.engine import Database, open_database, parse_url
from monitors.storage.migrating import upgrade


def open_ready(settings: Settings, *, checkpoints: bool = False) -> Database:
    """The database of the settings, upgraded if need be. Raises `StorageError` or `ConfigError`.

    Only the process that holds the instance lock asks for `checkpoints`.
    """
    database = open_database(parse_url(settings.storage.url, base=settings.folder), checkpoints=checkpoints)
    try:
        upgrade(database)
    except BaseException:
        database.close()
        raise
    return database
