"""What `rasid crawl`, `rasid feed` and `rasid extract` do."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from crawler.commands.online import run_online
from crawler.discovery import refuse_credentials, unfetchable
from crawler.entries import NotAListing
from crawler.pages.extraction import Page
from crawler.parsing.pool import ParserKilled, ParsingFailed, ParsingPool
from crawler.polling import Poller, PollReport, Progress
from crawler.scheduling import Pace
from crawler.settings import DOWNLOAD_MAXSIZE
from crawler.web.fetching import Fetched, Fetcher, FetchFailed, NotModified
from monitors.articles import Article
from monitors.cli import load_settings, show_json
from monitors.cli import show as say
from monitors.errors import OutletError, RasidError, UsageError
from monitors.opening import open_ready
from monitors.outlets import Source
from monitors.settings import Settings
from monitors.storage.articles import get_articles
from monitors.storage.engine import Database
from monitors.storage.outlets import find_outlet, sources_of
from monitors.wakeups import Wakeups

T = TypeVar("T")


def crawl_now(wanted: str, *, limit: int | None, as_json: bool) -> None:
    settings = load_settings()
    with open_ready(settings) as database:
        outlet = database.read_now(find_outlet, wanted)
        sources = [source for source in database.read_now(sources_of, outlet.id) if source.active]
        bar = Bar(
            TextColumn(outlet.name),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("new articles"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        )
        shown = _Shown(database, bar, as_json=as_json)
        with bar:
            reports = run_online(
                settings, lambda fetcher, pool: _poll_all(settings, shown, sources, limit, fetcher, pool)
            )
    _summarise(sources, reports, shown.articles)


class _Shown(Progress):
    """Prints articles as they are saved and moves the bar."""

    def __init__(self, database: Database, bar: Bar, *, as_json: bool) -> None:
        self.database = database
        self.articles = 0
        self._as_json = as_json
        self._bar = bar
        self._task = bar.add_task("", total=0)
        self._total = 0

    def found(self, entries: int, new: int) -> None:
        self._total += new
        self._bar.update(self._task, total=self._total)

    def saved(self, article_ids: Sequence[int]) -> None:
        self.articles += len(article_ids)
        self._bar.update(self._task, completed=self.articles)
        for article in self.database.read_now(get_articles, article_ids):
            if self._as_json:
                show_json(asdict(article))
            else:
                say(_line(article))


async def _poll_all(
    settings: Settings,
    shown: _Shown,
    sources: Sequence[Source],
    limit: int | None,
    fetcher: Fetcher,
    pool: ParsingPool,
) -> list[PollReport]:
    poller = Poller(shown.database, Wakeups(), fetcher, pool, pace=Pace(settings.crawl.min_interval))
    if limit is None:
        return list(await asyncio.gather(*(poller.poll(source, progress=shown) for source in sources)))
    reports = []
    for source in sources:  # one after another: a later source takes what the earlier ones left of the limit
        if shown.articles < limit:
            reports.append(await poller.poll(source, progress=shown, limit=limit - shown.articles))
    return reports


def _summarise(sources: Sequence[Source], reports: Sequence[PollReport], articles: int) -> None:
    console = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    for source, report in zip(sources, reports, strict=False):
        if report.silent:
            console.print(f"{source.url}: recorded {report.counts.found} articles that were there before us.")
        if report.counts.failed and not report.error:
            console.print(f"{source.url}: {report.counts.failed} pages could not be read; the feed's text serves.")
    errors = [f"{source.url}: {report.error}" for source, report in zip(sources, reports, strict=False) if report.error]
    if errors and len(errors) == len(reports):
        raise OutletError(" ".join(errors), hint="The service tries again by itself.")
    for error in errors:
        console.print(error)
    console.print(f"{articles} new article{'' if articles == 1 else 's'}.")


def _line(article: Article) -> str:
    at = article.published_at or article.first_seen_at
    return f"{at.astimezone():%Y-%m-%d %H:%M}  {article.title}  {article.url}"


def print_feed(document: str) -> None:
    local = read_document(document)

    async def read(fetcher: Fetcher, pool: ParsingPool) -> list[dict[str, Any]]:
        found = local or _document(await fetcher.fetch_feed(document))
        feed = await pool.read_listing(found.body, url=found.url, content_type=found.content_type)
        return [asdict(entry) for entry in feed.entries]

    hint = "Give an RSS or Atom feed. To find the feeds of a site: rasid outlet check URL"
    for entry in _parsed(document, hint, lambda: run_online(load_settings(), read)):
        show_json(entry)


def print_article(document: str, *, url: str | None) -> None:
    local = read_document(document)

    async def read(fetcher: Fetcher, pool: ParsingPool) -> Page:
        found = local or _document(await fetcher.fetch_page(document))
        return await pool.extract_article(
            found.body, url=url or found.url, content_type=found.content_type, seen_at=datetime.now(UTC)
        )

    hint = "Give the web page (HTML) of one article."
    page = _parsed(document, hint, lambda: run_online(load_settings(), read))
    if not page.title and not page.text:
        raise RasidError(f"{_called(document)}: {page.note}", hint=hint)
    show_json(asdict(page))


@dataclass(frozen=True, slots=True)
class _Document:
    body: bytes
    url: str = ""
    content_type: str | None = None


def _document(answer: Fetched | NotModified | FetchFailed) -> _Document:
    if isinstance(answer, Fetched):
        return _Document(answer.body, answer.url, answer.content_type)
    assert isinstance(answer, FetchFailed)  # nothing was asked conditionally
    raise unfetchable(answer)


def read_document(document: str) -> _Document | None:
    """A file or standard input; None when the document is an address. Raises `UsageError`."""
    if document == "-":
        return _Document(_whole(sys.stdin.buffer, document))
    if "://" in document:
        refuse_credentials(document)
        return None
    try:
        with Path(document).open("rb") as file:
            return _Document(_whole(file, document))
    except OSError as error:
        raise UsageError(
            f"{document} cannot be read: {error.strerror}.", hint="Give a file, an http(s):// address, or -."
        ) from None


def _whole(file: BinaryIO, document: str) -> bytes:
    """All of it, unless it is larger than what is taken from the web: a device may never end."""
    body = file.read(DOWNLOAD_MAXSIZE + 1)
    if len(body) > DOWNLOAD_MAXSIZE:
        limit = f"{DOWNLOAD_MAXSIZE >> 20} MB"
        raise UsageError(f"{_called(document)} is larger than {limit}.", hint="Give one page or one feed.")
    return body


def _called(document: str) -> str:
    return "The input" if document == "-" else document


def _parsed(document: str, hint: str, work: Callable[[], T]) -> T:
    """What the work gives, or one clear message."""
    try:
        return work()
    except (NotAListing, ParserKilled, ParsingFailed) as error:
        raise RasidError(f"{_called(document)}: {error}", hint=hint) from None
