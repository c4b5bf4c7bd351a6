from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from crawler.commands.showing import in_words
from monitors.health import Diagnosis, Finding, Health

SINCE = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
TOLD = f"since {SINCE.astimezone():%F %T}"


@pytest.mark.parametrize(
    ("health", "reason", "expected"),
    [
        (Health.OK, {"code": Finding.WORKS}, "ok"),
        (
            Health.BROKEN,
            {"code": Finding.GONE},
            f"broken {TOLD}: the server says that it is gone for good",
        ),
        (
            Health.BROKEN,
            {"code": Finding.FAILING, "failures": 7, "error": "The site answered 500."},
            f"broken {TOLD}: failed 7 times in a row. The site answered 500.",
        ),
        (
            Health.QUIET,
            {"code": Finding.SILENT, "expected": 26, "hours": 13},
            f"quiet {TOLD}: about 26 articles should have come meanwhile",
        ),
        (
            Health.QUIET,
            {"code": Finding.FEW, "seen": 3, "expected": 90, "hours": 72},
            "quiet: 3 articles in the last 72 h; about 90 would have been usual",
        ),
    ],
)
def test_a_person_is_told_how_an_outlet_fares(health: Health, reason: Mapping[str, object], expected: str) -> None:
    assert in_words(Diagnosis(health, SINCE, reason)) == expected
