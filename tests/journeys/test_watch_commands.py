"""`rasid watch …` as a person at the shell has it: real processes, beside the running service."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitors.articles import ArticleState
from monitors.storage.articles import count_by_state, save
from tests.journeys.installation import Finished, Installation
from tests.rows import a_new_article, an_outlet


async def told(rasid: Installation, *arguments: str, code: int = 0) -> Finished:
    finished = await rasid.rasid("watch", *arguments)
    assert finished.code == code, finished
    assert "Traceback" not in finished.err
    return finished


async def test_a_watch_is_added_shown_changed_rests_and_goes(rasid: Installation) -> None:
    added = await told(rasid, "add", "سد", "النهضة")
    assert added.out.startswith("Watching (no. 1): سد النهضة")
    again = await told(rasid, "add", "«سد النهضة»")
    assert again.err == "rasid: No. 1 asks the same already: سد النهضة\n"
    await told(rasid, "add", "سد", "--watchlist", "الماء")
    shown = (await told(rasid, "show", "1")).out.splitlines()
    assert [line.split("  ")[0] for line in shown if "no. 2" in line or "no. 3" in line] == [
        "asks the same",
        "finds all of it",
    ]
    assert "Paused (no. 1)" in (await told(rasid, "pause", "1")).out
    assert "paused already" in (await told(rasid, "pause", "سد النهضة")).out
    assert "(paused)" in (await told(rasid, "list")).out
    assert "Before: سد النهضة" in (await told(rasid, "edit", "1", "سد النهضة OR مصر", "--to", "الماء")).out
    (first, *_) = [json.loads(line) for line in (await told(rasid, "list", "--json")).out.splitlines()]
    assert (first["id"], first["query"], first["watchlist"], first["state"]) == (
        1,
        "سد النهضة OR مصر",
        "الماء",
        "paused",
    )
    assert "Watching again (no. 1)" in (await told(rasid, "resume", "--watchlist", "الماء")).out
    await told(rasid, "remove", "--watchlist", "الماء")
    (left,) = [json.loads(line) for line in (await told(rasid, "list", "--json")).out.splitlines()]
    assert left["id"] == 2


async def test_what_cannot_be_meant_ends_with_two_and_says_what_to_do(rasid: Installation) -> None:
    assert "^" in (await told(rasid, "add", "(دمشق OR حلب", code=2)).err
    assert "There is no watch “7”" in (await told(rasid, "show", "7", code=2)).err
    assert "Which watch?" in (await told(rasid, "pause", code=2)).err
    assert "nothing to change" in (await told(rasid, "edit", "7", code=2)).err
    assert "no time zone" in (await told(rasid, "test", "مصر", "--zone", "Mars/Base", code=2)).err
    assert "--since" in (await told(rasid, "test", "مصر", "--since", "soon", code=2)).err


async def test_what_is_exported_is_imported_elsewhere(rasid: Installation) -> None:
    for query in ("نفط -رياضة", "غزة, رفح"):
        await told(rasid, "add", query)
    await told(rasid, "pause", "2")
    for name in ("watches.csv", "watches.toml", "watches.txt"):
        assert f"2 watches written to {name}." in (await told(rasid, "export", name)).out
        await told(rasid, "remove", "--watchlist", "default")
        assert "2 watches imported, 0 there already, 0 could not be." in (await told(rasid, "import", name)).out
        assert "0 watches imported, 2 there already" in (await told(rasid, "import", name)).out
        kept = [json.loads(line) for line in (await told(rasid, "list", "--json")).out.splitlines()]
        assert [(watch["query"], watch["state"]) for watch in kept] == [
            ("نفط -رياضة", "active"),
            ("غزة, رفح", "paused"),
        ]


async def test_a_list_with_bad_lines_is_imported_without_them_or_not_at_all(rasid: Installation) -> None:
    rasid.settings["limits.watches_per_chat"] = "2"
    (rasid.folder / "words.txt").write_text("غزة\nنفط AND\nغزة\nماء\nقمح\n", encoding="utf-8")
    refused = await told(rasid, "import", "words.txt", "--strict", code=1)
    assert "Nothing was saved" in refused.out
    tried = json.loads((await told(rasid, "import", "words.txt", "--dry-run", "--json", code=1)).out)
    assert (tried["saved"], len(tried["added"]), tried["duplicates"]) == (False, 2, 1)
    assert [bad["line"] for bad in tried["bad"]] == [2, 5]
    assert (await told(rasid, "list")).out.startswith("No watches yet")
    imported = await told(rasid, "import", "words.txt", code=1)
    assert "line 2: " in imported.out
    assert "line 5: There is no room: a chat may have 2 watches." in imported.out
    assert "2 watches imported, 1 there already, 2 could not be." in imported.out
    assert "cannot be read" in (await told(rasid, "import", "missing.csv", code=2)).err
    assert "larger than 10 MB" in (await told(rasid, "import", "/dev/zero", code=2)).err


def articles_file(folder: Path) -> Path:
    now = datetime.now(UTC)
    lines = [
        {
            "id": 1,
            "title": "سد النهضة",
            "text": "حول سد النهضة في مصر",
            "published_at": now.isoformat(),
            "url": "https://a.example/1",
        },
        {
            "id": 2,
            "title": "",
            "text": "سد النهضة",
            "published_at": (now - timedelta(days=2)).isoformat(),
            "outlet": "الأفق",
        },
        {"id": 3, "title": "ماء", "text": "النهضة بعد السد"},
    ]
    file = folder / "articles.jsonl"
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    file.write_text(f"{text}\nnot json\n", encoding="utf-8")
    return file


async def test_a_query_is_tried_on_a_file_of_articles(rasid: Installation) -> None:
    file = articles_file(rasid.folder)
    shown = await told(rasid, "test", "سد النهضة", "--file", str(file))
    assert "2 articles in 2 days, 1.0 a day, as days are in UTC." in shown.out
    assert "     3  سد النهضة" in shown.out
    assert "    +1  apart: سد AND النهضة" in shown.out
    assert "حول «سد النهضة» في مصر" in shown.out
    assert "https://a.example/1" in shown.out
    assert "Line 4 is no article" in shown.err
    data = json.loads((await told(rasid, "test", "سد النهضة", "--file", str(file), "--json")).out)
    assert list(data["days"].values()) == [1, 0, 1]
    assert data["words"] == [{"surface": "سد النهضة", "count": 3}]
    assert data["examples"][1]["outlet"] == "الأفق"


async def test_a_query_is_tried_on_the_archive_and_a_paused_watch_finds_nothing_at_once(rasid: Installation) -> None:
    await told(rasid, "add", "مصر")
    await told(rasid, "add", "القاهرة")
    async with rasid.running("--roles", "decide,tell") as service:
        await service.started()
        await told(rasid, "pause", "2")
        with rasid.database() as database:
            outlet, _ = database.write_now(an_outlet)
            now = datetime.now(UTC)
            new = [a_new_article(outlet, 1, title="في القاهرة", text="لمصر", first_seen_at=now)]
            database.write_now(save, new, now=now)
            async with asyncio.timeout(20):
                while ArticleState.PENDING in database.read_now(count_by_state):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        shown = json.loads((await told(rasid, "show", "1", "--json")).out)
        assert (shown["matches"], shown["matches_last_7_days"]) == (1, 1)
        assert json.loads((await told(rasid, "show", "2", "--json")).out)["matches"] == 0
    tried = json.loads((await told(rasid, "test", "مصر AND القاهرة", "--json")).out)
    assert (tried["matches"], tried["zone"], len(tried["days"])) == (1, "UTC", 8)
    assert [(overlap["id"], overlap["share"]) for overlap in tried["overlaps"]] == [(1, 1.0), (2, 1.0)]
