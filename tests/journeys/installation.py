"""Rasid as a user has it: a folder, settings in the environment, and the real `rasid` command in real processes."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from sqlalchemy.engine import URL

from monitors.environment import variable_of
from monitors.storage.engine import Database, open_database

STARTED = "ready in"
"""What `rasid run` logs when everything has been started."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that has ended."""

    code: int
    out: str
    err: str


@dataclass(slots=True)
class Installation:
    """A folder of its own for one test; `settings` are "section.key" → value."""

    folder: Path
    url: URL
    settings: dict[str, str] = field(default_factory=dict)

    def allow(self, *urls: str) -> None:
        """Lets Rasid visit these addresses on loopback, and poll them every second."""
        ports = {str(urlsplit(url).port) for url in urls}
        self.settings |= {
            "crawl.allow_addresses": "127.0.0.0/8",
            "crawl.ports": ",".join(sorted(ports)),
            "crawl.min_interval": "1",
        }

    def tell(self, base_url: str, token: str) -> None:
        self.settings |= {"telegram.base_url": base_url, "telegram.token": token}

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RASID_")}
        settings = {"storage.url": self.url.render_as_string(hide_password=False), **self.settings}
        return kept | {variable_of(key): value for key, value in settings.items()}

    async def rasid(self, *arguments: str, timeout_s: float = 60) -> Finished:
        """Runs one command to its end."""
        process = await self._start(*arguments)
        async with asyncio.timeout(timeout_s):
            out, err = await process.communicate()
        assert process.returncode is not None
        return Finished(process.returncode, out.decode(), err.decode())

    @asynccontextmanager
    async def running(self, *arguments: str) -> AsyncIterator[Service]:
        """`rasid run` for the life of the block; killed at the end if it still runs."""
        service = Service(await self._start("run", *arguments))
        try:
            yield service
        finally:
            await service.kill()

    def database(self) -> Database:
        return open_database(self.url)

    async def _start(self, *arguments: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "monitors",
            *arguments,
            cwd=self.folder,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )


class Service:
    """A running `rasid run` and what it has written so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.log = ""
        self.out = ""
        self._heard = asyncio.Condition()
        self._reading = [
            asyncio.create_task(self._read(process.stderr, "log")),
            asyncio.create_task(self._read(process.stdout, "out")),
        ]

    async def started(self, timeout_s: float = 20) -> None:
        await self.wrote(STARTED, timeout_s=timeout_s)

    async def wrote(self, text: str, *, timeout_s: float = 20) -> None:
        """Waits until the text stands in the log or on standard output."""
        async with asyncio.timeout(timeout_s), self._heard:
            await self._heard.wait_for(lambda: text in self.log or text in self.out or self._over)
        assert text in self.log or text in self.out, f"it ended without {text!r}:\n{self.log}"

    async def stop(self, number: signal.Signals = signal.SIGTERM, timeout_s: float = 10) -> int:
        """Asks it to end and waits; its exit code."""
        self.process.send_signal(number)
        async with asyncio.timeout(timeout_s):
            return await self.process.wait()

    async def kill(self) -> None:
        """kill -9 of the main process; waits until its whole tree is gone."""
        tree = self.tree()
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        await asyncio.gather(*self._reading)
        _, alive = psutil.wait_procs(tree, timeout=10)
        assert not alive, f"outlived their parent: {alive}"

    def tree(self) -> list[psutil.Process]:
        """Its processes, children first."""
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    @property
    def _over(self) -> bool:
        return all(task.done() for task in self._reading)

    async def _read(self, stream: asyncio.StreamReader | None, name: str) -> None:
        assert stream is not None
        while piece := await stream.read(65536):
            setattr(self, name, getattr(self, name) + piece.decode(errors="replace"))
            async with self._heard:
                self._heard.notify_all()
        asyncio.get_running_loop().call_soon(lambda: asyncio.ensure_future(self._notify()))

    async def _notify(self) -> None:
        async with self._heard:
            self._heard.notify_all()
