"""When a hub is asked, and again. Pure: chance comes in as `draw`, a number from 0 to 1."""

from __future__ import annotations

from datetime import datetime, timedelta

WANTED_LEASE = timedelta(days=10)
LONGEST_LEASE = timedelta(days=14)
"""What a hub promises beyond is not relied on."""
SHORTEST_REST = timedelta(minutes=5)
LONGEST_REST = timedelta(days=1)
DENIED_REST = timedelta(days=7)
UNSUBSCRIBING_TRIES = 3
"""After that a hub is left to find out by itself: its pushes are answered with "gone", and its lease ends."""


def lease_until(now: datetime, lease_s: int | None) -> datetime:
    """When the subscription ends that a hub has confirmed for `lease_s` seconds."""
    lease = timedelta(seconds=min(lease_s, LONGEST_LEASE.total_seconds())) if lease_s else WANTED_LEASE
    return now + lease


def renew_at(now: datetime, until: datetime, *, draw: float) -> datetime:
    """After 10 to 50 % of what is left of the lease: early enough for many more tries, and not all at one moment."""
    return now + max((until - now) * (0.1 + 0.4 * draw), SHORTEST_REST)


def ask_again_at(now: datetime, failures: int, until: datetime | None, *, draw: float) -> datetime:
    """When to ask again if the hub does not confirm: 5 minutes after the first time, then 10 … up to a day.

    While a lease still runs, at most half of what is left of it.
    """
    rest: timedelta = min(SHORTEST_REST * (1 << min(failures, 20)), LONGEST_REST) * (1 + 0.2 * draw)
    if until is not None and until > now:
        rest = max(min(rest, (until - now) * 0.5), SHORTEST_REST)
    return now + rest
