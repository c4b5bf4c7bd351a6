"""Matches, alerts, and their deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitors.chats import Chat

Spans = Mapping[str, tuple[tuple[int, int], ...]]
"""Where a watch matched: field name → sorted, disjoint (start, end) offsets in code points."""


@dataclass(frozen=True, slots=True)
class Match:
    """A watch met an article: the places, in its version of that number."""

    watch_id: int
    spans: Spans
    version: int = 1


class Verdict(StrEnum):
    """What becomes of an alert. Digests, merging and quiet hours have their place here."""

    NOW = "now"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one chat is to be told about one story, and why."""

    chat_id: int
    verdict: Verdict
    reason: str


class DeliveryKind(StrEnum):
    ALERT = "alert"
    REPLY = "reply"  # an answer to somebody; goes before alerts
    NOTICE = "notice"  # something happened that a person asked to be told
    PROGRESS = "progress"  # how far something is; goes after everything else


class DeliveryState(StrEnum):
    """A delivery's way out; the last three are terminal.

    pending → sending (committed before the first byte) → sent | pending again | undeliverable |
    uncertain → sending, marked as a possible repeat, at most MAX_REPEATS times → unconfirmed.
    """

    PENDING = "pending"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"
    UNCONFIRMED = "unconfirmed"


MAX_REPEATS = 5
"""How often an ambiguous delivery is sent again, marked, before it is listed as unconfirmed."""


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """Something to say. `payload` is JSON whose meaning belongs to `kind`; composed into words when sent."""

    chat_id: int
    kind: DeliveryKind
    payload: Mapping[str, object] = field(default_factory=dict)
    alert_id: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed delivery. `repeats` counts earlier sends whose outcome is not known; more than 0 must be marked.

    `message_id` is the message that it became before, which is changed now.
    """

    id: int
    chat: Chat
    kind: DeliveryKind
    payload: Mapping[str, object]
    alert_id: int | None
    attempts: int
    repeats: int
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class MatchedWatch:
    watch_id: int
    watchlist: str
    query: str
    spans: Spans


@dataclass(frozen=True, slots=True)
class Alert:
    """Everything needed to tell a chat about an article: composed from rows at the moment of sending.

    `fields` are the texts the spans point into. `seen_at` is when the document that listed the article arrived.
    """

    id: int
    outlet_name: str
    url: str
    fields: Mapping[str, str]
    author: str | None
    published_at: datetime | None
    seen_at: datetime
    text_note: str | None
    watches: tuple[MatchedWatch, ...]
