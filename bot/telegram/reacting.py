"""What an update does: its effects, its replies and "handled" in one transaction, and nothing the second time.

Everything that needs the network was asked before and stands on the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.routing import answer_picked, answer_pressed, answer_said, answer_shared, is_for_us
from bot.screens.places import hello, hello_about, is_being_added
from bot.screens.search import too_many
from bot.screens.welcome import apology
from bot.telegram.admitting import invited, not_now, turned_away
from bot.telegram.lookups import TooMany
from bot.updates import (
    Membership,
    Moved,
    Picked,
    Pressed,
    RightsChanged,
    Said,
    Shared,
    TopicNamed,
    TopicReopened,
    Update,
)
from bot.visits import Answer, Document, Elsewhere, Right, Visit, say
from bot.words.buttons import comes_apart
from bot.words.language import language_of, voice
from bot.words.messages import Message, addressed, to_json
from bot.words.text import TextBuilder, shorten
from monitors.alerts import DeliveryKind, NewDelivery
from monitors.chats import Chat, ChatAddress, ChatState, Transport
from monitors.people import Admission
from monitors.settings import Settings
from monitors.storage import bots, chats, deliveries, inbox, places, settlements, supergroups
from monitors.storage.doors import NOT_LET_IN
from monitors.storage.engine import Connection
from monitors.storage.own_limits import limits_of
from monitors.storage.people import SHUT_OUT
from monitors.wakeups import DELIVERIES

Visiting = Said | Shared | Pressed | Picked
MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one update is handled: everything its transaction needs to know and may not ask for."""

    settings: Settings
    username: str
    right: Right
    now: datetime
    admission: Admission = Admission.LET_IN
    document: Document | None = None
    """The file that was sent, or that the pressed button is about."""
    seen: object = None
    """What the screen looked up before."""
    elsewhere: Elsewhere | None = None
    looked_up: Callable[[int], int] = lambda _: 0

    @property
    def let_in(self) -> bool:
        return self.admission is Admission.LET_IN


def handle(connection: Connection, update_id: int, update: Update | None, desk: Desk) -> Answer:
    """One update's transaction: its effects, its replies into the outbox, and "handled"; nothing the second time."""
    if not inbox.mark_handled(connection, update_id, now=desk.now):
        return Answer()
    return _react(connection, update_id, update, desk)


def give_up(connection: Connection, update_id: int, update: Update | None, desk: Desk, error: str) -> Answer:
    """The transaction of an update whose own one failed: recorded, and the person told, and no readers of a channel."""
    first = inbox.mark_handled(connection, update_id, now=desk.now, error=error)
    if not first or not isinstance(update, Visiting) or not desk.let_in:
        return Answer()
    chat, _ = _chat_of(connection, update, desk)
    sorry = apology(voice(chat.language), f"U{update_id}")
    toast = sorry.body.text.splitlines()[0]
    if chat.type == "channel":
        return Answer(toast=toast)
    return enqueue(connection, chat, say(sorry, toast=toast), desk.now)


def say_late(connection: Connection, pressed: Pressed, answer: Answer, now: datetime) -> None:
    """Makes a button's notice a message, when Telegram would not show it any more.

    Not one that the answer's messages say, too, nor for somebody of whom no chat is known, or who is not in; nor to all
    readers of a channel.
    """
    address = ChatAddress(Transport.TELEGRAM, pressed.place.chat_id, pressed.place.thread_id)
    chat, toast = chats.find_chat(connection, address), answer.toast
    said = [message.body.text for message in (*answer.messages, *((answer.aside,) if answer.aside else ()))]
    if chat is None or chat.state is ChatState.UNREACHABLE or chat.type == "channel":
        return
    if toast is None or any(toast in text for text in said):
        return
    builder = TextBuilder(right_to_left=voice(chat.language).right_to_left)
    enqueue(connection, chat, say(Message(builder.line("{text}", text=toast).build())), now)


def _react(connection: Connection, update_id: int, update: Update | None, desk: Desk) -> Answer:
    match update:
        case None | RightsChanged():
            return Answer()
        case TopicNamed():
            address = ChatAddress(Transport.TELEGRAM, update.place.chat_id, update.place.thread_id)
            chats.name_topic(connection, address, update.name)
            return Answer()
        case TopicReopened():
            return _reopened(connection, update)
        case Moved():
            supergroups.migrate(connection, update.old_id, update.new_id)
            return Answer()
        case Membership():
            return _membership(connection, update, desk)
        case Said() | Shared() if not is_for_us(update, desk.username):
            return Answer()
        case Said() | Shared() | Pressed() | Picked():
            return _visit(connection, update_id, update, desk)


def _reopened(connection: Connection, update: TopicReopened) -> Answer:
    """What waits for the topic is told."""
    place = update.place
    topic = chats.find_chat(connection, ChatAddress(Transport.TELEGRAM, place.chat_id, place.thread_id))
    if topic is None or not topic.topic_shut:
        return Answer()
    places.mend(connection, place.chat_id, only=topic.id)
    return Answer(kicks=(DELIVERIES,))


def _membership(connection: Connection, update: Membership, desk: Desk) -> Answer:
    if not update.member:
        gone, operators = update.place.chat_id, desk.settings.telegram.operators
        places.tell_of_leaving(connection, gone, operators=operators, now=desk.now)
        settlements.give_up_chat(connection, gone, "the bot was blocked or removed", now=desk.now)
        places.pass_on(connection, gone, operators=operators, now=desk.now)
        return Answer()
    if not desk.let_in:
        known = chats.find_chat(connection, ChatAddress(Transport.TELEGRAM, update.place.chat_id))
        if known is None or known.state is ChatState.UNREACHABLE:  # else somebody who is in brought us there
            return _unwelcome(connection, known, update, desk)
    if update.posts:
        places.mend(connection, update.place.chat_id)
    elif _is_barred(connection, update):  # as it was
        return Answer()
    chat, new = _chat_of(connection, update, desk)
    if update.place.private or not new:  # in private /start follows by itself
        return Answer(kicks=(DELIVERIES,))
    return _hello(connection, chat, update, desk)


def _is_barred(connection: Connection, update: Membership) -> bool:
    known = chats.find_chat(connection, ChatAddress(Transport.TELEGRAM, update.place.chat_id))
    return known is not None and known.state is ChatState.BARRED


def _unwelcome(connection: Connection, known: Chat | None, update: Membership, desk: Desk) -> Answer:
    """Somebody who is not in unblocked the bot, or added it where it goes again, saying why."""
    if update.place.private or (known is not None and known.state_reason in (SHUT_OUT, NOT_LET_IN)):
        return Answer()
    stranger = desk.admission is Admission.STRANGER
    said = turned_away(connection, update, desk.settings, desk.username) if stranger else Answer()
    return replace(said, leaves=update.place.chat_id)


def _hello(connection: Connection, chat: Chat, update: Membership, desk: Desk) -> Answer:
    """One word to a chat the bot has just been added to; about a channel, in private to whoever did it."""
    address = ChatAddress(Transport.TELEGRAM, update.person.user_id or 0)
    adder = chats.find_chat(connection, address) if update.person.user_id is not None else None
    if adder is not None:
        chats.keep(connection, chat.id, adder.id)
        if is_being_added(connection, adder, now=desk.now):  # they chose it a moment ago, and hear of it there
            return Answer()
    if update.place.type != "channel":
        return enqueue(connection, chat, say(hello(voice(chat.language), chat, desk.username)), desk.now)
    if adder is None:
        return Answer()
    return enqueue(connection, adder, say(hello_about(voice(adder.language), chat)), desk.now)


def _visit(connection: Connection, update_id: int, update: Visiting, desk: Desk) -> Answer:
    if desk.admission in (Admission.BLOCKED, Admission.LEAVING):
        return not_now(connection, update, desk.admission, desk.settings, desk.now)
    if not desk.let_in and not invited(connection, update, desk.settings, desk.username, desk.now):
        return turned_away(connection, update, desk.settings, desk.username)
    chat, _ = _chat_of(connection, update, desk)
    person_id = update.person.user_id
    operator = person_id is not None and person_id in desk.settings.telegram.admins
    here = update.message_id if isinstance(update, Pressed) and not comes_apart(update.data) else None
    pictured = isinstance(update, Pressed) and update.pictured
    visit = Visit(
        connection=connection,
        chat=chat,
        right=desk.right,
        now=desk.now,
        update_id=update_id,
        person_id=person_id if person_id is not None else update.place.chat_id,
        limits=None if operator else limits_of(connection, desk.settings.limits, update.place.chat_id, person_id or 0),
        usual=desk.settings.limits,
        operator=operator,
        looked_up=desk.looked_up,
        telegram=desk.settings.telegram,
        pressed=isinstance(update, Pressed),
        message_id=None if pictured else here,
        picture_id=here if pictured else None,
        quoted=update.quoted if isinstance(update, Pressed) else None,
        username=desk.username,
        seen=desk.seen,
        document=desk.document,
        elsewhere=desk.elsewhere,
        zone=desk.settings.language.time_zone,
    )
    match update:
        case _ if isinstance(desk.seen, TooMany):
            answer = too_many(visit, desk.seen.most, desk.seen.again_in_s)
        case Said():
            answer = answer_said(visit, update, desk.username)
        case Shared():
            answer = answer_shared(visit)
        case Picked():
            answer = answer_picked(visit, update)
        case Pressed():
            answer = _without_echo(answer_pressed(visit, update), visit, update)
    if not visit.private:
        answer = replace(answer, messages=tuple(_directed(message, update) for message in answer.messages))
    return enqueue(connection, chat, answer, desk.now)


def _directed(message: Message, update: Visiting) -> Message:
    """In a group: a question goes to whoever made us ask, whose own message is answered if there is one."""
    if message.answer_hint is None:
        return message
    if not isinstance(update, Pressed):
        return replace(message, replies_to=update.message_id)
    person = update.person
    return message if person.user_id is None else addressed(message, person.user_id, shorten(person.name, MAX_NAME))


def _without_echo(answer: Answer, visit: Visit, pressed: Pressed) -> Answer:
    """Without a screen taking its own place: Telegram refuses an edit that changes nothing."""
    news = tuple(message for message in answer.messages if not _is_shown(message, pressed))
    if answer.messages and not news and answer.toast is None:
        return replace(answer, messages=(), toast=visit.voice.say("Nothing has changed."))
    return replace(answer, messages=news)


def _is_shown(message: Message, pressed: Pressed) -> bool:
    """Whether it would put the pressed button's message in the place of itself."""
    carried = tuple(button.data for row in message.keyboard for button in row if button.data is not None)
    return message.edits is not None and message.body.text == pressed.shown and carried == pressed.beside


def _chat_of(connection: Connection, update: Visiting | Membership, desk: Desk) -> tuple[Chat, bool]:
    """The chat it happened in, made known and reachable, and whether it is new.

    A new one speaks as whoever decides there; where others write first, as to people who have not chosen.
    """
    place = update.place
    bots.come_over(connection, place.chat_id)
    address = ChatAddress(Transport.TELEGRAM, place.chat_id, place.thread_id)
    known = chats.find_chat(connection, address)
    decides = place.private or desk.right is Right.YES or isinstance(update, Membership)
    language = language_of(update.person.language_code if decides else None, desk.settings.language.default)
    chat = chats.ensure_chat(
        connection, address, now=desk.now, language=language, title=place.title, kind=place.type, topic=place.topic
    )
    return chat, known is None


def enqueue(connection: Connection, chat: Chat, answer: Answer, now: datetime) -> Answer:
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
