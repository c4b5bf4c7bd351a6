"""A source's documents, asked for and read: the one at its address, those that belong to it, and older ones."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from crawler.entries import Listing, NotAListing
from crawler.listings.linked import with_links
from crawler.parsing.pool import ParserKilled, ParsingFailed, ParsingPool
from crawler.polling.aside import MANY_BYTES, aside
from crawler.web.answers import Fetched, FetchFailed, NotModified
from crawler.web.fetching import Fetcher
from monitors.outlets import Part, Source, SourceKind, Validators
from monitors.storage.articles import recent_addresses
from monitors.storage.engine import Database

MOST_PARTS = 3
"""Documents of a sitemap index that are read in one poll: the newest. The others are archives."""

KNOWN_ADDRESSES = 200
"""Articles of an outlet by whose addresses a section page's links are told apart."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The server answered, and nothing can be read from it; `strike` when it took a parser with it."""

    reason: str
    strike: bool = False


@dataclass(frozen=True, slots=True)
class Unchanged:
    """`validators` are those of a 200 whose body we had; None after a 304, which brings none."""

    answer: Fetched | NotModified
    validators: Validators | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What a source says now, all its documents taken together.

    `validators` and `body_hash` are None where nothing was learnt of them: when only parts have changed. `held` says
    that a document came whose validators we had, so that asked conditionally its server would have said 304.
    """

    answer: Fetched | NotModified
    listing: Listing
    validators: Validators | None
    body_hash: str | None
    parts: tuple[Part, ...]
    held: bool


class Asking:
    """Asks for what sources say. What happens on the web is a value; only storage errors are raised."""

    def __init__(self, database: Database, fetcher: Fetcher, pool: ParsingPool) -> None:
        self._database = database
        self._fetcher = fetcher
        self._pool = pool

    async def ask(self, source: Source, *, unconditional: bool) -> FetchFailed | Unreadable | Unchanged | Document:
        """The source's document, with the parts of a sitemap index."""
        asked = Validators() if unconditional else source.validators
        answer = await self._fetcher.fetch_feed(source.url, validators=asked)
        if isinstance(answer, FetchFailed):
            return answer
        body_hash = await _hash_of(answer.body) if isinstance(answer, Fetched) else None
        if isinstance(answer, NotModified) or body_hash == source.body_hash:
            same = Unchanged(answer, answer.validators if isinstance(answer, Fetched) else None)
            return await self._with_parts(source, same, unconditional=unconditional) if source.parts else same
        listing = await self.read(source, answer)
        if isinstance(listing, Unreadable):
            return listing
        held = source.validators not in (Validators(), asked) and answer.validators == source.validators
        answer = replace(answer, body=b"")  # megabytes of it are not kept while its articles are read and saved
        document = Document(answer, listing, answer.validators, body_hash, (), held)
        return await self._with_parts(source, document, unconditional=unconditional) if listing.more else document

    async def read(self, source: Source, answer: Fetched) -> Listing | Unreadable:
        known: list[str] = []
        if source.kind is SourceKind.SECTION:
            known = await self._database.read(recent_addresses, source.outlet_id, limit=KNOWN_ADDRESSES)
        try:
            listing = await self._pool.read_listing(
                answer.body,
                url=answer.url,
                content_type=answer.content_type,
                kind=source.kind,
                known=known,
                proven=source.first_polled_at is not None and not source.failures,
            )
            return with_links(listing, answer.headers.get("link"), url=answer.url)
        except ParserKilled as error:
            return Unreadable(f"The document could not be read safely: {error}", strike=True)
        except (ParsingFailed, NotAListing) as error:
            return Unreadable(str(error))

    async def older(self, source: Source, url: str) -> Listing | None:
        """The page with older entries; None when it cannot be had."""
        answer = await self._fetcher.fetch_feed(url)
        if not isinstance(answer, Fetched):
            return None
        listing = await self.read(source, answer)
        return listing if isinstance(listing, Listing) else None

    async def _with_parts(
        self, source: Source, whole: Document | Unchanged, *, unconditional: bool
    ) -> Unreadable | Unchanged | Document:
        """The document with the entries of its parts, each asked for with validators of its own.

        They are one level deep; parts of parts are not asked for. A part that cannot be had is asked for next time.
        """
        held_parts = {part.url: part for part in source.parts}
        urls = whole.listing.more[:MOST_PARTS] if isinstance(whole, Document) else tuple(held_parts)
        visits = [await self._visit(source, held_parts.get(url, Part(url)), unconditional) for url in urls]
        problems = [visit for visit in visits if isinstance(visit, Unreadable)]
        if visits and len(problems) == len(visits):
            return next((problem for problem in problems if problem.strike), problems[0])
        changed = [visit for visit in visits if isinstance(visit, _Changed)]
        if isinstance(whole, Unchanged) and not changed:
            return whole
        entries = tuple(entry for visit in changed for entry in visit.listing.entries)
        parts = tuple(
            visit.part if isinstance(visit, _Changed) else held_parts.get(url, Part(url))
            for url, visit in zip(urls, visits, strict=True)
        )
        held = any(visit.held for visit in changed)
        cut = any(visit.listing.cut for visit in changed)
        if isinstance(whole, Unchanged):
            listing = Listing(title=None, homepage=None, language=None, ttl_s=None, entries=entries, cut=cut)
            return Document(whole.answer, listing, whole.validators, None, parts, held)
        listing = whole.listing
        listing = replace(listing, entries=(*listing.entries, *entries), cut=cut or listing.cut)
        return replace(whole, listing=listing, parts=parts, held=held)

    async def _visit(self, source: Source, part: Part, unconditional: bool) -> _Changed | Unreadable | None:
        """None when it says what it said last time."""
        validators = Validators() if unconditional else part.validators
        answer = await self._fetcher.fetch_feed(part.url, validators=validators)
        if isinstance(answer, FetchFailed):
            return Unreadable(answer.reason)
        if isinstance(answer, NotModified):
            return None
        body_hash = await _hash_of(answer.body)
        if body_hash == part.body_hash:
            return None
        listing = await self.read(source, answer)
        if isinstance(listing, Unreadable):
            return listing
        held = part.validators not in (Validators(), validators) and answer.validators == part.validators
        validators = Validators() if listing.cut else answer.validators
        return _Changed(Part(part.url, validators, body_hash), listing, held)


@dataclass(frozen=True, slots=True)
class _Changed:
    """A part that says something else than last time."""

    part: Part
    listing: Listing
    held: bool


async def _hash_of(body: bytes) -> str:
    return await aside(len(body) > MANY_BYTES, hash_of, body)


def hash_of(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()
