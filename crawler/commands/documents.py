"""What `rasid feed` and `rasid extract` do: one document from the web, a file or standard input, as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from crawler.commands.online import run_online
from crawler.discovery import refuse_credentials, refuse_relative, unfetchable
from crawler.entries import NotAListing
from crawler.pages.extraction import Page
from crawler.parsing.pool import ParserKilled, ParsingFailed, ParsingPool
from crawler.settings import DOWNLOAD_MAXSIZE
from crawler.web.answers import Fetched, FetchFailed, NotModified
from crawler.web.fetching import Fetcher
from monitors.cli import load_settings, show_json
from monitors.errors import RasidError
from monitors.files import called, read_whole

T = TypeVar("T")


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
    if url is not None:
        refuse_relative(url)
    local = read_document(document)

    async def read(fetcher: Fetcher, pool: ParsingPool) -> Page:
        found = local or _document(await fetcher.fetch_page(document))
        return await pool.extract_article(
            found.body, url=url or found.url, content_type=found.content_type, seen_at=datetime.now(UTC)
        )

    hint = "Give the web page (HTML) of one article."
    page = _parsed(document, hint, lambda: run_online(load_settings(), read))
    if not page.title and not page.text:
        raise RasidError(f"{called(document)}: {page.note}", hint=hint)
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
    if "://" in document:
        refuse_credentials(document)
        return None
    hint = "Give a file, an http(s):// address, or -."
    return _Document(read_whole(document, most=DOWNLOAD_MAXSIZE, hint=hint, smaller="Give one page or one feed."))


def _parsed(document: str, hint: str, work: Callable[[], T]) -> T:
    """What the work gives, or one clear message."""
    try:
        return work()
    except (NotAListing, ParserKilled, ParsingFailed) as error:
        raise RasidError(f"{called(document)}: {error}", hint=hint) from None
