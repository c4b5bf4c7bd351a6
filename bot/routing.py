"""From what somebody did to the screen that answers it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from bot.screens.adding import (
    add_command,
    decide_pressed,
    is_address,
    is_host,
    look_at,
    offer_host,
    take_pressed,
)
from bot.screens.catalogue import catalogue_screen, countries, country
from bot.screens.crawling import crawl_command, crawl_pressed, past_pressed, stop_pressed
from bot.screens.outlet import follow_pressed, outlet_pressed, pause_pressed
from bot.screens.outlets import outlet_list
from bot.screens.watchlist import add, remove_pressed, watch_command, watch_list
from bot.screens.welcome import change_language, greeting, help_screen, offer, unknown_command
from bot.updates import Pressed, Said
from bot.visits import Answer, Visit, in_place, say
from bot.words import buttons
from bot.words.messages import Message

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
        return _plain(visit, said.text)
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
        case "add":
            return add_command(visit, arguments)
        case "catalogue" | "catalog":
            return say(catalogue_screen(visit, arguments))
        case _ if visit.private:
            return unknown_command(visit)
        case _:  # in a group it may be meant for another bot
            return Answer()


def _plain(visit: Visit, text: str) -> Answer:
    """A message that is no command."""
    if text.startswith("/"):
        return unknown_command(visit)
    if is_address(text):
        return look_at(visit, text.strip())
    return offer_host(visit, text) if is_host(text) else offer(visit, text)


def answer_pressed(visit: Visit, pressed: Pressed) -> Answer:
    action, argument = buttons.read(pressed.data) or ("", "")
    if action in _SCREENS:
        return say(in_place(visit, _SCREENS[action](visit, argument)))
    if action in _ACTIONS:
        return _ACTIONS[action](visit, argument)
    if action == buttons.WATCH_THIS and pressed.quoted:
        return add(visit, pressed.quoted)
    if action == buttons.LOOK and pressed.quoted:
        return look_at(visit, pressed.quoted)
    return Answer(toast=visit.voice.say("This button is from an older version."))


_SCREENS: Mapping[str, Callable[[Visit, str], Message]] = {
    buttons.WATCHES: lambda visit, argument: watch_list(visit, buttons.number(argument, 0)),
    buttons.OUTLETS: lambda visit, argument: outlet_list(visit, buttons.number(argument, 0)),
    buttons.COUNTRIES: lambda visit, argument: countries(visit, buttons.number(argument, 0)),
    buttons.COUNTRY: country,
    buttons.HELP: lambda visit, _: help_screen(visit.voice),
}
"""Buttons that lead to another screen, which takes the place of theirs."""

_ACTIONS: Mapping[str, Callable[[Visit, str], Answer]] = {
    buttons.SPEAK: change_language,
    buttons.REMOVE: lambda visit, argument: remove_pressed(visit, str(buttons.number(argument))),
    buttons.OUTLET: outlet_pressed,
    buttons.ABOUT: partial(outlet_pressed, here=False),
    buttons.CRAWL: crawl_pressed,
    buttons.STOP: stop_pressed,
    buttons.PAST: past_pressed,
    buttons.FOLLOW: partial(decide_pressed, follow=True),
    buttons.DECLINE: partial(decide_pressed, follow=False),
    buttons.JOIN: partial(follow_pressed, join=True),
    buttons.LEAVE: partial(follow_pressed, join=False),
    buttons.PAUSE: partial(pause_pressed, pause=True),
    buttons.RESUME: partial(pause_pressed, pause=False),
    buttons.TAKE: take_pressed,
}
