"""What a site's robots.txt allows us (RFC 9309), remembered for a day.

2xx: its rules. 4xx: there are none, everything is allowed. 5xx or no answer: everything is forbidden for a while.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

REMEMBERED_S = 24 * 3600.0  # RFC 9309 §2.4
RETRIED_S = 600.0
UNREACHABLE_RETRIED_S = 30.0  # the site itself is down: it is asked again when its turn comes
REMEMBERED_SITES = 4096
LONGEST = 500 * 1024  # bytes; RFC 9309 §2.5 asks for at least this much

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


class Robots:
    """The rules of every site we ask; `fetch` gets a robots.txt through the guarded client."""

    def __init__(
        self, fetch: Callable[[str], Awaitable[RobotsFile]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, Rules]] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Rules]] = {}

    async def rules(self, url: str) -> Rules:
        """The rules of the URL's site; one request at a time asks for them."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        known = self._known.get(site)
        if known is not None and known[0] > self._clock():
            return known[1]
        if site not in self._asking:
            self._asking[site] = asyncio.create_task(self._ask(site))
            self._asking[site].add_done_callback(lambda _: self._asking.pop(site, None))
        return await asyncio.shield(self._asking[site])

    async def _ask(self, site: str) -> Rules:
        rules, valid_s = _read(await self._fetch(f"{site}/robots.txt"))
        self._known[site] = (self._clock() + valid_s, rules)
        self._known.move_to_end(site)
        if len(self._known) > REMEMBERED_SITES:
            self._known.popitem(last=False)
        return rules


def _read(file: RobotsFile) -> tuple[Rules, float]:
    """The rules, and for how many seconds they hold."""
    if file.status is None:
        return Rules(unreachable=True), UNREACHABLE_RETRIED_S
    if 200 <= file.status < 300:
        return Rules(Protego.parse(file.body[:LONGEST].decode("utf-8", "replace"))), REMEMBERED_S
    # 429 is a 4xx, but a server that asks for patience has not said that it has no rules.
    if 300 <= file.status < 500 and file.status != 429:
        return Rules(), REMEMBERED_S
    return Rules(problem=f"The site's robots.txt cannot be read (it answered {file.status})."), RETRIED_S
