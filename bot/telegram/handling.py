"""Stored updates handled: each once, effects, replies and "handled" in one transaction.

Chats do not wait for each other; within a chat updates keep their order. What needs the network is asked before
the transaction or said after it, so a kill at any moment loses no command and repeats no effect.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from telegram.error import TelegramError

from bot.routing import answer_picked, answer_pressed, answer_said, command_of, concern_of, is_for_us
from bot.screens.account import account_sent
from bot.screens.adding import list_sent
from bot.screens.places import hello, hello_about, is_being_added
from bot.screens.welcome import apology, not_allowed
from bot.telegram.access import Rights, admission_of
from bot.telegram.admitting import invited, not_now
from bot.telegram.files import fetch_file
from bot.telegram.line import Line
from bot.telegram.looking import concerned, look
from bot.telegram.sending import attempt
from bot.updates import Membership, Moved, Picked, Pressed, RightsChanged, Said, Shared, Update, chat_id_of, read_update
from bot.visits import Answer, Elsewhere, Right, Visit, say
from bot.waiting import pause
from bot.words.language import language_of, voice
from bot.words.messages import Message, to_json
from monitors.alerts import DeliveryKind, NewDelivery
from monitors.chats import Chat, ChatAddress, Transport
from monitors.people import Admission
from monitors.roles import RoleContext
from monitors.settings import Settings
from monitors.storage import bots, chats, deliveries, inbox, places
from monitors.storage.engine import Connection
from monitors.storage.inbox import StoredUpdate
from monitors.wakeups import DELIVERIES, UPDATES

logger = logging.getLogger(__name__)

SWEEP_S = 1.0
BATCH = 500
MOST = 16 * BATCH
"""How many waiting updates are looked through for chats that nobody attends to yet."""
RETRY_S = 2.0
ACKNOWLEDGED_S = 0.7
"""A pressed button shows for so long that it waits, at most; one that is not answered soon looks broken."""

_Visiting = Said | Shared | Pressed | Picked


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one update is handled: everything its transaction needs to know and may not ask for."""

    settings: Settings
    username: str
    right: Right
    now: datetime
    admission: Admission = Admission.LET_IN
    content: bytes | None = None
    """Of the file that was sent, if it could be had."""
    seen: object = None
    """What the screen looked up before."""
    elsewhere: Elsewhere | None = None

    @property
    def let_in(self) -> bool:
        return self.admission is Admission.LET_IN


class Handler:
    """Handles what the inbox holds, until it is time to stop."""

    def __init__(self, context: RoleContext, line: Line, rights: Rights) -> None:
        self._context = context
        self._line = line
        self._rights = rights
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._handled: set[int] = set()

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

    async def _wait_for_more(self) -> None:
        waiting = asyncio.create_task(self._context.wakeups.wait(UPDATES, SWEEP_S))
        stop = asyncio.create_task(self._context.stopping.wait())
        await asyncio.wait((waiting, stop), return_when=asyncio.FIRST_COMPLETED)
        for task in (waiting, stop):
            task.cancel()

    async def _attend_to_waiting(self) -> None:
        """Looks further while all it sees is more of chats that are attended to: one of them may fill any batch."""
        limit = BATCH
        while True:
            waiting = await self._context.database.read(inbox.unhandled_updates, limit=limit)
            if self._start_lanes(waiting) or len(waiting) < limit or limit >= MOST:
                return
            limit *= 4

    def _start_lanes(self, waiting: Sequence[StoredUpdate]) -> int:
        """One task for each chat that has none, with all its waiting updates in order; how many chats."""
        # A list read while an update was being handled still names it; the next one cannot.
        fresh = [stored for stored in waiting if stored.update_id not in self._handled]
        self._handled.intersection_update(stored.update_id for stored in waiting)
        by_chat: dict[int, list[StoredUpdate]] = {}
        for stored in fresh:
            by_chat.setdefault(chat_id_of(stored.payload), []).append(stored)
        unattended = by_chat.keys() - self._lanes.keys()
        for chat_id in unattended:
            task = asyncio.create_task(self._handle_all(by_chat[chat_id]), name=f"updates of {chat_id}")
            self._lanes[chat_id] = task
            task.add_done_callback(partial(self._ended, chat_id))
        return len(unattended)

    def _ended(self, chat_id: int, _: asyncio.Task[None]) -> None:
        del self._lanes[chat_id]
        self._context.wakeups.kick(UPDATES)

    async def _handle_all(self, updates: list[StoredUpdate]) -> None:
        for stored in updates:
            try:
                await self._handle(stored)
            except Exception:  # not even the failure could be written; the update waits in the inbox
                logger.exception("update %d cannot be handled now", stored.update_id)
                await asyncio.sleep(RETRY_S)
                return

    async def _handle(self, stored: StoredUpdate) -> None:
        update = read_update(stored.payload)
        if isinstance(update, RightsChanged):
            self._rights.forget(update.place.chat_id, update.person)
        late = asyncio.Event()
        acknowledging = asyncio.create_task(self._acknowledge_late(update, late))
        try:
            answer = await self._answer(stored.update_id, update)
        finally:
            if not late.is_set():
                acknowledging.cancel()
        self._handled.add(stored.update_id)
        for task in dict.fromkeys((*answer.kicks, *((DELIVERIES,) if answer.messages else ()))):
            self._context.wakeups.kick(task)
        await self._say_aside(update, answer, acknowledged=late.is_set())

    async def _answer(self, update_id: int, update: Update | None) -> Answer:
        settings, username, now = self._context.settings, self._line.username, datetime.now(UTC)
        desk = Desk(settings, username, Right.NO, now, await self._admission(update))
        if desk.let_in:
            desk = replace(desk, content=await self._content(update), right=await self._right(update))
        database = self._context.database
        try:
            if isinstance(update, Said | Pressed) and desk.let_in:
                seen = await database.read(look, update, settings, username, now)
                desk = replace(desk, seen=seen, elsewhere=await self._elsewhere(update))
            elif isinstance(update, Picked) and desk.let_in:
                desk = replace(desk, elsewhere=await self._elsewhere(update))
            return await database.write(handle, update_id, update, desk)
        except Exception as error:
            logger.exception("update %d could not be handled", update_id)
            return await database.write(give_up, update_id, update, desk, type(error).__name__)

    async def _acknowledge_late(self, update: Update | None, late: asyncio.Event) -> None:
        """Lets a button that takes long stop waiting, without its notice."""
        if isinstance(update, Pressed):
            await asyncio.sleep(ACKNOWLEDGED_S)
            late.set()
            await self._call("answerCallbackQuery", callback_query_id=update.query_id)

    async def _admission(self, update: Update | None) -> Admission:
        if not isinstance(update, _Visiting | Membership):
            return Admission.LET_IN  # nobody comes
        if isinstance(update, Said) and not is_for_us(update, self._line.username):
            return Admission.LET_IN  # nor here
        settings = self._context.settings.telegram
        return await self._context.database.read(admission_of, settings, update.place, update.person)

    async def _content(self, update: Update | None) -> bytes | None:
        return await fetch_file(self._line.api, update.file_id) if isinstance(update, Shared) else None

    async def _elsewhere(self, update: Said | Pressed | Picked) -> Elsewhere | None:
        if isinstance(update, Picked):
            chat_id: int | None = update.chat_id
        elif concern_of(update, self._line.username) is None:
            return None
        else:
            chat_id = await self._context.database.read(concerned, update, self._line.username)
        if chat_id is None:
            return None
        return await self._rights.elsewhere(chat_id, update.person, self._line.bot_id)

    async def _right(self, update: Update | None) -> Right:
        match update:
            case Pressed() | Shared() | Picked():
                return await self._rights.of(update.place, update.person)
            case Said() if is_for_us(update, self._line.username):
                return await self._rights.of(update.place, update.person)
            case _:
                return Right.NO

    async def _say_aside(self, update: Update | None, answer: Answer, *, acknowledged: bool) -> None:
        """What goes past the outbox, best effort: the notice of a pressed button, and leaving a chat."""
        if isinstance(update, Pressed) and not acknowledged:
            toast = answer.toast and answer.toast[:200]
            await self._call("answerCallbackQuery", callback_query_id=update.query_id, text=toast)
        if answer.leaves is not None:
            await self._call("leaveChat", chat_id=answer.leaves)
        if isinstance(update, _Visiting) and answer.aside is not None:
            place = ChatAddress(Transport.TELEGRAM, update.place.chat_id, update.place.thread_id)
            await attempt(self._line.api, place, answer.aside)

    async def _call(self, method: str, **arguments: Any) -> None:
        try:
            await self._line.api.call(method, **arguments)
        except TelegramError as error:  # too old, or unreachable: nobody waits for it any more
            logger.debug("%s: %s", method, self._line.api.explain(error))


def handle(connection: Connection, update_id: int, update: Update | None, desk: Desk) -> Answer:
    """One update's transaction: its effects, its replies into the outbox, and "handled"; nothing the second time."""
    if not inbox.mark_handled(connection, update_id, now=desk.now):
        return Answer()
    return _react(connection, update_id, update, desk)


def give_up(connection: Connection, update_id: int, update: Update | None, desk: Desk, error: str) -> Answer:
    """The transaction of an update whose own one failed: recorded, and the person told."""
    inbox.mark_handled(connection, update_id, now=desk.now, error=error)
    if not isinstance(update, _Visiting) or not desk.let_in:
        return Answer()
    chat, _ = _chat_of(connection, update, desk)
    sorry = apology(voice(chat.language), f"U{update_id}")
    return _enqueue(connection, chat, say(sorry, toast=sorry.body.text.splitlines()[0]), desk.now)


def _react(connection: Connection, update_id: int, update: Update | None, desk: Desk) -> Answer:
    match update:
        case None | RightsChanged():
            return Answer()
        case Moved():
            chats.migrate(connection, update.old_id, update.new_id)
            return Answer()
        case Membership():
            return _membership(connection, update, desk)
        case Said() if not is_for_us(update, desk.username):
            return Answer()
        case Said() | Shared() | Pressed() | Picked():
            return _visit(connection, update_id, update, desk)


def _membership(connection: Connection, update: Membership, desk: Desk) -> Answer:
    if not update.member:
        places.tell_of_leaving(connection, update.place.chat_id, now=desk.now)
        deliveries.give_up_chat(connection, update.place.chat_id, "the bot was blocked or removed", now=desk.now)
        return Answer()
    if not desk.let_in:
        return Answer() if update.place.private else Answer(leaves=update.place.chat_id)
    if update.posts:
        places.mend(connection, update.place.chat_id, now=desk.now)
    chat, new = _chat_of(connection, update, desk)
    if update.place.private or not new:  # in private /start follows by itself
        return Answer(kicks=(DELIVERIES,))
    return _hello(connection, chat, update, desk)


def _hello(connection: Connection, chat: Chat, update: Membership, desk: Desk) -> Answer:
    """One word to a chat the bot has just been added to; about a channel, in private to whoever did it."""
    address = ChatAddress(Transport.TELEGRAM, update.person.user_id or 0)
    adder = chats.find_chat(connection, address) if update.person.user_id is not None else None
    if adder is not None:
        chats.keep(connection, chat.id, adder.id)
        if is_being_added(connection, adder, now=desk.now):  # they chose it a moment ago, and hear of it there
            return Answer()
    if update.place.type != "channel":
        return _enqueue(connection, chat, say(hello(voice(chat.language), chat, desk.username)), desk.now)
    if adder is None:
        return Answer()
    return _enqueue(connection, adder, say(hello_about(voice(adder.language), chat)), desk.now)


def _visit(connection: Connection, update_id: int, update: _Visiting, desk: Desk) -> Answer:
    if desk.admission in (Admission.BLOCKED, Admission.LEAVING):
        return not_now(connection, update, desk.admission, desk.settings, desk.now)
    chat, new = _chat_of(connection, update, desk)
    if not desk.let_in and not invited(connection, update, desk.settings, desk.username, desk.now):
        return _turned_away(connection, chat, update, desk, new=new)
    person_id = update.person.user_id
    operator = person_id is not None and person_id in desk.settings.telegram.admins
    here = update.message_id if isinstance(update, Pressed) else None
    pictured = isinstance(update, Pressed) and update.pictured
    visit = Visit(
        connection=connection,
        chat=chat,
        right=desk.right,
        now=desk.now,
        update_id=update_id,
        person_id=person_id if person_id is not None else update.place.chat_id,
        limits=None if operator else desk.settings.limits,
        telegram=desk.settings.telegram,
        pressed=isinstance(update, Pressed),
        message_id=None if pictured else here,
        picture_id=here if pictured else None,
        quoted=update.quoted if isinstance(update, Pressed) else None,
        username=desk.username,
        seen=desk.seen,
        elsewhere=desk.elsewhere,
        zone=desk.settings.language.time_zone,
    )
    match update:
        case Said():
            answer = answer_said(visit, update, desk.username)
        case Shared():
            taken = account_sent if update.name.lower().endswith(".json") else partial(list_sent, name=update.name)
            answer = taken(visit, content=desk.content)
        case Picked():
            answer = answer_picked(visit, update)
        case Pressed():
            answer = _without_echo(answer_pressed(visit, update), update)
    return _enqueue(connection, chat, answer, desk.now)


def _without_echo(answer: Answer, pressed: Pressed) -> Answer:
    """Without a screen taking its own place: Telegram refuses an edit that changes nothing."""
    return replace(answer, messages=tuple(message for message in answer.messages if not _is_shown(message, pressed)))


def _is_shown(message: Message, pressed: Pressed) -> bool:
    """Whether it would put the pressed button's message in the place of itself."""
    carried = tuple(button.data for row in message.keyboard for button in row if button.data is not None)
    return message.edits is not None and message.body.text == pressed.shown and carried == pressed.beside


def _turned_away(connection: Connection, chat: Chat, update: _Visiting, desk: Desk, *, new: bool) -> Answer:
    """One polite refusal: at the first sight of a chat, and when it asks again with /start."""
    asks = isinstance(update, Said) and (command_of(update.text, desk.username) or ("",))[0] == "start"
    if not new and not asks:
        return Answer()
    refused: Message = not_allowed(voice(chat.language), update.place.chat_id)
    return _enqueue(connection, chat, say(refused), desk.now)


def _chat_of(connection: Connection, update: _Visiting | Membership, desk: Desk) -> tuple[Chat, bool]:
    """The chat it happened in, made known and reachable, and whether it is new."""
    place = update.place
    bots.come_over(connection, place.chat_id)
    address = ChatAddress(Transport.TELEGRAM, place.chat_id, place.thread_id)
    known = chats.find_chat(connection, address)
    language = language_of(update.person.language_code, desk.settings.language.default)
    chat = chats.ensure_chat(connection, address, now=desk.now, language=language, title=place.title, kind=place.type)
    return chat, known is None


def _enqueue(connection: Connection, chat: Chat, answer: Answer, now: datetime) -> Answer:
    for message in answer.messages:
        payload: Mapping[str, Any] = {"message": to_json(message)}
        if deliveries.is_said_next(connection, chat.id, payload):  # hundreds of messages, one refusal
            continue
        edits = message.edits
        if edits is not None and deliveries.replace_edit(connection, chat.id, edits, payload):
            continue  # pressed twice at once: one edit shows both
        new = NewDelivery(chat.id, DeliveryKind.REPLY, payload, edits=edits is not None)
        deliveries.enqueue(connection, new, now=now)
    return answer
