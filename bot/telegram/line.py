"""The line to Telegram: whether it is worth speaking, found out without saying anything to anybody.

It is up after a getMe, and down when the token is refused or several chats in a row could not be reached, or when
listening failed several times and getMe then does, too. While it is down nothing is claimed, so that an outage makes
few deliveries uncertain; getMe, which may be repeated freely, finds out when it is over.

Telegram may answer getMe and yet take no messages. So after chats could not be reached the line is *on trial*: one
delivery at a time, ever more slowly, until one was taken. Before it the bot writes to itself, as before every repeat
(probing.py), which Telegram always refuses: while not even the refusal comes nothing leaves, so that an outage makes
uncertain what was on its way when it began, and nothing else, however long it lasts. If refusals come and messages all
the same are neither taken nor refused, each try may be a repeat: then they are rarer.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable

from telegram.error import InvalidToken

from bot.telegram.api import BotApi
from bot.waiting import pause
from monitors.errors import DatabaseAway
from monitors.storage.presence import Trouble

logger = logging.getLogger(__name__)

MAX_BACK_OFF_S = 30.0
MAX_RISKED_S = 600.0
"""The longest pause between tries each of which may have arrived: 150 a day, of all chats in turn."""
TOKEN_REFUSED_S = 300.0
SHARED_S = 120.0
"""How long it counts that another program read this bot's messages: two that do cut each other off more often."""
SEVERAL = 3
"""So many different chats must fail, with no success in between, before the line counts as down."""


class Line:
    """`up` is set while Telegram answers, `open` while it is worth sending; `on_trial` while it is not known to take
    messages. `username` and `bot_id` are the bot's own, known once it was up; `trouble` is what is wrong."""

    def __init__(
        self,
        api: BotApi,
        meet: Callable[[int], Awaitable[None]],
        *,
        back_off_s: float = 1.0,
        refused_s: float = TOKEN_REFUSED_S,
    ) -> None:
        """`meet` hears which bot we are before anything else is heard or told."""
        self.api = api
        self._meet = meet
        self.up = asyncio.Event()
        self.open = asyncio.Event()
        self.username = ""
        self.bot_id = 0
        self._down = asyncio.Event()
        self._down.set()
        self.on_trial = False
        self._wrong: Trouble | None = None
        self._shared_until = -math.inf
        self._failed: set[int] = set()
        self._risked = False
        self._back_off_s = back_off_s
        self._refused_s = refused_s
        self._trial_s = back_off_s

    @property
    def trouble(self) -> Trouble | None:
        shared = Trouble.SHARED if time.monotonic() < self._shared_until else None
        return self._wrong or shared

    def share(self) -> None:
        """Another program reads this bot's messages."""
        self._shared_until = time.monotonic() + SHARED_S

    def doubt(self) -> None:
        """Listening failed several times in a row: whether Telegram answers at all is asked, and all goes on."""
        if not self.on_trial:
            self._down.set()

    def worked(self) -> None:
        """Telegram took a message, or refused it for a reason of its own."""
        self._failed.clear()
        if self.on_trial:
            logger.info("Telegram takes messages again")
            self._wrong = None
        self.on_trial, self._trial_s = False, self._back_off_s

    def failed(self, chat_id: int, *, risked: bool) -> None:
        """A chat could not be reached, for a reason that is not the chat's, or was perhaps: then it was `risked`."""
        self._failed.add(chat_id)
        self._risked = risked
        if not self.open.is_set() or (len(self._failed) < SEVERAL and not self.on_trial):
            return
        if not self.on_trial:
            logger.warning("Telegram takes no messages; one at a time is tried until it does")
            self._wrong = Trouble.DEAF
        self.on_trial = True
        self.open.clear()
        self._down.set()

    def lost(self) -> None:
        """Telegram answers nothing at all."""
        self.up.clear()
        self.open.clear()
        self._down.set()

    async def keep_up(self, stopping: asyncio.Event) -> None:
        """Runs until `stopping`: tries the line whenever it is down, ever more slowly."""
        wait_s = self._back_off_s
        while not stopping.is_set():
            if await pause(stopping, None, until=self._down):
                return
            if self.on_trial:
                if await pause(stopping, self._trial_s):
                    return
                self._trial_s = min(self._trial_s * 2, MAX_RISKED_S if self._risked else MAX_BACK_OFF_S)
            try:
                await self._ask_who_we_are()
            except InvalidToken:
                self.lost()
                self._wrong = Trouble.UNAUTHORIZED
                logger.error(
                    "Telegram does not accept the bot token; nobody is told anything there. "
                    "Set telegram.token to the token @BotFather shows and restart."
                )
                await pause(stopping, self._refused_s)
            except Exception as error:  # also what no Telegram says: the line must be tried again
                self.lost()
                if isinstance(error, DatabaseAway):
                    logger.exception("it cannot be kept which bot this is; trying again")
                else:
                    self._wrong = Trouble.AWAY
                    logger.warning("Telegram cannot be reached: %s", self.api.explain(error))
                await pause(stopping, wait_s)
                wait_s = min(wait_s * 2, MAX_BACK_OFF_S)
            else:
                wait_s = self._back_off_s
                self._down.clear()
                returned = not self.up.is_set()
                self.up.set()
                self.open.set()
                self._wrong = Trouble.DEAF if self.on_trial else None
                if returned and not self.on_trial:
                    logger.info("Telegram: connected as @%s", self.username)

    async def _ask_who_we_are(self) -> None:
        me = await self.api.call("getMe")
        if me["id"] != self.bot_id:
            await self._meet(me["id"])
        self.bot_id, self.username = me["id"], me.get("username", "")
