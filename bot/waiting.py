"""Waiting that ends when it is time to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from monitors.errors import DatabaseAway

logger = logging.getLogger(__name__)

T = TypeVar("T")

AWAY_S = 2.0
"""Between two tries while the database is away."""


async def pause(stopping: asyncio.Event, seconds: float | None, *, until: asyncio.Event | None = None) -> bool:
    """Waits for the time (None: any time) or for `until`; whether it is time to stop."""
    waits = [asyncio.ensure_future(event.wait()) for event in (stopping, until) if event is not None]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    return stopping.is_set()


async def once_there(stopping: asyncio.Event, work: Callable[[], Awaitable[T]]) -> T | None:
    """What the work comes to, begun again while the database is away; None when it is time to stop first."""
    while not stopping.is_set():
        try:
            return await work()
        except DatabaseAway:
            logger.exception("the database is waited for")
            await pause(stopping, AWAY_S)
    return None


async def unless_stopped(stopping: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """The result of the work; None, and the work cancelled, when it is time to stop first."""
    task = asyncio.ensure_future(work)
    stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait((task, stop), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        return None
    finally:
        stop.cancel()
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
