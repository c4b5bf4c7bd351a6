"""What is wrong with the line to Telegram, written down for `rasid status`: nobody can be told of it in the chat."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from bot.telegram.line import Line
from bot.waiting import pause
from monitors.roles import RoleContext
from monitors.storage.presence import say_trouble

logger = logging.getLogger(__name__)

NOTED_S = 5.0


async def note_trouble(context: RoleContext, line: Line) -> None:
    """Until it is time to stop. What the process before this one wrote down ends with the first look."""
    noted, is_noted = None, False
    while not context.stopping.is_set():
        trouble = line.trouble
        if trouble != noted or not is_noted:
            try:
                await context.database.write(say_trouble, trouble, now=datetime.now(UTC))
                noted, is_noted = trouble, True
            except Exception:
                logger.exception("it could not be written down how the line to Telegram is; trying again")
        await pause(context.stopping, NOTED_S)
