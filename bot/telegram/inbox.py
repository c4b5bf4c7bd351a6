"""Long polling of our own: updates are stored and committed before the call that confirms them.

python-telegram-bot's Updater confirms a batch while it is still in memory; a kill at that moment loses it (measured:
4 of 6). Here the offset lives in memory only and a start asks for everything unconfirmed; what was stored already is
known by its update_id. An old offset would be wrong: after a week of silence ids may start anew, below it, and
whatever is below is confirmed. So it is forgotten after a day of silence.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.telegram.api import asked_wait_s
from bot.telegram.flooding import need_of
from bot.telegram.inline import InlineMode
from bot.telegram.line import Line
from bot.telegram.reading import ALLOWED, chat_id_of
from bot.telegram.registering import unregister
from bot.waiting import pause, unless_stopped
from monitors.roles import RoleContext
from monitors.storage.inbox import store_updates
from monitors.wakeups import UPDATES

logger = logging.getLogger(__name__)

CONFLICT_S = 30.0
MAX_BACK_OFF_S = 30.0
QUIET_S = 86_400.0
DOUBTED = 3
"""After how many failures in a row it is asked whether Telegram answers at all."""


class Inbox:
    """Fills the inbox until it is time to stop."""

    def __init__(
        self,
        context: RoleContext,
        line: Line,
        inline: InlineMode,
        expect: Callable[[Mapping[str, Any]], None],
        *,
        back_off_s: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._context = context
        self._line = line
        self._inline = inline
        self._expect = expect
        self._first_back_off_s = back_off_s
        self._back_off_s = back_off_s
        self._in_conflict = False
        self._failures = 0
        self._clock = clock
        self._offset: int | None = None
        self._heard_at = clock()

    async def run(self) -> None:
        stopping = self._context.stopping
        if await pause(stopping, None, until=self._line.up):
            return
        await unregister(self._context, self._line)
        while not stopping.is_set():
            if not self._line.up.is_set():
                await pause(stopping, None, until=self._line.up)
                continue
            if self._clock() - self._heard_at >= QUIET_S:
                self._offset = None
            try:
                updates = await unless_stopped(stopping, self._line.api.updates(self._offset, ALLOWED))
                if updates:
                    await self._store(updates)
                self._back_off_s, self._in_conflict, self._failures = self._first_back_off_s, False, 0
            except Exception as error:  # whatever it is, listening must not end
                await pause(stopping, self._patience(error))

    async def _store(self, updates: Sequence[dict[str, Any]]) -> None:
        """Stores a batch; only then may the next call confirm it."""
        await keep(self._context, self._line.username, self._inline.take(updates), self._expect)
        self._offset = max(update["update_id"] for update in updates) + 1
        self._heard_at = self._clock()

    def _patience(self, error: Exception) -> float:
        """Says what is wrong, and after how many seconds to listen again."""
        match error:
            case Conflict():
                if not self._in_conflict:
                    _log_conflict(webhook="webhook" in error.message.lower())
                self._in_conflict = True
                self._line.share()
                return CONFLICT_S
            case InvalidToken():
                self._line.lost()
                return 0.0
            case RetryAfter():
                return asked_wait_s(error)
            case TelegramError():
                logger.warning("listening to Telegram failed: %s", self._line.api.explain(error))
                self._failures += 1
                if self._failures >= DOUBTED:
                    self._line.doubt()
            case _:
                logger.error("updates could not be stored; they are asked for again", exc_info=error)
        wait_s = self._back_off_s
        self._back_off_s = min(self._back_off_s * 2, MAX_BACK_OFF_S)
        return wait_s


def _log_conflict(*, webhook: bool) -> None:
    if webhook:
        logger.error(
            "Another program gave Telegram a webhook for this bot, so nothing people write arrives here. "
            "Stop the other one, then restart: that takes the webhook away, and what it did not take arrives."
        )
    else:
        logger.error(
            "Another program is reading this bot's messages, so some of them do not arrive here. "
            "Stop the other one; two Rasids cannot share a token."
        )


async def keep(
    context: RoleContext,
    username: str,
    updates: Sequence[Mapping[str, Any]],
    expect: Callable[[Mapping[str, Any]], None],
) -> None:
    """Stores updates for the bot of this name and commits; from here on they are ours, and those that are new are
    expected to be handled."""
    if not updates:
        return
    storable = [scrubbed(update) for update in updates]
    needs = partial(need_of, username=username)
    new = await context.database.write(
        store_updates, storable, now=datetime.now(UTC), chat_of=chat_id_of, need_of=needs
    )
    for update in storable:
        if update["update_id"] in new:
            expect(update)
    context.wakeups.kick(UPDATES)


def scrubbed(value: Any) -> Any:
    """An update without what databases refuse, lone surrogates and NUL: one such text must not block the inbox."""
    match value:
        case str():
            return value.replace("\x00", "").encode("utf-8", "replace").decode()
        case dict():
            return {scrubbed(key): scrubbed(item) for key, item in value.items()}
        case list():
            return [scrubbed(item) for item in value]
        case _:
            return value
