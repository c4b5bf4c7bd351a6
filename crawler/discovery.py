"""A web address somebody pasted → the outlet behind it and its feeds, with a preview.

The address is a feed itself, or a page: then the feeds it links to are tried, and the usual places after them. Every
candidate is fetched and must parse; a link that promises a feed is often an error page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urljoin, urlsplit, urlunsplit

from crawler.entries import Entry, Listing, NotAListing
from crawler.identity import canonicalise
from crawler.pages.links import COMMON_FEED_PATHS, PageLinks
from crawler.parsing.pool import ParserKilled, ParsingFailed
from crawler.web.fetching import UNREACHABLE, Fetched, FetchFailed, NotModified
from monitors.errors import OutletError, UsageError
from monitors.outlets import NewOutlet, NewSource, SourceKind

MAX_LINKED_FEEDS = 8
PREVIEW = 5

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_HOST = re.compile(
    r"^[^\s/?#@]+\.[^\s/?#@.]{2,}(?::\d+)?$|^\[[0-9a-f:.]+\](?::\d+)?$|^localhost(?::\d+)?$", re.IGNORECASE
)
# Up to the last "@": of a secret that itself holds an "@", nothing may be left to repeat.
_CREDENTIALS = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*@|^[^/?#]*:[^/?#]*@", re.IGNORECASE)
_NOT_MAIN = re.compile(r"/(?:tag|category|author|section)s?/", re.IGNORECASE)
_TITLE_END = re.compile(r"\s*[»|–—·:-]\s*(?:rss|feed|الخلاصة|آخر الأخبار|.{0,20}RSS.{0,20})\s*$", re.IGNORECASE)


class Web(Protocol):
    """What discovery needs of a `Fetcher`."""

    async def fetch_feed(self, url: str) -> Fetched | NotModified | FetchFailed: ...
    async def fetch_page(self, url: str) -> Fetched | FetchFailed: ...


class Parser(Protocol):
    """What discovery needs of a `ParsingPool`."""

    async def read_listing(self, body: bytes, *, url: str, content_type: str | None) -> Listing: ...
    async def find_feed_links(self, html: bytes, *, url: str, content_type: str | None) -> PageLinks: ...


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that was fetched and parsed, with the answer it came in (for its validators)."""

    source: NewSource
    feed: Listing
    answer: Fetched


@dataclass(frozen=True, slots=True)
class Discovery:
    """`preview` is at most five entries, newest first; `notes` are in words, for the person who asked."""

    outlet: NewOutlet
    feeds: tuple[FoundFeed, ...]
    preview: tuple[Entry, ...]
    notes: tuple[str, ...] = ()

    @property
    def sources(self) -> list[NewSource]:
        return [found.source for found in self.feeds]


async def discover(url: str, web: Web, parser: Parser) -> Discovery:
    """What is at the address. Raises `UsageError` for what is no address, `OutletError` for what is no outlet."""
    answer = await _first_answer(possible_addresses(url), web)
    direct = await _as_feed(answer, parser)
    if direct is not None:
        return await _from_feed(direct, web, parser)
    return await _from_page(answer, web, parser)


def possible_addresses(url: str) -> list[str]:
    """The addresses a person may mean, likeliest first: one without a scheme is tried with https, then http."""
    text = url.strip().strip("<>«»“”\"'")
    refuse_credentials(text)
    candidates = [text] if _SCHEME.match(text) else [f"https://{text}", f"http://{text}"]
    try:
        parts = urlsplit(candidates[0])
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    is_literal = re.fullmatch(r"[0-9.]+(?::\d+)?", parts.netloc) is not None
    if parts.scheme.lower() not in ("http", "https") or not (_HOST.match(parts.netloc) or is_literal):
        shown = "This" if "@" in text else f"“{text[:200]}”"  # part of it may be a password
        raise UsageError(
            f"{shown} is not a web address.",
            hint="Give one such as https://example.com/ or the address of a feed.",
        )
    return [_with_path(candidate) for candidate in candidates]


def refuse_credentials(address: str) -> None:
    """`UsageError`, which does not repeat them, when a user name or password is part of the address."""
    if _CREDENTIALS.match(address.strip()):
        raise UsageError(
            "Addresses with a user name or a password in them are not supported.",
            hint="Give the address without them. What only subscribers can read is not followed.",
        )


def _with_path(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme.lower(), parts.netloc, parts.path or "/", parts.query, ""))


async def _first_answer(addresses: Iterable[str], web: Web) -> Fetched:
    failure: FetchFailed | None = None
    for address in addresses:
        answer = await web.fetch_page(address)
        if isinstance(answer, Fetched):
            return answer
        # A site that answers, however rudely, tells more than one that does not.
        failure = answer if failure is None or answer.status is not None else failure
    assert failure is not None
    raise unfetchable(failure)


def unfetchable(failure: FetchFailed) -> OutletError:
    """What to tell the person who asked for an address that could not be had."""
    if failure.reason == UNREACHABLE:
        return OutletError(
            f"{failure.url}: {failure.reason}",
            # One text for every reason: nobody shall learn from it which ports of a private host are open.
            hint="Check the address. A site in your own network has to be listed in crawl.allow_addresses; "
            "a port other than 80 and 443 in crawl.ports.",
        )
    return OutletError(f"{failure.url}: {failure.reason}", hint="Check the address, or try again later.")


async def _from_feed(direct: FoundFeed, web: Web, parser: Parser) -> Discovery:
    """The outlet of a feed: its home page gives name and language where it can be had."""
    homepage = direct.feed.homepage or _root_of(direct.source.url)
    page: PageLinks | None = None
    notes = []
    answer = await web.fetch_page(homepage)
    if isinstance(answer, Fetched):
        page = await _links(answer, parser)
        if page is not None and page.problem:
            notes.append(f"The home page could not be read: {page.problem}")
    else:
        notes.append(f"The home page could not be read: {answer.reason}")
    return _discovery(homepage, page, [direct], notes)


async def _from_page(answer: Fetched, web: Web, parser: Parser) -> Discovery:
    page = await _links(answer, parser)
    promised = [link.url for link in page.feeds] if page is not None else []
    found = await _try_all(_ranked(promised)[:MAX_LINKED_FEEDS], web, parser)
    notes = []
    if not found:
        notes = [_guessed(answer.url, page)]
        for path in COMMON_FEED_PATHS:
            found = await _try_all([urljoin(answer.url, path)], web, parser)
            if found:
                break
    if not found:
        raise OutletError(
            f"{answer.url} lists no articles that Rasid can follow: no feed is linked there or in the usual places.",
            hint="Give the address of the outlet's RSS feed, if it has one.",
        )
    # A page other than the front page that leads to no feed, such as a login, does not speak for the outlet.
    speaks = not notes or urlsplit(answer.url).path == "/"
    return _discovery(_homepage_of(answer, page, found), page if speaks else None, found, notes)


def _guessed(url: str, page: PageLinks | None) -> str:
    """What to know of feeds that the pasted page did not lead to."""
    problem = "The page cannot be read." if page is None else page.problem or "No feed is linked there."
    return f"{url}: {problem} The feed was found in a usual place of the same site."


async def _links(answer: Fetched, parser: Parser) -> PageLinks | None:
    try:
        return await parser.find_feed_links(answer.body, url=answer.url, content_type=answer.content_type)
    except (ParserKilled, ParsingFailed):
        return None


async def _try_all(urls: Iterable[str], web: Web, parser: Parser) -> list[FoundFeed]:
    """Those that are feeds with entries, without those that repeat another."""
    found: list[FoundFeed] = []
    for url in urls:
        answer = await web.fetch_feed(url)
        candidate = await _as_feed(answer, parser) if isinstance(answer, Fetched) else None
        if candidate is not None and candidate.feed.entries and not any(_same(candidate, other) for other in found):
            found.append(candidate)
    return found


async def _as_feed(answer: Fetched, parser: Parser) -> FoundFeed | None:
    try:
        feed = await parser.read_listing(answer.body, url=answer.url, content_type=answer.content_type)
    except (NotAListing, ParsingFailed, ParserKilled):
        return None
    # A temporary redirect is the server's business of today; a permanent one is its new address.
    return FoundFeed(NewSource(answer.permanent_url or answer.asked_url, SourceKind.FEED), feed, answer)


def _same(one: FoundFeed, other: FoundFeed) -> bool:
    """Whether two feeds are one under two addresses, or in two formats (RSS and Atom)."""
    if canonicalise(one.source.url) == canonicalise(other.source.url):
        return True
    return {entry.url for entry in one.feed.entries} == {entry.url for entry in other.feed.entries}


def _ranked(urls: Iterable[str]) -> list[str]:
    """Main feeds before those of sections and tags, each once, else in the page's order."""
    return sorted(dict.fromkeys(urls), key=lambda url: bool(_NOT_MAIN.search(url)))


def _homepage_of(answer: Fetched, page: PageLinks | None, found: list[FoundFeed]) -> str:
    """The page that was given, or the one it and its feed name, if that is on the same site."""
    for said in (found[0].feed.homepage, page.homepage if page is not None else None):
        if said and urlsplit(said).netloc == urlsplit(answer.url).netloc:
            return said
    return answer.url


def _discovery(homepage: str, page: PageLinks | None, found: list[FoundFeed], notes: list[str]) -> Discovery:
    first = found[0].feed
    outlet = NewOutlet(
        name=_name(homepage, page, first),
        homepage=canonicalise(homepage),
        language=(page.language if page is not None else None) or first.language,
    )
    return Discovery(outlet, tuple(found), _preview(found), tuple(notes))


def _name(homepage: str, page: PageLinks | None, feed: Listing) -> str:
    said = (page.site_name if page is not None else None) or feed.title or (page.title if page is not None else None)
    name = _TITLE_END.sub("", said or "").strip()
    return name[:100] or urlsplit(homepage).netloc


def _preview(found: list[FoundFeed]) -> tuple[Entry, ...]:
    """The newest entries of all feeds; those without a date keep their feed's order, after the dated ones."""
    entries = list({entry.url or entry.title: entry for listing in found for entry in listing.feed.entries}.values())
    dated = sorted(
        (entry for entry in entries if entry.published_at is not None),
        key=lambda entry: entry.published_at.timestamp() if entry.published_at else 0.0,
        reverse=True,
    )
    return tuple([*dated, *(entry for entry in entries if entry.published_at is None)][:PREVIEW])


def _root_of(url: str) -> str:
    return urljoin(url, "/")
