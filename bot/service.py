"""The role that tells: pending deliveries are composed, sent and settled; updates are stored and handled.

On the terminal always; on Telegram when there is a token.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.console import ConsoleChannel
from bot.outbox.delivering import SWEEP_S, Deliverer
from bot.outbox.pacing import TERMINAL, Pacer
from bot.terminal import Terminal
from bot.waiting import once_there, unless_stopped
from monitors.chats import Transport
from monitors.roles import RoleContext
from monitors.storage.doors import access_of, attend
from monitors.storage.settlements import recover_in_flight
from monitors.wakeups import DELIVERIES

if TYPE_CHECKING:
    from bot.telegram.side import TelegramSide

logger = logging.getLogger(__name__)


async def run(context: RoleContext) -> None:
    """Tells until `context.stopping` is set; returns within some seconds of that, everything else being rows."""
    await once_there(context.stopping, partial(_recover, context))
    console = _console_deliverer(context)
    telegram = await once_there(context.stopping, partial(_telegram_side, context))
    deliverers = [side for side in (console, telegram.deliverer if telegram else None) if side is not None]
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_ring(context, deliverers))
            if console is not None:
                tasks.create_task(console.run(context.stopping))
            for part in telegram.parts() if telegram else ():
                tasks.create_task(part)
    finally:
        if telegram is not None:
            await telegram.close()


async def _recover(context: RoleContext) -> None:
    """What a process that is gone was sending may have arrived or not; the operator has said what that means."""
    now, then = datetime.now(UTC), context.settings.telegram.on_uncertain
    for transport in Transport:
        recovered = await context.database.write(recover_in_flight, transport, now=now, then=then)
        if recovered:
            logger.warning("%s: %d deliveries were interrupted while they were sent", transport, recovered)


def _console_deliverer(context: RoleContext) -> Deliverer | None:
    try:
        channel = ConsoleChannel(Terminal(sys.stdout))
    except OSError as error:
        logger.warning("there is no terminal (%s); alerts for it wait for a start that has one", error)
        return None
    return Deliverer(context.database, channel, Pacer(TERMINAL, lambda _: TERMINAL))


async def _telegram_side(context: RoleContext) -> TelegramSide | None:
    settings = context.settings.telegram
    if settings.token is None:
        logger.info("alerts go to the terminal; Telegram is off (no telegram.token)")
        return None
    from bot.telegram.side import TelegramSide  # half a second and 30 MB, for those who need it

    access = await context.database.read(access_of, settings)
    await context.database.write(attend, settings)  # the settings may be others than at the last start
    logger.info("alerts go to Telegram at %s and to the terminal; access: %s", settings.base_url, access)
    return TelegramSide(context, settings.token)


async def _ring(context: RoleContext, deliverers: list[Deliverer]) -> None:
    """Rings every deliverer when something was enqueued anywhere, and every second in any case."""
    while not context.stopping.is_set():
        await unless_stopped(context.stopping, context.wakeups.wait(DELIVERIES, SWEEP_S))
        for deliverer in deliverers:
            deliverer.bell.set()
