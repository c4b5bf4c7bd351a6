"""Stored updates handled: each once, each in a transaction of its own (reacting.py).

Chats do not wait for each other; within a chat updates keep their order. What needs the network is asked before
the transaction or said after it, so a kill at any moment loses no command and repeats no effect.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from telegram.error import TelegramError

from bot.routing import command_of, concern_of, is_for_us, sent_in
from bot.telegram.access import Rights, admission_of
from bot.telegram.acknowledging import Acknowledging
from bot.telegram.asides import Asides
from bot.telegram.at_work import shown_at_work
from bot.telegram.files import MAX_BYTES, fetch_file
from bot.telegram.flooding import say_refused
from bot.telegram.introducing import introduce_to_operator
from bot.telegram.line import Line
from bot.telegram.looking import concerned, file_asked, look_for
from bot.telegram.lookups import Lookups
from bot.telegram.reacting import Desk, Visiting, give_up, handle, say_late
from bot.telegram.reading import read_update
from bot.updates import Membership, Picked, Pressed, RightsChanged, Said, Shared, Update
from bot.visits import Answer, Document, Elsewhere, Right
from bot.waiting import pause
from monitors.chats import ChatAddress, Transport
from monitors.errors import DatabaseAway
from monitors.people import Admission
from monitors.roles import RoleContext
from monitors.storage import inbox
from monitors.storage.inbox import StoredUpdate
from monitors.wakeups import DELIVERIES, UPDATES

logger = logging.getLogger(__name__)

SWEEP_S = 1.0
MOST_LANES = 1_000
"""Chats attended to at the same time; of each the next updates are in memory."""
RETRY_S = 2.0


class Handler:
    """Handles what the inbox holds, until it is time to stop."""

    def __init__(self, context: RoleContext, line: Line, rights: Rights, lookups: Lookups) -> None:
        self._context = context
        self._line = line
        self._rights = rights
        self._lookups = lookups
        self._acknowledging = Acknowledging(self._let_go)
        self._asides = Asides(line.api)
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._last = 0

    async def run(self) -> None:
        stopping = self._context.stopping
        while not stopping.is_set():
            if not self._line.up.is_set():  # who we are must be known to tell our commands from others'
                await pause(stopping, None, until=self._line.up)
                continue
            try:
                await self._attend_to_waiting()
            except Exception:
                logger.exception("the inbox cannot be read; trying again")
                await pause(stopping, RETRY_S)
            await self._wait_for_more()
        if self._lanes:
            await asyncio.wait(list(self._lanes.values()), timeout=RETRY_S)
        for lane in self._lanes.values():
            lane.cancel()
        self._acknowledging.stop()

    async def _wait_for_more(self) -> None:
        waiting = asyncio.create_task(self._context.wakeups.wait(UPDATES, SWEEP_S))
        stop = asyncio.create_task(self._context.stopping.wait())
        await asyncio.wait((waiting, stop), return_when=asyncio.FIRST_COMPLETED)
        for task in (waiting, stop):
            task.cancel()

    async def _attend_to_waiting(self) -> None:
        """Begins a lane for each chat that has none, in turn where there are more than may be."""
        waiting = await self._context.database.read(inbox.chats_waiting, limit=MOST_LANES, after=self._last)
        for chat_id in waiting:
            if len(self._lanes) >= MOST_LANES:
                return
            if chat_id not in self._lanes:
                self._lanes[chat_id] = asyncio.create_task(self._attend(chat_id), name=f"updates of {chat_id}")
                self._lanes[chat_id].add_done_callback(partial(self._ended, chat_id))
                self._last = chat_id

    def _ended(self, chat_id: int, _: asyncio.Task[None]) -> None:
        del self._lanes[chat_id]
        self._context.wakeups.kick(UPDATES)

    async def _attend(self, chat_id: int) -> None:
        """The chat's next updates, in order."""
        try:
            updates = await self._context.database.read(inbox.next_updates, chat_id)
        except Exception:
            logger.exception("the inbox cannot be read; trying again")
            await asyncio.sleep(RETRY_S)
            return
        for stored in updates:
            self.expect(stored.payload)
        latest = {_presser(stored): stored.update_id for stored in updates}
        for stored in updates:
            try:
                await self._handle(stored, moved_on=latest[_presser(stored)] != stored.update_id)
            except Exception:  # the database is away, or not even the failure could be written: it waits in the inbox
                logger.exception("update %d cannot be handled now", stored.update_id)
                await asyncio.sleep(RETRY_S)
                return

    def expect(self, raw: Mapping[str, Any]) -> None:
        """An update waits in the inbox; if a button was pressed, it is let go in time, whatever is before it."""
        if isinstance(update := read_update(raw), Pressed):
            self._acknowledging.expect(raw["update_id"], update.query_id, update.place.chat_id)

    async def _handle(self, stored: StoredUpdate, *, moved_on: bool = False) -> None:
        """One update; `moved_on` when the person has pressed another button since, whose notice is the one to say."""
        update = read_update(stored.payload)
        if isinstance(update, RightsChanged):
            self._rights.forget(update.place.chat_id, update.person)
        try:
            answer = await self._answer(stored, update)
        finally:
            late = self._acknowledging.over(stored.update_id)
        for task in dict.fromkeys((*answer.kicks, *((DELIVERIES,) if answer.messages else ()))):
            self._context.wakeups.kick(task)
        if late and not moved_on and isinstance(update, Pressed) and answer.toast is not None:
            await self._context.database.write(say_late, update, answer, datetime.now(UTC))
            self._context.wakeups.kick(DELIVERIES)
        await self._say_aside(update, answer, acknowledged=late)

    async def _answer(self, stored: StoredUpdate, update: Update | None) -> Answer:
        update_id = stored.update_id
        settings, username, now = self._context.settings, self._line.username, datetime.now(UTC)
        desk = Desk(settings, username, Right.NO, now, await self._admission(update), looked_up=self._lookups.had)
        if stored.refused:
            return await self._context.database.write(say_refused, update_id, update, desk)
        if desk.let_in:
            document = await self._document(update_id, update)
            desk = replace(desk, document=document, right=await self._right(update))
        database = self._context.database
        try:
            if isinstance(update, Said | Pressed | Shared) and desk.let_in:
                seen = await self._seen(update, desk.document, now)
                desk = replace(desk, seen=seen, elsewhere=await self._elsewhere(update))
            elif isinstance(update, Picked) and desk.let_in:
                desk = replace(desk, elsewhere=await self._elsewhere(update))
            return await database.write(handle, update_id, update, desk)
        except DatabaseAway:
            raise  # it is not the update's fault, which waits
        except Exception as error:
            logger.exception("update %d could not be handled", update_id)
            return await database.write(give_up, update_id, update, desk, type(error).__name__)

    async def _seen(self, update: Said | Pressed | Shared, document: Document | None, now: datetime) -> object:
        """What the screen looks up before it answers; `TooMany` instead of what the person may not have any more."""
        settings, database = self._context.settings, self._context.database
        found = await database.read(look_for, update, document, settings, self._line.username, now)
        if found is None:
            return None
        look, limits = found
        person_id = update.person.user_id or update.place.chat_id
        too_many = self._lookups.take(person_id, None if limits is None else limits.searches_per_hour)
        if too_many is not None:
            return too_many
        async with shown_at_work(self._line.api, update.place):
            return await self._lookups.read(person_id, look)

    async def _admission(self, update: Update | None) -> Admission:
        if not isinstance(update, Visiting | Membership):
            return Admission.LET_IN  # nobody comes
        if isinstance(update, Said | Shared) and not is_for_us(update, self._line.username):
            return Admission.LET_IN  # nor here
        settings = self._context.settings.telegram
        return await self._context.database.read(admission_of, settings, update.place, update.person)

    async def _document(self, update_id: int, update: Update | None) -> Document | None:
        """The file that was sent, or that the pressed button is about."""
        if isinstance(update, Pressed) and (asked := sent_in(update)) is not None:
            update_id, update = asked, await self._context.database.read(file_asked, update, asked)
        if not isinstance(update, Shared) or not update.place.private:  # in a group it is not read
            return None
        content = await fetch_file(self._line.api, update.file_id) if update.size <= MAX_BYTES else None
        return Document(update_id, update.name, update.caption, content)

    async def _elsewhere(self, update: Said | Pressed | Shared | Picked) -> Elsewhere | None:
        if isinstance(update, Picked):
            chat_id: int | None = update.chat_id
        elif isinstance(update, Shared) or concern_of(update, self._line.username) is None:
            return None
        else:
            chat_id = await self._context.database.read(concerned, update, self._line.username)
        if chat_id is None:
            return None
        return await self._rights.elsewhere(chat_id, update.person, self._line.bot_id)

    async def _right(self, update: Update | None) -> Right:
        match update:
            case Pressed() | Picked():
                return await self._rights.of(update.place, update.person)
            case Said() | Shared() if is_for_us(update, self._line.username):
                return await self._rights.of(update.place, update.person)
            case _:
                return Right.NO

    async def _say_aside(self, update: Update | None, answer: Answer, *, acknowledged: bool) -> None:
        """What goes past the outbox, best effort: the notice of a pressed button, and leaving a chat."""
        if isinstance(update, Pressed) and not acknowledged:
            toast = answer.toast and answer.toast[:200]
            await self._call("answerCallbackQuery", callback_query_id=update.query_id, text=toast)
        if isinstance(update, Visiting | Membership) and answer.aside is not None:
            place = ChatAddress(Transport.TELEGRAM, update.place.chat_id, update.place.thread_id)
            await self._asides.say(place, answer.aside)
        if answer.leaves is not None:
            await self._call("leaveChat", chat_id=answer.leaves)
        if (operator := self._begun_by(update)) is not None:
            await introduce_to_operator(self._line.api, self._context.settings.language.default, operator)

    def _begun_by(self, update: Update | None) -> int | None:
        """The operator who starts the bot: before, Telegram shows nobody commands of their own."""
        if not isinstance(update, Said) or not update.place.private:
            return None
        command, _ = command_of(update.text, self._line.username) or ("", "")
        operator = update.person.user_id if command == "start" else None
        return operator if operator in self._context.settings.telegram.admins else None

    async def _let_go(self, query_id: str) -> None:
        await self._call("answerCallbackQuery", callback_query_id=query_id)

    async def _call(self, method: str, **arguments: Any) -> None:
        try:
            await self._line.api.call(method, **arguments)
        except TelegramError as error:  # too old, or unreachable: nobody waits for it any more
            logger.debug("%s: %s", method, self._line.api.explain(error))


def _presser(stored: StoredUpdate) -> int | None:
    update = read_update(stored.payload)
    return update.person.user_id if isinstance(update, Pressed) else None
