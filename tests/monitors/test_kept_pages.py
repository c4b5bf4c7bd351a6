from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitors.articles import Edit, PageCopy
from monitors.cli import build
from monitors.errors import NotFound
from monitors.settings_file import load
from monitors.storage.articles import save
from monitors.storage.edits import save_edits
from monitors.storage.engine import Connection, open_database, parse_url
from monitors.storage.migrating import upgrade
from tests.rows import NOW, a_new_article, an_outlet

FIRST, SECOND = b"<h1>\xff\x00 as it came</h1>", b"<h1>edited</h1>"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a database in which one article was kept twice and another never."""
    monkeypatch.chdir(tmp_path)
    with open_database(parse_url(load().storage.url, base=tmp_path)) as database:
        upgrade(database)
        database.write_now(two_articles)
    return tmp_path


def two_articles(connection: Connection) -> None:
    outlet, _ = an_outlet(connection)
    pages = [PageCopy("https://port.example/1", "text/html", NOW, body) for body in (FIRST, SECOND)]
    save(connection, [a_new_article(outlet, 1, page=pages[0]), a_new_article(outlet, 2)], now=NOW)
    save_edits(connection, [Edit(1, a_new_article(outlet, 1, text="نص آخر", page=pages[1]))])


def rasid(*arguments: str) -> bytes:
    result = CliRunner().invoke(build(), arguments)
    if result.exception is not None:
        raise result.exception
    return result.stdout_bytes


@pytest.mark.usefixtures("folder")
def test_a_kept_page_comes_out_byte_for_byte() -> None:
    assert rasid("page", "1") == SECOND
    assert rasid("page", "1", "--version", "1") == FIRST


@pytest.mark.usefixtures("folder")
def test_a_page_that_was_not_kept_is_explained() -> None:
    for arguments in (("2",), ("7",), ("1", "--version", "3")):
        with pytest.raises(NotFound, match="was kept"):
            rasid("page", *arguments)
