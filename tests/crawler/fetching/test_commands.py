"""The commands as a person runs them: real processes, a real outlet, real SQLite."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitors.cli import build
from monitors.errors import NotFound, UsageError
from tests.crawler.fetching.conftest import Reactor
from tests.fakes.outlet import NAME, Outlet, serve

PROJECT = Path(__file__).parents[3]

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def outlet(reactor: Reactor) -> Iterator[Outlet]:
    """An outlet with two articles, on the reactor's loop."""
    standing = serve()
    outlet = reactor.run(standing.__aenter__())
    outlet.publish("خبر قديم 1")
    outlet.publish("خبر قديم 2")
    yield outlet
    reactor.run(standing.__aexit__(None, None, None))


@pytest.fixture
def folder(tmp_path: Path, outlet: Outlet, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, whose settings permit the outlet."""
    port = outlet.url.rsplit(":", 1)[1]
    (tmp_path / "rasid.toml").write_text(f'[crawl]\nallow_addresses = ["127.0.0.1"]\nports = [{port}]\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def rasid(folder: Path) -> Run:
    """Runs `rasid …` as a process: a command that goes online needs a reactor of its own."""

    def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).with_name("rasid")), *arguments]
        return subprocess.run(command, capture_output=True, text=True, input=stdin, timeout=100)

    return run


def offline(*arguments: str) -> str:
    """What a command that stays offline prints."""
    result = CliRunner().invoke(build(), arguments)
    if result.exception is not None:
        raise result.exception
    return result.stdout


@pytest.fixture
def scrapy(outlet: Outlet, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `scrapy …` in the project, with settings in the environment that permit the outlet."""
    monkeypatch.setenv("RASID_CRAWL_ALLOW_ADDRESSES", "127.0.0.1")
    monkeypatch.setenv("RASID_CRAWL_PORTS", outlet.url.rsplit(":", 1)[1])

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "scrapy", *arguments]
        return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=100)

    return run


def test_an_outlet_is_checked_added_listed_shown_and_removed(rasid: Run, outlet: Outlet) -> None:
    checked = rasid("outlet", "check", outlet.url)
    assert checked.returncode == 0, checked.stderr
    assert NAME in checked.stdout
    assert "خبر قديم 2" in checked.stdout
    assert json.loads(offline("outlet", "list", "--json")) == []

    added = rasid("outlet", "add", outlet.url, "--name", "الميناء")
    assert added.returncode == 0, added.stderr
    assert "Following الميناء" in added.stdout
    (followed,) = json.loads(offline("outlet", "list", "--json"))
    assert (followed["name"], followed["sources"]) == ("الميناء", [f"{outlet.url}/feed/"])

    assert "every 5 min" in offline("outlet", "show", "الميناء")
    (source,) = json.loads(offline("outlet", "show", "الميناء", "--json"))["sources"]
    assert source["articles"] == 2

    assert "not followed any more" in offline("outlet", "remove", "الميناء")
    assert json.loads(offline("outlet", "list", "--json")) == []
    with pytest.raises(NotFound):
        offline("outlet", "show", "الميناء")


def test_a_crawl_prints_what_is_new_as_json_lines(rasid: Run, outlet: Outlet) -> None:
    rasid("outlet", "add", outlet.url, "--name", "الميناء")
    for number in range(3):
        outlet.publish(f"خبر جديد {number}")
    crawled = rasid("crawl", "الميناء", "--json", "--limit", "2")
    assert crawled.returncode == 0, crawled.stderr
    articles = [json.loads(line) for line in crawled.stdout.splitlines()]
    assert len(articles) == 2
    assert all(article["text"].startswith("أعلنت بلدية المدينة") for article in articles)
    assert "2 new articles, " in crawled.stderr
    assert "1 new article, " in rasid("crawl", "الميناء").stderr


def test_what_is_no_address_is_refused_at_once(folder: Path) -> None:
    with pytest.raises(UsageError, match="“two words” is not a web address"):
        offline("outlet", "add", "two words")


def test_an_outlet_that_cannot_be_had_gets_one_clear_message(rasid: Run) -> None:
    refused = rasid("outlet", "add", "http://10.0.0.1/")
    assert refused.returncode == 1
    assert "could not be reached, or its address is not allowed." in refused.stderr
    assert "crawl.allow_addresses" in refused.stderr
    assert "crawl.ports" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 2


@pytest.mark.parametrize("document", ["feed.xml", "{url}/feed/"])
def test_a_feed_is_read_from_a_file_or_an_address(rasid: Run, outlet: Outlet, folder: Path, document: str) -> None:
    (folder / "feed.xml").write_bytes(outlet.feed())
    read = rasid("feed", document.format(url=outlet.url))
    assert [json.loads(line)["title"] for line in read.stdout.splitlines()] == ["خبر قديم 2", "خبر قديم 1"]


def test_a_page_is_read_from_input(rasid: Run, outlet: Outlet) -> None:
    page = outlet.page(outlet.articles[0])
    extracted = rasid("extract", "-", "--url", "https://example.org/1", stdin=page)
    assert json.loads(extracted.stdout)["title"] == "خبر قديم 1"


def test_a_document_that_cannot_be_read_gets_one_clear_message(rasid: Run, outlet: Outlet) -> None:
    with pytest.raises(UsageError, match=r"missing\.xml cannot be read"):
        offline("feed", "missing.xml")
    refused = rasid("feed", f"{outlet.url}/news/1/")
    assert refused.returncode == 1
    said, hint = refused.stderr.strip().splitlines()
    assert said.endswith("This is a web page, not a feed.")
    assert "rasid outlet check" in hint


def test_a_refused_port_and_a_refused_address_are_told_alike(rasid: Run) -> None:
    addresses = ("http://127.0.0.1:22/", "http://10.0.0.1/")
    one, other = (rasid("feed", address).stderr.replace(address, "") for address in addresses)
    assert one == other
    assert "crawl.ports" in one


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "This is an image, not a web page."),
        (random.Random(1).randbytes(5_000), "This is binary data, not a web page."),
        (b"", "The page is empty."),
    ],
)
def test_what_is_no_page_is_not_extracted(rasid: Run, folder: Path, content: bytes, said: str) -> None:
    (folder / "download").write_bytes(content)
    refused = rasid("extract", "download")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.splitlines() == [f"rasid: download: {said}", "Give the web page (HTML) of one article."]


@pytest.mark.parametrize("address", ["nonsense", "daily.example/1", "https://", "ftp://daily.example/", "http://a:b/"])
def test_a_page_is_not_read_as_if_it_were_nowhere(folder: Path, address: str) -> None:
    (folder / "page.html").write_text("<h1>خبر</h1>")
    with pytest.raises(UsageError, match=f"“{address}” is not the whole address of a page"):
        offline("extract", "page.html", "--url", address)


def test_input_without_end_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match="/dev/zero is larger than 8 MB"):
        offline("extract", "/dev/zero")


def test_an_outlet_that_is_followed_already_is_said_to_be(rasid: Run, outlet: Outlet) -> None:
    rasid("outlet", "add", outlet.url, "--name", "الميناء")
    again = rasid("outlet", "add", f"{outlet.url}/feed/")
    assert again.returncode == 0, again.stderr
    assert again.stdout.startswith("الميناء is followed already.")
    assert "Following" not in again.stdout


@pytest.mark.parametrize("command", [("outlet", "add"), ("outlet", "check"), ("feed",), ("extract",)])
def test_a_password_in_an_address_is_refused_and_not_repeated(folder: Path, command: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="not supported") as refused:
        offline(*command, "http://editor:s3cret@daily.example/")
    assert "s3cret" not in str(refused.value)
    assert "editor" not in str(refused.value)


def test_scrapy_lists_the_spiders(scrapy: Run) -> None:
    assert scrapy("list").stdout.split() == ["article", "feed", "rasid"]


def test_scrapy_crawls_an_article(scrapy: Run, outlet: Outlet, tmp_path: Path) -> None:
    target = tmp_path / "items.jsonl"
    scrapy("crawl", "article", "-a", f"url={outlet.url}/news/1/", "-O", str(target))
    item = json.loads(target.read_text(encoding="utf-8"))
    assert item["title"] == "خبر قديم 1"
    assert item["text"].startswith("أعلنت بلدية المدينة")


def test_scrapy_is_guarded(scrapy: Run, outlet: Outlet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RASID_CRAWL_ALLOW_ADDRESSES")
    target = tmp_path / "items.jsonl"
    crawled = scrapy("crawl", "article", "-a", f"url={outlet.url}/news/1/", "-O", str(target))
    assert "its address is not allowed" in crawled.stderr
    assert target.read_text() == ""
    shell = scrapy("shell", f"{outlet.url}/", "-c", "response.status")
    assert "200" not in shell.stdout
    assert outlet.log == []


def test_scrapys_shell_works(scrapy: Run, outlet: Outlet) -> None:
    assert "200" in scrapy("shell", f"{outlet.url}/", "-c", "response.status").stdout
