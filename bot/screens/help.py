"""The help: what to do first, and a section for each thing that people do here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.screens.welcome import MENU
from bot.visits import Answer, Visit, say, shown, to_watches
from bot.words.buttons import (
    COUNTRIES,
    HELP,
    OUTLETS,
    SEARCH,
    SETTINGS,
    TIMES,
    WATCHES,
    button,
    home,
    ordered,
    other_languages,
)
from bot.words.language import Voice, message
from bot.words.messages import Button, Message
from bot.words.text import Foreign, Styled, TextBuilder
from bot.words.watchlists import example

_ORDERS = {
    "/watch add": message("add watches, one on each line"),
    "/watch remove": message("remove one, by its number or its words"),
    "/watch list": message("see them all"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """`commands` are names in the menu, `leads` (label, action, argument) of screens that it is about."""

    title: str
    commands: Sequence[str] = ()
    says: Sequence[str] = ()
    leads: Sequence[tuple[str, str, str | int]] = ()


SECTIONS: Mapping[str, Section] = {
    "watches": Section(
        message("Watches"),
        ("watches",),
        (message("Several lines at once are a watch each; so is a file with a watch on each line."),),
        ((message("Watches"), WATCHES, 0),),
    ),
    "words": Section(
        message("What a watch may say"),
        (),
        (
            message("Words side by side are a phrase; quotation marks say so explicitly."),
            message("AND, OR, NOT and parentheses combine words. Capital letters, please."),
            message("-word leaves out what has it; =word wants just these letters; ~word takes wider forms."),
            message("Arabic words are found in all their spellings, also with al-, wa-, bi- and the like before them."),
        ),
    ),
    "alerts": Section(
        message("Alerts"),
        ("times", "mute", "saved", "why"),
        (message("Under each alert you can mute, save, and ask why it came."),),
        ((message("⏰ When and how"), TIMES, 0),),
    ),
    "outlets": Section(
        message("Outlets"),
        ("outlets", "catalogue", "add", "crawl"),
        (
            message("Send me any address: a home page, a section, a feed, a channel. I show what is there."),
            message("Or a list of outlets from another reader, as a file (OPML)."),
        ),
        ((message("Outlets"), OUTLETS, 0), (message("Catalogue"), COUNTRIES, 0)),
    ),
    "search": Section(
        message("Search"),
        ("search", "stats"),
        (message("In any other chat, my name and a query offer articles to share, where that is switched on."),),
        ((message("Search"), SEARCH, ""),),
    ),
    "places": Section(
        message("Groups and sharing"),
        ("places", "subscriptions"),
        (message("A watchlist can be told in groups, topics and channels, and shared by a link."),),
    ),
    "settings": Section(
        message("Settings"),
        ("settings",),
        (message("/export sends all that is yours as a file, /privacy says what is kept, /deleteme deletes it."),),
        ((message("Settings"), SETTINGS, ""),),
    ),
    "commands": Section(message("All commands"), tuple(MENU)),
}


def help_screen(visit: Visit, named: str = "") -> Message:
    """A section, or without one what there is."""
    speech, builder = visit.voice, visit.builder()
    section = SECTIONS.get(named)
    if section is None:
        return _contents(builder, speech, private=visit.private)
    builder.line("{title}", title=Styled(speech.say(section.title), ("bold",)))
    for name in section.commands:
        builder.line("{command} – {meaning}", command=f"/{name}", meaning=speech.say(MENU[name]))
    for shape, meaning in _ORDERS.items() if named == "watches" else ():
        builder.line("{shape} – {meaning}", shape=Foreign(shape, ("code",)), meaning=speech.say(meaning))
    for sentence in section.says:
        builder.line(speech.say(sentence))
    leads = [_lead(visit, *lead) for lead in section.leads]
    rows = [ordered(speech, leads)] if leads else []
    back = (button(speech.say("Help"), HELP), *other_languages(speech, f"{HELP}:{named}"))
    return Message(builder.build(), (*rows, ordered(speech, back)))


def _lead(visit: Visit, label: str, action: str, argument: str | int) -> Button:
    return to_watches(visit) if action == WATCHES else button(visit.voice.say(label), action, argument)


def _contents(builder: TextBuilder, speech: Voice, *, private: bool) -> Message:
    """In a group only commands are heard."""
    builder.line("{title}", title=Styled(speech.say("How everything works"), ("bold",)))
    if private:
        builder.line(
            speech.say("Write me a word or a name, and I watch for it: I tell you of every article that has it.")
        )
        builder.line(
            speech.say("Send me an address, and I show what can be followed there, or why its article came or not.")
        )
    else:
        builder.line(speech.say("In a group I hear commands and buttons only, for example:"))
        builder.line("{example}", example=Foreign(example(speech), ("code",)))
    builder.line(speech.say("All else is behind buttons, and these say more:"))
    named = [button(speech.say(section.title), HELP, key) for key, section in SECTIONS.items()]
    pairs: list[tuple[Button, ...]] = [ordered(speech, named[at : at + 2]) for at in range(0, len(named), 2)]
    return Message(builder.build(), (*pairs, ordered(speech, (home(speech), *other_languages(speech, HELP)))))


def _help(visit: Visit, _: str) -> Answer:
    return say(help_screen(visit))


COMMANDS = {"help": _help}
PRESSES = {HELP: shown(help_screen)}
