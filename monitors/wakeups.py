"""Wake-ups: "there is something to do", said after a commit, within a process and across the process tree.

A wake-up carries no work: rows are the truth, and every role sweeps them anyway. So a lost one costs a sweep
interval, a doubled one nothing. Kicks of one task coalesce until somebody has waited for them.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Final

logger = logging.getLogger(__name__)

ARTICLES: Final = "articles"  # saved, to be decided
DELIVERIES: Final = "deliveries"  # enqueued, to be sent
SOURCES: Final = "sources"  # due at once
UPDATES: Final = "updates"  # stored, to be handled
REQUESTS: Final = "requests"  # made or withdrawn by somebody, for the crawler


def started(pid: int) -> str:
    """The task that a child process kicks once, when its role has started."""
    return f"started-{pid}"


class Wakeups:
    """The wake-ups of one event loop, joined to those of other processes by sockets.

    On a socket a kick is one line, "task\\n". A kick goes to this process and to every joined one except
    where it came from, so the main process relays between its children.
    """

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Event] = {}
        self._links: list[asyncio.StreamWriter] = []

    def kick(self, task: str) -> None:
        """Wakes whoever waits for the task, here and in joined processes. Call it after the commit."""
        self._deliver(task, origin=None)

    async def wait(self, task: str, timeout_s: float) -> bool:
        """Whether there was a kick since the last wait, at once if so; else as soon as one comes or the time is up."""
        event = self._event(task)
        try:
            async with asyncio.timeout(timeout_s):
                await event.wait()
        except TimeoutError:
            return False
        event.clear()
        return True

    async def join(self, link: socket.socket) -> asyncio.Task[None]:
        """Exchanges kicks over a connected socket; the task ends when the other side is gone."""
        reader, writer = await asyncio.open_connection(sock=link)
        self._links.append(writer)
        return asyncio.create_task(self._listen(reader, writer), name="wakeups")

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                self._deliver(line.decode().rstrip("\n"), origin=writer)
        except (ConnectionError, ValueError, UnicodeDecodeError) as error:
            logger.warning("a wake-up link broke: %s", error)
        finally:
            self._links.remove(writer)
            writer.close()

    def _deliver(self, task: str, *, origin: asyncio.StreamWriter | None) -> None:
        self._event(task).set()
        for link in self._links:
            if link is not origin and not link.is_closing():
                link.write(f"{task}\n".encode())

    def _event(self, task: str) -> asyncio.Event:
        return self._events.setdefault(task, asyncio.Event())
