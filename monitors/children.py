"""Child roles' processes, as their parent sees them.

Importing what a crawl needs takes longer than everything else at a start. So a child is started at once, imports, and
waits for the word to begin, while the parent makes sure that it may run at all. A child that is never told to begin
has touched nothing.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from monitors.environment import CONFIG_VARIABLE, variable_of

BEGIN = b"begin\n"

FRUGAL = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""Environment of children: the C library (mallopt(3)) gives back to the system what a large document took. Beside 130
hostile outlets the crawl role and four parsers took 216 and 308 MiB more than alone, and 277 to 346 without."""


@dataclass(frozen=True, slots=True)
class Child:
    """One child process. `link` is our end of the socket that carries its wake-ups."""

    role: str
    process: subprocess.Popen[bytes]
    link: socket.socket

    @classmethod
    def start(cls, role: str, config: Path | None) -> Self:
        """Starts the process of a role, with the settings file named if there is one."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "monitors.child", role, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=_environment(config),
                start_new_session=True,  # Ctrl-C reaches the parent alone, which stops its children in order
            )
        return cls(role, process, ours)

    def begin(self) -> None:
        self.link.sendall(BEGIN)

    async def wait(self) -> int:
        """Its exit code, once it has ended."""
        return await asyncio.to_thread(self.process.wait)

    def kill(self) -> None:
        """Ends it at once, if it lives."""
        self.process.kill()
        self.process.wait()
        self.link.close()


def _environment(config: Path | None) -> dict[str, str]:
    """Ours without the bot token, which no child needs."""
    environment = {name: value for name, value in os.environ.items() if name != variable_of("telegram.token")}
    if config is not None:
        environment[CONFIG_VARIABLE] = str(config.absolute())
    return FRUGAL | environment
