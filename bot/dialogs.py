"""Questions the bot has asked: whose next message in which chat answers which one.

Rows, so that a restart forgets none. A person has one open question in a chat; a command, or a button that leads to
another screen, ends it, and so does an hour without an answer. A button that only gives a notice does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.visits import Answer, Visit
from bot.words.messages import Message
from monitors.storage.dialogs import open_dialog, peek_dialog, take_dialog

WAITS = timedelta(hours=1)
ON_SCREEN = "on_screen"
"""In what a question is about, when a screen listens whose buttons answer, too."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: which question, and about what, as JSON."""

    name: str
    about: Mapping[str, Any]


def ask(visit: Visit, name: str, message: Message, *, hint: str, **about: Any) -> Message:
    """The message as a question: what this person writes here next is its answer.

    `name` is a key of `QUESTIONS` of some screen, `about` what its answer needs to know. `hint` stands in the field
    where the answer is written (1 to 64 characters).
    """
    open_dialog(visit.connection, visit.chat.id, visit.person_id, name, about, until=visit.now + WAITS)
    return replace(message, answer_hint=hint)


def listen(visit: Visit, name: str, **about: Any) -> None:
    """Like `ask`, of a screen whose buttons answer, too: any press leaves the screen and ends the question."""
    until = visit.now + WAITS
    open_dialog(visit.connection, visit.chat.id, visit.person_id, name, {**about, ON_SCREEN: True}, until=until)


def leave_screen(visit: Visit) -> None:
    """A button was pressed: what a screen listened for is not what is written next."""
    found = peek_dialog(visit.connection, visit.chat.id, visit.person_id, now=visit.now)
    if found is not None and ON_SCREEN in found[1]:
        take_dialog(visit.connection, visit.chat.id, visit.person_id, now=visit.now)


def move_on(visit: Visit, answer: Answer) -> None:
    """What a pressed button led to: on another screen nobody answers what was asked before."""
    if not answer.messages or any(message.answer_hint is not None for message in answer.messages):
        return
    found = peek_dialog(visit.connection, visit.chat.id, visit.person_id, now=visit.now)
    if found is not None and ON_SCREEN not in found[1]:  # else it is this very screen that listens
        take_dialog(visit.connection, visit.chat.id, visit.person_id, now=visit.now)


def asked(visit: Visit) -> Question | None:
    """The question that this person was asked here and has not answered; it is closed."""
    found = take_dialog(visit.connection, visit.chat.id, visit.person_id, now=visit.now)
    return None if found is None else Question(*found)
