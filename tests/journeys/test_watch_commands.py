"""`rasid watch …` beside the running service, in real processes."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

from monitors.articles import ArticleState
from monitors.storage.articles import count_by_state, save
from tests.journeys.installation import Finished, Installation
from tests.rows import a_new_article, an_outlet


async def told(rasid: Installation, *arguments: str, code: int = 0) -> Finished:
    finished = await rasid.rasid("watch", *arguments)
    assert finished.code == code, finished
    assert "Traceback" not in finished.err
    return finished


async def test_a_query_is_tried_on_the_archive_and_a_paused_watch_finds_nothing_at_once(rasid: Installation) -> None:
    await told(rasid, "add", "مصر")
    await told(rasid, "add", "القاهرة")
    async with rasid.running("--roles", "decide,tell") as service:
        await service.started(60)
        await told(rasid, "pause", "2")
        with rasid.database() as database:
            outlet, _ = database.write_now(an_outlet)
            now = datetime.now(UTC)
            new = [a_new_article(outlet, 1, title="في القاهرة", text="لمصر", first_seen_at=now)]
            database.write_now(save, new, now=now)
            async with asyncio.timeout(60):
                while ArticleState.PENDING in database.read_now(count_by_state):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        shown = json.loads((await told(rasid, "show", "1", "--json")).out)
        assert (shown["matches"], shown["matches_last_7_days"]) == (1, 1)
        assert json.loads((await told(rasid, "show", "2", "--json")).out)["matches"] == 0
    tried = json.loads((await told(rasid, "test", "مصر AND القاهرة", "--json")).out)
    assert (tried["matches"], tried["zone"], len(tried["days"])) == (1, "UTC", 8)
    assert [(overlap["id"], overlap["share"]) for overlap in tried["overlaps"]] == [(1, 1.0), (2, 1.0)]


async def test_a_mistake_ends_with_two_and_a_line_that_cannot_be_imported_with_one(rasid: Installation) -> None:
    assert "^" in (await told(rasid, "add", "(دمشق OR حلب", code=2)).err
    (rasid.folder / "words.txt").write_text("غزة\nنفط AND\n", encoding="utf-8")
    assert (
        "1 watch imported, 0 there already, 1 could not be." in (await told(rasid, "import", "words.txt", code=1)).out
    )
