"""What a screen looks up before its visit: beside the transactions of others, for it may take long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.routing import concern_of, look_of
from bot.telegram.reading import read_update
from bot.updates import Pressed, Said, Shared
from bot.visits import Document, Glance
from bot.words.language import language_of
from monitors.chats import Chat, ChatAddress, ChatState, Transport
from monitors.settings import LimitSettings, Settings
from monitors.storage.chats import find_chat
from monitors.storage.dialogs import peek_dialog
from monitors.storage.engine import Connection
from monitors.storage.inbox import payload_of
from monitors.storage.own_limits import limits_of


def concerned(connection: Connection, update: Said | Pressed, username: str) -> int | None:
    """The other chat (its Telegram id) that what somebody did is about, in which they must have rights."""
    found = concern_of(update, username)
    return None if found is None else found[0](connection, found[1])


def file_asked(connection: Connection, update: Pressed, update_id: int) -> Shared | None:
    """The file that a pressed button is about, sent in the same chat by the update of this number."""
    sent = read_update(payload_of(connection, update_id) or {})
    return sent if isinstance(sent, Shared) and sent.place == update.place else None


def look_for(
    connection: Connection,
    update: Said | Pressed | Shared,
    document: Document | None,
    settings: Settings,
    username: str,
    now: datetime,
) -> tuple[Callable[[Connection], object], LimitSettings | None] | None:
    """What the screen that will answer the update has to look up, and what the person may have; None for screens that
    look nothing up."""
    place, person_id = update.place, update.person.user_id or update.place.chat_id
    address = ChatAddress(Transport.TELEGRAM, place.chat_id, place.thread_id)
    language = language_of(update.person.language_code, settings.language.default)
    chat = find_chat(connection, address) or Chat(0, address, place.title, language, ChatState.ACTIVE, now)
    question, about = peek_dialog(connection, chat.id, person_id, now=now) or (None, {})
    found = look_of(update, question, username)
    if found is None:
        return None
    seeing, given = found
    quoted = update.quoted if isinstance(update, Pressed) else None
    operator = update.person.user_id in settings.telegram.admins
    limits = None if operator else limits_of(connection, settings.limits, place.chat_id, person_id)
    zone = settings.language.time_zone

    def look(connection: Connection) -> object:
        return seeing(Glance(connection, chat, person_id, now, zone, limits, operator, about, quoted, document), given)

    return look, limits
