from __future__ import annotations

import asyncio
import socket

from monitors.wakeups import ARTICLES, DELIVERIES, SOURCES, Wakeups

LONG_S = 30.0


async def test_a_kick_wakes_whoever_waits() -> None:
    wakeups = Wakeups()
    waiting = asyncio.create_task(wakeups.wait(ARTICLES, LONG_S))
    await asyncio.sleep(0)
    wakeups.kick(ARTICLES)
    assert await waiting


async def test_a_kick_before_the_wait_is_not_lost_and_kicks_coalesce() -> None:
    wakeups = Wakeups()
    for _ in range(3):
        wakeups.kick(ARTICLES)
    assert await wakeups.wait(ARTICLES, LONG_S)
    assert not await wakeups.wait(ARTICLES, 0.01)


async def test_tasks_do_not_wake_each_other() -> None:
    wakeups = Wakeups()
    wakeups.kick(SOURCES)
    assert not await wakeups.wait(ARTICLES, 0.01)


async def test_kicks_reach_other_processes_and_are_relayed_between_them() -> None:
    main, first, second = Wakeups(), Wakeups(), Wakeups()
    listening = []
    for child in (first, second):
        ours, theirs = socket.socketpair()
        listening += [await main.join(ours), await child.join(theirs)]
    first.kick(DELIVERIES)
    assert await main.wait(DELIVERIES, LONG_S)
    assert await second.wait(DELIVERIES, LONG_S)
    for task in listening:
        task.cancel()


async def test_the_end_of_the_other_side_is_noticed() -> None:
    ours, theirs = socket.socketpair()
    wakeups = Wakeups()
    listening = await wakeups.join(ours)
    theirs.close()
    async with asyncio.timeout(LONG_S):
        await listening
    wakeups.kick(ARTICLES)  # nobody is left to hear it; nothing breaks
