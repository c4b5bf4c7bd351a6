"""For operators: how people come in, as the settings say or as chosen here, which counts at once and everywhere."""

from __future__ import annotations

from bot.screens.operators import back_to_operators, for_operators
from bot.visits import Answer, Visit, in_place, outdated, say
from bot.words.buttons import ACCESS, PEOPLE, SET_ACCESS, button, ordered
from bot.words.language import message
from bot.words.messages import Button, Message
from bot.words.naming import access_meaning
from bot.words.text import Foreign, Styled, TextBuilder
from monitors.people import Access
from monitors.storage.doors import (
    access_of,
    choose_access,
    chosen_access,
    count_outside,
    count_unlisted,
    list_everybody,
)
from monitors.storage.people import open_invitations
from monitors.wakeups import DELIVERIES

SETTINGS, KEEP = "settings", "keep"
"""In buttons: whatever the settings say; and whoever is in is let in."""

_LABELS = {
    Access.OPEN: message("Open to everybody"),
    Access.INVITE: message("By invitation"),
    Access.LIST: message("By list alone"),
}


def access_screen(visit: Visit) -> Message:
    """What counts now, why, and what else could."""
    speech, chosen = visit.voice, chosen_access(visit.connection)
    access = access_of(visit.connection, visit.telegram)
    builder = _titled(visit).line("{meaning}", meaning=access_meaning(access, speech))
    setting = Foreign(f'access = "{visit.telegram.access}"', ("code",))
    if chosen is None:
        builder.line(speech.say("So says rasid.toml: {setting}. What is chosen here counts instead."), setting=setting)
    else:
        builder.line(speech.say("An operator chose that here. rasid.toml says {setting}."), setting=setting)
    if access is not Access.OPEN and (outside := count_outside(visit.connection)):
        text = speech.count(
            "{n} person who was here is not let in and is told nothing.",
            "{n} people who were here are not let in and are told nothing.",
            outside,
        )
        builder.line(text, n=outside)
    others = [button(speech.say(_LABELS[one]), ACCESS, one) for one in Access if one is not access]
    rows: list[tuple[Button, ...]] = [ordered(speech, others)]
    if chosen is not None:
        rows.append((button(speech.say("As rasid.toml says"), ACCESS, SETTINGS),))
    rows.append(ordered(speech, (button(speech.say("People"), PEOPLE, 0), *back_to_operators(visit))))
    return Message(builder.build(), tuple(rows))


def question(visit: Visit, argument: str) -> Message:
    """What changes for whom, before it does."""
    speech, wanted = visit.voice, _wanted(visit, argument)
    builder = _titled(visit).line(speech.say("If you change it:"))
    builder.line("{meaning}", meaning=access_meaning(wanted, speech))
    acts = [button(speech.say("Change it"), SET_ACCESS, argument)]
    unlisted = count_unlisted(visit.connection, visit.telegram)
    if wanted is Access.OPEN:
        outside = count_outside(visit.connection)
        text = speech.count(
            "{n} person who is not let in now is told everything again.",
            "{n} people who are not let in now are told everything again.",
            outside,
        )
        builder.line(text, n=outside)
    elif unlisted:
        text = speech.count(
            "{n} person uses the bot whom no operator let in.",
            "{n} people use the bot whom no operator let in.",
            unlisted,
        )
        builder.line(text, n=unlisted)
        builder.line(speech.say("They can be let in now."))
        builder.line(speech.say("If not, they and the groups they manage are told nothing until they are let in."))
        acts = [
            button(speech.say("Let them in"), SET_ACCESS, f"{argument}:{KEEP}"),
            button(speech.say("Leave them out"), SET_ACCESS, argument),
        ]
    else:
        builder.line(speech.say("Nobody who is in now is left out."))
    _add_invitations(builder, visit, wanted)
    back = (button(speech.say("Leave it as it is"), ACCESS),)
    return Message(builder.build(), (ordered(speech, acts), back))


def access_pressed(visit: Visit, argument: str) -> Answer:
    if argument and _known(argument) is None:
        return outdated(visit)
    return say(in_place(visit, question(visit, argument) if argument else access_screen(visit)))


def set_pressed(visit: Visit, argument: str) -> Answer:
    """Done at once; whoever is in is let in before the doors are shut."""
    wanted, _, keep = argument.partition(":")
    if _known(wanted) is None or keep not in ("", KEEP):
        return outdated(visit)
    if keep:
        list_everybody(visit.connection, visit.telegram, by_id=visit.person_id, now=visit.now)
    choose_access(visit.connection, None if wanted == SETTINGS else Access(wanted), visit.telegram)
    return say(in_place(visit, access_screen(visit)), toast=visit.voice.say("Changed."), kicks=(DELIVERIES,))


def _titled(visit: Visit) -> TextBuilder:
    return visit.builder().line("{title}", title=Styled(visit.voice.say("Who is let in"), ("bold",)))


def _add_invitations(builder: TextBuilder, visit: Visit, wanted: Access) -> None:
    now, count = access_of(visit.connection, visit.telegram), len(open_invitations(visit.connection, now=visit.now))
    if count and (now is Access.INVITE) != (wanted is Access.INVITE):
        speech = visit.voice
        text = (
            speech.say("Invitations that were made let people in again: {n}")
            if wanted is Access.INVITE
            else speech.say("Invitations that let nobody in from then on: {n}")
        )
        builder.line(text, n=count)


def _known(argument: str) -> str | None:
    return argument if argument in (SETTINGS, *Access) else None


def _wanted(visit: Visit, argument: str) -> Access:
    return visit.telegram.access if argument == SETTINGS else Access(argument)


PRESSES = {ACCESS: for_operators(access_pressed), SET_ACCESS: for_operators(set_pressed)}
