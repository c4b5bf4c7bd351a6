"""“typing …”, while somebody waits for what takes long: a file that is read, an archive that is searched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram.error import TelegramError

from bot.telegram.api import BotApi
from bot.updates import Place

SHOWN_AFTER_S = 0.7
AGAIN_S = 4.5
"""Telegram shows it for five seconds, or until a message comes."""


@asynccontextmanager
async def shown_at_work(api: BotApi, place: Place) -> AsyncIterator[None]:
    """In a private chat; in a group it would tell everybody what one of them waits for."""
    showing = asyncio.create_task(_show(api, place)) if place.private else None
    try:
        yield
    finally:
        if showing is not None:
            showing.cancel()


async def _show(api: BotApi, place: Place) -> None:
    await asyncio.sleep(SHOWN_AFTER_S)
    try:
        while True:
            await api.call("sendChatAction", chat_id=place.chat_id, action="typing")
            await asyncio.sleep(AGAIN_S)
    except TelegramError:  # a courtesy: nothing is lost
        return
