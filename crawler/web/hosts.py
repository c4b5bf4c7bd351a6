"""How fast one host may be asked, however many feeds and pages of it are wanted.

A host is a name with its port. At most two exchanges at once, whatever they are for. Pages are paced as well: a burst
of 16 is free (what a newsroom publishes between two polls), then five a second. Polls are not paced beyond that: each
source has its own interval, and an outlet with 30 section feeds must not fall behind its own schedule. A Crawl-delay
paces everything, and a Retry-After closes the host to everything.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

AT_ONCE = 2
BURST = 16
SPACING_S = 0.2
SHORTEST_WAIT_S = 0.001
LONGEST_CRAWL_DELAY_S = 60.0  # seen: 86,400, by which a newsroom would be read once in a month
REMEMBERED_HOSTS = 8192


@lru_cache(1024)  # asked several times for every request
def host_of(url: str) -> str:
    """The name and port that share a gate."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


@dataclass(slots=True)
class _Host:
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    users: int = 0
    crawl_delay_s: float = 0.0
    paid_until: float = 0.0  # when the last granted request would have been due without a burst
    closed_until: float = 0.0
    prompt: bool = False


class HostGates:
    """One gate per host; times by the monotonic clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    @asynccontextmanager
    async def turn(self, host: str, *, paced: bool) -> AsyncIterator[None]:
        """Holds one of the host's places, once it is its turn."""
        gate = self._gate(host)
        gate.users += 1
        try:
            if (wait_s := self._wait_s(gate, paced=paced)) > SHORTEST_WAIT_S:
                await asyncio.sleep(wait_s)
            async with gate.places:
                yield
        finally:
            gate.users -= 1

    def close(self, host: str, seconds: float) -> None:
        """Lets nobody ask the host for a while (Retry-After)."""
        gate = self._gate(host)
        gate.closed_until = max(gate.closed_until, self._clock() + seconds)

    def is_prompt(self, host: str) -> bool:
        """Whether it answered soon when it was asked last."""
        gate = self._hosts.get(host)
        return gate is not None and gate.prompt

    def note(self, host: str, *, prompt: bool) -> None:
        """Remembers how an exchange went."""
        self._gate(host).prompt = prompt

    def closed_s(self, host: str) -> float:
        """For how long the host is still closed; 0 when it is open."""
        gate = self._hosts.get(host)
        return 0.0 if gate is None else max(0.0, gate.closed_until - self._clock())

    def set_crawl_delay(self, host: str, seconds: float) -> None:
        self._gate(host).crawl_delay_s = min(seconds, LONGEST_CRAWL_DELAY_S)

    def _wait_s(self, gate: _Host, *, paced: bool) -> float:
        """Reserves the next free moment; how far away it is (https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm)."""
        if not (paced or gate.crawl_delay_s):
            return 0.0
        now = self._clock()
        spacing_s = max(gate.crawl_delay_s, SPACING_S)
        allowance_s = 0.0 if gate.crawl_delay_s else BURST * SPACING_S
        gate.paid_until = max(gate.paid_until, now) + spacing_s
        return max(0.0, gate.paid_until - spacing_s - allowance_s - now)

    def _gate(self, host: str) -> _Host:
        gate = self._hosts.setdefault(host, _Host())
        self._hosts.move_to_end(host)
        if len(self._hosts) > REMEMBERED_HOSTS:
            self._forget_idle()
        return gate

    def _forget_idle(self) -> None:
        now = self._clock()
        for host, gate in list(self._hosts.items())[: REMEMBERED_HOSTS // 2]:
            if not gate.users and max(gate.paid_until, gate.closed_until) <= now:
                del self._hosts[host]
