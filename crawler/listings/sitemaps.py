"""Sitemaps (https://www.sitemaps.org/protocol.html), news sitemaps and indexes → what they list, newest first.

News sitemaps (https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap) hold two days of
articles with their titles, and each is an entry. Plain sitemaps hold all pages of a site: those whose address has the
shape of an article's become entries, without a title, for the page has it. There is no further window of days: what a
sitemap lists when it is first read is recorded in silence, and an old article left out then would look new when it is
edited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice

from lxml import etree

from crawler.documents.bombs import Bomb
from crawler.documents.dates import parse_date
from crawler.documents.decoding import charset_of, decode
from crawler.documents.fields import line_field, link_field, tag_fields
from crawler.documents.unpacking import unpacked
from crawler.documents.xml_text import legal_xml, xml_bytes
from crawler.entries import MAX_ENTRIES, Entry, Listing, NotAListing
from crawler.feeds.reading import parse_feed
from crawler.listings.children import choose_children, past_children
from crawler.listings.shapes import ArticleShape

# What the protocol allows in one document.
MAX_URLS = 50_000
# Shapes of addresses are looked at from the newest on; so many are enough to fill a listing of honest sites.
_MAX_LOOKED_AT = 10_000
_PAGE = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Listed:
    """One address as written. `fields` are by local name, those of the news extension with a `news:` before it."""

    loc: str
    fields: dict[str, str]
    changed_at: datetime | None

    @property
    def is_news(self) -> bool:
        return "news:title" in self.fields or "news:publication_date" in self.fields


def read_sitemap(body: bytes, *, url: str, content_type: str | None, known: Sequence[str] = ()) -> Listing:
    """What a sitemap of any kind lists: XML, an index, a feed, or plain text with an address on each line.

    `more` of an index are its newest children. `published_at` is given where a time of day is; a day alone, or
    `lastmod`, is `modified_at`, so that the page is asked when it was published.
    """
    body = unpacked(body)
    text = _xml(body, content_type)
    start = text[:2_000].lstrip()
    if not start:
        raise NotAListing("The document is empty.")
    if not start.startswith("<"):
        return _read_lines(body, url, content_type, known)
    if _PAGE.match(start):
        raise NotAListing("This is a web page, not a sitemap.")
    root = _parse(text)
    kind = root.tag.rpartition("}")[2].lower()
    if kind == "sitemapindex":
        children = [_listed(element) for element in islice(_children(root, "sitemap"), MAX_URLS)]
        dated = [(child.loc, child.changed_at) for child in children]
        more, past = choose_children(dated, url=url), past_children(dated, url=url)
        return replace(_listing(()), more=more, past=past)
    if kind == "urlset":
        return _read_urls([_listed(element) for element in islice(_children(root, "url"), MAX_URLS)], url, known)
    if kind in ("rss", "feed", "rdf"):
        return parse_feed(body, url=url, content_type=content_type)
    raise NotAListing("This is XML, but not a sitemap.")


def _xml(body: bytes, content_type: str | None) -> str:
    try:
        text = legal_xml(xml_bytes(body, content_type=content_type).decode("utf-8"))
    except Bomb as error:
        raise NotAListing(f"This cannot be read safely: {error}.") from error
    if "<!ENTITY" in text[:100_000]:
        raise NotAListing("This cannot be read safely: it defines entities.")
    return text


def _parse(text: str) -> etree._Element:
    # Recovering: a bare "&" in one address must not cost the other thousand, and a document may be cut.
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        huge_tree=False,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root: etree._Element | None = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or not isinstance(root.tag, str):
        raise NotAListing("This is not a sitemap: it cannot be read as XML.")
    return root


def _children(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """By local name, for the namespace is written wrongly often enough."""
    for element in root:
        if isinstance(element.tag, str) and element.tag.rpartition("}")[2].lower() == name:
            yield element


def _listed(element: etree._Element) -> _Listed:
    fields: dict[str, str] = {}
    _collect(element, fields, "", depth=0)
    return _Listed(fields.get("loc", ""), fields, _time(fields.get("news:publication_date") or fields.get("lastmod")))


def _collect(element: etree._Element, fields: dict[str, str], prefix: str, *, depth: int) -> None:
    for child in islice(element, 50):
        if not isinstance(child.tag, str):
            continue
        name = child.tag.rpartition("}")[2]
        if len(child) and depth < 3:
            inner = "news:" if name == "news" else "image:" if name == "image" else prefix
            _collect(child, fields, inner, depth=depth + 1)
        elif child.text and len(child.text) < 20_000:
            fields.setdefault(f"{prefix}{name}", child.text.strip())


def _time(written: str | None) -> datetime | None:
    if not written:
        return None
    try:
        # 50 times faster than asking what else it could be, and nearly always right (W3C Datetime).
        moment = datetime.fromisoformat(written)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return parse_date(written[:60])
    return moment if 1990 <= moment.year <= 2100 else None


def _read_lines(body: bytes, url: str, content_type: str | None, known: Sequence[str]) -> Listing:
    text = decode(body, declared=None, http_charset=charset_of(content_type)).text
    lines = (line.strip() for line in text.split("\n", MAX_URLS))
    found = [_Listed(line, {}, None) for line in lines if line.startswith(("https://", "http://"))]
    if not found:
        kind = "JSON" if text.lstrip()[:1] in ("{", "[") else "plain text"
        raise NotAListing(f"This is {kind}, not a sitemap.")
    return _read_urls(found[:MAX_URLS], url, known)


def _read_urls(found: Sequence[_Listed], url: str, known: Sequence[str]) -> Listing:
    first = link_field(url, found[0].loc) if found else None
    shape = ArticleShape.learned([*known, *(item.loc for item in found if item.is_news)], site=first or url)
    entries = []
    for item in islice(_newest_first(found), _MAX_LOOKED_AT):
        address = link_field(url, item.loc)
        if address and (item.is_news or shape.fits(address)):
            entries.append(_entry(item, address, url))
            if len(entries) == MAX_ENTRIES:
                break
    named = next((item.fields for item in found if "news:name" in item.fields), {})
    return _listing(entries, title=line_field(named.get("news:name")), language=line_field(named.get("news:language")))


def _newest_first(found: Sequence[_Listed]) -> list[_Listed]:
    """By date; where there is none, what comes last is as likely the newest as what comes first: by turns."""
    dated = sorted((item for item in found if item.changed_at), key=lambda item: item.changed_at or _BEGINNING)
    undated = [item for item in found if not item.changed_at]
    half = (len(undated) + 1) // 2
    first, last = undated[:half], undated[half:]
    turns = [item for pair in zip(first, reversed(last), strict=False) for item in pair]
    return [*reversed(dated), *turns, *first[len(last) :]]


def _entry(item: _Listed, address: str, url: str) -> Entry:
    fields = item.fields
    written = fields.get("news:publication_date", "")
    published = item.changed_at if ":" in written else None
    changed = _time(fields.get("lastmod")) or (item.changed_at if written else None)
    return Entry(
        guid=None,
        url=address,
        title=line_field(fields.get("news:title")) or "",
        summary="",
        text="",
        author=None,
        published_at=published,
        image_url=link_field(url, fields.get("image:loc")),
        tags=tag_fields(fields.get("news:keywords", "").replace("،", ",").split(",")),
        modified_at=changed if changed != published else None,
    )


def _listing(entries: Sequence[Entry], *, title: str | None = None, language: str | None = None) -> Listing:
    return Listing(title=title, homepage=None, language=language, ttl_s=None, entries=tuple(entries))
