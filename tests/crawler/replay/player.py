"""Plays a history against the real poller and compares what was saved with what was shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import cast
from urllib.parse import urlsplit

from sqlalchemy import select

from crawler.listings.reading import read_listing
from crawler.pages.extraction import Page
from crawler.parsing.pool import ParsingPool
from crawler.polling import Poller, PollReport, Progress
from crawler.scheduling import Pace
from crawler.web.answers import UNREACHABLE, Fetched, FetchFailed, NotModified
from crawler.web.fetching import Fetcher
from monitors.articles import ArticleState
from monitors.outlets import NewOutlet, NewSource, Source, Validators
from monitors.storage import tables
from monitors.storage.engine import Database
from monitors.storage.outlets import add_outlet, sources_of
from monitors.wakeups import Wakeups
from tests.crawler.replay.history import History, Story

FEEDS = ("/feed/", "/section/feed/")
MARK = re.compile(r"ق(\d+)ق")


class Crash(Exception):
    """The process dies here."""


class DyingSoon(Progress):
    """Ends the process after the first articles of a poll are saved."""

    def saved(self, article_ids: Sequence[int]) -> None:
        raise Crash


class DirectParsing:
    """The parser of feeds without its children, for thousands of documents. Pages are taken at their word."""

    async def read_listing(self, body: bytes, *, proven: bool, **arguments: object) -> object:
        return read_listing(body, **arguments)  # type: ignore[arg-type]  # as the pool passes them on

    async def extract_article(self, html: bytes, *, url: str, **arguments: object) -> Page:
        title, *paragraphs = re.findall(r"<(?:h1|p)>(.*?)</", html.decode())
        return Page(canonical_url=url, title=unescape(title), text=unescape("\n\n".join(paragraphs)), complete=True)


@dataclass(slots=True)
class DirectWeb:
    """The history's server without a network: what a `Fetcher` makes of its replies."""

    history: History
    requests: Counter[str] = field(default_factory=Counter)

    async def fetch_feed(self, url: str, *, validators: Validators | None = None) -> object:
        headers = {"If-None-Match": validators.etag} if validators is not None and validators.etag else {}
        return self._ask(url, headers)

    async def fetch_page(self, url: str) -> object:
        return self._ask(url, {})

    def _ask(self, url: str, headers: Mapping[str, str]) -> Fetched | NotModified | FetchFailed:
        asked, permanent, now = url, None, self.history.now
        reply = self.history.answer(urlsplit(url).path, headers)
        if reply.status == 301:
            url = permanent = reply.headers["Location"]
            reply = self.history.answer(urlsplit(url).path, headers)
        self.requests["conditional" if headers else "unconditional"] += 1
        self.requests[str(reply.status)] += 1
        lower = {name.lower(): value for name, value in reply.headers.items()}
        if reply.status == 304:
            return NotModified(url, lower, now)
        if reply.status != 200:
            return FetchFailed(asked, UNREACHABLE, reply.status)
        return Fetched(url, asked, lower, reply.body, now, permanent)


@dataclass(slots=True)
class Player:
    """One history, one database. `must` are the stories that were delivered whole, `old` those of the first poll."""

    history: History
    database: Database
    fetcher: Fetcher
    pool: ParsingPool
    outlet_id: int
    must: set[int] = field(default_factory=set)
    old: set[int] = field(default_factory=set)
    polls: int = 0
    errors: int = 0
    crashes: int = 0
    restarts: int = -1
    edits: int = 0
    poller: Poller = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    @classmethod
    def begin(
        cls, history: History, database: Database, fetcher: Fetcher | None = None, pool: ParsingPool | None = None
    ) -> Player:
        feeds = [NewSource(f"{history.base}{path}") for path in FEEDS]
        outlet, _ = database.write_now(add_outlet, NewOutlet("الميناء", f"{history.base}/"), feeds, now=history.now)
        return cls(
            history,
            database,
            fetcher or cast("Fetcher", DirectWeb(history)),
            pool or cast("ParsingPool", DirectParsing()),
            outlet.id,
        )

    @property
    def requests(self) -> Counter[str]:
        assert isinstance(self.fetcher, DirectWeb)
        return self.fetcher.requests

    def restart(self) -> None:
        """A new process: all that is known is in rows."""
        self.restarts += 1
        self.poller = Poller(
            self.database, Wakeups(), self.fetcher, self.pool, pace=Pace(60), now=lambda: self.history.now
        )

    def source(self, path: str) -> Source:
        sources = self.database.read_now(sources_of, self.outlet_id)
        return next(each for each in sources if urlsplit(each.url).path == path or path == FEEDS[0])

    async def poll(self, path: str = FEEDS[0], *, crash: bool = False) -> PollReport:
        """One poll; if it crashes on its way, the process is started again and polls once more."""
        first, shown = self.source(path).first_polled_at is None, list(self.history.shown(path))
        if crash:
            try:
                await self.poller.poll(self.source(path), progress=DyingSoon())
            except Crash:
                self.crashes += 1
            self.restart()
        self.history.delivered = False
        report = await self.poller.poll(self.source(path))
        self.polls += 1
        self.errors += report.error is not None
        self.edits += report.counts.edited
        if self.history.delivered:
            self._deliver(shown, first=first)
        self.history.now += timedelta(minutes=self.history.random.choice([5, 10, 20]))
        self.history.shared_guid, self.history.twice, self.history.trouble = None, [], None
        return report

    def _deliver(self, shown: Sequence[Story], *, first: bool) -> None:
        for story in shown:
            if story not in (self.history.shared_guid or ()):
                story.seen = story.identity
            if first and story.number not in self.must:
                self.old.add(story.number)
            self.must.add(story.number)

    def verdict(self) -> Verdict:
        """What was saved, beside what was shown."""
        rows = tables.articles
        query = select(rows.c.id, rows.c.state, rows.c.title, rows.c.summary, rows.c.text, rows.c.version)
        saved: Counter[int] = Counter()
        loud: set[int] = set()
        strangers = []
        for row in self.database.read_now(lambda connection: connection.execute(query).all()):
            mark = MARK.search(row.summary) or MARK.search(row.text)
            if mark is None:
                strangers.append((row.id, row.title))
                continue
            number = int(mark[1])
            saved[number] += 1
            if row.state != ArticleState.ARCHIVED:
                loud.add(number)
        return Verdict(
            stories=len(saved),
            repeats=[number for number, times in saved.items() if times > 1],
            misses=sorted(self.must - set(saved)),
            silenced=sorted(number for number in self.must - self.old if number in saved and number not in loud),
            strangers=strangers,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """All but `stories` have to be empty. `silenced` are new stories that nobody would be told of."""

    stories: int
    repeats: list[int]
    misses: list[int]
    silenced: list[int]
    strangers: list[tuple[int, str]]

    @property
    def faults(self) -> dict[str, object]:
        return {
            name: value for name in ("repeats", "misses", "silenced", "strangers") if (value := getattr(self, name))
        }
