from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event, text

from monitors.errors import AlreadyRunning
from monitors.schedules import keeps_schedules
from monitors.storage.engine import Database, open_database
from monitors.storage.instance import only_instance


def test_a_second_instance_is_refused_until_the_first_is_gone(database: Database) -> None:
    with open_database(database.url) as other:
        with (
            only_instance(database, ["crawl", "tell"]),
            pytest.raises(AlreadyRunning, match="Another Rasid"),
            only_instance(other, ["tell"]),
        ):
            pass
        with only_instance(other, ["tell"]):
            pass


def test_the_lock_names_its_holder(sqlite_database: Database) -> None:
    with only_instance(sqlite_database, ["tell"]):
        lock = Path(f"{sqlite_database.url.database}.lock")
        assert lock.read_text().isdecimal()
        assert lock.stat().st_mode & 0o077 == 0


def test_a_lock_that_the_server_forgot_is_taken_again_unless_another_was_faster(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("a file lock lasts as long as its process")
    with open_database(database.url) as other, only_instance(database, ["tell"]) as is_held:

        def restart() -> None:
            others = "pid <> pg_backend_pid() AND datname = current_database()"
            gone = text(f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE {others}")
            other.write_now(lambda connection: connection.execute(gone).all())

        def refuse(*_: object) -> None:
            raise psycopg.OperationalError("connection refused")

        assert is_held()
        event.listen(database.engine, "do_connect", refuse)
        restart()
        assert [is_held(), is_held()] == [False, False]
        event.remove(database.engine, "do_connect", refuse)
        assert [is_held(), is_held()] == [True, True]
        with pytest.raises(AlreadyRunning), only_instance(other, ["tell"]):
            pass
        restart()
        with only_instance(other, ["tell"]), pytest.raises(AlreadyRunning, match="the role “tell”"):
            is_held()


def test_one_of_several_processes_keeps_the_schedules(database: Database) -> None:
    assert keeps_schedules(database, ["crawl", "decide"])
    assert keeps_schedules(database, ["tell"]) == database.is_sqlite
