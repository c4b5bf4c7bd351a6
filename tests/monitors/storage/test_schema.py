from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from monitors.errors import ConfigError, StorageError
from monitors.storage.engine import Database, open_database, parse_url
from monitors.storage.indexes import metadata
from monitors.storage.migrating import needed_version, schema_version, upgrade
from tests.databases import BACKENDS, fresh_database


def differences(connection: Connection) -> list[object]:
    """Apart from the words' index, which SQLAlchemy has no words for."""
    opts = {"compare_type": True, "include_name": lambda name, kind, _: kind != "table" or not is_of_words(name)}
    found: list[object] = compare_metadata(MigrationContext.configure(connection, opts=opts), metadata)
    return found


def is_of_words(table: str | None) -> bool:
    return table is not None and table.partition("_")[0] == "words"


def test_migrations_make_exactly_the_tables_the_code_uses(database: Database) -> None:
    assert database.read_now(differences) == []
    assert database.read_now(schema_version) == needed_version()


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_upgrade_is_done_once(backend: str, tmp_path: Path) -> None:
    with fresh_database(backend, tmp_path) as url, open_database(url) as database:
        assert upgrade(database)
        assert not upgrade(database)


def test_a_database_of_a_newer_rasid_is_refused(database: Database) -> None:
    database.write_now(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num='9999'")))
    with pytest.raises(StorageError, match="schema 9999"):
        upgrade(database)


@pytest.mark.parametrize("backend", BACKENDS)
def test_tables_that_are_not_ours_are_left_alone(backend: str, tmp_path: Path) -> None:
    with fresh_database(backend, tmp_path) as url, open_database(url) as database:
        database.write_now(lambda connection: connection.execute(text("CREATE TABLE outlets (shop text)")))
        with pytest.raises(StorageError, match="not Rasid's"):
            upgrade(database)


def test_sqlite_keeps_what_was_committed_even_at_power_loss(sqlite_database: Database) -> None:
    def pragmas(connection: Connection) -> tuple[object, object]:
        return tuple(connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous"))  # type: ignore[return-value]

    full = 2
    assert sqlite_database.write_now(pragmas) == ("wal", full)


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("nonsense", "not a database URL"),
        ("mysql://localhost/rasid", "mysql, which is not supported"),
        ("postgresql://me@host:abc/db", "not a database URL"),
        ("sqlite://", "in-memory"),
        ("sqlite:///:memory:", "in-memory"),
    ],
)
def test_a_wrong_database_url_is_explained(url: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=complaint):
        parse_url(url, base=tmp_path)


@pytest.mark.parametrize("url", ["postgresql://nobody:secret@127.0.0.1:9/none", "sqlite:////proc/none/rasid.db"])
def test_an_unreachable_database_is_explained_without_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be opened") as caught:
        open_database(parse_url(url, base=tmp_path))
    assert "secret" not in str(caught.value)


def test_nobody_else_can_read_what_people_are_interested_in(tmp_path: Path) -> None:
    file = tmp_path / "rasid.db"
    file.touch()
    file.chmod(0o644)
    with open_database(parse_url("sqlite:///rasid.db", base=tmp_path)) as database:
        upgrade(database)
    assert file.stat().st_mode & 0o007 == 0
