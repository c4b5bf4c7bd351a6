"""What `rasid crawl` does: an outlet visited now, or its archive read, with progress; articles as they are saved."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from crawler.commands.online import run_online
from crawler.commands.strangers import crawl_stranger, is_address
from crawler.demand.backfill import Backfill
from crawler.demand.tally import Tally
from crawler.parsing.pool import ParsingPool
from crawler.polling import Poller, PollReport
from crawler.scheduling import Pace
from crawler.web.fetching import Fetcher
from monitors.articles import Article
from monitors.cli import load_settings, show_json
from monitors.cli import show as say
from monitors.commands.asking import moment_of
from monitors.errors import NotFound, OutletError, UsageError
from monitors.opening import open_ready
from monitors.outlets import Outlet, OutletState, Source
from monitors.requests import FARTHEST_BACK, Crawl, CrawlState, NewCrawl
from monitors.settings import Settings
from monitors.storage.articles import get_articles
from monitors.storage.crawls import add_crawl, end_crawl, view_crawl
from monitors.storage.engine import Database
from monitors.storage.outlets import find_outlet, sources_of
from monitors.storage.revisions import changes_since
from monitors.wakeups import Wakeups
from monitors.watching import StandingWatches

WRITTEN_EVERY_S = 1.0
DECIDED_WITHIN_S = 3.0
"""How long a running service is waited for, which decides in milliseconds; without one we look ourselves."""


def crawl_now(wanted: str, *, limit: int | None, since: str | None, alert: bool, as_json: bool) -> None:
    now = datetime.now(UTC)
    back_to = None if since is None else day_of(since, now=now)
    if alert and back_to is None:
        raise UsageError("--alert belongs to --since.", hint="A crawl of what is new alerts in any case.")
    settings = load_settings()
    with open_ready(settings) as database:
        try:
            outlet = database.read_now(find_outlet, wanted)
        except NotFound:
            if not is_address(wanted):
                raise
            if back_to is not None:
                hint = f"Follow it first: rasid outlet add {wanted}"
                raise UsageError("Only the archive of an outlet that is followed is read.", hint=hint) from None
            crawl_stranger(settings, wanted, limit=limit, as_json=as_json)
            return
        _refuse_unvisited(outlet, database.read_now(sources_of, outlet.id))
        wish = NewCrawl(outlet.id, since=back_to, alerts=back_to is None or alert)
        crawl = database.write_now(add_crawl, wish, now=now, state=CrawlState.RUNNING)
        _Crawling(settings, database, outlet, crawl, limit, as_json=as_json).run()


def _refuse_unvisited(outlet: Outlet, sources: Sequence[Source]) -> None:
    if outlet.state is OutletState.PAUSED:
        raise OutletError(f"{outlet.name} is paused.", hint=f"To go on: rasid outlet resume {outlet.id}")
    if not any(source.active for source in sources):
        hint = f"See why with: rasid outlet show {outlet.id}"
        raise OutletError(f"No source of {outlet.name} is polled any more.", hint=hint)


def day_of(since: str, *, now: datetime) -> datetime:
    """The instant that it stands for, as for a search, and at most a year ago. Raises `UsageError`."""
    instant = moment_of(since, "--since", now=now)
    if not now - FARTHEST_BACK - timedelta(days=1) <= instant <= now:
        hint = "Give a span such as 30d, 12h or 2w, or a date such as 2026-01-31; at most a year."
        raise UsageError(f"--since {since} is too far back, or in the future.", hint=hint)
    return instant


class _Shown(Tally):
    """Counts, prints articles as they are saved, and moves the bar."""

    def __init__(self, database: Database, crawl: Crawl, *, as_json: bool) -> None:
        super().__init__(crawl.id)
        self.database = database
        self.ids: list[int] = []
        self.expected = 0
        self._as_json = as_json
        self.bar = Bar(
            TextColumn("{task.description}", markup=False),  # a name may hold braces and brackets
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("new · {task.fields[entries]} found · {task.fields[failures]} failed"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        )
        self._task = self.bar.add_task(crawl.outlet_name, total=0, entries=0, failures=0)

    def found(self, entries: int, new: int) -> None:
        super().found(entries, new)
        self.expected += new
        self._move()

    def failed(self, url: str) -> None:
        super().failed(url)
        self._move()

    def saved(self, article_ids: Sequence[int]) -> None:
        super().saved(article_ids)
        self.ids.extend(article_ids)
        self._move()
        for article in self.database.read_now(get_articles, article_ids):
            if self._as_json:
                show_json(asdict(article))
            else:
                say(_line(article))

    def _move(self) -> None:
        self.bar.update(
            self._task,
            completed=len(self.ids),
            total=max(self.expected, len(self.ids)),
            entries=self.entries,
            failures=self.failures,
        )


class _Crawling:
    """One crawl of the shell, from its row to its summary."""

    def __init__(
        self, settings: Settings, database: Database, outlet: Outlet, crawl: Crawl, limit: int | None, *, as_json: bool
    ) -> None:
        self._settings = settings
        self._database = database
        self._outlet = outlet
        self._crawl = crawl
        self._limit = limit
        self._shown = _Shown(database, crawl, as_json=as_json)
        self._console = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)

    def run(self) -> None:
        ending = CrawlState.FAILED
        try:
            with self._shown.bar:
                reports = run_online(self._settings, self._work)
            ending = CrawlState.FINISHED
        except KeyboardInterrupt:
            ending = CrawlState.CANCELLED
            self._console.print(f"Stopped. {_count(len(self._shown.ids), 'new article')} kept.")
            raise
        finally:
            self._write_down(ending)
        self._summarise(reports)

    async def _work(self, fetcher: Fetcher, pool: ParsingPool) -> list[tuple[Source, PollReport]]:
        """What came of each source; nothing when an archive was read."""
        writing = asyncio.create_task(self._keep_writing())
        try:
            if self._crawl.since is None:
                return await self._visit(fetcher, pool)
            await self._fill_in(self._crawl.since, fetcher, pool)
            return []
        finally:
            writing.cancel()

    async def _visit(self, fetcher: Fetcher, pool: ParsingPool) -> list[tuple[Source, PollReport]]:
        sources = [source for source in self._database.read_now(sources_of, self._outlet.id) if source.active]
        crawl = self._settings.crawl
        pace = Pace(crawl.min_interval)
        poller = Poller(self._database, Wakeups(), fetcher, pool, pace=pace, keep_pages=crawl.keep_pages)
        if self._limit is None:
            polls = [poller.poll(source, progress=self._shown, crawl_id=self._crawl.id) for source in sources]
            return list(zip(sources, await asyncio.gather(*polls), strict=True))
        reports = []
        for source in sources:  # one after another: a later source takes what the earlier ones left of the limit
            if (left := self._limit - len(self._shown.ids)) > 0:
                report = await poller.poll(source, progress=self._shown, crawl_id=self._crawl.id, limit=left)
                reports.append((source, report))
        return reports

    async def _fill_in(self, since: datetime, fetcher: Fetcher, pool: ParsingPool) -> None:
        backfill = Backfill(
            self._database,
            Wakeups(),
            fetcher,
            pool,
            since,
            self._crawl.alerts,
            self._shown,
            lambda: datetime.now(UTC),
            keep_pages=self._settings.crawl.keep_pages,
        )
        if self._limit is not None:
            backfill.most_articles = min(self._limit, backfill.most_articles)
        trouble = await backfill.run(self._outlet)
        if trouble is not None:
            raise OutletError(f"{self._outlet.name}: its archive cannot be read.", hint="The service visits it anyway.")

    async def _keep_writing(self) -> None:
        """The row says how far we are: whoever looks at it knows that we live."""
        while True:
            await asyncio.sleep(WRITTEN_EVERY_S)
            await self._database.write(self._shown.write, now=datetime.now(UTC))

    def _write_down(self, ending: CrawlState) -> None:
        self._database.write_now(self._shown.write, now=datetime.now(UTC))
        self._database.write_now(end_crawl, self._crawl.id, ending, now=datetime.now(UTC))

    def _summarise(self, reports: Sequence[tuple[Source, PollReport]]) -> None:
        show = self._console.print
        for source, report in reports:
            if report.silent:
                show(f"{source.url}: recorded {report.counts.found} articles that were there before us.")
        errors = [f"{source.url}: {report.error}" for source, report in reports if report.error]
        if errors and len(errors) == len(reports):
            raise OutletError(" ".join(errors), hint="The service tries again by itself.")
        for error in errors:
            show(error)
        pages = self._shown.failures - len(errors)
        if pages > 0:
            show(f"{_count(pages, 'page')} could not be read; what the feed says of them serves.")
        new = len(self._shown.ids)
        if reports and not errors and not self._shown.entries:
            show("0 new articles: nothing has changed since the last visit.")
            return
        show(f"{_count(new, 'new article')}, {_count(self._shown.entries, 'entry', 'entries')} listed.")
        if new and self._crawl.alerts:
            show(self._matched())
        elif new:
            show("They are in the archive, and raise no alerts.")

    def _matched(self) -> str:
        """How many of them meet watches, and how we know."""
        deadline = time.monotonic() + DECIDED_WITHIN_S
        while (view := self._database.read_now(view_crawl, self._crawl.id, None)) is not None:
            if not view.undecided:
                return f"{view.matched} of them met watches."
            if time.monotonic() > deadline:
                break
            time.sleep(0.1)
        watches = StandingWatches()
        watches.apply(self._database.read_now(changes_since, 0))
        articles = self._database.read_now(get_articles, self._shown.ids)
        lanes = watches.lanes.first, watches.lanes.late
        meeting = sum(any(lane.match(article.fields) for lane in lanes) for article in articles)
        return f"{meeting} of them met watches, as worked out here: no service is running. Alerts go out when one does."


def _count(number: int, singular: str, plural: str | None = None) -> str:
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def _line(article: Article) -> str:
    at = article.published_at or article.first_seen_at
    return f"{at.astimezone():%Y-%m-%d %H:%M}  {article.title}  {article.url}"
