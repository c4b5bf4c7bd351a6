"""From what somebody did to the screen that answers it."""

from __future__ import annotations

import re

from bot.screens import buttons
from bot.screens.followed import crawl_command, crawl_pressed, outlet_list
from bot.screens.watchlist import add, remove_pressed, watch_command, watch_list
from bot.screens.welcome import change_language, greeting, help_screen, offer, unknown_command
from bot.updates import Pressed, Said
from bot.visits import Answer, Visit, in_place, say

_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>\w{1,64}))?(?:\s+(?P<arguments>.*))?\Z", re.DOTALL)


def command_of(text: str, username: str) -> tuple[str, str] | None:
    """(name, arguments) of a command to us; None for anything else, commands to other bots included."""
    found = _COMMAND.match(text.strip())
    if found is None or (found["bot"] is not None and found["bot"].lower() != username.lower()):
        return None
    return found["name"].lower(), found["arguments"] or ""


def is_for_us(said: Said, username: str) -> bool:
    """Whether a message wants an answer: in groups only commands do."""
    return said.place.private or command_of(said.text, username) is not None


def answer_said(visit: Visit, said: Said, username: str) -> Answer:
    command = command_of(said.text, username)
    if command is None:
        return offer(visit, said.text) if not said.text.startswith("/") else unknown_command(visit)
    name, arguments = command
    match name:
        case "start":
            return say(greeting(visit.voice))
        case "help":
            return say(help_screen(visit.voice))
        case "watch":
            return watch_command(visit, arguments)
        case "outlets":
            return say(outlet_list(visit))
        case "crawl":
            return crawl_command(visit, arguments)
        case _ if visit.private:
            return unknown_command(visit)
        case _:  # in a group it may be meant for another bot
            return Answer()


def answer_pressed(visit: Visit, pressed: Pressed) -> Answer:
    action, argument = buttons.read(pressed.data) or ("", "")
    match action:
        case buttons.SPEAK:
            return change_language(visit, argument)
        case buttons.WATCHES:
            return say(in_place(visit, watch_list(visit, buttons.number(argument, 0))))
        case buttons.OUTLETS:
            return say(in_place(visit, outlet_list(visit, buttons.number(argument, 0))))
        case buttons.HELP:
            return say(in_place(visit, help_screen(visit.voice)))
        case buttons.REMOVE:
            return remove_pressed(visit, str(buttons.number(argument)))
        case buttons.CRAWL:
            return crawl_pressed(visit, argument)
        case buttons.WATCH_THIS if pressed.quoted:
            return add(visit, pressed.quoted)
        case _:
            return Answer(toast=visit.voice.say("This button is from an older version."))
