"""Roles: what a Rasid process does. The others are found through entry points, so no package imports another.

Group `rasid.roles`: coroutine functions `run(context)` that share the main process and its loop. Group
`rasid.child_roles`: functions `main(settings, link) -> exit code` that own a process and its loop. Both return
soon after they are asked to stop, leaving rows from which the next start continues.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from monitors.errors import UsageError
from monitors.opening import open_ready
from monitors.settings import Settings
from monitors.storage.engine import Database
from monitors.wakeups import Wakeups, started

IN_MAIN_PROCESS = "rasid.roles"
IN_CHILD_PROCESS = "rasid.child_roles"


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

    `stopping` is set on SIGTERM, SIGINT and when the other side of `link` is gone: children end with their parent.
    """
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
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
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def find_roles(wanted: frozenset[str] | None = None) -> tuple[list[EntryPoint], list[EntryPoint]]:
    """The installed roles, (in the main process, in children), all or the wanted ones. Raises `UsageError`."""
    here, children = (
        sorted(entry_points(group=group), key=lambda entry: entry.name) for group in (IN_MAIN_PROCESS, IN_CHILD_PROCESS)
    )
    names = [entry.name for entry in here + children]
    if wanted is None:
        return here, children
    for name in sorted(wanted):
        if name not in names:
            raise UsageError(f"There is no role “{name}”.", hint=f"The roles are: {', '.join(sorted(names))}.")
    return [entry for entry in here if entry.name in wanted], [entry for entry in children if entry.name in wanted]
