"""`rasid outlet …` as a person runs it, on a site of several sources."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitors.cli import build
from monitors.environment import variable_of
from monitors.errors import RasidError, UsageError
from tests.crawler.fetching.conftest import Reactor
from tests.databases import current_database
from tests.fakes.site import NAME, Site, serve

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def site(reactor: Reactor) -> Iterator[Site]:
    """A site with a feed, a news sitemap and a front page, on the reactor's loop."""
    site = Site()
    standing = serve(site)
    reactor.run(standing.__aenter__())
    pieces = site.publish(8)
    site.put_feed("/feed/", pieces)
    site.put_robots(site.put_news_sitemap("/news.xml", pieces))
    site.put_list("/", pieces, head='<link rel="alternate" type="application/rss+xml" href="/feed/">')
    yield site
    reactor.run(standing.__aexit__(None, None, None))


@pytest.fixture
def rasid(tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs `rasid …` as a process in a folder whose settings permit the site."""
    port = site.url.rsplit(":", 1)[1]
    (tmp_path / "rasid.toml").write_text(f'[crawl]\nallow_addresses = ["127.0.0.1"]\nports = [{port}]\n')
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).with_name("rasid")), *arguments]
        return subprocess.run(command, capture_output=True, text=True, input=stdin, timeout=100)

    with current_database("sqlite", tmp_path) as url:
        monkeypatch.setenv(variable_of("storage.url"), str(url))
        yield run


def offline(*arguments: str) -> str:
    result = CliRunner().invoke(build(), arguments)
    if result.exception is not None:
        raise result.exception
    return result.stdout


def test_a_check_shows_sources_with_reasons_and_articles_with_lengths_and_saves_nothing(rasid: Run, site: Site) -> None:
    shown = rasid("outlet", "check", site.url)
    assert shown.returncode == 0, shown.stderr
    title, _, header, *lines = shown.stdout.splitlines()
    assert title == f"{NAME}  {site.url}/  language ar"
    assert header.split() == ["SOURCE", "ENTRIES", "TITLES", "DATES", "TEXTS", "ADDRESS", "WHY"]
    follow, leave, section, _, newest, *articles = lines
    assert follow.split()[:7] == ["follow", "feed", "8", "8", "8", "8", f"{site.url}/feed/"]
    assert "lists 8 of 8 articles since its oldest; newest" in follow
    assert leave.split()[:2] == ["leave", "sitemap"]
    assert leave.endswith("lists nothing recent that the chosen ones do not")
    assert section.split()[:2] == ["leave", "section"]
    assert newest.split() == ["PUBLISHED", "LENGTH", "LANGUAGE", "TITLE", "NOTE"]
    assert [site.pieces[index].title in line for index, line in enumerate(articles)] == [True] * 5
    assert all(" letters  ar " in line for line in articles)
    assert json.loads(offline("outlet", "list", "--json")) == []


def test_a_check_as_json_is_one_document(rasid: Run, site: Site) -> None:
    shown = json.loads(rasid("outlet", "check", site.url, "--json").stdout)
    assert [source["kind"] for source in shown["sources"] if source["chosen"]] == ["feed"]
    assert len(shown["preview"]) == 5


def test_all_sources_are_added_on_demand_and_share_their_articles(rasid: Run, site: Site) -> None:
    added = rasid("outlet", "add", site.url, "--all", "--yes")
    assert added.returncode == 0, added.stderr
    assert f"Following {NAME} through 3 sources." in added.stdout
    shown = json.loads(offline("outlet", "show", NAME, "--json"))
    assert sorted(source["kind"] for source in shown["sources"]) == ["feed", "section", "sitemap"]
    site.put_feed("/feed/", [*site.publish(1), *site.pieces[1:]])
    site.put_news_sitemap("/news.xml", site.pieces)
    site.put_list("/", site.pieces)
    crawled = rasid("crawl", NAME, "--json")
    assert [json.loads(line)["title"] for line in crawled.stdout.splitlines()] == [site.pieces[0].title]


def test_a_second_source_joins_a_followed_outlet(rasid: Run, site: Site) -> None:
    rasid("outlet", "add", site.url)
    added = rasid("outlet", "add", f"{site.url}/news.xml")
    assert added.returncode == 0, added.stderr
    (outlet,) = json.loads(offline("outlet", "list", "--json"))
    assert sorted(outlet["sources"]) == [f"{site.url}/feed/", f"{site.url}/news.xml"]


def test_a_source_that_names_another_home_page_is_added_to_the_outlet_it_is_meant_for(rasid: Run, site: Site) -> None:
    rasid("outlet", "add", site.url, "--yes")
    feed = site.documents["/feed/"][1].replace(f"<link>{site.url}/</link>", f"<link>{site.url}/radio/</link>")
    site.put("/radio.xml", feed, "application/rss+xml")
    added = rasid("outlet", "add", f"{site.url}/radio.xml", "--to", NAME, "--yes")
    assert added.returncode == 0, added.stderr
    (outlet,) = json.loads(offline("outlet", "list", "--json"))
    assert sorted(outlet["sources"]) == [f"{site.url}/feed/", f"{site.url}/radio.xml"]


def test_an_outlet_rests_and_goes_on_without_a_flood(rasid: Run, site: Site) -> None:
    rasid("outlet", "add", site.url, "--yes")
    assert "is paused. To go on: rasid outlet resume 1" in offline("outlet", "pause", NAME)
    assert "was paused already" in offline("outlet", "pause", NAME)
    assert "(paused)" in offline("outlet", "list")
    assert "next      never: its outlet is paused" in offline("outlet", "show", NAME)
    for wish in ((), ("--since", "3d")):
        refused = rasid("crawl", NAME, *wish)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert f"{NAME} is paused.\nTo go on: rasid outlet resume 1" in refused.stderr
    site.put_feed("/feed/", [*site.publish(3), *site.pieces[3:]])
    assert "is followed again" in offline("outlet", "resume", NAME)
    assert "is not paused" in offline("outlet", "resume", NAME)
    crawled = rasid("crawl", NAME, "--json")
    assert (crawled.returncode, crawled.stdout) == (0, "")
    assert "articles that were there before us" in crawled.stderr
    assert "nothing has changed since the last visit" in rasid("crawl", NAME).stderr


@pytest.mark.parametrize("command", [("outlet", "check"), ("crawl",)])
def test_an_address_with_brackets_is_an_address(rasid: Run, site: Site, command: tuple[str, ...]) -> None:
    failed = rasid(*command, f"{site.url}/[/b]")
    assert failed.returncode == 1
    assert "404" in failed.stderr
    assert "unexpected" not in failed.stderr


def test_an_outlet_may_be_called_anything(rasid: Run, site: Site) -> None:
    rasid("outlet", "add", site.url, "--name", "{x} [/b]", "--yes")
    crawled = rasid("crawl", "{x} [/b]")
    assert crawled.returncode == 0, crawled.stderr
    assert "{x} [/b]" in crawled.stderr


def opml(site: Site, *more: str) -> str:
    rows = (
        f'<outline text="الوادي" xmlUrl="{site.url}/feed/" htmlUrl="{site.url}/"/>',
        f'<outline text="gone" xmlUrl="{site.url}/gone/"/>',
        '<outline text="odd" xmlUrl="gopher://daily.example/"/>',
        *more,
    )
    return "<opml><body>\n" + "\n".join(rows) + "\n</body></opml>"


def test_a_list_is_shown_followed_and_not_repeated(rasid: Run, site: Site, tmp_path: Path) -> None:
    (tmp_path / "mine.opml").write_text(opml(site), encoding="utf-8")
    asked = rasid("outlet", "import", "mine.opml")
    assert asked.returncode == 2
    assert f"follow  الوادي  (feed  {site.url}/feed/)" in asked.stdout
    assert "leave   line 4, odd: Its address is not one on the web" in asked.stdout
    assert asked.stderr.startswith("rasid: Nothing was saved: nobody is there to be asked.")
    assert json.loads(offline("outlet", "list", "--json")) == []

    imported = rasid("outlet", "import", "mine.opml", "--yes")
    assert imported.returncode == 1
    assert "failed  line 3, gone: The site answered 404 (Not Found)." in imported.stdout
    assert "1 source followed, 1 could not be." in imported.stdout
    (outlet,) = json.loads(offline("outlet", "list", "--json"))
    assert (outlet["name"], outlet["sources"]) == ("الوادي", [f"{site.url}/feed/"])

    again = json.loads(rasid("outlet", "import", "mine.opml", "--json").stdout)
    assert [(row["name"], row["fate"]) for row in again["rows"]] == [("gone", "new"), ("الوادي", "known")]
    assert [bad["line"] for bad in again["bad"]] == [4]


def test_what_is_exported_is_followed_elsewhere(rasid: Run, site: Site, tmp_path: Path) -> None:
    rasid("outlet", "add", site.url, "--all", "--yes")
    assert "3 sources written to out.opml." in offline("outlet", "export", "out.opml")
    rasid("outlet", "remove", NAME)
    imported = rasid("outlet", "import", "out.opml", "--yes")
    assert imported.returncode == 0, imported.stdout + imported.stderr
    (outlet,) = json.loads(offline("outlet", "list", "--json"))
    assert len(outlet["sources"]) == 3
    assert offline("outlet", "export").startswith("<?xml")


def test_a_list_that_is_none_gets_one_clear_message(rasid: Run, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<!doctype html><html></html>")
    with pytest.raises(RasidError) as refused:
        offline("outlet", "import", "page.html")
    assert refused.value.what == "page.html: This is a web page, not a list of outlets (OPML)."
    with pytest.raises(UsageError, match=r"missing\.opml cannot be read"):
        offline("outlet", "import", "missing.opml")
    with pytest.raises(RasidError, match="larger than 2 MB"):
        offline("outlet", "import", "/dev/zero")
