from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import BACKENDS, current_database, fresh_database
from tests.journeys.installation import Installation


@pytest.fixture
def rasid(tmp_path: Path) -> Iterator[Installation]:
    """An installation on SQLite that nothing has been done with; its database is made already, which takes a while."""
    with current_database("sqlite", tmp_path) as url:
        yield Installation(tmp_path, url)


@pytest.fixture(params=BACKENDS)
def rasid_on_both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """An installation without a database, once on SQLite and once on PostgreSQL."""
    with fresh_database(request.param, tmp_path) as url:
        yield Installation(tmp_path, url)
