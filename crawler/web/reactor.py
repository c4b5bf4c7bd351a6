"""Twisted's reactor on a loop of ours, for the whole life of a process.

The reactor must be installed before anything imports `twisted.internet.reactor`, runs once, and drives the loop
itself: driving the loop under it leaves threads behind that hang the interpreter at exit.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import uvloop

T = TypeVar("T")

GRACE_S = 2.0
"""How long tasks that are still running at the end may take to notice that they are cancelled."""


def run_in_reactor(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Runs a coroutine to its end on the asyncio reactor; what it returns or raises. Once per process.

    Signals stay the caller's: nothing is installed here.
    """
    loop = _install()
    from twisted.internet import reactor as installed

    from crawler.web.resolving import Names, TwistedNames

    reactor: Any = installed
    TwistedNames(Names(), reactor).install_on_reactor()
    outcome: asyncio.Future[T] = loop.create_future()

    async def run() -> None:
        try:
            outcome.set_result(await main())
        except BaseException as error:
            outcome.set_exception(error)
        finally:
            await _cancel_the_rest()
            reactor.stop()

    started: list[asyncio.Task[None]] = []  # the loop keeps only weak references
    reactor.callWhenRunning(lambda: started.append(loop.create_task(run())))
    reactor.run(installSignalHandlers=False)
    return outcome.result()


def _install() -> asyncio.AbstractEventLoop:
    if "twisted.internet.reactor" in sys.modules:
        raise RuntimeError("a reactor is installed already")
    from twisted.internet import asyncioreactor

    loop = uvloop.new_event_loop()
    asyncio.set_event_loop(loop)
    asyncioreactor.install(loop)  # type: ignore[no-untyped-call]  # Twisted's
    return loop


async def _cancel_the_rest() -> None:
    """Downloads nobody waits for any more, and the like."""
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    if rest:
        await asyncio.wait(rest, timeout=GRACE_S)
