"""Outlets and the sources that are polled for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SourceKind(StrEnum):
    """What a source is."""

    FEED = "feed"  # RSS, RDF, Atom, JSON Feed
    SITEMAP = "sitemap"  # a news sitemap, or an index of sitemaps
    WORDPRESS = "wordpress"  # the REST collection of a WordPress site
    SECTION = "section"  # a page that links to articles
    CHANNEL = "channel"  # the public page of a Telegram channel, t.me/s/NAME


class OutletState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    REMOVED = "removed"  # kept, so that adding it again repeats nothing


@dataclass(frozen=True, slots=True)
class NewOutlet:
    """An outlet as discovery proposes it. `homepage` is canonical and identifies the outlet."""

    name: str
    homepage: str
    language: str | None = None
    country: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class NewSource:
    url: str
    kind: SourceKind = SourceKind.FEED


@dataclass(frozen=True, slots=True)
class Outlet:
    id: int
    name: str
    homepage: str
    language: str | None
    country: str | None
    time_zone: str | None
    state: OutletState
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed?"; both from the same latest 200, verbatim (RFC 9110 §13)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One thing polled for an outlet, with everything the next poll needs to know.

    `first_polled_at` is None until the first successful poll, whose entries are recorded in silence.
    `body_hash` is of the last body that was parsed and saved whole; None when there is none.
    """

    id: int
    outlet_id: int
    kind: SourceKind
    url: str
    validators: Validators
    body_hash: str | None
    next_poll_at: datetime
    first_polled_at: datetime | None
    last_polled_at: datetime | None
    last_unconditional_at: datetime | None
    failures: int
    strikes: int
    last_error: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class Poll:
    """What one poll of a source leaves behind, written with the articles it found.

    `validators` and `body_hash` are None when the poll learnt nothing new about them (a failure).
    `error` is in words for a person; None after a success. `gone` (HTTP 410) ends polling. `postponed` says that the
    server was not even asked, because it had asked for patience: neither a success nor a failure.
    """

    source_id: int
    polled_at: datetime
    next_poll_at: datetime
    validators: Validators | None = None
    body_hash: str | None = None
    succeeded: bool = True
    unconditional: bool = False
    error: str | None = None
    strike: bool = False
    gone: bool = False
    postponed: bool = False


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source as a person is shown it."""

    source: Source
    articles: int
    newest_article_at: datetime | None
