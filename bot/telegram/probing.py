"""Whether messages are taken, found out without one that could reach anybody."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from bot.outbox.outcomes import Halted, NotSent, Outcome, RetryAt, Unknown
from bot.telegram.line import Line
from bot.telegram.sending import classify

FRESH_S = 2.0
"""So long one answer serves: in a private chat Telegram takes about one message a second, and this may count as one."""


class Probe:
    """The bot writes to itself. Telegram's servers refuse that ("Forbidden: the bot can't send messages to the bot", in
    other years "bots can't send messages to bots"), when they take messages at all."""

    def __init__(self, line: Line, clock: Callable[[], float] = time.monotonic) -> None:
        self._line = line
        self._clock = clock
        self._asking = asyncio.Lock()
        self._asked_at = -FRESH_S
        self._found: Outcome | None = None

    async def hindrance(self) -> Outcome | None:
        """What keeps messages from being taken; None when nothing seems to."""
        async with self._asking:
            if self._clock() - self._asked_at >= FRESH_S:
                self._found = await self._ask()
                self._asked_at = self._clock()
            return self._found

    async def _ask(self) -> Outcome | None:
        try:
            await self._line.api.call("sendMessage", chat_id=self._line.bot_id, text="…")
        except Exception as error:
            match classify(error, self._line.api):
                case Unknown(reason) | NotSent(reason):
                    return NotSent(reason)
                case RetryAt() | Halted() as told:
                    return told
        return None
