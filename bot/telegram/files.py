"""What people send besides words: a small file, fetched before its update is handled."""

from __future__ import annotations

import logging

from telegram.error import TelegramError

from bot.telegram.api import BotApi

logger = logging.getLogger(__name__)

MAX_BYTES = 2 * 1024 * 1024


async def fetch_file(api: BotApi, file_id: str) -> bytes | None:
    """The file; None when it is too large or cannot be had now."""
    try:
        found = await api.call("getFile", file_id=file_id)
        path = found.get("file_path")
        if not path or int(found.get("file_size") or MAX_BYTES + 1) > MAX_BYTES:
            return None
        content = await api.download(str(path))
    except (TelegramError, ValueError) as error:
        logger.warning("a file cannot be had: %s", api.explain(error))
        return None
    return content if len(content) <= MAX_BYTES else None
