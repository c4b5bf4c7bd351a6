"""What is said past the outbox, at best: to people of whom nothing is kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from bot.outbox.outcomes import Vanished
from bot.telegram.api import BotApi
from bot.telegram.sending import attempt
from bot.words.messages import Message
from monitors.chats import ChatAddress

ONCE_IN_S = 60.0
"""The same is not said again in a chat so soon; whoever presses Start later wants to know whether anything changed."""
MOST_A_SECOND = 5
"""Strangers cost those who are in next to nothing of what Telegram lets a bot say."""


class Asides:
    """Remembers for a while what it said where: a screen that became it does not stand for a message of its own."""

    def __init__(self, api: BotApi, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._clock = clock
        self._said: dict[tuple[int, str, int | None], float] = {}

    async def say(self, address: ChatAddress, message: Message) -> None:
        now, what = self._clock(), (address.chat_id, message.body.text, message.edits)
        self._said = {said: at for said, at in self._said.items() if now - at < ONCE_IN_S}
        if what in self._said or sum(now - at < 1.0 for at in self._said.values()) >= MOST_A_SECOND:
            return
        self._said[what] = now
        if isinstance(await attempt(self._api, address, message), Vanished):
            await attempt(self._api, address, replace(message, edits=None))
