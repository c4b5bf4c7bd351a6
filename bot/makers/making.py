"""Attachments made: a picture or a file, of what its message says, at the moment it is sent.

Each maker's module has MAKERS, by the name that `Attachment.maker` says. A maker gets what the attachment is to be made
of, and reads rows as it likes; it may take a while, for only its own chat waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.makers import account, outlet_list, pictures, watch_list
from bot.words.messages import Attachment
from monitors.chats import Chat
from monitors.storage.engine import Database

logger = logging.getLogger(__name__)

LONGEST_S = 30.0

Maker = Callable[[Database, Chat, Mapping[str, Any]], Awaitable[bytes]]
"""Given the chat that is told; raises whatever goes wrong."""

_MAKERS: Mapping[str, Maker] = {**account.MAKERS, **outlet_list.MAKERS, **pictures.MAKERS, **watch_list.MAKERS}


async def made(attachment: Attachment, database: Database, chat: Chat) -> bytes | None:
    """The bytes of the attachment; None when it could not be made, which is logged."""
    try:
        async with asyncio.timeout(LONGEST_S):
            return await _MAKERS[attachment.maker](database, chat, attachment.of)
    except Exception:  # the words of its message can be said all the same
        logger.exception("%s could not be made", attachment.name)
        return None
