"""How fast we may speak (pure: the monotonic time comes in as an argument, in seconds).

Telegram documents no limits, only guesses (about 30 messages a second in all, 1 a second per chat with short
bursts, 20 a minute per group; changes of messages are counted apart) and the 429 that must be obeyed. So we stay below
the guesses, and a 429 rests the chat it concerns; all rest only when several got one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from monitors.alerts import Room


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

    def drain(self, at: float) -> None:
        """It was empty at that time, or at a later one."""
        if at >= self.stamp or self.level >= self.burst:
            self.level, self.stamp = min(self.level, 0.0), at

    def ready_in(self, now: float, kept: float = 0.0) -> float:
        """Seconds until there is one more than what is kept."""
        return max(0.0, (1 + kept - self.available(now)) / self.rate)


@dataclass(frozen=True, slots=True)
class Rates:
    """Buckets for new messages and for changes of messages, which Telegram counts apart.

    `reserve` of the messages are kept for answers: alerts wait until there is one more than that.
    """

    messages: Callable[[], Bucket]
    edits: Callable[[], Bucket]
    reserve: float


PRIVATE_CHAT = Rates(lambda: Bucket(rate=1.0, burst=3), lambda: Bucket(rate=1.0, burst=4), reserve=1)
GROUP = Rates(lambda: Bucket(rate=0.25, burst=3), lambda: Bucket(rate=0.25, burst=4), reserve=1)
"""At most 3 + 60·0.25 = 18 messages in any minute, and 4 + 15 = 19 changes."""
WHOLE_BOT = Rates(lambda: Bucket(rate=25.0, burst=4.5), lambda: Bucket(rate=25.0, burst=25), reserve=0.5)
"""At most 4.5 + 25 in any second, which is 29. Alerts start four at a time: so a busy machine keeps up longer."""
TERMINAL = Rates(lambda: Bucket(rate=10_000.0, burst=100), lambda: Bucket(rate=10_000.0, burst=100), reserve=0)
"""No limit worth the name."""


def of_telegram(chat_id: int) -> Rates:
    """Groups and channels have negative ids."""
    return PRIVATE_CHAT if chat_id > 0 else GROUP


SEVERAL = 3
"""How many chats must be told to slow down within `WITHIN_S` seconds before the whole bot rests; guesses."""
WITHIN_S = 5.0


class _Lane:
    """What one Telegram chat, with all its topics, may be told."""

    def __init__(self, rates: Rates) -> None:
        self.messages = rates.messages()
        self.edits = rates.edits()
        self.reserve = rates.reserve
        self.rests_until = 0.0

    def spend(self, now: float, *, edits: bool) -> None:
        (self.edits if edits else self.messages).spend(now)

    def is_idle(self, now: float) -> bool:
        """Like a new one: nothing was said for so long that every bucket is full."""
        full = all(bucket.available(now) >= bucket.burst for bucket in (self.messages, self.edits))
        return full and now >= self.rests_until

    def ready_in(self, now: float) -> list[float]:
        """In how many seconds it may be told something that it may not be told now."""
        if now < self.rests_until:
            return [self.rests_until - now]
        waits = (self.messages.ready_in(now), self.messages.ready_in(now, self.reserve), self.edits.ready_in(now))
        return [wait for wait in waits if wait > 0]


class Pacer:
    """Says how many may be sent now, and which Telegram chats may not be sent to."""

    def __init__(self, overall: Rates, of_chat: Callable[[int], Rates]) -> None:
        self._overall = _Lane(overall)
        self._of_chat = of_chat
        self._lanes: dict[int, _Lane] = {}
        self._told_off: dict[int, float] = {}

    def room(self, now: float) -> Room:
        """What may start now."""
        self._lanes = {chat_id: lane for chat_id, lane in self._lanes.items() if not lane.is_idle(now)}
        if now < self._overall.rests_until:
            return Room(0, 0, 0)
        level = self._overall.messages.available(now)
        return Room(
            answers=_whole(level),
            others=_whole(level - self._overall.reserve),
            edits=_whole(self._overall.edits.available(now)),
            no_answers=self._resting(lambda lane: lane.messages.available(now) < 1, now),
            no_others=self._resting(lambda lane: lane.messages.available(now) < 1 + lane.reserve, now),
            no_edits=self._resting(lambda lane: lane.edits.available(now) < 1, now),
        )

    def _resting(self, is_spent: Callable[[_Lane], bool], now: float) -> frozenset[int]:
        return frozenset(chat_id for chat_id, lane in self._lanes.items() if now < lane.rests_until or is_spent(lane))

    def spend(self, chat_id: int, now: float, *, edits: bool) -> None:
        """Something is said to this Telegram chat now."""
        for lane in (self._overall, self._lane(chat_id)):
            lane.spend(now, edits=edits)

    def remember(self, chat_id: int, at: float, now: float) -> None:
        """Another process told this chat something at that time: how much is not known, so all that it might."""
        lane = self._lane(chat_id)
        for bucket in (lane.messages, lane.edits, self._overall.messages, self._overall.edits):
            bucket.drain(min(at, now))

    def rest(self, chat_id: int, seconds: float, now: float) -> bool:
        """Telegram asked this chat to wait. Whether the whole bot rests now, because several chats were asked."""
        lane = self._lane(chat_id)
        lane.rests_until = max(lane.rests_until, now + seconds)
        self._told_off = {who: at for who, at in self._told_off.items() if at > now - WITHIN_S}
        self._told_off[chat_id] = now
        if len(self._told_off) < SEVERAL:
            return False
        self.rest_all(seconds, now)
        return True

    def rest_all(self, seconds: float, now: float) -> None:
        """Nothing is said to anybody for so long."""
        self._overall.rests_until = max(self._overall.rests_until, now + seconds)

    def next_free_in(self, now: float) -> float:
        """Seconds until anything changes: the bot may speak again, or a resting chat may be told something."""
        if now < self._overall.rests_until:
            return self._overall.rests_until - now
        waits = (wait for lane in (self._overall, *self._lanes.values()) for wait in lane.ready_in(now))
        return min(waits, default=math.inf)

    def _lane(self, chat_id: int) -> _Lane:
        return self._lanes.setdefault(chat_id, _Lane(self._of_chat(chat_id)))


def _whole(level: float) -> int:
    return max(0, int(level))
