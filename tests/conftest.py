"""Fixtures every test may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitors.environment import PREFIX
from monitors.storage.engine import Database, open_database
from monitors.storage.migrating import upgrade
from tests.databases import BACKENDS, fresh_database

pytest_plugins = ["tests.fakes.parsers"]


@pytest.fixture(autouse=True)
def no_settings_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings of whoever runs it."""
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


@pytest.fixture(params=BACKENDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with the current schema; the test runs once on SQLite and once on PostgreSQL."""
    with fresh_database(request.param, tmp_path) as url, open_database(url) as opened:
        upgrade(opened)
        yield opened


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database with the current schema, for tests that are not about storage."""
    with fresh_database("sqlite", tmp_path) as url, open_database(url) as opened:
        upgrade(opened)
        yield opened
