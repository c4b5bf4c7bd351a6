"""Outlets and the sources that are polled for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitors.rates import RateEstimate


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


class PollReason(StrEnum):
    """Why a source is polled next when it is, and not sooner."""

    NEW = "new"  # it has never been polled: at once
    INTERVAL = "interval"  # crawl.min_interval
    RATE = "rate"  # it publishes so much, and crawl.budget is shared by all
    CEILING = "ceiling"  # it publishes so little; the longest anything is left alone
    FRESHNESS = "freshness"  # its cache headers
    TTL = "ttl"  # what the document says of itself
    ROBOTS = "robots"  # the crawl-delay of its robots.txt
    RETRY_AFTER = "retry_after"  # the server asked to be left alone
    FAILURES = "failures"  # it failed, and again, and again
    QUARANTINE = "quarantine"  # its documents have killed the parser
    GONE = "gone"  # the server says that it is gone for good (410): never


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
class Part:
    """A further document of a source (a sitemap of an index), as it was when it was last saved whole."""

    url: str
    validators: Validators = Validators()
    body_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a permanent redirect has been leading, since when, and in how many answers."""

    url: str
    since: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Source:
    """One thing polled for an outlet, with everything the next poll needs to know.

    `first_polled_at` is None until the first successful poll, whose entries are recorded in silence.
    `body_hash` is of the last body that was parsed and saved whole; None when there is none. `ttl_s` is what that
    document said of itself. `failing_since` is the first of the failures in a row. `validators_broken` says that its
    server once answered "not modified" although something was new: it is not believed any more.
    """

    id: int
    outlet_id: int
    kind: SourceKind
    url: str
    next_poll_at: datetime
    active: bool
    validators: Validators = Validators()
    body_hash: str | None = None
    first_polled_at: datetime | None = None
    last_polled_at: datetime | None = None
    last_unconditional_at: datetime | None = None
    failures: int = 0
    strikes: int = 0
    last_error: str | None = None
    poll_reason: PollReason | None = None
    rate: RateEstimate | None = None
    ttl_s: float | None = None
    last_new_at: datetime | None = None
    failing_since: datetime | None = None
    validators_broken: bool = False
    moved: Moved | None = None
    hub: str | None = None
    topic: str | None = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """An active source as the budget of requests sees it.

    `asked_s` is how long its server asks to be left alone between two polls. `gap_s` is from its last poll to its next.
    """

    outlet_id: int
    language: str | None
    time_zone: str | None
    rate: RateEstimate | None
    reason: PollReason | None
    asked_s: float
    gap_s: float
    failing: bool


@dataclass(frozen=True, slots=True)
class DocumentWord:
    """What a document that was read tells of its source.

    `hub` and `topic`: where pushes can be had (WebSub). `moved`: the permanent redirect it was found behind. `url`: the
    source's address from now on. `lying`: it showed something new although its server would have said "not modified".
    """

    hub: str | None = None
    topic: str | None = None
    moved: Moved | None = None
    url: str | None = None
    lying: bool = False


@dataclass(frozen=True, slots=True)
class Poll:
    """What one poll of a source leaves behind, written with the articles it found.

    `validators` and `body_hash` are None when the poll learnt nothing new about them (a failure).
    `error` is in words for a person; None after a success. `gone` (HTTP 410) ends polling. `postponed` says that the
    server was not even asked, because it had asked for patience: neither a success nor a failure. `rate`, `ttl_s`
    and `asked_s` are None when nothing was learnt of them; `new_at` is when it showed something new, if it did.
    `document` is None when none was read. `parts` are None when nothing was learnt of them.
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
    reason: PollReason | None = None
    rate: RateEstimate | None = None
    ttl_s: float | None = None
    asked_s: float | None = None
    new_at: datetime | None = None
    parts: tuple[Part, ...] | None = None
    document: DocumentWord | None = None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source as a person is shown it."""

    source: Source
    articles: int
    newest_article_at: datetime | None
