"""Telegram as a channel of the outbox."""

from __future__ import annotations

import asyncio
import logging

from bot.outbox.outcomes import Halted, NotSent, Outcome, Refused, Unknown
from bot.telegram.line import Line
from bot.telegram.sending import attempt
from bot.words.wording import words_of
from monitors.alerts import Alert, Delivery
from monitors.chats import Transport

logger = logging.getLogger(__name__)


class TelegramChannel:
    transport = Transport.TELEGRAM

    def __init__(self, line: Line) -> None:
        self._line = line

    @property
    def open(self) -> asyncio.Event:
        return self._line.up

    async def tell(self, delivery: Delivery, alert: Alert | None) -> Outcome:
        try:
            message = words_of(delivery, alert)
        except Exception as error:  # nothing was sent; a payload we cannot say is one for the operator
            logger.exception("delivery %d could not be composed", delivery.id)
            return Refused(f"not composed: {type(error).__name__}")
        return await attempt(self._line.api, delivery.chat.address, message)

    def heard(self, delivery: Delivery, outcome: Outcome) -> None:
        if isinstance(outcome, Halted):
            self._line.lost()
        elif isinstance(outcome, NotSent | Unknown):
            self._line.failed(delivery.chat.address.chat_id)
        else:
            self._line.worked()
