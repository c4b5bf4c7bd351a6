"""A database that is away is told apart from work that is wrong, and what is said of either repeats no values."""

from __future__ import annotations

import traceback
from collections.abc import Callable

import pysqlite3.dbapi2
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from monitors.errors import DatabaseAway
from monitors.storage import engine
from monitors.storage.engine import Database, open_database
from monitors.storage.tables import marks

SECRET = "what-somebody-wrote"


def cut_off(connection: Connection) -> None:
    """Loses its connection in the middle of a transaction, as by a server that restarts."""
    connection.execute(text("SELECT :secret"), {"secret": SECRET})
    connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid()), :secret"), {"secret": SECRET})


def wrong(connection: Connection) -> None:
    connection.execute(text("INSERT INTO chats (id, transport) VALUES (1, :secret)"), {"secret": SECRET})


def test_a_lost_connection_is_the_servers_fault_and_the_next_one_works(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("a file has no connection to lose")
    for run in (database.write_now, database.read_now):
        with pytest.raises(DatabaseAway, match=r"does not answer: .*terminating connection") as caught:
            run(cut_off)
        assert SECRET not in f"{caught.value}{caught.value.__cause__}"
        assert run(lambda connection: connection.scalar(text("SELECT 1"))) == 1


def test_a_server_that_does_not_run_is_away(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("a file needs no server")
    nobody = Database(database.url.set(query={}, host="127.0.0.1", port=9))
    with pytest.raises(DatabaseAway, match="does not answer"):
        nobody.read_now(lambda connection: connection.scalar(text("SELECT 1")))
    nobody.close()


def test_a_file_that_is_locked_or_full_is_away(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 1)
    with open_database(sqlite_database.url) as database:
        holding = pysqlite3.dbapi2.connect(str(database.url.database), isolation_level=None)
        holding.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseAway, match="locked"):
            database.write_now(lambda connection: None)
        holding.close()

        def fill(connection: Connection) -> None:
            pages = connection.scalar(text("PRAGMA page_count"))
            connection.execute(text(f"PRAGMA max_page_count = {pages}"))
            connection.execute(text("CREATE TABLE filling (bytes BLOB)"))
            connection.execute(text("INSERT INTO filling VALUES (zeroblob(1000000))"))

        with pytest.raises(DatabaseAway, match="full"):
            database.write_now(fill)


def twice(connection: Connection) -> None:
    for _ in range(2):
        connection.execute(marks.insert().values(name=SECRET, value="1"))


@pytest.mark.parametrize(("work", "said"), [(wrong, "null"), (twice, "unique")])
def test_wrong_work_is_not_excused_and_what_was_written_is_in_no_log(
    database: Database, work: Callable[[Connection], None], said: str
) -> None:
    """PostgreSQL adds the row that it refuses as DETAIL."""
    with pytest.raises(DBAPIError) as caught:
        database.write_now(work)
    logged = "".join(traceback.format_exception(caught.value))
    assert said in logged.lower()
    assert SECRET not in logged
