"""Articles: published pieces, as collected and as remembered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from monitors.outlets import Source

SAME_INSTANT = timedelta(hours=1)
"""Two dates of one article may be so far apart: one of those who say them may not know of the clock's change."""


class DateOrigin(StrEnum):
    """Where a publication time was found, most trustworthy first."""

    STRUCTURED = "structured"  # JSON-LD
    META = "meta"  # <meta property="article:published_time"> and the like
    MARKUP = "markup"  # <time datetime>, itemprop
    ENTRY = "entry"  # the feed's own date
    TEXT = "text"  # read off the page's words


class DateConfidence(StrEnum):
    """How far a publication time can be relied on."""

    HIGH = "high"  # a timestamp with hours and zone, made for machines
    MEDIUM = "medium"  # the day, or a zone that was assumed
    LOW = "low"  # read off words, or doubtful


class TextOrigin(StrEnum):
    PAGE = "page"
    ENTRY = "entry"  # the page could not be had; the article says so


class ArticleState(StrEnum):
    PENDING = "pending"  # saved, not yet matched
    DECIDED = "decided"
    ARCHIVED = "archived"  # recorded in silence on a source's first poll; never alerts


@dataclass(frozen=True, slots=True)
class PageCopy:
    """A page's bytes as they came, for those who need evidence of what was published."""

    url: str
    content_type: str | None
    fetched_at: datetime
    body: bytes


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article as the crawler hands it over.

    `fingerprints` are the 64-bit identities (normalised guid, canonical URL) by which it is known for good within
    its outlet; `adopted` are identities that another article had and that are its own from now on. `title_key` is
    its title's fingerprint, which does not decide whether it is new. `page_keys` are identities of the address its
    page was found at, behind redirects: an article that has one of them, its title and its time is this one.
    `entry_hash` stands for what its entry says of it; None when the entry says nothing that could be edited.
    `first_seen_at` is when the document that listed it had arrived: alert delays count from there. `silent` articles
    are recorded and never alert. At `retry_at` its page, which could not be had, is asked for again.
    All times UTC. All text is clean: no control characters, no lone surrogates, no NUL.
    """

    outlet_id: int
    source_id: int | None
    url: str
    canonical_url: str
    guid: str | None
    fingerprints: tuple[int, ...]
    title: str
    summary: str
    text: str
    text_origin: TextOrigin
    first_seen_at: datetime
    text_note: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_origin: DateOrigin | None = None
    published_confidence: DateConfidence | None = None
    modified_at: datetime | None = None
    language: str | None = None
    image_url: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    adopted: tuple[int, ...] = ()
    title_key: int | None = None
    page_keys: tuple[int, ...] = ()
    entry_hash: int | None = None
    silent: bool = False
    retry_at: datetime | None = None
    page: PageCopy | None = None


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article as a poll needs it that sees it again.

    `aliases` counts the identities it has been given since it was saved.
    """

    id: int
    source_id: int | None
    url: str
    title: str
    published_at: datetime | None
    modified_at: datetime | None
    first_seen_at: datetime
    text_origin: TextOrigin
    text_note: str | None
    version: int
    entry_hash: int | None
    aliases: int


@dataclass(frozen=True, slots=True)
class Alias:
    """One more identity of an article that is known already."""

    article_id: int
    fingerprint: int


@dataclass(frozen=True, slots=True)
class Edit:
    """What an article says now."""

    article_id: int
    article: NewArticle


@dataclass(frozen=True, slots=True)
class Lacking:
    """An article whose page could not be had, as its entry told it."""

    article_id: int
    source: Source
    guid: str | None
    url: str
    canonical_url: str
    title: str
    summary: str
    text: str
    authors: tuple[str, ...]
    published_at: datetime | None
    modified_at: datetime | None
    first_seen_at: datetime
    image_url: str | None
    tags: tuple[str, ...]
    entry_hash: int | None


@dataclass(frozen=True, slots=True)
class Article:
    """An article as remembered. `version` is the present one, `judged_version` the last that was matched, or 0."""

    id: int
    outlet_id: int
    outlet_name: str
    url: str
    canonical_url: str
    title: str
    summary: str
    text: str
    text_origin: TextOrigin
    text_note: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    published_origin: DateOrigin | None
    published_confidence: DateConfidence | None
    modified_at: datetime | None
    language: str | None
    image_url: str | None
    section: str | None
    tags: tuple[str, ...]
    first_seen_at: datetime
    state: ArticleState
    version: int = 1
    judged_version: int = 0
    edited_at: datetime | None = None

    @property
    def dated(self) -> datetime:
        """When it was published, as far as is known, and never after it was first seen."""
        return min(self.published_at or self.first_seen_at, self.first_seen_at)

    @property
    def fields(self) -> dict[str, str]:
        return matched_fields(self.title, self.summary, self.text)

    @property
    def about(self) -> dict[str, str]:
        """What only queries look at that ask for it by name; one value a line."""
        return {
            "author": "\n".join(self.authors),
            "tag": "\n".join(self.tags),
            "outlet": f"{self.outlet_name}\n{urlsplit(self.url).hostname or ''}",
            "url": unquote(self.url),
            "lang": self.language or "",
        }


@dataclass(frozen=True, slots=True)
class Version:
    """What an article said before it was edited."""

    number: int
    title: str
    summary: str
    text: str
    seen_at: datetime

    @property
    def fields(self) -> dict[str, str]:
        return matched_fields(self.title, self.summary, self.text)


def matched_fields(title: str, summary: str, text: str) -> dict[str, str]:
    """What watches are matched against, by field name.

    The summary belongs to the text: a lead or a photo caption can be missing from the body.
    """
    if summary and summary not in text:
        text = f"{summary}\n\n{text}" if text else summary
    return {"title": title, "text": text}
