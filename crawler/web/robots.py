"""What a site's robots.txt allows us (RFC 9309), remembered for a day.

2xx: its rules. 4xx: there are none, everything is allowed. 5xx or no answer: everything is forbidden for a while.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from protego import Protego

REMEMBERED_S = 24 * 3600.0  # RFC 9309 §2.4
RETRIED_S = 600.0
UNREACHABLE_RETRIED_S = 30.0  # the site itself is down: it is asked again when its turn comes

LONGEST = 100 * 1024
"""Bytes taken into account. RFC 9309 §2.5 asks for 500 KiB, which any site could use to take 15 MB and a third of a
second from us; files of honest sites are a few kilobytes."""

REMEMBERED_BYTES = 8 * 1024 * 1024
READY_BYTES = 1024 * 1024  # of files kept parsed, which takes some thirty times their size
LEAST_WEIGHT = 512  # what remembering a site costs besides its file

LONG = 8 * 1024  # bytes; a longer file is parsed beside the loop, for it takes more than a few milliseconds

AGENT = "Rasid"
"""Our product token: what a site's robots.txt calls us."""


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """What asking for a robots.txt came to. `status` is None when the site could not be reached."""

    status: int | None
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Rules:
    """`problem` says why everything is forbidden, in words; None when the rules are known."""

    parsed: Protego | None = None
    problem: str | None = None
    unreachable: bool = False

    def allow(self, url: str) -> bool:
        if self.problem is not None or self.unreachable:
            return False
        return self.parsed is None or bool(self.parsed.can_fetch(url, AGENT))

    @property
    def crawl_delay_s(self) -> float:
        delay = self.parsed.crawl_delay(AGENT) if self.parsed is not None else None
        return max(0.0, float(delay or 0.0))


T = TypeVar("T")


class Weighed(Generic[T]):
    """The values used last, as many as weigh at most `limit` together."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: OrderedDict[str, tuple[int, T]] = OrderedDict()
        self.weight = 0

    def get(self, key: str) -> T | None:
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key][1]

    def put(self, key: str, value: T, weight: int) -> None:
        self.drop(key)
        self._values[key] = (weight, value)
        self.weight += weight
        while self.weight > self._limit:
            self.drop(next(iter(self._values)))

    def drop(self, key: str) -> None:
        if key in self._values:
            self.weight -= self._values.pop(key)[0]


class Robots:
    """The rules of every site we ask; `fetch` gets a robots.txt through the guarded client.

    Files are remembered as they came, for parsed they are large; the ones used last are kept parsed as well.
    """

    def __init__(
        self, fetch: Callable[[str], Awaitable[RobotsFile]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._files: Weighed[tuple[float, RobotsFile]] = Weighed(REMEMBERED_BYTES)
        self._ready: Weighed[Rules] = Weighed(READY_BYTES)
        self._asking: dict[str, asyncio.Task[Rules]] = {}
        self._reading = asyncio.Lock()

    async def rules(self, url: str) -> Rules:
        """The rules of the URL's site; one request at a time asks for them."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        known = self._files.get(site)
        if known is not None and known[0] > self._clock():
            ready = self._ready.get(site)
            if ready is not None:
                return ready
        if site not in self._asking:
            self._asking[site] = asyncio.create_task(self._ask(site))
            self._asking[site].add_done_callback(lambda _: self._asking.pop(site, None))
        return await asyncio.shield(self._asking[site])

    async def _ask(self, site: str) -> Rules:
        """The rules from the file we have, if it still holds, else from the site's."""
        known = self._files.get(site)
        if known is not None and known[0] > self._clock():
            file = known[1]
        else:
            file = _cut(await self._fetch(f"{site}/robots.txt"))
            self._files.put(site, (self._clock() + _valid_s(file), file), LEAST_WEIGHT + len(file.body))
        if len(file.body) > LONG:
            async with self._reading:  # one at a time: together they would leave the loop too small a share
                rules = await asyncio.to_thread(_read, file)
        else:
            rules = _read(file)
        self._ready.put(site, rules, LEAST_WEIGHT + len(file.body))
        return rules


def _cut(file: RobotsFile) -> RobotsFile:
    """What is taken into account of a file: whole lines, for half a rule would forbid more than it says."""
    if not 200 <= (file.status or 0) < 300:
        return RobotsFile(file.status)
    if len(file.body) <= LONGEST:
        return file
    return RobotsFile(file.status, file.body[:LONGEST].rpartition(b"\n")[0])


def _valid_s(file: RobotsFile) -> float:
    """For how many seconds a file holds."""
    if file.status is None:
        return UNREACHABLE_RETRIED_S
    return REMEMBERED_S if _says_something(file.status) else RETRIED_S


def _says_something(status: int) -> bool:
    """429 is a 4xx, but a server that asks for patience has not said that it has no rules."""
    return 200 <= status < 500 and status != 429


def _read(file: RobotsFile) -> Rules:
    if file.status is None:
        return Rules(unreachable=True)
    if 200 <= file.status < 300:
        return Rules(Protego.parse(file.body.decode("utf-8", "replace")))
    if _says_something(file.status):
        return Rules()
    return Rules(problem=f"The site's robots.txt cannot be read (it answered {file.status}).")
