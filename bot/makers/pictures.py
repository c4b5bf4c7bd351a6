"""Pictures, drawn by a process of their own (bot/drawing): whatever becomes of it, the bot goes on."""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bot.makers.answers import ANSWER
from monitors.chats import Chat
from monitors.environment import variable_of
from monitors.storage.engine import Database

MENTIONS = "mentions"

_ALONE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
"""A picture needs no threads, each of which would reserve memory."""

_drawing = asyncio.Semaphore(1)
"""One at a time: a drawing takes a core, and 100 MB."""


async def mentions(database: Database, chat: Chat, of: Mapping[str, Any]) -> bytes:
    """The picture of these numbers, as `bot.drawing.mentions.Mentions` takes them. Raises `OSError` or `ValueError` if
    none came."""
    asked = json.dumps(of).encode() + b"\n"
    async with _drawing:
        try:
            return await asyncio.to_thread(_kept.draw, asked)
        except asyncio.CancelledError:  # it took too long
            _kept.end()
            raise


class _Drawer:
    """The process that draws, kept for the next picture until it ends by itself."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def draw(self, asked: bytes) -> bytes:
        """Blocks. Raises `OSError` if the process ends, and `ValueError` if it cannot draw this."""
        kept = self._process
        if kept is not None:
            try:
                return _asked_of(kept, asked)
            except OSError:  # most likely nobody asked it for a while
                if self._process is not kept:  # it took too long
                    raise
                self.end()
        self._process = started = _start()
        try:
            return _asked_of(started, asked)
        except OSError:
            self.end()
            raise

    def end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with suppress(BrokenPipeError), process:
                pass


_kept = _Drawer()
atexit.register(_kept.end)


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot.drawing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if name != variable_of("telegram.token")} | _ALONE,
        start_new_session=True,
    )


def _asked_of(process: subprocess.Popen[bytes], asked: bytes) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(asked)
    process.stdin.flush()
    head = process.stdout.read(ANSWER.size)
    drawn, length = ANSWER.unpack(head) if len(head) == ANSWER.size else (False, 0)
    content = process.stdout.read(length)
    if len(head) < ANSWER.size or len(content) < length:
        raise OSError("the process that draws has ended")
    if not drawn:
        raise ValueError(content.decode(errors="replace"))
    return content


MAKERS = {MENTIONS: mentions}
