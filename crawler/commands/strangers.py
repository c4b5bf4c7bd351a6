"""`rasid crawl` of an outlet that nobody follows: its newest articles are read and printed, and nothing is saved."""

from __future__ import annotations

import asyncio
import re
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from crawler.articles import listed
from crawler.commands.online import run_online
from crawler.discovery import discover, possible_addresses
from crawler.page_reading import PageReader
from crawler.parsing.pool import ParsingPool
from crawler.web.fetching import Fetcher
from monitors.articles import NewArticle
from monitors.cli import show as say
from monitors.cli import show_json
from monitors.outlets import NewSource, Source
from monitors.settings import Settings

MOST = 10
"""Articles that are read unless another number is asked for."""

_FIELDS = (
    *("url", "canonical_url", "title", "summary", "text", "text_origin", "text_note", "authors", "published_at"),
    *("published_origin", "published_confidence", "modified_at", "language", "image_url", "section", "tags"),
)


def is_address(wanted: str) -> bool:
    """Whether it may be an address rather than a name."""
    return re.search(r"://|^[^\s/]+\.[^\s/]{2,}(?:/|$)", wanted) is not None


def crawl_stranger(settings: Settings, address: str, *, limit: int | None, as_json: bool) -> None:
    possible_addresses(address)  # says at once what is no address
    console = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    with console.status(Text(f"Looking for articles at {address} …")):
        name, articles = run_online(settings, lambda fetcher, pool: _read(address, limit or MOST, fetcher, pool))
    for article in articles:
        if as_json:
            show_json({"outlet_name": name, **_as_json(article)})
        else:
            at = article.published_at or article.first_seen_at
            say(f"{at.astimezone():%Y-%m-%d %H:%M}  {article.title}  {article.url}")
    count = f"{len(articles)} article{'' if len(articles) == 1 else 's'}"
    console.print(f"{name} is not followed: {count} read, nothing saved. To follow it: rasid outlet add {address}")


async def _read(address: str, limit: int, fetcher: Fetcher, pool: ParsingPool) -> tuple[str, list[NewArticle]]:
    """The outlet's name and its newest articles, newest first."""
    found = await discover(address, fetcher, pool, with_preview=False)
    now = datetime.now(UTC)
    items = []
    seen: set[int] = set()
    for each in found.chosen:
        if each.listing is None:
            continue
        source = _unsaved(each.source, now)
        pages = PageReader(fetcher, pool, source, seen_at=now)
        for item in listed(each.listing.entries, source):
            if seen.isdisjoint(item.fingerprints):
                items.append((pages, item))
            seen.update(item.fingerprints)
    oldest = datetime.min.replace(tzinfo=UTC)
    items.sort(key=lambda pair: pair[1].entry.published_at or pair[1].entry.modified_at or oldest, reverse=True)
    read = await asyncio.gather(*(pages.article(item) for pages, item in items[:limit]))
    return found.outlet.name, [article for article, _ in read]


def _unsaved(new: NewSource, now: datetime) -> Source:
    """A source that has no row."""
    return Source(id=0, outlet_id=0, kind=new.kind, url=new.url, next_poll_at=now, active=False)


def _as_json(article: NewArticle) -> dict[str, Any]:
    fields = asdict(article)
    return {name: fields[name] for name in _FIELDS}
