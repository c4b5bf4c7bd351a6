"""The newest articles of what was found, their pages really read: what following would bring."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from crawler.discovery.candidates import Parser
from crawler.discovery.judging import FoundSource
from crawler.discovery.measuring import key_of
from crawler.discovery.visits import Web
from crawler.entries import Entry
from crawler.pages.languages import language_of
from crawler.parsing.pool import ParserKilled, ParsingFailed
from crawler.web.answers import Fetched

PREVIEW = 5
LATE: Final = "Its page did not arrive in time."


@dataclass(frozen=True, slots=True)
class Sample:
    """An article as it would be saved. `characters` is its text's length; `note` says why the page's is missing."""

    title: str
    url: str | None
    published_at: datetime | None
    characters: int
    language: str | None
    note: str | None = None


async def preview(
    found: Iterable[FoundSource], web: Web, parser: Parser, *, hint: str | None, time_limit_s: float
) -> tuple[Sample, ...]:
    """The five newest articles, newest first. Never fails: what cannot be read says so.

    `hint` is the language the outlet gives itself.
    """
    entries = await asyncio.to_thread(newest, found)
    tasks = [asyncio.create_task(_sample(entry, web, parser, hint)) for entry in entries]
    if not tasks:
        return ()
    try:
        await asyncio.wait(tasks, timeout=time_limit_s)
        late = [task for task in tasks if not task.done()]
        return tuple(
            _from_entry(entry, hint, LATE) if task in late else task.result()
            for entry, task in zip(entries, tasks, strict=True)
        )
    finally:
        for task in tasks:
            task.cancel()


def newest(found: Iterable[FoundSource]) -> Sequence[Entry]:
    """At most five entries; those without a date keep their source's order, after the dated ones."""
    listed = [entry for each in found if each.chosen and each.listing is not None for entry in each.listing.entries]
    entries: dict[str, Entry] = {}
    for entry in listed:
        entries.setdefault(key_of(entry), entry)
    dated = [(entry.published_at.timestamp(), entry) for entry in entries.values() if entry.published_at is not None]
    dated.sort(key=lambda pair: pair[0], reverse=True)
    undated = [entry for entry in entries.values() if entry.published_at is None]
    return [*(entry for _, entry in dated), *undated][:PREVIEW]


async def _sample(entry: Entry, web: Web, parser: Parser, hint: str | None) -> Sample:
    if entry.complete or entry.url is None:
        return _from_entry(entry, hint, None)
    answer = await web.fetch_page(entry.url)
    if not isinstance(answer, Fetched):
        return _from_entry(entry, hint, f"Page not read: {answer.reason}")
    try:
        page = await parser.extract_article(answer.body, url=answer.url, content_type=answer.content_type)
    except (ParserKilled, ParsingFailed) as error:
        return _from_entry(entry, hint, f"Page not read: {error}")
    if not page.text or not (page.complete or not _own_text(entry)):
        return _from_entry(entry, hint, page.note or "The page does not show the whole article.")
    return Sample(
        title=entry.title or page.title,
        url=entry.url,
        published_at=entry.published_at or page.published_at,
        characters=len(page.text),
        language=page.language,
        note=None if page.complete else page.note,
    )


def _from_entry(entry: Entry, hint: str | None, note: str | None) -> Sample:
    text = _own_text(entry)
    language = language_of(f"{entry.title} {text}", hint=entry.language or hint)
    return Sample(entry.title, entry.url, entry.published_at, len(text), language, note)


def _own_text(entry: Entry) -> str:
    return entry.text or entry.summary
