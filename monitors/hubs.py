"""Subscriptions to pushes: a hub tells us what a source has published (WebSub, https://www.w3.org/TR/websub/)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

SILENT_AFTER = 5
"""Articles that polls showed first, and no push ever, until a hub counts as one that never pushes."""


class HubState(StrEnum):
    """Where a subscription stands with its hub."""

    WANTED = "wanted"  # to be asked for, or asked for and not confirmed yet
    ACTIVE = "active"  # confirmed; it lasts until its lease ends, and is asked for again before
    DENIED = "denied"  # the hub will not have it, for now
    LEAVING = "leaving"  # to be ended: nobody follows the outlet any more, or its document names no hub any more


@dataclass(frozen=True, slots=True)
class HubSubscription:
    """What we and a hub know of each other.

    `token` is the end of the address to which the hub comes, and `secret` what it signs with: whoever has both can tell
    us what an outlet publishes. With an `asked_at` after `verified_at`, the hub's answer is awaited. `first_by_push`
    and `first_by_poll` count articles by the way that showed them first.
    """

    source_id: int
    hub: str
    topic: str
    token: str = field(repr=False)
    secret: str = field(repr=False)
    state: HubState
    asked_at: datetime
    verified_at: datetime | None
    lease_until: datetime | None
    next_ask_at: datetime
    failures: int
    error: str | None
    last_push_at: datetime | None
    first_by_push: int
    first_by_poll: int

    @property
    def never_pushes(self) -> bool:
        """Whether the hub confirms subscriptions and then says nothing: Google's does."""
        return self.verified_at is not None and self.last_push_at is None and self.first_by_poll >= SILENT_AFTER
