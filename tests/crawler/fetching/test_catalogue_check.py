"""`rasid outlet check --catalogue` against outlets on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import crawler.commands.catalogue as command
from crawler.discovery.discovering import discover
from crawler.outlets import mirroring
from crawler.outlets.catalogue import CatalogueOutlet
from crawler.web.session import parsing
from monitors.catalogue import CatalogueEntry
from monitors.cli import build
from monitors.outlets import NewSource
from tests.crawler.fetching.conftest import Reactor
from tests.fakes.outlet import Outlet, serve


@pytest.fixture
def outlet(reactor: Reactor) -> Iterator[Outlet]:
    standing = serve()
    outlet = reactor.run(standing.__aenter__())
    for number in range(3):
        outlet.publish(f"وصول الباخرة {number} إلى الميناء صباح اليوم")
    yield outlet
    reactor.run(standing.__aexit__(None, None, None))


def entry(outlet: Outlet, key: str, **values: Any) -> CatalogueEntry:
    about = {"country": "SY", "language": "ar", "time_zone": "Asia/Damascus", "homepage": f"{outlet.url}/"}
    return CatalogueEntry(key=key, name=key.title(), name_ar="الميناء", **{**about, **values})


Check = Callable[..., Result]


@pytest.fixture
def check(reactor: Reactor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Runs the command with these entries for a catalogue, on the reactor's loop."""
    monkeypatch.chdir(tmp_path)

    def run_online(settings: Any, work: Callable[..., Any]) -> Any:
        async def with_pool(fetcher: Any) -> Any:
            async with parsing() as pool:
                return await work(fetcher, pool)

        return reactor.online(with_pool)

    def run(*entries: CatalogueEntry, options: tuple[str, ...] = ()) -> Result:
        outlets = tuple(CatalogueOutlet(entry) for entry in entries)
        monkeypatch.setattr(command, "load_catalogue", lambda: outlets)
        monkeypatch.setattr(mirroring, "load_catalogue", lambda: outlets)
        monkeypatch.setattr("crawler.commands.online.run_online", run_online)
        return CliRunner().invoke(build(), ["outlet", "check", "--catalogue", *options])

    return run


def test_what_is_found_is_told_in_a_table(check: Check, outlet: Outlet) -> None:
    result = check(entry(outlet, "harbour"))
    head, line = result.stdout.splitlines()
    assert head.split() == ["outlet", "country", "found", "newest", "article", "problem"]
    day = outlet.articles[-1].at
    assert line.split()[:5] == ["Harbour", "SY", "feed", f"{day:%Y-%m-%d}", f"{day:%H:%M}"]
    assert result.stderr == "1 outlet, 0 with a problem.\n"
    assert result.exit_code == 0


def test_an_outlet_with_a_problem_makes_the_command_fail_and_the_others_are_told_all_the_same(
    check: Check, outlet: Outlet
) -> None:
    gone = entry(outlet, "gone", homepage=f"{outlet.url}/nobody-is-here/")
    result = check(gone, entry(outlet, "harbour"), options=("--json",))
    told = {line["key"]: line for line in map(json.loads, result.stdout.splitlines())}
    assert told["harbour"]["problem"] is None
    assert told["harbour"]["found"] == ["feed"]
    assert told["harbour"]["newest_article"] == outlet.articles[-1].title
    assert told["gone"]["problem"].startswith(f"{outlet.url}/nobody-is-here/: ")
    assert told["gone"]["found"] == []
    assert result.stderr == "2 outlets, 1 with a problem.\n"
    assert result.exit_code == 1


def test_a_known_source_serves_where_the_home_page_cannot_be_had(check: Check, outlet: Outlet) -> None:
    known = entry(outlet, "known", homepage=f"{outlet.url}/nobody/", sources=(NewSource(f"{outlet.url}/feed/"),))
    result = check(known)
    assert result.exit_code == 0
    assert " feed " in result.stdout


def test_an_outlet_that_has_not_published_for_weeks_has_a_problem(check: Check, outlet: Outlet) -> None:
    outlet.articles = [replace(each, at=each.at - timedelta(days=30)) for each in outlet.articles]
    result = check(entry(outlet, "harbour"))
    assert "Its newest article is more than 14 days old." in result.stdout
    assert result.exit_code == 1


def test_only_the_country_asked_for_is_looked_at(check: Check, outlet: Outlet) -> None:
    abroad = entry(outlet, "abroad", country="LB", homepage=f"{outlet.url}/nobody/")
    result = check(entry(outlet, "harbour"), abroad, options=("--country", "SY"))
    assert "Abroad" not in result.stdout
    assert outlet.hits("/nobody/") == []


def test_a_mistake_of_ours_with_one_outlet_hides_no_other(
    check: Check, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def discover_or_fail(url: str, *arguments: Any, **options: Any) -> Any:
        if url.endswith("/odd/"):
            raise ZeroDivisionError
        return discover(url, *arguments, **options)

    monkeypatch.setattr("crawler.discovery.discovering.discover", discover_or_fail)
    result = check(entry(outlet, "odd", homepage=f"{outlet.url}/odd/"), entry(outlet, "harbour"))
    assert "Rasid itself failed here (ZeroDivisionError)." in result.stdout
    assert result.stderr == "2 outlets, 1 with a problem.\n"
