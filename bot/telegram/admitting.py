"""People at the door: those who bring an invitation, and those who may not come in."""

from __future__ import annotations

from datetime import datetime

from bot.routing import command_of
from bot.screens.welcome import leaving, not_allowed, shut_out
from bot.updates import Membership, Picked, Pressed, Said, Shared
from bot.visits import Answer
from bot.words.language import language_of, voice
from monitors.chats import ChatAddress, Transport
from monitors.people import Access, Admission, invitation_in
from monitors.settings import Settings
from monitors.storage.chats import find_chat
from monitors.storage.doors import access_of
from monitors.storage.engine import Connection
from monitors.storage.people import answer_once, take_invitation

Visiting = Said | Shared | Pressed | Picked


def invited(connection: Connection, update: Visiting, settings: Settings, username: str, now: datetime) -> bool:
    """Whether somebody comes with an invitation that holds; it is used."""
    token = invitation_of(update, username)
    person_id = update.person.user_id
    if token is None or person_id is None or not update.place.private:
        return False
    if access_of(connection, settings.telegram) is not Access.INVITE:
        return False
    return take_invitation(connection, token, person_id, now=now)


def invitation_of(update: Visiting, username: str) -> str | None:
    """The token that somebody comes with, whether it holds or not."""
    name, argument = (isinstance(update, Said) and command_of(update.text, username)) or ("", "")
    return invitation_in(argument) if name == "start" else None


def turned_away(connection: Connection, update: Visiting | Membership, settings: Settings, username: str) -> Answer:
    """What somebody hears who is not in. Nothing is kept of them."""
    place = update.place
    chat = find_chat(connection, ChatAddress(Transport.TELEGRAM, place.chat_id, place.thread_id))
    language = language_of(update.person.language_code, settings.language.default)
    in_vain = not isinstance(update, Membership) and invitation_of(update, username) is not None
    refused = not_allowed(voice(language if chat is None else chat.language), place.chat_id, invited=in_vain)
    if isinstance(update, Pressed):
        return Answer(toast=refused.body.text)
    return Answer(aside=refused)


def not_now(
    connection: Connection, update: Visiting, admission: Admission, settings: Settings, now: datetime
) -> Answer:
    """What somebody hears who is shut out, once whatever they do, or of whom everything is being deleted. No chat is
    made of it."""
    speech = voice(language_of(update.person.language_code, settings.language.default))
    gone = admission is Admission.LEAVING
    message = leaving(speech) if gone else shut_out(speech)
    person_id = update.person.user_id
    if isinstance(update, Pressed):
        first = gone or (person_id is not None and answer_once(connection, person_id, now=now))
        return Answer(toast=message.body.text if first else None)
    if not update.place.private or person_id is None:
        return Answer()
    if gone or answer_once(connection, person_id, now=now):
        return Answer(aside=message)
    return Answer()
