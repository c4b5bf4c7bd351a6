"""Guesses tried: what is fetched, parses and lists articles becomes a candidate."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from crawler.discovery.places import Guess, is_standing, news_first
from crawler.discovery.visits import NOT_ASKED, Visits
from crawler.entries import Entry, Listing, NotAListing
from crawler.identity import canonicalise
from crawler.listings.linked import with_links
from crawler.pages.extraction import Page
from crawler.pages.links import PageLinks
from crawler.parsing.pool import ParserKilled, ParsingFailed
from crawler.web.answers import Fetched
from monitors.outlets import NewSource, SourceKind

MAX_CHILDREN = 2
"""Documents of a sitemap index that are read."""

MAX_KNOWN = 200
EMPTY: Final = "It is empty."
UNSAFE: Final = "It could not be read safely."
_COMMENT = "#comment-"
_LEARNING = (SourceKind.SECTION, SourceKind.SITEMAP)
"""Kinds whose links to articles are told from others by the articles known already."""


class Parser(Protocol):
    """What discovery needs of a `ParsingPool`."""

    async def read_listing(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str | None,
        kind: SourceKind = SourceKind.FEED,
        known: Sequence[str] = (),
    ) -> Listing: ...
    async def find_feed_links(self, html: bytes, *, url: str, content_type: str | None) -> PageLinks: ...
    async def extract_article(self, html: bytes, *, url: str, content_type: str | None) -> Page: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source that was fetched and lists something, with the answer it came in (for its validators).

    The entries of a sitemap index are those of its newest documents. `named`, `narrow`: as of its guess.
    """

    source: NewSource
    listing: Listing
    answer: Fetched
    named: bool = True
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """A place the site names that is no source; `reason` says in words why."""

    source: NewSource
    reason: str


class Trial:
    """Tries guesses and keeps what came of them, so that it can be stopped at any moment."""

    def __init__(self, visits: Visits, parser: Parser) -> None:
        self._visits = visits
        self._parser = parser
        self._tried: set[tuple[str, SourceKind]] = set()
        self.candidates: list[Candidate] = []
        self.failed: list[Failed] = []

    def has(self, *kinds: SourceKind) -> bool:
        return any(candidate.source.kind in kinds for candidate in self.candidates)

    async def all(self, guesses: Iterable[Guess]) -> None:
        """Tries them side by side, as far as their hosts' gates permit; candidates keep the order of the guesses."""
        guesses = list(guesses)
        found = await asyncio.gather(*(self._try(guess) for guess in guesses))
        self.candidates += [candidate for candidate in found if candidate is not None]

    async def until_found(self, guesses: Iterable[Guess]) -> None:
        """Tries one after another until one is a candidate."""
        for guess in guesses:
            if (candidate := await self._try(guess)) is not None:
                self.candidates.append(candidate)
                return

    async def read(self, answer: Fetched, kind: SourceKind) -> Candidate | None:
        """A document that is there already, if it is of this kind. A feed may be empty for now."""
        try:
            listing = await self._listing(answer, kind)
        except (NotAListing, ParserKilled, ParsingFailed):
            return None
        guess = Guess(answer.asked_url, kind, named=False)
        if not listing.entries and listing.more:
            candidate = await self._index(guess, answer, listing)
        else:
            candidate = _candidate(guess, answer, listing) if listing.entries or kind is SourceKind.FEED else None
        return replace(candidate, named=True) if candidate is not None else None

    async def _try(self, guess: Guess) -> Candidate | None:
        if (guess.url, guess.kind) in self._tried:
            return None
        self._tried.add((guess.url, guess.kind))
        answer = await self._visits.document(guess.url)
        if not isinstance(answer, Fetched):
            if answer.reason != NOT_ASKED:
                self._refuse(guess, answer.reason)
            return None
        try:
            listing = await self._listing(answer, guess.kind)
        except (NotAListing, ParserKilled, ParsingFailed) as error:
            self._refuse(guess, str(error) if isinstance(error, NotAListing) else UNSAFE)
            return None
        if not listing.entries and listing.more:
            return await self._index(guess, answer, listing)
        if not listing.entries or _is_comments(listing.entries):
            self._refuse(guess, "It lists comments." if listing.entries else EMPTY)
            return None
        return _candidate(guess, answer, listing)

    async def _index(self, guess: Guess, answer: Fetched, index: Listing) -> Candidate | None:
        """A sitemap index: its standing news sitemap alone, if it has one, else it with its newest documents."""
        children = news_first(index.more)[:MAX_CHILDREN]
        standing = next((url for url in children if is_standing(url)), None)
        if standing is not None:
            return await self._try(replace(guess, url=standing))
        entries: list[Entry] = []
        for url in children:
            document = await self._visits.document(url)
            if isinstance(document, Fetched):
                try:
                    entries += (await self._listing(document, guess.kind)).entries
                except (NotAListing, ParserKilled, ParsingFailed):
                    continue
        if not entries:
            self._refuse(guess, EMPTY)
            return None
        return _candidate(guess, answer, replace(index, entries=tuple(entries)))

    async def _listing(self, answer: Fetched, kind: SourceKind) -> Listing:
        known = self._known() if kind in _LEARNING else []
        listing = await self._parser.read_listing(
            answer.body, url=answer.url, content_type=answer.content_type, kind=kind, known=known
        )
        return with_links(listing, answer.headers.get("link"), url=answer.url)

    def _known(self) -> list[str]:
        urls = [entry.url for candidate in self.candidates for entry in candidate.listing.entries if entry.url]
        return list(dict.fromkeys(map(canonicalise, urls[:MAX_KNOWN])))

    def _refuse(self, guess: Guess, reason: str) -> None:
        if guess.named:
            self.failed.append(Failed(NewSource(guess.url, guess.kind), reason))


def _candidate(guess: Guess, answer: Fetched, listing: Listing) -> Candidate:
    # A temporary redirect is the server's business of today; a permanent one is its new address.
    source = NewSource(answer.permanent_url or answer.asked_url, guess.kind)
    return Candidate(source, listing, answer, guess.named, guess.narrow)


def _is_comments(entries: Sequence[Entry]) -> bool:
    """WordPress has a feed of comments for every page, and not every theme says so."""
    return all(_COMMENT in (entry.url or "") for entry in entries)
