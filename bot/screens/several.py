"""Several lines that nobody asked for: each would be a watch of its own, and one tap saves them all.

What waits to be saved is the `code` of the message itself, a line each, so nothing of it is lost by a restart.
"""

from __future__ import annotations

from bot.screens.saving import MAX_LINES, save_lines
from bot.screens.trying import main_list
from bot.visits import Answer, Visit, by_right, in_place, say
from bot.words.buttons import CANCEL, SAVE_ALL, button, ordered
from bot.words.messages import Message
from monitors.text.cleaning import clean, one_line

MAX_LINE = 200
MAX_TEXT = 3000
"""Code points of a line, and of all: longer ones are hardly meant to be watched. A guess; a message has the room."""


def lines_of(text: str) -> list[str]:
    return [line for line in map(one_line, clean(text).split("\n")) if line]


def may_be_watches(lines: list[str]) -> bool:
    """Whether these lines may be meant as a watch each."""
    return 1 < len(lines) <= MAX_LINES and max(map(len, lines)) <= MAX_LINE and sum(map(len, lines)) <= MAX_TEXT


def several_screen(visit: Visit, lines: list[str]) -> Message:
    """What would be saved."""
    speech, builder = visit.voice, visit.builder()
    builder.line(speech.say("Shall I watch all of these, each for itself?")).add("\n")
    builder.add("\n".join(lines), "code")
    target = main_list(visit.connection, visit.chat.id)
    row = (button(speech.say("Save all"), SAVE_ALL), button(speech.say("Cancel"), CANCEL, target.data))
    return Message(builder.build(), (ordered(speech, row),))


def _save_all(visit: Visit, _: str) -> Answer:
    if not visit.quoted:  # it is too old for Telegram to show it to us
        return Answer(toast=visit.voice.say("Please write it again: this message is too old."))
    target = main_list(visit.connection, visit.chat.id)
    return say(in_place(visit, save_lines(visit, target, lines_of(visit.quoted))))


PRESSES = {SAVE_ALL: by_right(_save_all)}
