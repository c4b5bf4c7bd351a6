"""One Rasid per database: two would send every alert twice.

SQLite: an advisory lock on a file beside the database (flock(2): it ends with its process, however that ends).
PostgreSQL: a session-level advisory lock per role, so that roles may live on different machines.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from monitors.errors import AlreadyRunning, StorageError
from monitors.storage.engine import Database

StillHeld = Callable[[], bool]
"""Whether the lock is ours still: a server that restarts forgets it, a file lock lasts as long as its process."""


@contextmanager
def only_instance(database: Database, roles: Iterable[str]) -> Iterator[StillHeld]:
    """Holds the roles of this database for the life of the block. Raises `AlreadyRunning`."""
    if database.is_sqlite:
        with _file_lock(Path(f"{database.url.database}.lock")):
            yield lambda: True
    else:
        with _server_locks(database, sorted(roles)) as still_held:
            yield still_held


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StorageError(f"The lock file {path} cannot be opened: {error.strerror}.") from error
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(file, 20, 0).decode(errors="replace").strip()
            raise AlreadyRunning(
                f"Another Rasid{f' (process {holder})' if holder else ''} is running on this database.",
                hint="Stop it first, or give this one a database of its own (storage.url).",
            ) from None
        os.ftruncate(file, 0)
        os.pwrite(file, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(file)


@contextmanager
def _server_locks(database: Database, roles: list[str]) -> Iterator[StillHeld]:
    with database.engine.connect() as connection:

        def still_held() -> bool:
            try:
                connection.scalar(text("SELECT 1"))
                connection.commit()
            except DBAPIError:
                return False
            return True

        for role in roles:
            key = zlib.crc32(f"rasid:{role}".encode())
            held = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key})
            connection.commit()
            if not held:
                raise AlreadyRunning(
                    f"Another Rasid is running the role “{role}” on this database.",
                    hint="Stop it first, or choose other roles with --roles.",
                )
        try:
            yield still_held
        finally:
            connection.invalidate()  # the session ends, and its locks with it
