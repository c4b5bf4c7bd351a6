"""`rasid watch test` on an archive: both databases, every kind of line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from typer.testing import CliRunner, Result

from monitors.articles import ArticleState
from monitors.cli import build
from monitors.commands import watch_testing
from monitors.errors import UsageError
from monitors.indexing import read_archive
from monitors.storage.articles import save
from monitors.storage.engine import Database, open_database
from monitors.storage.outlets import list_outlets
from monitors.storage.watches import add_watch
from tests.databases import BACKENDS, current_database
from tests.rows import a_new_article, an_outlet, the_console


@pytest.fixture(params=BACKENDS)
def archive(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The database of the commands that a test runs."""
    with current_database(request.param, tmp_path) as url:
        monkeypatch.setenv("RASID_STORAGE_URL", url.render_as_string(hide_password=False))
        monkeypatch.chdir(tmp_path)
        with open_database(url) as database:
            yield database


def fill(database: Database, *texts: str, days_apart: float = 1.0, searchable: bool = True) -> list[datetime]:
    """Articles with these texts, each so much older than the one before; when each was published."""
    dates = [datetime.now(UTC) - timedelta(minutes=1, days=number * days_apart) for number in range(len(texts))]

    def work(connection: Connection) -> None:
        outlet, _ = an_outlet(connection)
        articles = [
            a_new_article(outlet, number, text=text, first_seen_at=at)
            for number, (text, at) in enumerate(zip(texts, dates, strict=True), 1)
        ]
        save(connection, articles, now=datetime.now(UTC), state=ArticleState.DECIDED)

    database.write_now(work)
    if searchable:
        asyncio.run(read_archive(database))
    return dates


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(build(), ["watch", "test", *arguments])
    if result.exception is not None:
        raise result.exception
    return result


def tried(*arguments: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(run(*arguments, "--json").stdout)
    return data


def test_the_archive_tells_what_each_day_would_have_brought(archive: Database) -> None:
    dates = fill(archive, "في مصر", "ماء", "لمصر ومصر", "مصر")
    found = tried("مصر", "--since", "4d")
    assert [found["days"][f"{at:%Y-%m-%d}"] for at in dates] == [1, 0, 1, 1]
    assert found["matches"] == 3
    assert {word["surface"]: word["count"] for word in found["words"]} == {"مصر": 2, "لمصر": 1, "ومصر": 1}
    assert found["examples"][0]["fields"] == {"text": [[3, 6, "مصر"]]}
    assert found["cautions"] == []


def test_wider_queries_are_tried_on_what_the_query_does_not_find(archive: Database) -> None:
    fill(archive, "سد النهضة في مصر", "سد النهضة", "النهضة في مصر بعد السد", "مصر")
    found = tried("سد النهضة AND مصر")
    gains = {(wider["step"], wider["part"]): wider["more"] for wider in found["wider"]}
    assert gains["without", "مصر"] == 1
    assert gains["without", "سد النهضة" if ("without", "سد النهضة") in gains else '"سد النهضة"'] == 2


def test_what_wider_queries_find_does_not_cut_short_what_the_query_finds(
    archive: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_testing, "MOST_WIDER", 2)
    fill(archive, *["ماء"] * 4, "ماء مصر")
    found = tried("مصر AND ماء")
    assert (found["matches"], found["cut"]) == (1, False)
    assert [wider["more"] for wider in found["wider"] if wider["step"] == "without" and wider["part"] == "مصر"] == [2]
    assert found["wider_since"] > found["since"]


def test_the_newest_matches_count_when_there_are_too_many(archive: Database) -> None:
    fill(archive, *["مصر"] * 4)
    found = tried("مصر", "--limit", "2")
    assert (found["matches"], found["cut"]) == (2, True)
    assert sum(found["days"].values()) == 2
    assert "there are more articles than were asked" in run("مصر", "--limit", "2").stdout


def test_ones_own_watches_that_find_the_same_are_named(archive: Database) -> None:
    chat = archive.write_now(the_console)
    for query in ("ماء", "مصر OR مصر", "غزة", "((("):
        archive.write_now(add_watch, chat.id, query, now=datetime.now(UTC))
    fill(archive, "ماء مصر", "ماء ومصر")
    lines = run("مصر").stdout.splitlines()
    assert lines[-2:] == ["  same  no. 2: مصر OR مصر", "  100%  no. 1: ماء"]


def test_what_cannot_be_searched_yet_is_told(archive: Database) -> None:
    fill(archive, "مصر", searchable=False)
    assert "1 article is not searchable yet" in run("مصر").stderr


def test_long_times_are_shown_by_weeks(archive: Database) -> None:
    fill(archive, "مصر", "مصر", "مصر", days_apart=8)
    lines = [line for line in run("مصر", "--since", "90d").stdout.splitlines() if line.startswith("7 days from")]
    assert len(lines) == 13
    assert lines[-1].endswith(f" {'█' * 40} 1")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("مصر", "--zone", "Mars/Base"), "no time zone"),
        (("مصر", "--zone", "../../etc/passwd"), "no time zone"),
        (("مصر", "--since", "yesteryear"), "--since yesteryear cannot be understood"),
        (("مصر", "--file", "missing.jsonl"), "cannot be read"),
        (("(مصر",), "never closed"),
    ],
)
def test_a_mistake_gets_one_clear_message(
    arguments: tuple[str, ...], complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=complaint):
        run(*arguments)


def test_a_misspelled_word_that_finds_nothing_is_said_as_it_stands_in_headlines(archive: Database) -> None:
    fill(archive, "one")
    outlet = archive.read_now(list_outlets)[0]
    article = a_new_article(outlet, 9, title="Fuel prices rise", first_seen_at=datetime.now(UTC))
    archive.write_now(save, [article], now=datetime.now(UTC), state=ArticleState.DECIDED)
    asyncio.run(read_archive(archive))
    assert "Did you mean: fuel" in run("feul").stdout
    assert json.loads(run("feul", "--json").stdout)["meant"] == "fuel"
    assert "Did you mean" not in run("qqqq").stdout
