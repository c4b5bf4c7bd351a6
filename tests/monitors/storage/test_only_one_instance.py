from __future__ import annotations

from pathlib import Path

import pytest

from monitors.errors import AlreadyRunning
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
