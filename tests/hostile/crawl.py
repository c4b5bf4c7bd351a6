"""The real collecting role in a process of its own, which also watches its event loop; prints what it saw as JSON.

    python -m tests.hostile.crawl   (settings in the environment, as for `rasid run`)

Names are those of a zone that lies: the system's resolver is the one thing that cannot be hostile on demand.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import socket
import sys
import time

from crawler.service import collect
from crawler.web import resolving
from crawler.web.reactor import run_in_reactor
from monitors.roles import role_context
from monitors.settings_file import load
from tests.hostile.web import PRIVATE

PUBLIC_OF_MIXED = "HOSTILE_PUBLIC_ADDRESS"
"""Environment: the address that `mixed.test` has besides a private one."""

_rebinding = itertools.chain(["127.2.250.250"], itertools.repeat(PRIVATE))


def look_up(host: str) -> list[str]:
    """The zone; may block, as the system's resolver does."""
    match host:
        case "rebound.test":
            return [next(_rebinding)]
        case "private.test":
            return [PRIVATE, "fd00::1"]
        case "mixed.test":
            return [PRIVATE, os.environ[PUBLIC_OF_MIXED]]
        case "silent.test":
            time.sleep(20)
        case "localhost":
            return ["127.0.0.1", "::1"]
    raise socket.gaierror(socket.EAI_NONAME, "no such name")


async def main() -> int:
    from crawler.web.session import parsing, with_fetcher

    lags: list[float] = []
    held: list[float] = []

    async def watch() -> None:
        while True:
            before, worked = time.monotonic(), time.thread_time()
            await asyncio.sleep(0.02)
            lags.append(time.monotonic() - before - 0.02)
            held.append(time.thread_time() - worked)

    settings = load()
    async with role_context(settings) as context, parsing() as pool:
        watching = asyncio.create_task(watch())
        await with_fetcher(settings, lambda fetcher: collect(context, fetcher, pool))
        watching.cancel()
    lags.sort()
    seen = {"longest_lag_s": lags[-1], "p99_lag_s": lags[len(lags) * 99 // 100], "longest_held_s": max(held)}
    sys.stdout.write(f"{json.dumps(seen)}\n")
    return 0


if __name__ == "__main__":
    resolving.look_up = look_up
    resolving.REMEMBERED_S = 0.0  # so that a name can be rebound between two polls
    raise SystemExit(run_in_reactor(main))
