"""Messages that show how something goes on, kept up to date: changed now and then, never in the way of alerts.

Rows are the truth. A message whose row has changed since its words were made goes out once more, as an edit, behind
everything else that its chat is to be told. However often the row changes meanwhile, it is one edit.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from bot.waiting import pause
from monitors.alerts import DeliveryKind
from monitors.roles import RoleContext
from monitors.storage.deliveries import say_again
from monitors.storage.engine import Connection
from monitors.storage.queues import is_held_back
from monitors.storage.subjects import OutOfDate, out_of_date
from monitors.wakeups import DELIVERIES

logger = logging.getLogger(__name__)

TICK_S = 1.0
PRIVATE_PACE = timedelta(seconds=3)
GROUP_PACE = timedelta(seconds=12)
"""Between two changes in one chat. A group has about 20 messages and edits a minute: a quarter of them is enough."""


async def keep_shown(context: RoleContext) -> None:
    """Looks after such messages until it is time to stop."""
    while not context.stopping.is_set():
        try:
            now = datetime.now(UTC)
            found = await context.database.read(out_of_date, now=now)
            if waiting := due(found, now=now):
                await context.database.write(_say_again, waiting, {one.delivery_id for one in found if one.grown})
                context.wakeups.kick(DELIVERIES)
        except Exception:
            logger.exception("messages cannot be kept up to date now; trying again")
        await pause(context.stopping, TICK_S)


def due(found: Sequence[OutOfDate], *, now: datetime) -> list[int]:
    """What is urgent, and of each chat the one that says the oldest, if none was changed a moment ago."""
    chosen = [message.delivery_id for message in found if message.urgent]
    for chat_id in dict.fromkeys(message.telegram_chat_id for message in found):
        mine = [message for message in found if message.telegram_chat_id == chat_id]
        newest = max(message.said_at for message in mine)
        pace = PRIVATE_PACE if chat_id > 0 else GROUP_PACE
        if not timedelta() <= now - newest < pace:  # a clock that was set back is not waited for
            chosen.append(min(mine, key=lambda message: message.said_at).delivery_id)
    return list(dict.fromkeys(chosen))


def _say_again(connection: Connection, delivery_ids: Sequence[int], grown: Collection[int] = ()) -> None:
    """While an operator lets out answers alone, what somebody asked for is one, and an alert that grew is not."""
    held = is_held_back(connection)
    for delivery_id in delivery_ids:
        answers = held and delivery_id not in grown
        say_again(connection, delivery_id, DeliveryKind.REPLY if answers else DeliveryKind.PROGRESS)
