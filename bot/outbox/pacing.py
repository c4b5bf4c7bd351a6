"""How fast we may speak (pure: the monotonic time comes in as an argument, in seconds).

Telegram documents no limits, only guesses (about 30 messages a second in all, 1 a second per chat with short
bursts, 20 a minute per group) and the 429 that must be obeyed. So we stay below the guesses, and a 429 rests the
lane it concerns; all lanes rest only when several got one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Bucket:
    """`rate` messages a second, `burst` at once: in any t seconds at most burst + rate·t."""

    rate: float
    burst: float
    level: float = field(default=-1.0)
    stamp: float = 0.0

    def __post_init__(self) -> None:
        self.level = self.burst

    def available(self, now: float) -> float:
        if now > self.stamp:
            self.level = min(self.burst, self.level + (now - self.stamp) * self.rate)
            self.stamp = now
        return self.level

    def spend(self, now: float) -> None:
        """Takes one; the level may fall below zero, which is paid back first."""
        self.level = self.available(now) - 1

    def ready_in(self, now: float) -> float:
        """Seconds until one is available."""
        return max(0.0, (1 - self.available(now)) / self.rate)


def private_chat() -> Bucket:
    return Bucket(rate=1.0, burst=3)


def group() -> Bucket:
    """At most 3 + 60·0.25 = 18 in any minute."""
    return Bucket(rate=0.25, burst=3)


def whole_bot() -> Bucket:
    """At most 3 + 26 = 29 in any second."""
    return Bucket(rate=26.0, burst=3)


def terminal() -> Bucket:
    """No limit worth the name."""
    return Bucket(rate=10_000.0, burst=100)


SEVERAL = 3
"""How many chats must be told to slow down within `WITHIN_S` seconds before the whole bot rests; guesses."""
WITHIN_S = 5.0


@dataclass(slots=True)
class _Lane:
    bucket: Bucket
    members: set[int] = field(default_factory=set)
    rests_until: float = 0.0


class Pacer:
    """Says how many may be sent now, and which chats may not be sent to.

    A lane is a Telegram chat; `members` are the row ids of its threads, which share its limits.
    """

    def __init__(self, overall: Bucket, lane: Callable[[int], Bucket]) -> None:
        self._overall = overall
        self._lane = lane
        self._lanes: dict[int, _Lane] = {}
        self._rests_until = 0.0
        self._told_off: dict[int, float] = {}

    def free(self, now: float) -> int:
        """How many messages may start now in all."""
        if now < self._rests_until:
            return 0
        return int(max(self._overall.available(now), 0))

    def resting(self, now: float) -> list[int]:
        """Row ids of the chats that must not be sent to now."""
        self._forget_idle(now)
        return [
            member
            for lane in self._lanes.values()
            if now < lane.rests_until or lane.bucket.available(now) < 1
            for member in lane.members
        ]

    def spend(self, key: int, member: int, now: float) -> None:
        """A message to this lane starts now."""
        lane = self._lanes.setdefault(key, _Lane(self._lane(key)))
        lane.members.add(member)
        lane.bucket.spend(now)
        self._overall.spend(now)

    def rest(self, key: int, seconds: float, now: float) -> bool:
        """Telegram asked this lane to wait. Whether the whole bot rests now, because several lanes were asked."""
        lane = self._lanes.setdefault(key, _Lane(self._lane(key)))
        lane.rests_until = max(lane.rests_until, now + seconds)
        self._told_off = {who: at for who, at in self._told_off.items() if at > now - WITHIN_S}
        self._told_off[key] = now
        if len(self._told_off) < SEVERAL:
            return False
        self._rests_until = max(self._rests_until, now + seconds)
        return True

    def next_free_in(self, now: float) -> float:
        """Seconds until anything changes: the bot may speak again, or a resting lane may."""
        if self.free(now) == 0:
            return max(self._rests_until - now, self._overall.ready_in(now))
        waits = [
            max(lane.rests_until - now, lane.bucket.ready_in(now))
            for lane in self._lanes.values()
            if now < lane.rests_until or lane.bucket.available(now) < 1
        ]
        return min(waits, default=math.inf)

    def _forget_idle(self, now: float) -> None:
        """A lane with a full bucket is like a new one; so only those that spoke a moment ago are held."""
        self._lanes = {
            key: lane
            for key, lane in self._lanes.items()
            if now < lane.rests_until or lane.bucket.available(now) < lane.bucket.burst
        }
