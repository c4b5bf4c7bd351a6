from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import BACKENDS, fresh_database
from tests.journeys.installation import Installation


@pytest.fixture
def rasid(tmp_path: Path) -> Iterator[Installation]:
    """A fresh installation on SQLite."""
    with fresh_database("sqlite", tmp_path) as url:
        yield Installation(tmp_path, url)


@pytest.fixture(params=BACKENDS)
def rasid_on_both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """A fresh installation, once on SQLite and once on PostgreSQL."""
    with fresh_database(request.param, tmp_path) as url:
        yield Installation(tmp_path, url)
