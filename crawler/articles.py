"""Entries → the articles among them, and an entry with its page → an article. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from crawler.entries import Entry
from crawler.identity import canonicalise, content_hash, guid_fingerprint, title_fingerprint, url_fingerprint
from crawler.pages.extraction import Page
from crawler.pages.languages import language_of
from monitors.articles import DateConfidence, DateOrigin, NewArticle, TextOrigin
from monitors.outlets import NewSource, Source, SourceKind

OLD = timedelta(days=3)
"""What is older than its section page's last visit by so much is listed again, not published late. Guessed."""

_CUT_SHORT = ("…", "...", "[…]", "[...]")


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry with the identities by which its outlet knows it. `url` is None when the entry has no page of its own.

    At least one of `guid_key` and `url_key` is there. `entry_hash` is None when the entry says nothing of its own: the
    words of a link on a section page come and go with the design.
    """

    entry: Entry
    url: str | None
    canonical_url: str
    guid_key: int | None
    url_key: int | None
    title_key: int | None
    entry_hash: int | None

    @property
    def fingerprints(self) -> tuple[int, ...]:
        """A guid that is the article's address has the same number, so it is given once."""
        return tuple(dict.fromkeys(key for key in (self.guid_key, self.url_key) if key is not None))


def listed(entries: Sequence[Entry], source: Source | NewSource) -> list[Listed]:
    """The articles a document lists, each once, in its order.

    A guid that stands for several addresses in one document identifies none of them, and neither does an address
    shared by entries with different guids and titles (bulletins that all link to one page), nor that of a home page.
    """
    canonical = [canonicalise(entry.url) if entry.url else "" for entry in entries]
    addresses, meanings = defaultdict(set), defaultdict(set)
    for entry, url in zip(entries, canonical, strict=True):
        if entry.guid:
            addresses[entry.guid].add(url)
        if url:
            meanings[url].add((entry.guid, entry.title))
    seen: set[int] = set()
    found = []
    for entry, url in zip(entries, canonical, strict=True):
        guid = entry.guid if entry.guid and len(addresses[entry.guid]) == 1 else None
        address = url if url and names_an_article(url) and _is_one_article(meanings[url]) else ""
        item = _listed(entry, source, url, guid=guid, address=address)
        if seen.isdisjoint(item.fingerprints):
            found.append(item)
        seen.update(item.fingerprints)
    return found


def names_an_article(url: str) -> bool:
    """Not of the root of a site, which shows another article every hour."""
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query)


def _is_one_article(meanings: set[tuple[str | None, str]]) -> bool:
    guids = {guid for guid, _ in meanings}
    titles = {title for _, title in meanings}
    return len(guids) == 1 or len(titles) == 1


def _listed(entry: Entry, source: Source | NewSource, url: str, *, guid: str | None, address: str) -> Listed:
    """By guid and address, by the one there is, or else by what the entry says."""
    guid_key = guid_fingerprint(guid) if guid and guid.strip() else None
    if guid_key is None and not address:
        guid_key = guid_fingerprint(f"{entry.url or ''} {entry.title} {entry.summary[:200]}")
    speaks = source.kind is not SourceKind.SECTION
    return Listed(
        entry=entry,
        url=entry.url if address else None,
        canonical_url=url or source.url,
        guid_key=guid_key,
        url_key=url_fingerprint(address) if address else None,
        title_key=title_fingerprint(entry.title),
        entry_hash=content_hash(entry.title, entry.summary, entry.text) if speaks else None,
    )


def article_of(
    item: Listed,
    source: Source,
    *,
    seen_at: datetime,
    page: Page | None = None,
    note: str | None = None,
    news_since: datetime | None = None,
) -> NewArticle:
    """The article: the page's text, or the entry's own where the page's is doubtful, and `note` saying why.

    A page on which no article was recognised gives boilerplate as easily as news, and that would alert; the excerpt
    of the feed is certain, and of short pieces it is usually the whole.
    A headline is taken from the feed, which has it clean, unless the feed cuts it short; but from the page where the
    source is a section page, whose links say "read more". What such a page links to and is no news is silent.
    """
    entry = item.entry
    by_links = source.kind is SourceKind.SECTION
    own_text = entry.text or entry.summary
    if page is not None and not page.complete:
        note = note or page.note or "The page does not show the whole article."
    from_page = page is not None and bool(page.text) and (page.complete or not own_text)
    text = page.text if page is not None and from_page else own_text
    title = _title(entry, page, by_links=by_links) or (own_text.strip().splitlines() or [""])[0][:200]
    published_at, origin, confidence = _published(entry, page, seen_at)
    return NewArticle(
        outlet_id=source.outlet_id,
        source_id=source.id,
        url=item.url or item.canonical_url,
        canonical_url=_canonical(item, page),
        guid=entry.guid,
        fingerprints=item.fingerprints,
        title=title,
        summary=_as_in(text, entry.summary or ((page.description or "") if page is not None else "")),
        text=text,
        text_origin=TextOrigin.PAGE if from_page else TextOrigin.ENTRY,
        text_note=note if page is None or not page.complete else None,
        first_seen_at=seen_at,
        authors=(page.authors if page is not None else ()) or ((entry.author,) if entry.author else ()),
        published_at=published_at,
        published_origin=origin,
        published_confidence=confidence,
        language=page.language if page is not None and from_page else _language(title, own_text, entry, page),
        image_url=(page.image_url if page is not None else None) or entry.image_url,
        tags=tuple(dict.fromkeys((*entry.tags, *(page.tags if page is not None else ())))),
        section=page.section if page is not None else None,
        modified_at=entry.modified_at or (page.modified_at if page is not None else None),
        title_key=item.title_key,
        entry_hash=item.entry_hash,
        silent=by_links and not _is_news(page, news_since),
    )


def _as_in(text: str, summary: str) -> str:
    """The summary as the text has it, if it differs in nothing but where lines end: an excerpt that goes on into the
    next paragraph is known as one, and told once."""
    flat, wanted = " ".join(text.split()), " ".join(summary.split())
    at = flat.find(wanted)
    if at < 0 or not wanted:
        return summary
    letters = [place for place, letter in enumerate(text) if not letter.isspace()]
    first = at - flat.count(" ", 0, at)
    return text[letters[first] : letters[first + len(wanted) - wanted.count(" ") - 1] + 1]


def _language(title: str, text: str, entry: Entry, page: Page | None) -> str | None:
    """Of what the entry says; watchlists that look at some languages only would not look at one without any."""
    return language_of(f"{title}\n{text}", hint=entry.language or (page.language if page is not None else None))


def news_since(source: Source) -> datetime | None:
    """What a section page's articles must have been published or changed after to be news; None: they all are.

    Such pages list what is read most beside what is new, and an article of last year can be read most today. What was
    published while the page could not be had is news.
    """
    visited_at = source.failing_since or source.last_polled_at
    return visited_at - OLD if source.kind is SourceKind.SECTION and visited_at is not None else None


def _is_news(page: Page | None, since: datetime | None) -> bool:
    """Whether a section page's link leads to news. A doubtful date makes nothing old."""
    if page is None or not (page.complete or is_declared_article(page)):
        return False
    said_at = page.modified_at or page.published_at
    return since is None or said_at is None or said_at > since or page.published_confidence is DateConfidence.LOW


def _title(entry: Entry, page: Page | None, *, by_links: bool) -> str:
    doubtful = by_links or not entry.title or entry.title.endswith(_CUT_SHORT)
    return page.title if page is not None and page.title and doubtful else entry.title


def is_declared_article(page: Page) -> bool:
    """Whether the page itself says that it is one, however little of its text could be found."""
    return page.published_at is not None and page.published_origin in (DateOrigin.STRUCTURED, DateOrigin.META)


def _published(
    entry: Entry, page: Page | None, seen_at: datetime
) -> tuple[datetime | None, DateOrigin | None, DateConfidence | None]:
    """The feed's time, which has hours and a zone; the page's where the feed has none. Nothing is of the future."""
    if entry.published_at is not None:
        sure = DateConfidence.MEDIUM if entry.published_at.time() == time() else DateConfidence.HIGH
        at, origin = entry.published_at, DateOrigin.ENTRY
    elif page is not None and page.published_at is not None and page.published_origin is not None:
        at, origin, sure = page.published_at, page.published_origin, page.published_confidence or DateConfidence.LOW
    else:
        return None, None, None
    return (at, origin, sure) if at <= seen_at else (seen_at, origin, DateConfidence.LOW)


def _canonical(item: Listed, page: Page | None) -> str:
    """What the page calls itself, if it is credible: themes often name the home page on every page."""
    said = page.canonical_url if page is not None else None
    if said and urlsplit(said).netloc == urlsplit(item.canonical_url).netloc and urlsplit(said).path.strip("/"):
        return canonicalise(said)
    return item.canonical_url
