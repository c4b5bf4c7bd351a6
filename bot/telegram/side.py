"""Everything of the role that speaks with Telegram, put together. Imported only when there is a token."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import Any

from pydantic import SecretStr

from bot.outbox.delivering import Deliverer
from bot.outbox.pacing import WHOLE_BOT, Pacer, of_telegram
from bot.outbox.showing import keep_shown
from bot.telegram.access import Rights
from bot.telegram.api import BotApi
from bot.telegram.channel import TelegramChannel
from bot.telegram.handling import Handler
from bot.telegram.inbox import Inbox
from bot.telegram.inline import InlineMode
from bot.telegram.introducing import introduce
from bot.telegram.line import Line
from bot.telegram.lookups import Lookups
from bot.telegram.moving import ask_around, meet
from bot.telegram.noting import note_trouble
from bot.waiting import pause, unless_stopped
from monitors.roles import RoleContext


class TelegramSide:
    """Its `deliverer` is rung with the others'; `parts` run until the context is stopping."""

    def __init__(self, context: RoleContext, token: SecretStr) -> None:
        self._context = context
        self._api = BotApi(token, context.settings.telegram.base_url)
        self._lookups = Lookups(context.database)
        self._line = Line(self._api, partial(meet, context))
        self._handler = Handler(context, self._line, Rights(self._api), self._lookups)
        self.deliverer = Deliverer(
            context.database,
            TelegramChannel(self._line, context.database),
            Pacer(WHOLE_BOT, of_telegram),
            on_uncertain=context.settings.telegram.on_uncertain,
            operators=context.settings.telegram.operators,
        )

    def parts(self) -> list[Coroutine[Any, Any, None]]:
        stopping = self._context.stopping
        return [
            self._line.keep_up(stopping),
            self.deliverer.run(stopping),
            self._listen(),
            ask_around(self._context, self._line),
            self._handler.run(),
            keep_shown(self._context),
            note_trouble(self._context, self._line),
            self._introduce(),
        ]

    async def close(self) -> None:
        await self._api.close_connections()

    async def _listen(self) -> None:
        inline = InlineMode(self._context, self._line, self._lookups)
        url = self._context.settings.telegram.webhook_url
        if url is None:
            await Inbox(self._context, self._line, inline, self._handler.expect).run()
        else:
            from bot.telegram.webhook import Webhook  # a server's libraries, for those who need one

            await Webhook(self._context, self._line, inline, self._handler.expect, url).run()

    async def _introduce(self) -> None:
        stopping: asyncio.Event = self._context.stopping
        settings = self._context.settings
        if not await pause(stopping, None, until=self._line.up):
            await unless_stopped(stopping, introduce(self._api, settings.language.default, settings.telegram.admins))
