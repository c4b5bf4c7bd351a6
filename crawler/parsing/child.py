"""A child that parses, seen from its parent: started, asked, ended."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass

from crawler.parsing.wire import READY, Answer, answer_length, decode_answer
from monitors.children import FRUGAL

# A new interpreter takes 0.3 s, several on a busy machine; this only ends a start that will never succeed.
_START_TIMEOUT_S = 60.0
_END_TIMEOUT_S = 5.0
_PIPE_BUFFER = 1 << 20
# Of a body of megabytes, so much is copied at a time on its way to the child.
_PIECE = 1 << 18
_LONG_ANSWER = 1 << 18
# A child that reads hostile bytes has no business with the token in our environment.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR")


class ParserKilled(Exception):
    """The document hung, crashed or exhausted its parser, which is dead; the caller counts a strike."""


class ParsingFailed(Exception):
    """The parser gave the document up; the message says why in words."""


@dataclass(eq=False, slots=True)
class Child:
    """One parser. `ending` is when it is ended for want of work."""

    process: asyncio.subprocess.Process
    requests: asyncio.StreamWriter
    answers: asyncio.StreamReader
    ending: asyncio.TimerHandle | None = None

    @property
    def is_alive(self) -> bool:
        return self.process.returncode is None and not self.answers.at_eof()

    def stop_waiting(self) -> None:
        if self.ending is not None:
            self.ending.cancel()
            self.ending = None

    async def ask(self, request: bytes, body: bytes) -> Answer:
        """The child's answer; EOFError or OSError when it dies first, ParserKilled when it answers nonsense."""
        self.requests.write(request)
        for start in range(0, len(body), _PIECE):
            self.requests.write(body[start : start + _PIECE])
            await self.requests.drain()
        await self.requests.drain()
        try:
            length = answer_length(await self.answers.readexactly(4))
            payload = await self.answers.readexactly(length)
            # The answer to a document of thousands of entries takes a while to read; the loop goes on meanwhile.
            return decode_answer(payload) if length < _LONG_ANSWER else await asyncio.to_thread(decode_answer, payload)
        except (KeyError, TypeError, ValueError) as error:
            raise ParserKilled("The parser gave an answer that cannot be understood.") from error

    async def end(self) -> None:
        self.stop_waiting()
        if self.process.returncode is None:
            try:
                self.process.kill()
            except ProcessLookupError:
                pass
        self.requests.close()
        try:
            # Bounded, because a loop that shares SIGCHLD with others may never be told.
            await asyncio.wait_for(self.process.wait(), _END_TIMEOUT_S)
        except TimeoutError:
            pass


async def start_child(memory_mb: int) -> Child:
    """A child that has started. Raises `ParsingFailed` when it cannot."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-P", "-m", "crawler.parsing.worker", str(memory_mb), str(os.getpid())),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_environment(),
        limit=_PIPE_BUFFER,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    child = Child(process, process.stdin, process.stdout)
    try:
        async with asyncio.timeout(_START_TIMEOUT_S):
            ready = await child.answers.readexactly(len(READY))
    except BaseException as error:
        await child.end()
        if isinstance(error, EOFError | TimeoutError):
            raise ParsingFailed("The parser could not be started.") from error
        raise
    assert ready == READY
    return child


def _environment() -> dict[str, str]:
    return FRUGAL | {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
