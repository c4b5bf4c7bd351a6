"""`rasid search` in real processes, beside a running service and without one."""

from __future__ import annotations

import asyncio
import json
import re
import sys

import pytest
from typer.testing import CliRunner

from monitors.articles import ArticleState
from monitors.cli import build
from monitors.errors import UsageError
from monitors.indexing import read_archive
from monitors.storage.articles import save
from monitors.storage.engine import open_database
from monitors.storage.words import count_unread
from tests.fakes.outlet import serve
from tests.journeys.installation import Installation
from tests.rows import NOW, a_new_article, an_outlet


def fill(rasid: Installation, count: int) -> None:
    """An archive that nobody has read yet."""
    with open_database(rasid.url) as database:
        outlet, _ = database.write_now(an_outlet)
        new = [
            a_new_article(outlet, number, text=f"حول سد النهضة ({number})", tags=("[bold]مياه[/bold]",))
            for number in range(1, count + 1)
        ]
        database.write_now(save, new, now=NOW, state=ArticleState.ARCHIVED)


async def read_by_the_service(rasid: Installation, left: int) -> None:
    """Waits until so many articles are left to be read."""
    with rasid.database() as database:
        async with asyncio.timeout(40):
            while await database.read(count_unread) > left:  # noqa: ASYNC110  # another process writes it
                await asyncio.sleep(0.1)


async def test_what_the_service_collects_is_found(rasid_on_both: Installation) -> None:
    rasid = rasid_on_both
    async with serve() as outlet:
        outlet.publish("ورشات المياه", ["بدأت الأعمال بالقيّارة صباح اليوم وتستمر شهرين كاملين في سبع قرى."])
        rasid.allow(outlet.url)
        assert (await rasid.rasid("outlet", "add", outlet.url)).code == 0
        before = await rasid.rasid("search", "القيارة")
        assert "Nothing found" in before.out
        assert "1 article is not searchable yet" in before.out
        async with rasid.running() as service:
            await service.started()
            await read_by_the_service(rasid, 0)
            assert await service.stop() == 0
    found = await rasid.rasid("search", "القيارة")
    assert "ورشات المياه" in found.out
    assert "بدأت الأعمال «بالقيّارة» صباح" in found.out
    assert re.search(r"^1 to 1 of 1 \(\d\.\d\d s\)$", found.out, re.MULTILINE)
    assert "not searchable" not in found.out
    assert (found.code, found.err) == (0, "")


async def test_results_come_in_pages_and_as_json(rasid: Installation) -> None:
    fill(rasid, 45)
    async with rasid.running() as service:
        await service.started()
        await read_by_the_service(rasid, 0)
    first = await rasid.rasid("search", "النهضة")
    assert first.out.count("https://") == 20
    assert re.search(r"^1 to 20 of 45 .*\nMore: --page 2$", first.out, re.MULTILINE)
    last = await rasid.rasid("search", "سد النهضة", "--page", "3")
    assert last.out.count("https://") == 5
    assert re.search(r"^41 to 45 of 45 ", last.out, re.MULTILINE)
    assert "Nothing found on this page" in (await rasid.rasid("search", "النهضة", "--page", "4")).out
    as_json = await rasid.rasid("search", "سد النهضة", "--json", "--limit", "2")
    lines = [json.loads(line) for line in as_json.out.splitlines()]
    assert [line["id"] for line in lines] == [45, 44]
    assert lines[0]["fields"] == {"text": [[4, 13, "سد النهضة"]]}
    assert "1 to 2; there are more" in as_json.err


async def test_reading_the_archive_survives_kill_9(rasid: Installation) -> None:
    fill(rasid, 120)
    async with rasid.running() as service:
        await service.started()
        await read_by_the_service(rasid, 100)
        await service.kill()
    found = await rasid.rasid("search", "النهضة", "--limit", "1")
    with rasid.database() as database:
        left = database.read_now(count_unread)
    assert f"1 to 1 of {120 - left}" in found.out
    async with rasid.running() as service:
        await service.started()
        await read_by_the_service(rasid, 0)
    assert "1 to 1 of 120" in (await rasid.rasid("search", "النهضة", "--limit", "1")).out


def test_what_cannot_be_understood_is_explained(rasid: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(rasid, 1)
    for name, value in rasid.environment.items():
        monkeypatch.setenv(name, value)
    for arguments, explanation in (
        (("(القيارة",), "parenthesis"),
        (("سد", "--since", "soon"), "--since soon cannot be understood."),
        (("سد", "--outlet", "nobody"), "No outlet is called “nobody”."),
        (("سد", "--lang", "klingon"), "“klingon” is no language."),
        (("-سد",), "The query only says what an article must not contain"),
    ):
        with pytest.raises(UsageError, match=re.escape(explanation)):
            raise CliRunner().invoke(build(), ["search", *arguments]).exception or AssertionError(arguments)


async def test_what_cannot_even_be_read_is_explained_and_ends_with_two(rasid: Installation) -> None:
    fill(rasid, 1)
    for arguments, explanation in (
        (("سد", "--outlet", "nobody\udcff"), "No outlet is called “nobody”."),
        (("سد", "--sinec", "7d"), "There is no option --sinec. Did you mean --since?"),
        (("سد", "--page", "0"), "--page"),
    ):
        ended = await rasid.rasid("search", *arguments)
        assert ended.code == 2
        assert explanation in ended.err
        assert "Traceback" not in ended.err


async def test_a_word_with_a_dash_belongs_to_the_query(rasid: Installation) -> None:
    fill(rasid, 2)
    with rasid.database() as database:
        await read_archive(database)
    assert "1 to 1 of 1 " in (await rasid.rasid("search", "سد", "-1")).out
    assert "1 to 1 of 1 " in (await rasid.rasid("search", "-1 AND سد", "--limit", "5")).out


@pytest.mark.parametrize(
    ("command", "closed", "code"),
    [
        ("search سد --json", "<&- 2>&-", 0),
        ("watch test سد --file -", "<&- 2>&-", 0),
        ("search سد", ">&-", 0),
        ("watch export", ">&-", 2),
    ],
)
async def test_closed_streams_are_nothing_unexpected(rasid: Installation, command: str, closed: str, code: int) -> None:
    fill(rasid, 1)
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", f"exec {sys.executable} -m monitors {command} {closed}"),
        cwd=rasid.folder,
        env=rasid.environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        _, err = await process.communicate()
    assert process.returncode == code
    assert b"unexpected" not in err
