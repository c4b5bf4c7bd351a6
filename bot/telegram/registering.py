"""How Telegram hands over updates: told when it differs from what is wanted, never twice in a second.

Telegram refuses a second setWebhook within a second (429), and says about a webhook everything but its secret; so what
it was told is remembered as a hash.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from typing import Any

from telegram.error import InvalidToken, RetryAfter

from bot.telegram.api import asked_wait_s
from bot.telegram.line import Line
from bot.telegram.reading import ALLOWED
from bot.waiting import pause
from monitors.roles import RoleContext
from monitors.storage.bots import registered_webhook, set_registered_webhook

logger = logging.getLogger(__name__)

LOOK_S = 300.0
"""How often Telegram is asked whether it reaches us."""
MAX_CONNECTIONS = 10
_FIRST_AGAIN_S, _MAX_AGAIN_S = 2.0, 60.0


async def stay_registered(context: RoleContext, line: Line, url: str, secret: str) -> None:
    """Until it is time to stop: Telegram posts to `url`, and the log says when it cannot."""
    told, said, ours = _hash(url, secret), 0, False
    again_s = _FIRST_AGAIN_S
    while not context.stopping.is_set():
        try:
            if await pause(context.stopping, None, until=line.up):
                return
            info = await line.api.call("getWebhookInfo")
            if ours and info.get("url") != url:
                logger.error("Another program has told Telegram to post elsewhere. Two Rasids cannot share a token.")
            if not _is_wanted(info, url) or await context.database.read(registered_webhook) != told:
                await _register(line, url, secret)
                await context.database.write(set_registered_webhook, told)
                logger.info("Telegram posts updates to %s", url)
            ours, said = True, _complain(info, said)
            again_s = _FIRST_AGAIN_S
            await pause(context.stopping, LOOK_S)
        except Exception as error:  # whatever it is, it is tried again
            logger.error("Telegram was not told where to post updates: %s", line.api.explain(error))
            if isinstance(error, InvalidToken):
                line.lost()
            await pause(context.stopping, _patience(error, again_s))
            again_s = min(again_s * 2, _MAX_AGAIN_S)


async def unregister(context: RoleContext, line: Line) -> None:
    """Takes a webhook away, if there is one, so that updates can be asked for; they stay at Telegram meanwhile."""
    again_s = _FIRST_AGAIN_S
    while not context.stopping.is_set():
        try:
            if (await line.api.call("getWebhookInfo")).get("url"):
                await line.api.call("deleteWebhook")
                logger.info("Telegram posts updates no longer; they are asked for")
            await context.database.write(set_registered_webhook, None)
            return
        except Exception as error:  # as above; an InvalidToken is noticed by listening
            logger.warning("whether there is a webhook is not known: %s", line.api.explain(error))
            if isinstance(error, InvalidToken):
                return
            await pause(context.stopping, _patience(error, again_s))
            again_s = min(again_s * 2, _MAX_AGAIN_S)


async def _register(line: Line, url: str, secret: str) -> None:
    await line.api.call(
        "setWebhook",
        url=url,
        secret_token=secret,
        allowed_updates=list(ALLOWED),
        max_connections=MAX_CONNECTIONS,
    )


def _is_wanted(info: Mapping[str, Any], url: str) -> bool:
    return (
        info.get("url") == url
        and sorted(info.get("allowed_updates") or ()) == sorted(ALLOWED)
        and info.get("max_connections", MAX_CONNECTIONS) == MAX_CONNECTIONS
    )


def _complain(info: Mapping[str, Any], said: int) -> int:
    """Says once what Telegram says went wrong last; when that was."""
    when = int(info.get("last_error_date") or 0)
    if when > said:
        logger.warning(
            "Telegram could not post an update: %s; %d wait there",
            str(info.get("last_error_message"))[:200],
            int(info.get("pending_update_count") or 0),
        )
    return max(when, said)


def _hash(url: str, secret: str) -> str:
    return hashlib.sha256(f"{url}\n{secret}".encode()).hexdigest()


def _patience(error: Exception, otherwise_s: float) -> float:
    return max(asked_wait_s(error), 1.0) if isinstance(error, RetryAfter) else otherwise_s
