"""Fixtures every test may use."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from monitors.environment import PREFIX
from monitors.storage.engine import Database, open_database
from tests.databases import BACKENDS, current_database

pytest_plugins = ["tests.fakes.parsers"]

# How long an example takes says how busy the machine is.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# What one process compiles is kept for the next: tests start hundreds, and compiling is most of what a start takes.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(autouse=True)
def no_settings_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings of whoever runs it."""
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


@pytest.fixture(params=BACKENDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with the current schema; the test runs once on SQLite and once on PostgreSQL."""
    with current_database(request.param, tmp_path) as url, open_database(url) as opened:
        yield opened


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database with the current schema, for tests that are not about storage."""
    with current_database("sqlite", tmp_path) as url, open_database(url) as opened:
        yield opened
