"""Entries → the articles among them, and an entry with its page → an article. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.identity import canonicalise, fingerprints
from monitors.articles import DateOrigin, NewArticle, TextOrigin
from monitors.outlets import NewSource, Source

if TYPE_CHECKING:  # what parses outside bytes is loaded in the parsing children only
    from crawler.entries import Entry
    from crawler.pages.extraction import Page

_CUT_SHORT = ("…", "...", "[…]", "[...]")


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry with the identities by which its outlet knows it. `url` is None when the entry has no page."""

    entry: Entry
    url: str | None
    canonical_url: str
    fingerprints: tuple[int, ...]


def listed(entries: Sequence[Entry], source: Source | NewSource) -> list[Listed]:
    """The articles a document lists, each once, in its order.

    A guid that stands for several addresses in one document identifies none of them, and neither does an address
    shared by entries with different guids and titles (bulletins that all link to the home page).
    """
    addresses, meanings = defaultdict(set), defaultdict(set)
    for entry in entries:
        if entry.guid:
            addresses[entry.guid].add(canonicalise(entry.url or ""))
        if entry.url:
            meanings[canonicalise(entry.url)].add((entry.guid, entry.title))
    seen: set[int] = set()
    found = []
    for entry in entries:
        guid = entry.guid if entry.guid and len(addresses[entry.guid]) == 1 else None
        url = canonicalise(entry.url) if entry.url else ""
        keys = _identities(guid, url if url and _is_one_article(meanings[url]) else "", entry)
        if seen.isdisjoint(keys):
            found.append(Listed(entry, entry.url, url or source.url, keys))
        seen.update(keys)
    return found


def _is_one_article(meanings: set[tuple[str | None, str]]) -> bool:
    guids = {guid for guid, _ in meanings}
    titles = {title for _, title in meanings}
    return len(guids) == 1 or len(titles) == 1


def _identities(guid: str | None, url: str, entry: Entry) -> tuple[int, ...]:
    """Of guid and address, of the one there is, or else of what the entry says."""
    if url:
        return fingerprints(guid, url)
    if guid:
        return fingerprints(guid, "")[:1]
    return fingerprints(f"{entry.url or ''} {entry.title} {entry.summary[:200]}", "")[:1]


def article_of(
    item: Listed, source: Source, *, seen_at: datetime, page: Page | None = None, note: str | None = None
) -> NewArticle:
    """The article: the page's text, or the entry's own where the page's is doubtful, and `note` saying why.

    A page on which no article was recognised gives boilerplate as easily as news, and that would alert; the excerpt
    of the feed is certain, and of short pieces it is usually the whole.
    A headline is taken from the feed, which has it clean, unless the feed cuts it short.
    """
    entry = item.entry
    own_text = entry.text or entry.summary
    if page is not None and not page.complete:
        note = note or page.note or "The page does not show the whole article."
    from_page = page is not None and bool(page.text) and (page.complete or not own_text)
    title = entry.title
    if page is not None and page.title and (not title or title.endswith(_CUT_SHORT)):
        title = page.title
    published_at, origin = _published(entry, page)
    return NewArticle(
        outlet_id=source.outlet_id,
        source_id=source.id,
        url=item.url or item.canonical_url,
        canonical_url=_canonical(item, page),
        guid=entry.guid,
        fingerprints=item.fingerprints,
        title=title or (own_text.strip().splitlines() or [""])[0][:200],
        summary=entry.summary or ((page.description or "") if page is not None else ""),
        text=page.text if page is not None and from_page else own_text,
        text_origin=TextOrigin.PAGE if from_page else TextOrigin.ENTRY,
        text_note=note if page is None or not page.complete else None,
        first_seen_at=seen_at,
        authors=tuple(filter(None, [(page.author if page is not None else None) or entry.author])),
        published_at=published_at,
        published_origin=origin,
        language=page.language if page is not None else None,
        image_url=(page.image_url if page is not None else None) or entry.image_url,
        tags=tuple(dict.fromkeys((*entry.tags, *(page.tags if page is not None else ())))),
    )


def _published(entry: Entry, page: Page | None) -> tuple[datetime | None, DateOrigin | None]:
    """The feed's time, which has hours and a zone; the page's where the feed has none."""
    if entry.published_at is not None:
        return entry.published_at, DateOrigin.ENTRY
    if page is not None and page.published_at is not None:
        return page.published_at, page.published_origin
    return None, None


def _canonical(item: Listed, page: Page | None) -> str:
    """What the page calls itself, if it is credible: themes often name the home page on every page."""
    said = page.canonical_url if page is not None else None
    if said and urlsplit(said).netloc == urlsplit(item.canonical_url).netloc and urlsplit(said).path.strip("/"):
        return canonicalise(said)
    return item.canonical_url
