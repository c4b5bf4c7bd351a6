from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest

from crawler.commands.showing import in_words
from monitors.health import Diagnosis, Finding, Health
from monitors.outlets import Source, SourceKind

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


@pytest.mark.parametrize(
    ("failures", "expected"),
    [
        ([0], "ok"),
        ([0, 2], "ok, though 1 of its 2 sources could not be read when last polled"),
        ([1], "doubtful: its only source could not be read when last polled"),
        ([1, 3], "doubtful: none of its 2 sources could be read when last polled"),
    ],
)
def test_an_outlet_is_not_said_to_be_well_while_its_sources_fail(failures: Sequence[int], expected: str) -> None:
    sources = [a_source(failures=number) for number in failures]
    asleep = a_source(failures=9, active=False)
    assert in_words(Diagnosis(Health.OK, SINCE), [*sources, asleep]) == expected


def a_source(*, failures: int, active: bool = True) -> Source:
    url = "https://alofoq.example/feed/"
    return Source(
        id=1, outlet_id=1, kind=SourceKind.FEED, url=url, next_poll_at=SINCE, failures=failures, active=active
    )
