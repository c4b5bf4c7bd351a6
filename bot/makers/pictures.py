"""Pictures, drawn by a process that lives for one of them (bot/drawing): whatever becomes of it, the bot goes on."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from monitors.chats import Chat
from monitors.environment import variable_of
from monitors.storage.engine import Database

MENTIONS = "mentions"

_ALONE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
"""A picture needs no threads, each of which would reserve memory."""

_drawing = asyncio.Semaphore(1)
"""One at a time: a drawing takes a second of a core, and 100 MB."""


async def mentions(database: Database, chat: Chat, of: Mapping[str, Any]) -> bytes:
    """The picture of these numbers, as `bot.drawing.mentions.Mentions` takes them. Raises `OSError` if none came."""
    async with _drawing:
        return await _drawn(json.dumps(of).encode())


async def _drawn(asked: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot.drawing"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if name != variable_of("telegram.token")} | _ALONE,
        start_new_session=True,
    )
    try:
        picture, complaint = await process.communicate(asked)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode or not picture:
        raise OSError(f"drawing ended with {process.returncode}: {complaint.decode(errors='replace')[-300:]}")
    return picture


MAKERS = {MENTIONS: mentions}
