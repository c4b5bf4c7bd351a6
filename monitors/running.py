"""`rasid run`: a small process tree, kept alive.

The main process decides, tells and keeps the schedules on one loop; each child role has a process of its own at
lower priority, so that the bot answers in milliseconds whatever the crawl does (measured: in one loop with a crawl
at full speed, answers took 6 seconds). Whatever dies is started again with back-off; children end with their parent.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, ExitStack
from datetime import UTC, datetime
from importlib.metadata import EntryPoint
from pathlib import Path

import uvloop

from monitors.children import Child
from monitors.errors import AlreadyRunning
from monitors.roles import RoleContext, role_context
from monitors.schedules import keeps_schedules, schedules
from monitors.settings import Settings
from monitors.settings_file import open_to_others
from monitors.storage.engine import Database, open_database, parse_url
from monitors.storage.instance import IsHeld, only_instance
from monitors.storage.migrating import upgrade
from monitors.storage.presence import BEAT_S, beat, fall_silent
from monitors.wakeups import started

logger = logging.getLogger(__name__)

CHILD_GRACE_S = 6.0
"""How long a child may take to end before it is killed; the whole tree must be gone within 10 s."""

ROLE_GRACE_S = 7.0
SILENCE_GRACE_S = 1.0
LOCK_CHECK_S = 10.0
LOST_LOCK_CHECK_S = 1.0
FIRST_BACKOFF_S = 1.0
LONGEST_BACKOFF_S = 60.0
TURN_S = 0.0005
"""For how long a thread that computes (a search, a file that somebody sent) keeps the others waiting each time they
want to go on, as they do dozens of times for a pressed button. With Python's own 5 ms a button took 0.13 s, and 0.7 s
at worst, while a file of 5,000 bad watches was read."""
HEALTHY_S = 60.0
"""A role that lived this long starts again without having to wait longer each time."""


def run(settings: Settings, here: Sequence[EntryPoint], children: Sequence[Child]) -> None:
    """Runs roles in this process and in children, already importing, until SIGTERM or SIGINT.

    Raises `AlreadyRunning` or `StorageError` before any role has begun.
    """
    with ExitStack() as stack:
        database = stack.enter_context(open_database(parse_url(settings.storage.url, base=settings.folder)))
        names = [role.name for role in here] + [child.role for child in children]
        is_held = stack.enter_context(only_instance(database, names))
        upgrade(database)
        _say_what_is_configured(settings, database)
        sys.setswitchinterval(TURN_S)
        uvloop.run(_run(settings, here, children, is_held))
    logger.info("stopped")


async def _run(settings: Settings, here: Sequence[EntryPoint], children: Sequence[Child], is_held: IsHeld) -> None:
    async with role_context(settings, checkpoints=True) as context, AsyncExitStack() as stack:
        if keeps_schedules(context.database, [role.name for role in here]):
            zone = settings.language.time_zone
            await stack.enter_async_context(schedules(context.database, settings.telegram, zone=zone))
        starting = _Starting({role.name for role in here} | {child.role for child in children})
        starts = {child.role: _child(child, context, starting) for child in children}
        starts |= {role.name: _role(role, context, starting) for role in here}
        tasks = [
            asyncio.create_task(_supervise(name, start, starting, context.stopping)) for name, start in starts.items()
        ]
        beating = asyncio.create_task(_beat(context.database, starting))
        watching = asyncio.create_task(_stop_when_another_runs(is_held, context.stopping))
        await context.stopping.wait()
        watching.cancel()
        logger.info("stopping")
        _, late = await asyncio.wait(tasks, timeout=ROLE_GRACE_S) if tasks else ((), ())
        for task in late:
            logger.warning("a role did not end in time and is cut off; the next start continues from its rows")
            task.cancel()
        beating.cancel()
        await _fall_silent(context.database, list(starts))


async def _fall_silent(database: Database, names: Sequence[str]) -> None:
    """Best effort: the database may be what is gone, and then it is not heard of us any more in any case."""
    try:
        async with asyncio.timeout(SILENCE_GRACE_S):
            await database.write(fall_silent, names)
    except Exception as error:
        logger.warning("that we stop could not be written down: %s", type(error).__name__)


async def _beat(database: Database, starting: _Starting) -> None:
    """Writes down, as long as we live, which roles run and since when: others ask, and from another process."""
    while True:
        starting.changed.clear()
        try:
            await database.write(beat, starting.since, now=datetime.now(UTC))
        except Exception:
            logger.exception("that we run cannot be written down")
        try:
            async with asyncio.timeout(BEAT_S):
                await starting.changed.wait()
        except TimeoutError:
            continue


async def _stop_when_another_runs(is_held: IsHeld, stopping: asyncio.Event) -> None:
    """A server that was gone has forgotten our lock: it is taken again, unless another was faster."""
    held = True
    while True:
        before = held
        try:
            held = await asyncio.to_thread(is_held)
        except AlreadyRunning as error:
            logger.error("the database was gone for a moment, and our lock with it. %s We stop", error.what)
            return stopping.set()
        except Exception:  # whatever it is, it has to be asked again
            logger.exception("whether the lock is ours is not known; it is tried again")
            held = False
        if held and not before:
            logger.info("the database is there again, and the lock is ours")
        elif before and not held:
            logger.error("the database is gone, and our lock with it; both are tried every second")
        await asyncio.sleep(LOCK_CHECK_S if held else LOST_LOCK_CHECK_S)


class _Starting:
    """The roles that have not started yet; says when the last one has. Each runs `since` then, or not now (None)."""

    def __init__(self, names: set[str]) -> None:
        self._all = ", ".join(sorted(names))
        self._missing = names
        self.since: dict[str, datetime | None] = dict.fromkeys(sorted(names))
        self.changed = asyncio.Event()

    def ended(self, name: str) -> None:
        self.since[name] = None
        self.changed.set()

    def started(self, name: str) -> None:
        self.since[name] = datetime.now(UTC)
        self.changed.set()
        if name in self._missing:
            self._missing.discard(name)
            if not self._missing:
                logger.info("running (%s), ready in %.1f s; stop with Ctrl-C", self._all, _age_s())


def _age_s() -> float:
    """How long this process has lived, imports included: proc(5), field 22 of /proc/self/stat."""
    ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


def _say_what_is_configured(settings: Settings, database: Database) -> None:
    crawl = settings.crawl
    for file in open_to_others(settings):
        logger.warning("%s holds secrets, and everybody on this machine can read it: chmod 600 it", file)
    logger.info("settings: %s", settings.file or "no rasid.toml here; defaults and environment")
    logger.info("database: %s", database.url.render_as_string(hide_password=True))
    logger.info(
        "crawling: each source at most every %g s, robots.txt %s, private addresses %s",
        crawl.min_interval,
        "obeyed" if crawl.obey_robots else "ignored",
        ", ".join(crawl.allow_addresses) or "refused",
    )


async def _supervise(
    name: str, start: Callable[[], Awaitable[None]], starting: _Starting, stopping: asyncio.Event
) -> None:
    """Keeps one role running; after a death waits 1, 2, 4 … 60 s before starting it again."""
    backoff_s = FIRST_BACKOFF_S
    while not stopping.is_set():
        began = time.monotonic()
        try:
            await start()
            reason = "ended by itself"
        except Exception as error:
            logger.debug("role %s failed", name, exc_info=True)
            root = _root(error)
            reason = f"failed: {str(root) or type(root).__name__}"
        if stopping.is_set():
            return
        starting.ended(name)
        if time.monotonic() - began > HEALTHY_S:
            backoff_s = FIRST_BACKOFF_S
        logger.error("role %s %s; starting it again in %.0f s", name, reason, backoff_s)
        try:
            async with asyncio.timeout(backoff_s):
                await stopping.wait()
        except TimeoutError:
            backoff_s = min(backoff_s * 2, LONGEST_BACKOFF_S)


def _root(error: Exception) -> BaseException:
    """The first error of a group, which says more than "unhandled errors in a TaskGroup"."""
    root: BaseException = error
    while isinstance(root, BaseExceptionGroup):
        root = root.exceptions[0]
    return root


def _role(role: EntryPoint, context: RoleContext, starting: _Starting) -> Callable[[], Awaitable[None]]:
    async def start() -> None:
        run_role = await asyncio.to_thread(role.load)  # importing may take a while; the loop goes on
        starting.started(role.name)
        await run_role(context)

    return start


def _child(first: Child, context: RoleContext, starting: _Starting) -> Callable[[], Awaitable[None]]:
    """Lets the first child begin; after its death, another one."""
    waiting = [first]

    async def start() -> None:
        child = waiting.pop() if waiting else Child.start(first.role, context.settings.file)
        tasks: list[asyncio.Task[None]] = []
        try:
            child.begin()
            tasks.append(await context.wakeups.join(child.link))
            tasks.append(asyncio.create_task(_report_start(child, context, starting)))
            code = await _until_exit(child, context.stopping)
        finally:
            for task in tasks:
                task.cancel()
            child.kill()
        if not context.stopping.is_set():
            raise RuntimeError(f"its process ended with {code}")

    return start


async def _report_start(child: Child, context: RoleContext, starting: _Starting) -> None:
    if await context.wakeups.wait(started(child.process.pid), timeout_s=60):
        starting.started(child.role)


async def _until_exit(child: Child, stopping: asyncio.Event) -> int:
    """Waits for the child; once stopping, asks it to end and kills it when it does not."""
    exited = asyncio.create_task(child.wait())
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait([exited, stop], return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if not exited.done():
        child.process.terminate()
        try:
            async with asyncio.timeout(CHILD_GRACE_S):
                await asyncio.shield(exited)
        except TimeoutError:
            child.process.kill()
    return await exited
