"""One Rasid per database: two would send every alert twice.

SQLite: an advisory lock on a file beside the database (flock(2): it ends with its process, however that ends).
PostgreSQL: a session-level advisory lock per role, so that roles may live on different machines.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from monitors.errors import AlreadyRunning, StorageError
from monitors.storage.engine import Database

IsHeld = Callable[[], bool]
"""Whether the lock is ours. A server that restarts forgets it: then it is taken again, as soon as the server answers.
Raises `AlreadyRunning` when another was faster. A file lock lasts as long as its process."""


@contextmanager
def only_instance(database: Database, roles: Iterable[str]) -> Iterator[IsHeld]:
    """Holds the roles of this database for the life of the block. Raises `AlreadyRunning`."""
    if database.is_sqlite:
        with _file_lock(Path(f"{database.url.database}.lock")):
            yield lambda: True
    else:
        locks = _ServerLocks(database, sorted(roles))
        try:
            yield locks.held
        finally:
            locks.end()


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


class _ServerLocks:
    """A session of the server that holds the locks of roles."""

    def __init__(self, database: Database, roles: list[str]) -> None:
        self._database = database
        self._roles = roles
        self._session: Connection | None = self._new_session()

    def _new_session(self) -> Connection:
        session = self._database.engine.connect()
        try:
            for role in self._roles:
                key = zlib.crc32(f"rasid:{role}".encode())
                held = session.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key})
                session.commit()
                if not held:
                    raise AlreadyRunning(
                        f"Another Rasid is running the role “{role}” on this database.",
                        hint="Stop it first, or choose other roles with --roles.",
                    )
        except BaseException:
            self._end(session)
            raise
        return session

    def held(self) -> bool:
        try:
            if self._session is not None:
                self._session.scalar(text("SELECT 1"))
                self._session.commit()
                return True
        except DBAPIError:
            self.end()
        try:
            self._session = self._new_session()
        except DBAPIError:
            return False
        return True

    def end(self) -> None:
        if self._session is not None:
            self._end(self._session)
        self._session = None

    @staticmethod
    def _end(session: Connection) -> None:
        """The session ends, and its locks with it: before, for a server sees some time later that a session is gone."""
        with suppress(SQLAlchemyError):
            session.execute(text("SELECT pg_advisory_unlock_all()"))
        session.invalidate()
        session.close()
