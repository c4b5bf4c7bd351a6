"""Subscriptions: what a chat is told of, a watchlist or a whole outlet, and by which rules it wants to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitors.pauses import Pause

DIGEST_AT = 8 * 60
"""When a daily digest is due unless its chat says otherwise: minutes after midnight, local time."""

MINUTES = 24 * 60

MOST_TAKEN = 100
"""Watchlists of others that a chat may take; a guess at far more than anybody reads."""


class Mode(StrEnum):
    """How soon a chat is told."""

    INSTANT = "instant"
    SILENT = "silent"  # at once, without a sound
    HOURLY = "hourly"  # all of an hour together
    DAILY = "daily"  # all of a day together, at a local time


class SubscriptionState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"  # keeps its rules, and brings nothing until it is resumed
    ENDED = "ended"  # its owner deleted the watchlist for good, and the chat has been told


@dataclass(frozen=True, slots=True)
class Rules:
    """How alerts of a subscription are told. Times of day are minutes after midnight in the chat's time zone.

    `quiet_from` to `quiet_to`, which may lie after midnight, nothing is told, and what came then afterwards. More than
    `daily_limit` alerts of one local day go into a digest.
    """

    mode: Mode = Mode.INSTANT
    digest_at: int = DIGEST_AT
    quiet_from: int | None = None
    quiet_to: int | None = None
    daily_limit: int | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A chat takes a watchlist, its own, another chat's or a shared one, or all of an outlet: one of the two is None.

    `owned` when the watchlist belongs to the chat itself or was sent there by its owner; others subscribed themselves.
    """

    id: int
    chat_id: int
    watchlist_id: int | None
    outlet_id: int | None
    owned: bool
    rules: Rules
    state: SubscriptionState
    since: datetime
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who is to be told of an article: the chat, the subscription that says so, and the watch that was met.

    `watch_id` is None for a whole outlet. `zone` is the chat's time zone (IANA).
    """

    chat_id: int
    subscription_id: int
    watch_id: int | None
    rules: Rules
    zone: str


class MuteKind(StrEnum):
    """What is muted."""

    EVERYTHING = "everything"
    STORY = "story"
    OUTLET = "outlet"
    WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Mute:
    """A chat is told nothing of this until then; for good when `until` is None. `target_id` is None for everything."""

    chat_id: int
    kind: MuteKind
    target_id: int | None
    until: datetime | None
