"""What people ask the crawler for: a visit to an outlet, a back-fill of its past, a look at an address.

A request is a row. The chat (or a command) writes it, the crawl role works on it and writes down how far it is, and
whoever asked is shown the row: one message, composed anew each time it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

COOL_DOWN = timedelta(seconds=60)
"""An outlet visited so recently is not visited again; what that visit found is the answer."""

LONGEST_VISIT = timedelta(hours=1)
LONGEST_BACKFILL = timedelta(hours=12)
"""A request that takes longer is ended: whatever became of the process that worked on it, nothing runs for ever."""

FARTHEST_BACK = timedelta(days=365)
LISTED = 10
"""Articles of a crawl that are named when it is done."""


class CrawlState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def open(self) -> bool:
        return self in (CrawlState.WAITING, CrawlState.RUNNING)


class Trouble(StrEnum):
    """Why a request came to nothing, for the languages to put into words.

    One word for every way an address can fail to answer: told apart, they would let a stranger map the network
    Rasid runs in.
    """

    NOTHING_THERE = "nothing_there"  # not reached, not allowed, or nothing there lists articles
    NO_ADDRESS = "no_address"
    TAKEN = "taken"  # one of its sources is followed for another outlet
    TOO_MANY = "too_many"  # the person may add no more
    UNREADABLE = "unreadable"  # a list of outlets that is none
    OVERDUE = "overdue"
    REMOVED = "removed"  # its outlet is not followed any more
    BROKEN = "broken"  # our fault


@dataclass(frozen=True, slots=True)
class NewCrawl:
    """A crawl to be made. `since` makes it a back-fill, which alerts on what it finds only if `alerts`.

    `person_id` is whose quota it counts against, `chat_id` who is shown it; both None for the shell.
    """

    outlet_id: int
    chat_id: int | None = None
    person_id: int | None = None
    since: datetime | None = None
    alerts: bool = True


@dataclass(frozen=True, slots=True)
class Crawl:
    """A crawl as its row says. `found` entries were listed, `new` articles saved, `failed` pages or lists not read."""

    id: int
    outlet_id: int
    outlet_name: str
    chat_id: int | None
    person_id: int | None
    requested_at: datetime
    updated_at: datetime | None
    since: datetime | None
    alerts: bool
    state: CrawlState
    found: int
    new: int
    failed: int
    error: Trouble | None
    delivery_id: int | None


@dataclass(frozen=True, slots=True)
class FoundArticle:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class CrawlView:
    """A crawl as a chat is shown it: `matched` of its articles meet watches of that chat, so far.

    `articles` are the newest of them, at most LISTED. `own` says that this chat asked for it.
    """

    crawl: Crawl
    matched: int
    undecided: int
    articles: tuple[FoundArticle, ...]
    own: bool


class DiscoveryKind(StrEnum):
    ADDRESS = "address"
    CATALOGUE = "catalogue"  # the home page of an entry of the catalogue; `address` is its key
    OPML = "opml"  # a list of outlets; `address` is the file, in base64
    IMPORTED = "imported"  # an outlet that such a list brought


class DiscoveryState(StrEnum):
    WAITING = "waiting"  # to be looked at
    FOUND = "found"  # a preview is shown
    FOLLOWING = "following"  # the person said yes
    FOLLOWED = "followed"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def open(self) -> bool:
        """Whether it is the crawler's turn."""
        return self in (DiscoveryState.WAITING, DiscoveryState.FOLLOWING)


LONGEST_DISCOVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Discovery:
    """A look at an address. `result` is the preview as the crawler wrote it; its shape is `crawler.discovery`'s.
    `watchlist_id` is that of the chat's watchlist which is to look at what is followed."""

    id: int
    chat_id: int
    person_id: int | None
    kind: DiscoveryKind
    address: str
    state: DiscoveryState
    result: Mapping[str, Any] | None
    error: Trouble | None
    requested_at: datetime
    updated_at: datetime | None
    outlet_id: int | None
    added: bool
    delivery_id: int | None
    watchlist_id: int | None = None
