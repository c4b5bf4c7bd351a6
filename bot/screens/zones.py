"""The clock a chat lives by: chosen among likely cities, by continent, or written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.dialogs import ON_SCREEN, ask, listen
from bot.screens.adding import is_address, is_host
from bot.screens.paging import page_of
from bot.screens.rules import back_row, changed, gone, heading
from bot.screens.settings import IN_SETTINGS, settings_screen
from bot.visits import Answer, Visit, in_place, refusal, say
from bot.words.buttons import SETTINGS, WATCH_THIS, ZONE, ZONES, button, in_rows, number, turning
from bot.words.messages import Button, Keyboard, Message
from bot.words.text import Foreign, Styled, TextBuilder, shorten
from bot.words.zones import CONTINENTS, city, find_zones, is_zone, likely_zones, may_be_city, zones_of
from monitors.releasing import follow_zone
from monitors.storage.chats import set_zone, zone_of
from monitors.storage.taking import Taken, find_taken

QUESTION = "zone"
LABEL = 14
"""Of a city, with a space and its time behind it."""
MAX_SHOWN = 60
PER_PAGE = 24
_BESIDES = re.compile(r"[,،] | \(")


@dataclass(frozen=True, slots=True)
class _Clock:
    """Whose clock is chosen: of the chat whose rules these are, or, without them, of the chat one is in."""

    visit: Visit
    taken: Taken | None

    @property
    def given(self) -> int:
        """What buttons call it."""
        return IN_SETTINGS if self.taken is None else self.taken.subscription.id

    @property
    def chat_id(self) -> int:
        return self.visit.chat.id if self.taken is None else self.taken.subscription.chat_id

    def heading(self) -> TextBuilder:
        if self.taken is not None:
            return heading(self.visit, self.taken)
        return self.visit.builder().line("{title}", title=Styled(self.visit.voice.say("Time zone"), ("bold",)))

    def back_row(self) -> tuple[Button, ...]:
        speech = self.visit.voice
        return (button(speech.say("Settings"), SETTINGS),) if self.taken is None else back_row(speech, self.taken)

    def set(self, zone: str) -> Answer:
        set_zone(self.visit.connection, self.chat_id, zone)
        follow_zone(self.visit.connection, self.chat_id, zone=zone, now=self.visit.now)
        if self.taken is not None:
            return changed(self.visit, self.taken)
        return say(in_place(self.visit, settings_screen(self.visit)), toast=self.visit.voice.say("Saved."))


def _clock(visit: Visit, given: int) -> _Clock | None:
    """None for rules that are not there, or not to be changed from here."""
    if given == IN_SETTINGS:
        return _Clock(visit, None)
    taken = find_taken(visit.connection, given, visit.chat.id)
    return None if taken is None else _Clock(visit, taken)


def zones_screen(visit: Visit, argument: str) -> Answer:
    """`subscription`, `subscription:continent` or `subscription:continent:page`; 0 for the chat's own settings."""
    given, _, rest = argument.partition(":")
    continent, _, page = rest.partition(":")
    clock = _clock(visit, number(given))
    if clock is None:
        return gone(visit)
    if visit.private:
        listen(visit, QUESTION, subscription=clock.given)
    if continent in CONTINENTS:
        return say(in_place(visit, _continent(clock, continent, number(page, 0))))
    return say(in_place(visit, _likely(clock)))


def _likely(clock: _Clock) -> Message:
    visit, given = clock.visit, clock.given
    speech = visit.voice
    builder = clock.heading()
    builder.line(speech.say("Which city's clock shall count?"))
    now = zone_of(visit.connection, clock.chat_id) or visit.zone
    builder.line(speech.say("Now it is that of {city}."), city=Styled(_timed(clock, now), ("bold",)))
    if visit.private:
        builder.line(speech.say("Choose, or write me a large city nearby."))
    parts = [button(speech.say(name), ZONES, f"{given}:{part}") for part, name in CONTINENTS.items()]
    write = (button(speech.say("Write a city"), ZONE, f"{given}:"),)
    rows = (*_zone_rows(clock, likely_zones(speech)), *in_rows(speech, parts), write, clock.back_row())
    return Message(builder.build(), rows)


def _continent(clock: _Clock, continent: str, page: int) -> Message:
    speech, given = clock.visit.voice, clock.given
    zones = zones_of(continent, speech)
    page, some, _ = page_of(zones, page, PER_PAGE)
    last = (len(zones) - 1) // PER_PAGE
    builder = clock.heading()
    builder.line(
        speech.say("{continent}: page {page} of {pages}"),
        continent=speech.say(CONTINENTS[continent]),
        page=page + 1,
        pages=last + 1,
    )
    back = (button(speech.say("Back"), ZONES, given),)
    turns = turning(speech, ZONES, page, last=last, of=f"{given}:{continent}:")
    return Message(builder.build(), (*_zone_rows(clock, some), *turns, back))


def _zone_rows(clock: _Clock, zones: Sequence[str]) -> Keyboard:
    buttons = [button(_timed(clock, zone), ZONE, f"{clock.given}:{zone}") for zone in zones]
    return in_rows(clock.visit.voice, buttons)


def _timed(clock: _Clock, zone: str) -> str:
    """The city and what time it is there, by which people know their own."""
    now = clock.visit.now.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    return f"{_short(city(zone, clock.visit.voice))} {now}"


def _short(name: str) -> str:
    """Without the state it lies in or its other name, where those would not fit: "Marengo, Indiana"."""
    return name if len(name) <= LABEL else shorten(_BESIDES.split(name)[0], LABEL)


def zone_pressed(visit: Visit, argument: str) -> Answer:
    """`subscription:zone`; without a zone it is asked for."""
    given, _, zone = argument.partition(":")
    clock = _clock(visit, number(given))
    if clock is None:
        return gone(visit)
    if (refused := refusal(visit)) is not None:
        return Answer(toast=refused.toast)
    if not zone:
        return say(_question(clock))
    if not is_zone(zone):
        return Answer(toast=visit.voice.say("This button is from an older version."))
    return clock.set(zone)


def zone_written(visit: Visit, text: str, about: Mapping[str, Any]) -> Answer:
    """A city or an IANA name that somebody wrote."""
    clock = _clock(visit, int(about["subscription"]))
    if clock is None:
        return say(Message(visit.builder().line(visit.voice.say("This is not there any more.")).build()))
    if (refused := refusal(visit)) is not None:
        return refused
    match find_zones(text):
        case []:
            return say(_question(clock, unknown=text))
        case [zone] if ON_SCREEN in about:
            return say(_understood(clock, text, zone))
        case [zone]:
            return clock.set(zone)
        case zones:
            builder = clock.heading().line("{text}", text=Foreign(text, ("code",)))
            builder.line(visit.voice.say("Which of them?"))
            rows = (*_zone_rows(clock, zones), *_instead(visit), clock.back_row())
            return say(Message(builder.build(), rows))


def _understood(clock: _Clock, text: str, zone: str) -> Message:
    """Nobody had asked for words: they may have been meant otherwise, and what they did can be undone."""
    visit, speech = clock.visit, clock.visit.voice
    before = zone_of(visit.connection, clock.chat_id) or visit.zone
    clock.set(zone)
    builder = clock.heading()
    builder.line(
        speech.say("I took {text} for a city. The clock is that of {city} now, where it is {time}."),
        text=Foreign(text, ("code",)),
        city=Foreign(city(zone, speech), ("bold",)),
        time=f"{visit.now.astimezone(ZoneInfo(zone)):%H:%M}",
    )
    back = _zone_rows(clock, [before]) if before != zone else ()
    return Message(builder.build(), (*_instead(visit), *back, clock.back_row()))


def _instead(visit: Visit) -> Keyboard:
    """For words that stand in the message and may be no city at all."""
    return ((button(visit.voice.say("Watch this instead"), WATCH_THIS),),) if visit.private else ()


def _question(clock: _Clock, unknown: str = "") -> Message:
    visit, speech = clock.visit, clock.visit.voice
    builder = clock.heading()
    if not unknown:
        builder.line(speech.say("Write the name of a large city nearby, or a time zone such as Asia/Baghdad."))
    else:
        place = Foreign(unknown if visit.private else shorten(unknown, MAX_SHOWN), ("code",))
        builder.line(speech.say("I do not know the time in {place}. Write the nearest large city."), place=place)
    if unknown and visit.private:
        listen(visit, QUESTION, subscription=clock.given)
        choose = (button(speech.say("Choose a city"), ZONES, clock.given),)
        return Message(builder.build(), (*_instead(visit), choose, clock.back_row()))
    hint = speech.say("A city, or a time zone")
    return ask(visit, QUESTION, Message(builder.build()), hint=hint, subscription=clock.given)


def _may_be_city(text: str) -> bool:
    return may_be_city(text) and not is_address(text) and not is_host(text)


PRESSES = {ZONES: zones_screen, ZONE: zone_pressed}
QUESTIONS = {QUESTION: zone_written}
FITS = {QUESTION: _may_be_city}
