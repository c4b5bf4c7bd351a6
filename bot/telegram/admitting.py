"""People at the door: those who bring an invitation, and those who may not come in."""

from __future__ import annotations

from datetime import datetime

from bot.routing import command_of
from bot.screens.welcome import leaving, shut_out
from bot.updates import Picked, Pressed, Said, Shared
from bot.visits import Answer
from bot.words.language import language_of, voice
from monitors.people import Admission, invitation_in
from monitors.settings import Settings
from monitors.storage.engine import Connection
from monitors.storage.people import answer_once, take_invitation

Visiting = Said | Shared | Pressed | Picked


def invited(connection: Connection, update: Visiting, settings: Settings, username: str, now: datetime) -> bool:
    """Whether somebody comes with an invitation that holds; it is used."""
    token = invitation_of(update, username)
    if settings.telegram.access != "invite" or not update.place.private:
        return False
    person_id = update.person.user_id
    if token is None or person_id is None:
        return False
    return take_invitation(connection, token, person_id, now=now)


def invitation_of(update: Visiting, username: str) -> str | None:
    """The token that somebody comes with, whether it holds or not."""
    name, argument = (isinstance(update, Said) and command_of(update.text, username)) or ("", "")
    return invitation_in(argument) if name == "start" else None


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
