"""More than one chat may have waiting: what is refused then, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.routing import is_for_us
from bot.telegram.reacting import Desk, Visiting, enqueue
from bot.telegram.reading import read_update
from bot.updates import Said, Shared, Update
from bot.visits import Answer, say
from bot.words.language import voice
from bot.words.messages import Message
from bot.words.text import TextBuilder
from monitors.chats import ChatAddress, ChatState, Transport
from monitors.storage import chats, inbox
from monitors.storage.engine import Connection
from monitors.storage.inbox import Need


def need_of(raw: Mapping[str, Any], username: str) -> Need:
    """What an update needs of a bot of this name."""
    match read_update(raw):
        case None:
            return Need.NOTHING
        case Said() | Shared() as said if not is_for_us(said, username):
            return Need.NOTHING
        case update:
            return Need.ANSWER if isinstance(update, Visiting) else Need.HEED


def say_refused(connection: Connection, update_id: int, update: Update | None, desk: Desk) -> Answer:
    """The transaction of the first update that was refused, when those before it are done: how many there were."""
    first = inbox.mark_handled(connection, update_id, now=desk.now, error=inbox.TOO_MANY)
    if not first or not isinstance(update, Visiting) or not desk.let_in:
        return Answer()
    place = update.place
    chat = chats.find_chat(connection, ChatAddress(Transport.TELEGRAM, place.chat_id, place.thread_id))
    if chat is None or chat.state is ChatState.UNREACHABLE:
        return Answer()
    speech, number = voice(chat.language), inbox.count_refused(connection, update_id)
    text = speech.count(
        "Too much was sent here at once, and {n} message was not read. Send again what still matters, not all at once.",
        "Too much was sent here at once, and {n} messages were not read. Send again what still matters, not all at "
        "once.",
        number,
    )
    body = TextBuilder(right_to_left=speech.right_to_left).line(text, n=number).build()
    written = update.message_id if isinstance(update, Said | Shared) else None
    return enqueue(connection, chat, say(Message(body, replies_to=written)), desk.now)
