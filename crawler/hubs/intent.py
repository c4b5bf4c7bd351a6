"""A hub asks whether we meant it (https://www.w3.org/TR/websub/#hub-verifies-intent) → the answer. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitors.hubs import HubState, HubSubscription

PENDING_FOR = timedelta(days=2)
"""How long after our request a hub may take to ask."""
REPEATED_WITHIN = timedelta(minutes=15)
"""A hub that did not get our answer asks once more."""
_LONGEST_CHALLENGE = 4_096
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Confirm:
    """We asked for this subscription: the challenge is sent back. `lease_s` is None when the hub does not say."""

    challenge: str
    lease_s: int | None


@dataclass(frozen=True, slots=True)
class Leave:
    """We asked to end it."""

    challenge: str


@dataclass(frozen=True, slots=True)
class Denied:
    """The hub will not have the subscription, or has ended it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """Nobody here asked for that."""


def judge(
    query: Mapping[str, str], subscription: HubSubscription, *, now: datetime
) -> Confirm | Leave | Denied | Refuse:
    """The answer to a request for the callback of `subscription`, by the parameters of its query."""
    if query.get("hub.topic") != subscription.topic:
        return Refuse()
    mode, challenge = query.get("hub.mode"), query.get("hub.challenge", "")
    if mode == "denied":
        reason = "".join(char for char in query.get("hub.reason", "") if char.isprintable())
        return Denied(reason[:_LONGEST_REASON] or "The hub gave no reason.")
    if not challenge or len(challenge) > _LONGEST_CHALLENGE:
        return Refuse()
    if mode == "unsubscribe" and subscription.state is HubState.LEAVING:
        return Leave(challenge)
    if mode == "subscribe" and _is_awaited(subscription, now):
        return Confirm(challenge, _seconds(query.get("hub.lease_seconds")))
    return Refuse()


def _is_awaited(subscription: HubSubscription, now: datetime) -> bool:
    if subscription.state not in (HubState.WANTED, HubState.ACTIVE) or now - subscription.asked_at > PENDING_FOR:
        return False
    verified_at = subscription.verified_at
    return verified_at is None or subscription.asked_at > verified_at or now - verified_at < REPEATED_WITHIN


def _seconds(written: str | None) -> int | None:
    digits = (written or "").strip()
    return int(digits) or None if digits.isascii() and digits.isdecimal() and len(digits) < 12 else None
