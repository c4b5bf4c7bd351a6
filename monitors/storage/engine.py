"""The database: one file (SQLite) or one server (PostgreSQL), the same functions on both.

SQLite (https://sqlite.org/wal.html): WAL; `synchronous=FULL`, because NORMAL lost committed transactions in 138 of
150 simulated power cuts and FULL in none; `BEGIN IMMEDIATE` for every write, because deferred read-then-write
transactions failed at once in 3,136 of 4,500 runs despite a busy timeout; one writer thread per process.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

import pysqlite3.dbapi2
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

from monitors.errors import ConfigError, DatabaseAway, StorageError

__all__ = [
    "Connection",
    "Database",
    "open_database",
    "parse_url",
]  # a Connection is all a caller may hold of SQLAlchemy

P = ParamSpec("P")
T = TypeVar("T")

BUSY_TIMEOUT_MS = 10_000
READERS = 4
"""Reading threads of a process; also the pool of PostgreSQL connections beside the writers."""

_AWAY_STATES = ("08", "25006", "40", "53", "55P03", "57P")
"""What PostgreSQL says (its manual, appendix A) when the work is not to blame: connections cut, a server that is a
standby now, deadlocks, no room, locks, shutdowns. What took too long (57014) would take too long again."""

_AWAY_CODES = {
    getattr(pysqlite3.dbapi2, f"SQLITE_{name}") for name in ("BUSY", "LOCKED", "FULL", "IOERR", "READONLY", "CANTOPEN")
}
"""The same of SQLite (https://sqlite.org/rescode.html)."""

_ERRORS: tuple[type[BaseException], ...] = (OSError, DBAPIError, pysqlite3.dbapi2.Error)


class Database:
    """Runs storage functions in transactions, off the event loop.

    `write` runs them one after another in a writing transaction and commits; `read` runs several at once in
    reading ones. Both raise what the function raised, after rolling back, and `DatabaseAway` when that is not the
    function's fault. The `_now` variants do the same on the
    calling thread, for commands and tests.
    """

    def __init__(self, url: URL, *, checkpoints: bool = False) -> None:
        self.url = url
        self._writer, self._reader = _engines(url, checkpoints=checkpoints)
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix="read")

    @property
    def is_sqlite(self) -> bool:
        return self._writer.dialect.name == "sqlite"

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations."""
        return self._writer

    def write_now(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with _telling_when_away(), self._writer.begin() as connection:
            return work(connection, *args, **kwargs)

    def read_now(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with _telling_when_away(), self._reader.begin() as connection:
            return work(connection, *args, **kwargs)

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._run(self._writing, lambda: self.write_now(work, *args, **kwargs))

    async def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._run(self._reading, lambda: self.read_now(work, *args, **kwargs))

    @staticmethod
    async def _run(executor: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(executor, work)

    async def checkpoint(self) -> None:
        """Moves SQLite's write-ahead log into the database file; only the main process calls it."""
        if self.is_sqlite:
            await self._run(self._writing, self._checkpoint)

    def _checkpoint(self) -> None:
        with self._writer.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def close(self) -> None:
        self._writing.shutdown()
        self._reading.shutdown()
        self._reader.dispose()
        self._writer.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def parse_url(url: str, *, base: Path) -> URL:
    """The database URL of the settings; a relative SQLite path is taken from `base`, the settings' folder.

    Raises `ConfigError` for anything that is neither SQLite nor PostgreSQL.
    """
    hint = "Use sqlite:///rasid.db or postgresql://user:password@host/database."
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise ConfigError("storage.url is not a database URL.", hint=hint) from error
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        raise ConfigError(f"storage.url names {parsed.get_backend_name()}, which is not supported.", hint=hint)
    if not parsed.database or parsed.database == ":memory:":
        raise ConfigError("storage.url needs a file: an in-memory database would lose alerts.", hint=hint)
    return parsed.set(drivername="sqlite", database=str((base / Path(parsed.database).expanduser()).resolve()))


def open_database(url: URL, *, checkpoints: bool = False) -> Database:
    """A database that answered once. Raises `StorageError` saying why it cannot be reached."""
    database = None
    try:
        database = Database(url, checkpoints=checkpoints)
        with database.engine.connect():
            return database
    except _ERRORS as error:
        if database is not None:
            database.close()
        raise StorageError(
            f"The database {url.render_as_string(hide_password=True)} cannot be opened: {_reason(error)}.",
            hint="Check storage.url, that the server runs, and that its folder is writable.",
        ) from error


@contextmanager
def _telling_when_away() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if not is_away(error):
            raise
        raise DatabaseAway(
            f"The database does not answer: {_reason(error)}.",
            hint="Check that its server runs, and that its disk has room.",
        ) from error


def is_away(error: DBAPIError) -> bool:
    """Whether the database is to blame, and not what was asked of it."""
    code: int | None = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _AWAY_CODES
    state: str | None = getattr(error.orig, "sqlstate", None)
    if state is None:  # there was nobody to say anything
        return error.connection_invalidated or isinstance(error, OperationalError)
    return state.startswith(_AWAY_STATES)


def _reason(error: BaseException) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().splitlines()[0].rstrip(".") if str(cause).strip() else type(cause).__name__


def _engines(url: URL, *, checkpoints: bool) -> tuple[Engine, Engine]:
    if url.get_backend_name() == "postgresql":
        engine = create_engine(
            url,
            pool_size=READERS + 1,
            max_overflow=2,
            pool_pre_ping=True,
            hide_parameters=True,  # errors are logged, and what people write is not for logs
            connect_args={
                "connect_timeout": 10,
                # A server that is gone without a word (a failover, a firewall) is noticed within a minute.
                "keepalives_idle": 20,
                "keepalives_interval": 10,
                "keepalives_count": 3,
                "tcp_user_timeout": 60_000,
                "options": "-c timezone=UTC -c statement_timeout=60000 -c idle_in_transaction_session_timeout=60000",
            },
        )
        event.listen(engine, "handle_error", _without_values)
        return engine, engine
    _make_private(Path(url.database or ""))
    return _sqlite_engine(url, writes=True, checkpoints=checkpoints), _sqlite_engine(url, writes=False)


def _without_values(context: ExceptionContext) -> None:
    """Takes from an error all but its first sentence: PostgreSQL adds the row that it refuses, and people's words."""
    refused, wrapped = context.original_exception, context.sqlalchemy_exception
    sentence: str | None = getattr(getattr(refused, "diag", None), "message_primary", None)
    if sentence is None:  # it is not the server that says something
        return
    if wrapped is not None:
        wrapped.args = (str(wrapped.args[0]).replace(str(refused), sentence),)
    refused.args = (sentence,)


def _make_private(file: Path) -> None:
    """Creates the file, or takes it from the eyes of others: it says what people are interested in."""
    os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    mode = file.stat().st_mode
    if mode & stat.S_IRWXO:
        file.chmod(stat.S_IMODE(mode) & ~stat.S_IRWXO)


def _sqlite_engine(url: URL, *, writes: bool, checkpoints: bool = False) -> Engine:
    engine = create_engine(
        url,
        module=pysqlite3.dbapi2,
        hide_parameters=True,  # as above
        poolclass=QueuePool,
        pool_size=1 if writes else READERS,
        max_overflow=0 if writes else 2,
        connect_args={
            "timeout": BUSY_TIMEOUT_MS / 1000,
            "isolation_level": None,
            "check_same_thread": False,
        },
    )
    pragmas = [
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "trusted_schema=OFF",
        "cell_size_check=ON",
        f"wal_autocheckpoint={1000 if checkpoints else 0}",
        "journal_size_limit=67108864",
    ]
    if not writes:
        pragmas.append("query_only=ON")

    @event.listens_for(engine, "connect")
    def configure(connection: Any, record: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
