"""Articles: published pieces, as collected and as remembered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
class NewArticle:
    """An article as the crawler hands it over.

    `fingerprints` are the 64-bit identities (normalised guid, canonical URL) by which it is known for good within
    its outlet. `first_seen_at` is when the document that listed it had arrived: alert delays count from there.
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


@dataclass(frozen=True, slots=True)
class Article:
    """An article as remembered."""

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

    @property
    def fields(self) -> dict[str, str]:
        """What watches are matched against, by field name.

        The summary belongs to the text: a lead or a photo caption can be missing from the body.
        """
        text = self.text
        if self.summary and self.summary not in text:
            text = f"{self.summary}\n\n{text}" if text else self.summary
        return {"title": self.title, "text": text}
