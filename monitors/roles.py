"""What every role is given to do its work: settings, rows, wake-ups, and the word to stop.

A role returns soon after it is asked to stop, leaving rows from which the next start continues.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from monitors.opening import open_ready
from monitors.settings import Settings
from monitors.storage.engine import Database
from monitors.wakeups import Wakeups, started

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class RoleContext:
    """What every role is given. `stopping` is set once, when the process is asked to end."""

    settings: Settings
    database: Database
    wakeups: Wakeups
    stopping: asyncio.Event


@asynccontextmanager
async def role_context(
    settings: Settings, link: socket.socket | None = None, *, checkpoints: bool = False
) -> AsyncIterator[RoleContext]:
    """A context for the running loop: database open, signals and the parent's `link` watched.

    `stopping` is set on SIGTERM, SIGINT, SIGHUP (a terminal that was closed) and when the other side of `link` is
    gone: children end with their parent.
    """
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stopping.set)
    wakeups = Wakeups()
    listening = await wakeups.join(link) if link is not None else None
    if listening is not None:
        listening.add_done_callback(lambda _: stopping.set())
    database = await loop.run_in_executor(None, lambda: open_ready(settings, checkpoints=checkpoints))
    wakeups.kick(started(os.getpid()))
    try:
        yield RoleContext(settings, database, wakeups, stopping)
    finally:
        if listening is not None:
            listening.cancel()
        database.close()
        for number in STOP_SIGNALS:
            loop.remove_signal_handler(number)
