"""The whole collection, and the server that shows it: `python -m tests.hostile.collection`.

A process of its own, so that making a gigabyte of zeros does not delay the good outlets beside it. It prints its port;
asked to end (SIGTERM), it prints what it saw as JSON.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys

from tests.hostile.addresses import addresses
from tests.hostile.bodies import bodies
from tests.hostile.documents import documents
from tests.hostile.pages import pages
from tests.hostile.transport import transport
from tests.hostile.web import Case, Web


def hostile_cases() -> dict[str, Case]:
    gathered = (transport, bodies, documents, pages, addresses)
    cases = {name: case for collection in gathered for name, case in collection.cases.items()}
    assert len(cases) == sum(len(collection.cases) for collection in gathered)
    return cases


async def main() -> None:
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    async with Web({name: case.answer for name, case in hostile_cases().items()}).open() as web:
        sys.stdout.write(f"{web.port}\n")
        sys.stdout.flush()
        await over.wait()
        seen = {"private": web.private, "cookies": web.cookies, "requests": sum(map(len, web.seen.values()))}
        sys.stdout.write(f"{json.dumps(seen)}\n")


if __name__ == "__main__":
    asyncio.run(main())
