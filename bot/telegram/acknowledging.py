"""Pressed buttons let go in time, whatever is done before it is their turn.

Telegram shows that a button waits until it is told that the press has arrived; one that waits for long looks broken.
So time runs from when a press is seen in the inbox, not from when its chat comes to it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

ACKNOWLEDGED_S = 0.7
"""A pressed button shows for so long that it waits, at most."""
AT_ONCE = 20
"""So many are let go at the same time: the connections are there for messages, too."""
MOST_OF_A_CHAT = 50
"""More of one chat wait for their answers, so that they do not keep those of others waiting."""


@dataclass(slots=True)
class _Press:
    chat_id: int
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: bool = False


class Acknowledging:
    """Presses by the ids of their updates. `acknowledge` tells Telegram of one, by the id of its query."""

    def __init__(self, acknowledge: Callable[[str], Awaitable[None]]) -> None:
        self._acknowledge = acknowledge
        self._presses: dict[int, _Press] = {}
        self._of_chat: Counter[int] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(AT_ONCE)

    def expect(self, update_id: int, query_id: str, chat_id: int) -> None:
        """It waits for its answer; known already, nothing changes."""
        if update_id in self._presses or self._of_chat[chat_id] >= MOST_OF_A_CHAT:
            return
        press = self._presses[update_id] = _Press(chat_id)
        self._of_chat[chat_id] += 1
        task = asyncio.create_task(self._let_go(press, query_id), name=f"button of {update_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def over(self, update_id: int) -> bool:
        """It has its answer; whether the button was let go before, and cannot show it any more."""
        press = self._presses.pop(update_id, None)
        if press is None:
            return False
        self._of_chat -= Counter([press.chat_id])  # chats of which nothing is left are forgotten
        press.answered.set()
        return press.let_go

    async def _let_go(self, press: _Press, query_id: str) -> None:
        try:
            async with asyncio.timeout(ACKNOWLEDGED_S):
                await press.answered.wait()
        except TimeoutError:
            async with self._turns:
                if not press.answered.is_set():
                    press.let_go = True
                    await self._acknowledge(query_id)

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
