"""A page's meta tags, links and names, and the small facts that follow from them alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.documents.addresses import web_address
from crawler.documents.fragments import line_of
from crawler.documents.spelling import fold, letters
from crawler.identity import canonicalise
from crawler.pages.structured_data import StructuredData

_MAX_TAGS = 30
_MAX_DESCRIPTION = 2_000
_NO_AUTHOR = re.compile(
    r"https?:|www\.|@|\d{3}|\.(?:com|net|org)\b|^(?:admin|administrator|editor|root|user|news\w*|webmaster)$"
)
_BYLINE_WORDS = re.compile(r"^(?:by|par|von|بقلم|كتب|كتبت|إعداد|تحرير|بواسطة)\s*[:：]?\s+", re.IGNORECASE)
# Not a lone Arabic «و»: half of all Arabic names hold one.
_BETWEEN_NAMES = re.compile(r"\s*[،,;؛/|]\s*|\s+(?:and|et|und|ve|y|&)\s+|\s+-\s+")
_MAX_AUTHORS = 10
_CUT = re.compile(r"\s*(?:\[\s*)?(?:…|\.\.\.)(?:\s*\])?\s*$")


@dataclass(frozen=True, slots=True)
class Metadata:
    """Meta tags by lower-case name or property, the first of each; link addresses by relation, absolute."""

    url: str
    meta: dict[str, str]
    links: dict[str, str]
    document_title: str | None
    html_language: str | None
    site_names: tuple[str, ...]

    def first(self, *names: str) -> str | None:
        return next((value for name in names if (value := self.meta.get(name))), None)


def read_metadata(root: HtmlElement, data: StructuredData, *, url: str) -> Metadata:
    meta: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if name and (content := line_of(element.get("content", "")[:5_000])):
            meta.setdefault(name.strip().lower(), content)
    links: dict[str, str] = {}
    for element in root.iter("link"):
        for relation in element.get("rel", "").lower().split():
            if address := web_address(url, element.get("href")):
                links.setdefault(relation, address)
    title = next((element.text for element in root.iter("title") if element.text), None)
    names = [meta.get("og:site_name"), meta.get("application-name"), *data.publishers]
    return Metadata(
        url=url,
        meta=meta,
        links=links,
        document_title=line_of(title[:2_000]) if title else None,
        html_language=(root.get("lang") or root.get("xml:lang") or "").strip().lower() or None,
        site_names=tuple(dict.fromkeys(name for name in names if name)),
    )


def canonical_url(page: Metadata) -> str:
    """The address the page gives itself if it is on the same site and names an article, else where it was found."""
    for claimed in (page.links.get("canonical"), web_address(page.url, page.meta.get("og:url"))):
        if claimed and _same_site(claimed, page.url) and not (_is_root(claimed) and not _is_root(page.url)):
            return canonicalise(claimed)
    return canonicalise(page.url)


def authors(page: Metadata, data: StructuredData, root: HtmlElement) -> tuple[str, ...]:
    """Who wrote it, at most ten; never the outlet itself."""
    named = page.first("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "byl") or ""
    outlets = {letters(name) for name in (*page.site_names, *(urlsplit(page.url).hostname or "").split("."))}
    for source in (data.authors, [named], _marked_authors(root)):
        names = [name for written in source for name in people(written)]
        good = [name for name in names if _is_person(name, outlets)]
        if good:
            return tuple(dict.fromkeys(good))[:_MAX_AUTHORS]
    return ()


def people(written: str) -> Iterator[str]:
    """The names in a byline: «بقلم: هالة مرعي وسليم الدروبي», "By Tom Reed, Ana Silva and Jo Bell"."""
    line = _BYLINE_WORDS.sub("", written).strip()
    for name in _BETWEEN_NAMES.split(line):
        if 2 <= len(name.strip()) <= 80:
            yield name.strip(" .-–—|")


def section(page: Metadata, data: StructuredData) -> str | None:
    """The first section the article is filed under, in the page's own word."""
    found = page.first("article:section", "og:article:section", "parsely-section", "section") or data.section
    return found[:60].strip() or None if found else None


def image_url(page: Metadata, data: StructuredData) -> str | None:
    found = page.first("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
    return web_address(page.url, found) or web_address(page.url, data.image_url)


def tags(page: Metadata, data: StructuredData, root: HtmlElement) -> tuple[str, ...]:
    """Sections and tags, in the page's own words."""
    found = [line_of(element.get("content", "")) for element in root.iter("meta") if _is_tag_meta(element)]
    found += data.tags
    found += [line_of(link.text_content()) for link in root.iter("a") if "tag" in link.get("rel", "").lower().split()]
    found += (page.first("news_keywords") or "").split(",")
    short = (tag.strip() for tag in found)
    return tuple(dict.fromkeys(tag for tag in short if 0 < len(tag) <= 60))[:_MAX_TAGS]


def description(page: Metadata, data: StructuredData) -> str | None:
    """The outlet's own summary, without the dots of a cut, so that it is found again at the start of the text."""
    found = page.first("og:description", "description", "twitter:description") or data.description
    return _CUT.sub("", found)[:_MAX_DESCRIPTION] or None if found else None


def _is_tag_meta(element: HtmlElement) -> bool:
    return element.get("property", "").lower() in ("article:tag", "article:section")


def _marked_authors(root: HtmlElement) -> Iterator[str]:
    for element in root.iter("a", "span", "div", "address"):
        if element.get("rel") == "author" or element.get("itemprop") == "author":
            yield line_of(element.text_content())
            return


def _is_person(name: str, outlets: set[str]) -> bool:
    key = letters(name)
    return bool(key) and key not in outlets and not _NO_AUTHOR.search(fold(name))


def _same_site(one: str, other: str) -> bool:
    hosts = [(urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.") for url in (one, other)]
    return hosts[0] == hosts[1]


def _is_root(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query
