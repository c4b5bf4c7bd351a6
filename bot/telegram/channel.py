"""Telegram as a channel of the outbox."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import replace

from bot.makers.making import made
from bot.outbox.delivering import MAX_IN_FLIGHT
from bot.outbox.outcomes import Halted, NotReady, NotSent, Outcome, Refused, Sent, Unknown
from bot.telegram.line import Line
from bot.telegram.probing import Probe
from bot.telegram.sending import announce, attempt
from bot.words.language import voice
from bot.words.messages import Attachment, Message, unaccompanied
from bot.words.wording import words_of
from monitors.alerts import Delivery
from monitors.chats import Transport
from monitors.storage.engine import Database
from monitors.storage.subjects import Subject

logger = logging.getLogger(__name__)

MOMENT_S = 0.5
"""How long a chat's lane waits for a picture or a file; after that what comes behind it goes on."""
REMEMBERED = 2_000
"""Messages of which it is known what they show, some kilobytes each."""


class TelegramChannel:
    transport = Transport.TELEGRAM

    def __init__(self, line: Line, database: Database) -> None:
        self._line = line
        self._probe = Probe(line)
        self._database = database
        self._making: dict[int, tuple[Attachment, asyncio.Task[bytes | None]]] = {}
        self._shown: OrderedDict[tuple[int, int], Message] = OrderedDict()

    @property
    def open(self) -> asyncio.Event:
        return self._line.open

    @property
    def at_once(self) -> int:
        return 1 if self._line.on_trial else MAX_IN_FLIGHT

    async def hindrance(self, delivery: Delivery) -> Outcome | None:
        """Asked where an outage would cost a repeat."""
        if delivery.edits or not (delivery.repeats or self._line.on_trial):
            return None
        return await self._probe.hindrance()

    async def tell(self, delivery: Delivery, subject: Subject) -> Outcome:
        try:
            message = words_of(delivery, subject)
        except Exception as error:  # nothing was sent; a payload we cannot say is one for the operator
            logger.exception("delivery %d could not be composed", delivery.id)
            return Refused(f"not composed: {type(error).__name__}")
        chat_id = delivery.chat.address.chat_id
        if message.edits is not None and self._shown.get((chat_id, message.edits)) == message:
            return Sent(message.edits)  # Telegram refuses an edit that changes nothing
        content = None
        if message.attachment is not None:
            making = await self._making_of(delivery, message.attachment)
            if not making.done():
                return NotReady(making)
            content = making.result()
            if content is None:
                message = unaccompanied(message, voice(delivery.chat.language))
        address, silent = delivery.chat.address, delivery.silent
        outcome = await attempt(self._line.api, address, message, silent=silent, content=content)
        if isinstance(outcome, Sent) and outcome.message_id is not None and content is None:
            self._remember((chat_id, outcome.message_id), replace(message, edits=outcome.message_id))
        elif message.edits is not None:  # it may show either
            self._shown.pop((chat_id, message.edits), None)
        return outcome

    async def _making_of(self, delivery: Delivery, attachment: Attachment) -> asyncio.Task[bytes | None]:
        """What belongs to the message, made or in the making: what takes longer than a moment is asked for again."""
        known = self._making.pop(delivery.id, None)
        if known is None or known[0] != attachment:
            known = attachment, asyncio.create_task(made(attachment, self._database, delivery.chat))
            await announce(self._line.api, delivery.chat.address, attachment.form)
        await asyncio.wait({known[1]}, timeout=MOMENT_S)
        if not known[1].done():
            self._making[delivery.id] = known
        return known[1]

    def _remember(self, place: tuple[int, int], message: Message) -> None:
        self._shown[place] = message
        self._shown.move_to_end(place)
        while len(self._shown) > REMEMBERED:
            self._shown.popitem(last=False)

    def heard(self, delivery: Delivery, outcome: Outcome) -> None:
        if isinstance(outcome, NotReady):
            return
        if isinstance(outcome, Halted):
            self._line.lost()
        elif isinstance(outcome, NotSent | Unknown):
            self._line.failed(delivery.chat.address.chat_id, risked=isinstance(outcome, Unknown))
        elif not (delivery.edits and self._line.on_trial):  # that messages can be changed does not say they can be sent
            self._line.worked()
