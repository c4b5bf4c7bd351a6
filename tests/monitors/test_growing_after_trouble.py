"""An alert that could not be changed, or may have been said, meets more: no digest may tell it, and it is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitors.alerts import DeliveryState
from monitors.storage.engine import Database
from monitors.subscriptions import Mode
from tests.monitors.test_telling_again import change, release, rule
from tests.newsroom import Newsroom, a_newsroom, report, sentences

REFUSED = {"state": DeliveryState.UNDELIVERABLE, "error": "Bad Request: no"}
PERHAPS_SAID = {"state": DeliveryState.UNCONFIRMED, "error": "timed out", "repeats": 5, "message_id": None}


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return a_newsroom(database, "بغداد", "النفط")


@pytest.mark.parametrize("trouble", [REFUSED, PERHAPS_SAID])
async def test_two_that_wait_for_one_digest_are_told_one_by_one(newsroom: Newsroom, trouble: dict[str, Any]) -> None:
    for outlet in (0, 1):
        await newsroom.prints(outlet, report(["بغداد", *sentences(outlet, 15)]))
    newsroom.tell()
    change(newsroom, **trouble)
    rule(newsroom, mode=Mode.DAILY)
    for outlet in (0, 1):
        fuller = report(["بغداد", *sentences(outlet, 15), "النفط"])
        await newsroom.edits(outlet, outlet + 1, fuller, after=timedelta(minutes=1))
    assert newsroom.states() == [DeliveryState.HELD] * 2
    release(newsroom)
    newsroom.tell()
    assert newsroom.states() == [DeliveryState.SENT] * 2
