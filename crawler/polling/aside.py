"""Work that grows with a document: beside the event loop when there is much of it.

A thread does not make it faster, but the interpreter changes between threads every few milliseconds, so that nothing
else has to wait for two thousand entries.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MANY_ENTRIES: Final = 100
MANY_BYTES: Final = 512 * 1024


async def aside(much: bool, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the work returns; done in a thread when there is much of it."""
    if much:
        return await asyncio.to_thread(work, *args, **kwargs)
    return work(*args, **kwargs)
