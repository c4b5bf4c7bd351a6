"""The parsers of one event loop: who is asked, in which order, and for how long.

Threads would not do: feedparser, lxml and `re` hold the interpreter's lock, and one hostile page stops the process for
minutes. So they are children, which can be killed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime
from typing import Any

from crawler.entries import Listing, NotAListing
from crawler.opml.outlines import OutletList
from crawler.outlets.lookup import rules_for
from crawler.pages.extraction import Page
from crawler.pages.links import PageLinks
from crawler.parsing.child import Child, ParserKilled, ParsingFailed, start_child
from crawler.parsing.wire import Answer, Refused, Result, encode_request
from monitors.outlets import SourceKind

_PATIENCE_S = 0.5
# Honest documents take a tenth of this. What takes more waits its turn among its like.
QUICK_CPU_S = 0.5
# Larger bodies go to the slow place at once, and at most so many wait there: each is held in memory.
LARGE = 1 << 20
LONGEST_QUEUE = 3

Place = AbstractAsyncContextManager[None]

__all__ = ["ParserKilled", "ParsingFailed", "ParsingPool"]


class _ChildDied(Exception):
    """Its CPU time was up, it ran out of memory, or it crashed: which of them cannot be told with certainty, for the
    status of a child can be collected by others in the process."""


class ParsingPool:
    """At most `workers` children for one event loop, started when needed and ended after `idle_s` without work.

    One of them is the slow place. Everything else is given half a second of CPU; a document that needs more, or is
    large, waits for the slow place, where it has `cpu_s`: so hostile documents delay each other, and hardly anybody
    else. Time is the child's own, whatever the machine is doing beside; `timeout_s` of wall time ends a child that
    hangs without working. Each has `memory_mb` of address space.

    Callers wait in order, but articles and the documents of sources that have yet to prove themselves together leave
    a quick place free: nobody who has been read before waits for pages or for newcomers. Cancelling a call kills its
    child.
    """

    def __init__(
        self,
        *,
        workers: int = 3,
        idle_s: float = 30.0,
        cpu_s: float = 5.0,
        timeout_s: float = 30.0,
        memory_mb: int = 512,
    ) -> None:
        quick = max(1, workers - 1)
        self._free = asyncio.Semaphore(quick)
        self._free_for_others = asyncio.Semaphore(max(1, quick - 1))  # articles and newcomers
        self._free_for_newcomers = asyncio.Semaphore(1)
        # With a single worker the two places are one.
        self._slow = asyncio.Semaphore(1) if workers > 1 else self._free
        self._waiting_for_slow = 0
        self._cpu_s = cpu_s
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._endings: set[asyncio.Task[None]] = set()
        self._idle_s = idle_s
        self._timeout_s = timeout_s
        self._memory_mb = memory_mb
        self._closed = False
        self._starting = 0
        self._returned = asyncio.Event()

    async def read_listing(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str | None,
        kind: SourceKind = SourceKind.FEED,
        known: Sequence[str] = (),
        proven: bool = False,
    ) -> Listing:
        """As `sites.reading.read_listing`, by the rules of the site. NotAListing, ParsingFailed or ParserKilled.

        `proven` says that this source's document was read without trouble the last time.
        """
        about = {"kind": kind.value, "known": list(known), "rules": _rules(url)}
        arguments = {"url": url, "content_type": content_type, **about}
        place = nullcontext() if proven else self._newcomers_place()
        return await self._ask("read_listing", Listing, body, arguments, place=place)

    async def extract_article(
        self,
        html: bytes,
        *,
        url: str,
        content_type: str | None,
        time_zone: str | None = None,
        seen_at: datetime | None = None,
        recurring: Collection[int] = (),
    ) -> Page:
        """As `sites.reading.extract_article`, by the rules of the site. ParsingFailed or ParserKilled."""
        arguments = {
            "url": url,
            "content_type": content_type,
            "rules": _rules(url),
            "time_zone": time_zone,
            "seen_at": seen_at.isoformat() if seen_at else None,
            "recurring": sorted(recurring),
        }
        return await self._ask("extract_article", Page, html, arguments, place=self._free_for_others)

    async def find_feed_links(self, html: bytes, *, url: str, content_type: str | None) -> PageLinks:
        """As `links.find_feed_links`. ParsingFailed or ParserKilled."""
        return await self._ask("find_feed_links", PageLinks, html, {"url": url, "content_type": content_type})

    async def read_opml(self, body: bytes) -> OutletList:
        """As `opml.reading.read_opml`. NotAListing, ParsingFailed or ParserKilled."""
        return await self._ask("read_opml", OutletList, body, {})

    async def close(self) -> None:
        """End every child, whatever it is doing; calls still waiting for one raise ParserKilled."""
        self._closed = True
        for child in (*self._idle, *self._busy):
            self._end(child)
        self._idle.clear()
        await asyncio.gather(*self._endings)

    async def _ask(
        self,
        task: str,
        result: type[Result],
        body: bytes,
        arguments: Mapping[str, object],
        *,
        place: Place | None = None,
    ) -> Result:
        answer: Answer | None = None
        if len(body) <= LARGE:
            answer = await self._ask_quickly(task, body, arguments, place=place or nullcontext())
        if answer is None:
            answer = await self._ask_slowly(task, body, arguments)
        if isinstance(answer, Refused):
            raise (NotAListing if answer.kind == "NotAListing" else ParsingFailed)(answer.reason)
        if not isinstance(answer, result):
            raise ParserKilled("The parser answered something else than it was asked.")
        return answer

    async def _ask_quickly(
        self, task: str, body: bytes, arguments: Mapping[str, object], *, place: Place
    ) -> Answer | None:
        """The answer; None when the child died of it, most likely because half a second is not enough."""
        async with place, self._free:
            try:
                return await self._ask_a_child(task, body, arguments, cpu_s=min(QUICK_CPU_S, self._cpu_s))
            except _ChildDied:
                return None

    @asynccontextmanager
    async def _newcomers_place(self) -> AsyncIterator[None]:
        async with self._free_for_newcomers, self._free_for_others:
            yield

    async def _ask_slowly(self, task: str, body: bytes, arguments: Mapping[str, object]) -> Answer:
        if self._waiting_for_slow >= LONGEST_QUEUE:
            raise ParsingFailed("Too many large documents are waiting to be read; this one is tried again later.")
        self._waiting_for_slow += 1
        try:
            async with self._slow:
                return await self._ask_a_child(task, body, arguments, cpu_s=self._cpu_s, reuse=False)
        except _ChildDied as error:
            raise ParserKilled(f"Parsing takes longer than {self._cpu_s:g} s or too much memory.") from error
        finally:
            self._waiting_for_slow -= 1

    async def _ask_a_child(
        self, task: str, body: bytes, arguments: Mapping[str, object], *, cpu_s: float, reuse: bool = True
    ) -> Answer:
        child = await self._take()
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await child.ask(encode_request(task, dict(arguments), size=len(body), cpu_s=cpu_s), body)
        except TimeoutError:
            self._end(child)
            raise ParserKilled(f"Parsing took longer than {self._timeout_s:g} s.") from None
        except (EOFError, OSError) as error:
            self._end(child)
            raise _ChildDied from error
        except BaseException:  # an absurd answer, or the caller was cancelled: what the child says next is unknown
            self._end(child)
            raise
        if reuse:
            self._put_back(child)
        else:  # what a large document took does not go back to the system while the child lives
            self._end(child)
        return answer

    async def _take(self) -> Child:
        """The child that worked last, so that the others can grow idle and end; or a new one."""
        if (self._busy or self._starting) and not self._idle:
            await self._await_return()
        while self._idle:
            child = self._idle.pop()
            child.stop_waiting()
            if child.is_alive:
                self._busy.add(child)
                return child
            self._end(child)
        if self._closed:
            raise ParserKilled("Parsing has ended.")
        self._starting += 1
        try:
            child = await start_child(self._memory_mb)
        finally:
            self._starting -= 1
        if self._closed:
            self._end(child)
            raise ParserKilled("Parsing has ended.")
        self._busy.add(child)
        return child

    async def _await_return(self) -> None:
        """A short while, for a child at work to come back: most answers take milliseconds, a new child 30 MB."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                while not self._idle:  # another one who waited may have been quicker
                    self._returned.clear()
                    await self._returned.wait()
        except TimeoutError:
            pass

    def _put_back(self, child: Child) -> None:
        self._busy.discard(child)
        if self._closed:
            self._end(child)
            return
        self._idle.append(child)
        self._returned.set()
        child.ending = asyncio.get_running_loop().call_later(self._idle_s, self._retire, child)

    def _retire(self, child: Child) -> None:
        if child in self._idle:
            self._idle.remove(child)
            self._end(child)

    def _end(self, child: Child) -> None:
        self._busy.discard(child)
        task = asyncio.get_running_loop().create_task(child.end())
        self._endings.add(task)
        task.add_done_callback(self._endings.discard)


def _rules(url: str) -> dict[str, Any] | None:
    rules = rules_for(url)
    return rules.as_json() if rules is not None else None
