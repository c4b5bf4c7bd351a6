"""`rasid crawl` as a person runs it: real processes, a real outlet, real SQLite."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.commands.crawls import day_of
from monitors.commands.asking import moment_of
from monitors.errors import UsageError
from tests.crawler.fetching.conftest import Reactor
from tests.fakes.outlet import Outlet, serve
from tests.rows import NOW

RASID = str(Path(sys.executable).with_name("rasid"))


@pytest.fixture
def outlet(reactor: Reactor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outlet]:
    """An outlet whose feed goes back page by page; the current folder's settings permit it."""
    standing = serve(Outlet(entries_in_feed=3, archived=True))
    outlet = reactor.run(standing.__aenter__())
    for number in range(8):
        outlet.publish(f"خبر قديم {number}")
    port = outlet.url.rsplit(":", 1)[1]
    (tmp_path / "rasid.toml").write_text(f'[crawl]\nallow_addresses = ["127.0.0.1"]\nports = [{port}]\n')
    monkeypatch.chdir(tmp_path)
    yield outlet
    reactor.run(standing.__aexit__(None, None, None))


def rasid(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([RASID, *arguments], capture_output=True, text=True, timeout=100, check=False)


def test_an_archive_is_read_and_kept_without_alerts(outlet: Outlet) -> None:
    assert rasid("outlet", "add", outlet.url).returncode == 0
    assert rasid("watch", "add", "قديم").returncode == 0
    done = rasid("crawl", "1", "--since", "30d", "--json")
    assert done.returncode == 0, done.stderr
    articles = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted(article["title"] for article in articles) == [f"خبر قديم {number}" for number in range(5)]
    assert {article["state"] for article in articles} == {"archived"}
    assert "5 new articles" in done.stderr
    assert "raise no alerts" in done.stderr
    again = rasid("crawl", "1", "--since", "30d")
    assert "0 new articles" in again.stderr


def test_what_an_archive_holds_alerts_if_that_is_asked_for(outlet: Outlet) -> None:
    assert rasid("outlet", "add", outlet.url).returncode == 0
    assert rasid("watch", "add", "قديم").returncode == 0
    done = rasid("crawl", "1", "--since", "7d", "--alert", "--limit", "2")
    assert done.returncode == 0, done.stderr
    assert "2 new articles" in done.stderr
    assert "2 of them met watches, as worked out here" in done.stderr
    assert json.loads(rasid("status", "--json").stdout)["articles"]["pending"] == 2


def test_pages_are_kept_whatever_way_they_were_asked_for(outlet: Outlet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASID_CRAWL_KEEP_PAGES", "true")
    assert rasid("outlet", "add", outlet.url).returncode == 0
    outlet.publish("خبر جديد")
    for crawl in (("crawl", "1"), ("crawl", "1", "--since", "30d", "--limit", "1")):
        (article,) = [json.loads(line) for line in rasid(*crawl, "--json").stdout.splitlines()]
        assert article["title"] in rasid("page", str(article["id"])).stdout


def test_an_outlet_that_nobody_follows_is_read_once_and_not_saved(outlet: Outlet) -> None:
    done = rasid("crawl", outlet.url, "--limit", "2", "--json")
    assert done.returncode == 0, done.stderr
    articles = [json.loads(line) for line in done.stdout.splitlines()]
    assert [article["title"] for article in articles] == ["خبر قديم 7", "خبر قديم 6"]
    assert all(article["text_origin"] == "page" for article in articles)
    assert "is not followed: 2 articles read, nothing saved" in done.stderr
    status = json.loads(rasid("status", "--json").stdout)
    assert (status["outlets"], status["articles"]) == (0, {})
    refused = rasid("crawl", outlet.url, "--since", "7d")
    assert refused.returncode == 2
    assert "Follow it first" in refused.stderr


def test_ctrl_c_stops_a_crawl_and_keeps_what_is_saved(outlet: Outlet) -> None:
    assert rasid("outlet", "add", outlet.url).returncode == 0
    outlet.publish("خبر جديد")
    outlet.publish("خبر أجدّ")
    outlet.faults["/news/9/"] = {"kind": "drip"}
    process = subprocess.Popen([RASID, "crawl", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    assert "خبر أجدّ" in first
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped. 1 new article kept." in errors
    assert "Traceback" not in errors
    outlet.faults.clear()
    assert "1 new article" in rasid("crawl", "1").stderr


@pytest.mark.parametrize(
    ("since", "back"),
    [("30d", timedelta(days=30)), ("12h", timedelta(hours=12)), ("2 W", timedelta(weeks=2)), ("٣٠d", timedelta(30))],
)
def test_how_far_back_an_archive_is_read(since: str, back: timedelta) -> None:
    assert day_of(since, now=NOW) == NOW - back


def test_a_day_begins_where_it_begins_for_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Damascus")
    time.tzset()
    try:
        begins = day_of("2026-01-31", now=NOW)
        assert begins == datetime(2026, 1, 30, 21, tzinfo=UTC)
        assert begins == moment_of("2026-01-31", "--since", now=NOW)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("since", ["", "soon", "30", "400d", "99999w", "2027-01-01", "1990-01-01"])
def test_what_is_no_day_is_explained(since: str) -> None:
    with pytest.raises(UsageError, match="Give a span such as 30d"):
        day_of(since, now=NOW)
