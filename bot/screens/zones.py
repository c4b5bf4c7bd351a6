"""The clock a chat lives by: chosen among likely cities, by continent, or written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.dialogs import ask
from bot.screens.modes import back_row, changed, gone, heading
from bot.visits import Answer, Visit, in_place, refusal, say
from bot.words.buttons import ZONE, ZONES, button, number, ordered
from bot.words.language import Voice
from bot.words.messages import Button, Keyboard, Message
from bot.words.text import Foreign, shorten
from bot.words.zones import CONTINENTS, city, find_zones, is_zone, likely_zones, zones_of
from monitors.releasing import follow_zone
from monitors.storage.subscriptions import set_zone
from monitors.storage.taking import Taken, find_taken

QUESTION = "zone"
LABEL = 24
MAX_SHOWN = 60
PER_PAGE = 24
_PER_ROW = 2


def zones_screen(visit: Visit, argument: str) -> Answer:
    """`subscription`, `subscription:continent` or `subscription:continent:page`."""
    given, _, rest = argument.partition(":")
    continent, _, page = rest.partition(":")
    taken = find_taken(visit.connection, number(given), visit.chat.id)
    if taken is None:
        return gone(visit)
    if continent in CONTINENTS:
        return say(in_place(visit, _continent(visit, taken, continent, number(page, 0))))
    return say(in_place(visit, _likely(visit, taken)))


def _likely(visit: Visit, taken: Taken) -> Message:
    speech, given = visit.voice, taken.subscription.id
    builder = heading(visit, taken)
    builder.line(speech.say("Which clock do you live by?"))
    parts = [button(speech.say(name), ZONES, f"{given}:{part}") for part, name in CONTINENTS.items()]
    write = (button(speech.say("Write a city"), ZONE, f"{given}:"),)
    rows = (*_zone_rows(speech, taken, likely_zones(speech)), *_in_rows(speech, parts), write, back_row(speech, taken))
    return Message(builder.build(), rows)


def _continent(visit: Visit, taken: Taken, continent: str, page: int) -> Message:
    speech, given = visit.voice, taken.subscription.id
    zones = zones_of(continent, speech)
    last = (len(zones) - 1) // PER_PAGE
    page = min(max(page, 0), last)
    builder = heading(visit, taken)
    builder.line(
        speech.say("{continent}: page {page} of {pages}"),
        continent=speech.say(CONTINENTS[continent]),
        page=page + 1,
        pages=last + 1,
    )
    turning = []
    if page > 0:
        turning.append(button(speech.say("Previous"), ZONES, f"{given}:{continent}:{page - 1}"))
    if page < last:
        turning.append(button(speech.say("Next"), ZONES, f"{given}:{continent}:{page + 1}"))
    back = (button(speech.say("Back"), ZONES, given),)
    rows = _zone_rows(speech, taken, zones[page * PER_PAGE : (page + 1) * PER_PAGE])
    return Message(builder.build(), (*rows, *([ordered(speech, turning)] if turning else []), back))


def _zone_rows(speech: Voice, taken: Taken, zones: Sequence[str]) -> Keyboard:
    buttons = [button(shorten(city(zone, speech), LABEL), ZONE, f"{taken.subscription.id}:{zone}") for zone in zones]
    return _in_rows(speech, buttons)


def _in_rows(speech: Voice, buttons: Sequence[Button]) -> Keyboard:
    return tuple(ordered(speech, buttons[at : at + _PER_ROW]) for at in range(0, len(buttons), _PER_ROW))


def zone_pressed(visit: Visit, argument: str) -> Answer:
    """`subscription:zone`; without a zone it is asked for."""
    given, _, zone = argument.partition(":")
    taken = find_taken(visit.connection, number(given), visit.chat.id)
    if taken is None:
        return gone(visit)
    if (refused := refusal(visit)) is not None:
        return Answer(toast=refused.toast)
    if not zone:
        return say(_question(visit, taken))
    if not is_zone(zone):
        return Answer(toast=visit.voice.say("This button is from an older version."))
    _set(visit, taken, zone)
    return changed(visit, taken)


def zone_written(visit: Visit, text: str, about: Mapping[str, Any]) -> Answer:
    """A city or an IANA name that somebody wrote."""
    taken = find_taken(visit.connection, int(about["subscription"]), visit.chat.id)
    if taken is None:
        return say(Message(visit.builder().line(visit.voice.say("This is not there any more.")).build()))
    if (refused := refusal(visit)) is not None:
        return refused
    match find_zones(text):
        case []:
            return say(_question(visit, taken, unknown=text))
        case [zone]:
            _set(visit, taken, zone)
            return changed(visit, taken)
        case zones:
            speech = visit.voice
            builder = heading(visit, taken).line(speech.say("Which of them?"))
            return say(Message(builder.build(), (*_zone_rows(speech, taken, zones), back_row(speech, taken))))


def _question(visit: Visit, taken: Taken, unknown: str = "") -> Message:
    speech = visit.voice
    builder = heading(visit, taken)
    if unknown:
        wanted = Foreign(shorten(unknown, MAX_SHOWN), ("bold",))
        builder.line(speech.say("I know no clock of {place}. Write the nearest large city."), place=wanted)
    else:
        builder.line(speech.say("Write the name of a large city near you, or a time zone such as Asia/Baghdad."))
    hint = speech.say("A city, or a time zone")
    return ask(visit, QUESTION, Message(builder.build()), hint=hint, subscription=taken.subscription.id)


def _set(visit: Visit, taken: Taken, zone: str) -> None:
    chat_id = taken.subscription.chat_id
    set_zone(visit.connection, chat_id, zone)
    follow_zone(visit.connection, chat_id, zone=zone, now=visit.now)


PRESSES = {ZONES: zones_screen, ZONE: zone_pressed}
QUESTIONS = {QUESTION: zone_written}
