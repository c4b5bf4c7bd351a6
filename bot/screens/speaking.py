"""The language of a chat: one tap changes it, and with it the screen on which the button stands."""

from __future__ import annotations

from dataclasses import replace

from bot.screens.beginning import First, begun_screen, newest
from bot.screens.help import help_screen
from bot.screens.named_watch import watch_of
from bot.screens.places import hello
from bot.screens.settings import settings_screen
from bot.screens.sharing import offered
from bot.screens.welcome import home, is_new
from bot.visits import Answer, Glance, Visit, by_right, in_place, outdated, say
from bot.words.buttons import HELP, SETTINGS, SPEAK, SUBSCRIBE, WATCH, number
from bot.words.language import LANGUAGES, voice
from bot.words.messages import Message
from monitors.storage.chats import set_language


def change_language(visit: Visit, argument: str) -> Answer:
    """`code`, and ":" and the screen to show in it unless it is the first one."""
    code, _, screen = argument.partition(":")
    if code not in LANGUAGES:
        return outdated(visit)
    set_language(visit.connection, visit.chat.id, code)
    changed = replace(visit, chat=replace(visit.chat, language=code))
    return say(in_place(changed, _screen(changed, screen)), toast=voice(code).say("I speak English now."))


def _screen(visit: Visit, called: str) -> Message:
    name, _, rest = called.partition(":")
    if name == HELP:
        return help_screen(visit, rest)
    if name == SETTINGS:
        return settings_screen(visit)
    if name == SUBSCRIBE:
        return offered(visit, rest)
    if name == WATCH and (watch := watch_of(visit.connection, visit.chat.id, number(rest))) is not None:
        return begun_screen(visit, watch)
    if not visit.private and is_new(visit):
        return hello(visit.voice, visit.chat, visit.username)
    return home(visit)


def looks_up(argument: str) -> bool:
    """Whether the screen has anything to look up, which counts against what a person may have."""
    return _first_watch(argument) is not None


def _first_watch(argument: str) -> str | None:
    """Below which watch the button stands."""
    _, name, rest = (*argument.split(":", 2), "", "")[:3]
    return rest if name == WATCH else None


def look(glance: Glance, argument: str) -> First | None:
    """Below a first watch stands the newest there is of it, in any language."""
    rest = _first_watch(argument)
    watch = watch_of(glance.connection, glance.chat.id, number(rest)) if rest is not None else None
    return None if watch is None else newest(glance, watch.query)


PRESSES = {SPEAK: by_right(change_language)}
LOOKS = {SPEAK: look}
