"""Another bot takes over: which chats know it already is found out without saying anything there.

A "typing…" goes where the bot may write and is refused elsewhere; it is free of flood limits. Each chat is asked once:
the rest come over when they press Start, or when the bot is added to them.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from functools import partial

from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.telegram.line import Line
from bot.waiting import once_there, pause
from monitors.roles import RoleContext
from monitors.storage import bots
from monitors.wakeups import DELIVERIES

logger = logging.getLogger(__name__)

_BATCH = 100
_APART_S = 0.1
_AGAIN_S = 30.0


async def meet(context: RoleContext, bot_id: int) -> None:
    """Remembers which bot we are, and says so when that begins a move."""
    move = await context.database.write(bots.meet, bot_id, now=datetime.now(UTC))
    if move is not None:
        logger.warning(
            "This is another bot than before. %d chats keep all they take and wait until they have started it; "
            "see docs/run.md, Another bot.",
            move.chats,
        )


async def ask_around(context: RoleContext, line: Line) -> None:
    """Until every chat that waits has been asked, or it is time to stop."""
    stopping = context.stopping
    if await pause(stopping, None, until=line.up):
        return
    while asked := await once_there(stopping, partial(context.database.read, bots.not_tried, limit=_BATCH)):
        for chat_id in asked:
            if not await once_there(stopping, partial(_ask, context, line, chat_id)):
                await pause(stopping, _AGAIN_S)
            if await pause(stopping, _APART_S):
                return


async def _ask(context: RoleContext, line: Line, chat_id: int) -> bool:
    """False when Telegram did not say."""
    try:
        await line.api.call("sendChatAction", chat_id=chat_id, action="typing")
    except (Forbidden, BadRequest, ChatMigrated) as error:
        await context.database.write(bots.does_not_know_us, chat_id, line.api.explain(error))
    except (TimeoutError, TelegramError) as error:
        logger.warning("whether a chat knows this bot is not known: %s", line.api.explain(error))
        return False
    else:
        await context.database.write(bots.come_over, chat_id)
        context.wakeups.kick(DELIVERIES)
    return True
