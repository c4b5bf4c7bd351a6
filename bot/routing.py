"""From what somebody did to the screen that answers it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from bot import screens
from bot.dialogs import asked, leave_screen, listen, move_on
from bot.screens import destinations, places, speaking, watch_lists_sent
from bot.screens.adding import address_among, is_address, is_host, offer_host
from bot.screens.beginning import TEXT, is_expression, offer
from bot.screens.documents import DOCUMENT, document_sent
from bot.screens.similar import FORWARDED, is_news, news_sent
from bot.screens.welcome import home, never_minded, unknown_command, wordless
from bot.screens.why import ADDRESS, address_sent
from bot.updates import Picked, Pressed, Said, Shared
from bot.visits import Answer, Concern, Look, Visit, outdated
from bot.words import buttons

_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>\w{1,64}))?(?:\s+(?P<arguments>.*))?\Z", re.DOTALL)


def command_of(text: str, username: str) -> tuple[str, str] | None:
    """(name, arguments) of a command to us; None for anything else, commands to other bots included."""
    found = _COMMAND.match(text.strip())
    if found is None or (found["bot"] is not None and found["bot"].lower() != username.lower()):
        return None
    return found["name"].lower(), found["arguments"] or ""


def is_for_us(said: Said | Shared, username: str) -> bool:
    """Whether a message may want an answer: in groups only commands do, and answers to what we asked."""
    text = said.text if isinstance(said, Said) else said.caption
    return said.place.private or said.replies or command_of(text, username) is not None


def answer_said(visit: Visit, said: Said, username: str) -> Answer:
    command = command_of(said.text, username)
    if command is None:
        return _plain(visit, said)
    name, arguments = command
    question = asked(visit)  # which ends with any command
    if name == "cancel" and (visit.private or question is not None):
        return never_minded(visit)
    if name == "start" and (link := _link_of(arguments)) in _LINKS:
        return _LINKS[link](visit, arguments.partition("_")[2])
    if name in _COMMANDS:
        return _COMMANDS[name](visit, arguments)
    return unknown_command(visit) if visit.private else Answer()  # in a group it may be meant for another bot


def _plain(visit: Visit, said: Said) -> Answer:
    """A message that is no command."""
    if not said.text.strip():
        return wordless(visit) if visit.private else Answer()
    question = asked(visit)
    if question is not None and question.name in _QUESTIONS and _fits(question.name, said):
        answer = _QUESTIONS[question.name](visit, said.text, question.about)
        if answer.unanswered:
            listen(visit, question.name, **question.about)
        return answer
    if not visit.private:
        return Answer()
    if said.text.startswith("/") and not is_expression(said.text):
        return unknown_command(visit)
    if (address := _address_in(said)) is not None:
        return address_sent(visit, address)
    if said.forwarded and is_news(said.text):
        return news_sent(visit, said.text)
    return offer_host(visit, said.text) if is_host(said.text) else offer(visit, said.text)


def _fits(question: str, said: Said) -> bool:
    """Whether this may answer the question; if not, it is heard like what nobody asked for. In a group only answers
    are heard."""
    return not said.place.private or question not in _FITS or _FITS[question](said.text)


def _address_in(said: Said) -> str | None:
    """The address that was sent, alone or under an article's title, or that a forwarded message leads to."""
    if said.link is not None:
        return said.link
    return said.text.strip() if is_address(said.text) else address_among(said.text)


def answer_shared(visit: Visit) -> Answer:
    return document_sent(visit)


def sent_in(pressed: Pressed) -> int | None:
    """The number of the update in which the file was sent that a pressed button is about, if it is about one."""
    action, argument = buttons.read(pressed.data) or ("", "")
    if action == buttons.RESTORE:
        return buttons.number(argument.partition(":")[0])
    return watch_lists_sent.sent_in(argument) if action == buttons.ADD_FILE else None


def look_of(update: Said | Pressed | Shared, question: str | None, username: str) -> tuple[Look, str] | None:
    """What is to be looked up before the visit, and what it is given; `question` is the one that is open, if any."""
    if isinstance(update, Shared):
        key, given = DOCUMENT, ""
    elif isinstance(update, Pressed):
        key, given = buttons.read(update.data) or ("", "")
        if key == buttons.SPEAK and not speaking.looks_up(given):
            return None
    elif (command := command_of(update.text, username)) is not None:
        key, given = f"/{command[0]}", command[1]
    elif question is not None and _fits(question, update):
        key, given = f"?{question}", update.text
    elif (address := _address_in(update)) is not None:
        key, given = ADDRESS, address
    elif update.forwarded and is_news(update.text):
        key, given = FORWARDED, update.text
    else:
        key, given = TEXT, update.text
    return (_LOOKS[key], given) if key in _LOOKS else None


def concern_of(update: Said | Pressed, username: str) -> tuple[Concern, str] | None:
    """How the other chat is found that this is about, and what that is given."""
    if isinstance(update, Pressed):
        key, given = buttons.read(update.data) or ("", "")
    else:
        name, given = command_of(update.text, username) or ("", "")
        key = f"/{name}" if name != "start" else f"/start {_link_of(given)}"
    return (_CONCERNS[key], given) if key in _CONCERNS else None


def _link_of(arguments: str) -> str:
    """What kind of link somebody came by: the part of `/start …` before the underscore."""
    return arguments.partition("_")[0]


def answer_picked(visit: Visit, picked: Picked) -> Answer:
    question = asked(visit)
    about = question.about if question is not None and question.name == destinations.PICK else {}
    return places.picked(visit, picked, about)


def answer_pressed(visit: Visit, pressed: Pressed) -> Answer:
    leave_screen(visit)
    action, argument = buttons.read(pressed.data) or ("", "")
    is_ours = action in _PRESSES and (visit.chat.type != "channel" or _is_for_readers(visit, action))
    answer = _PRESSES[action](visit, argument) if is_ours else outdated(visit)
    if answer.outdated and visit.private:
        answer = replace(answer, messages=(home(visit),))
    move_on(visit, answer)
    return answer


def _is_for_readers(visit: Visit, action: str) -> bool:
    """Whether a button does what readers of a channel may, whatever it carries: no more than turn pages in place."""
    return action == buttons.DIGEST_PAGE and visit.message_id is not None


def _merged(name: str) -> dict[str, Callable[..., Any]]:
    """What all screens answer to of this kind. Raises `ValueError` where two answer to the same."""
    found: dict[str, Callable[..., Any]] = {}
    for screen in _SCREENS:
        own: Mapping[str, Callable[..., Any]] = getattr(screen, name, {})
        if twice := found.keys() & own.keys():
            raise ValueError(f"two screens answer to {sorted(twice)}")
        found |= own
    return found


_SCREENS = [import_module(f"{screens.__name__}.{module.name}") for module in iter_modules(screens.__path__)]
"""All that stand in the folder. Each may have COMMANDS, PRESSES (by the action of buttons) and QUESTIONS (by the name
of what was asked), with FITS for those that not every text answers; and for what takes long LOOKS, by the action, by
"/" and the command, by "?" and the question, or by ADDRESS, FORWARDED, TEXT or DOCUMENT for what nobody asked for.
LINKS, by what stands before the underscore, answer `/start` with an argument, with what stands behind it; CONCERNS say,
by the action, by "/" and the command, or by "/start " and the link, which other chat the visit is about."""

_COMMANDS: Mapping[str, Callable[[Visit, str], Answer]] = _merged("COMMANDS")
_PRESSES: Mapping[str, Callable[[Visit, str], Answer]] = _merged("PRESSES")
_QUESTIONS: Mapping[str, Callable[[Visit, str, Mapping[str, Any]], Answer]] = _merged("QUESTIONS")
_FITS: Mapping[str, Callable[[str], bool]] = _merged("FITS")
_LOOKS: Mapping[str, Look] = _merged("LOOKS")
_LINKS: Mapping[str, Callable[[Visit, str], Answer]] = _merged("LINKS")
_CONCERNS: Mapping[str, Concern] = _merged("CONCERNS")
