"""Visits to outlets and reading of their archives, asked for in the chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.screens.outlet import gone
from bot.screens.outlets import labels, outlet_list
from bot.visits import Answer, Visit, by_right, in_place, outdated, refusal, say
from bot.words.addresses import host_of
from bot.words.buttons import CRAWL, OUTLET, OUTLETS, PAST, STOP, button, number, ordered
from bot.words.language import Voice
from bot.words.messages import Keyboard, Message
from bot.words.text import Foreign, shorten
from monitors.errors import NotFound, UsageError
from monitors.outlets import Outlet, OutletState
from monitors.requests import NewCrawl
from monitors.storage.crawls import Received, Reception, ask, cancel_crawl, show_to
from monitors.storage.outlets import find_outlet, list_outlets
from monitors.text.cleaning import one_line
from monitors.wakeups import DELIVERIES, REQUESTS

MOST_OFFERED = 10
DAYS = (1, 7, 30)
"""How far back the archive may be read from the chat."""


def crawl_command(visit: Visit, arguments: str) -> Answer:
    """`/crawl` offers the outlets, `/crawl NAME` (or host) visits one now."""
    if (refused := refusal(visit)) is not None:
        return refused
    wanted = one_line(arguments)
    if not wanted:
        return say(_choose(visit))
    called = _called(visit, wanted)
    if len(called) == 1:
        return _ask(visit, NewCrawl(called[0].id, visit.chat.id, visit.person_id))
    speech = visit.voice
    text = speech.say("Several outlets are called {wanted}.") if called else speech.say("No outlet is called {wanted}.")
    builder = visit.builder().line(text, wanted=Foreign(shorten(wanted, 100), ("bold",)))
    return say(Message(builder.build()), _choose(visit, called))


def crawl_pressed(visit: Visit, argument: str) -> Answer:
    return _ask(visit, NewCrawl(number(argument), visit.chat.id, visit.person_id))


def past_pressed(visit: Visit, argument: str) -> Answer:
    """`outlet`: how far back? `outlet:days`: reads its archive."""
    outlet_id, _, days = argument.partition(":")
    if not days:
        return _choose_days(visit, number(outlet_id))
    if number(days) not in DAYS:
        return outdated(visit)
    since = visit.now - timedelta(days=number(days))
    return _ask(visit, NewCrawl(number(outlet_id), visit.chat.id, visit.person_id, since=since, alerts=False))


def stop_pressed(visit: Visit, argument: str) -> Answer:
    stopped = cancel_crawl(visit.connection, number(argument), visit.chat.id, now=visit.now)
    if not stopped:
        return Answer(toast=visit.voice.say("It is over already."))
    return Answer(toast=visit.voice.say("Stopped."), kicks=(REQUESTS, DELIVERIES))


def _ask(visit: Visit, wish: NewCrawl) -> Answer:
    """Begun, its message follows by itself; otherwise what there is instead."""
    speech = visit.voice
    per_hour = visit.limits.crawls_per_hour if visit.limits is not None else None
    received = ask(visit.connection, wish, now=visit.now, per_hour=per_hour)
    match received.reception:
        case Reception.BEGUN:
            return Answer(toast=speech.say("On my way."), kicks=(REQUESTS, DELIVERIES))
        case Reception.NOT_FOLLOWED:
            text = _why_not(visit, wish.outlet_id)
            return say(Message(visit.builder().line("{text}", text=text).build()), toast=text)
        case Reception.TOO_MANY:
            return say(_too_many(visit, received))
        case Reception.UNDER_WAY | Reception.RECENT:
            assert received.crawl is not None
            show_to(visit.connection, received.crawl.id, visit.chat.id, now=visit.now)
            toast = (
                speech.say("I am there already.")
                if received.reception is Reception.UNDER_WAY
                else speech.say("I was there a moment ago.")
            )
            return Answer(toast=toast, kicks=(DELIVERIES,))


def _why_not(visit: Visit, outlet_id: int) -> str:
    """Why an outlet is not visited at all."""
    try:
        find_outlet(visit.connection, str(outlet_id))
    except NotFound:
        return gone(visit.voice)
    return visit.voice.say("⏸ It is paused by the operator.")


def _too_many(visit: Visit, received: Received) -> Message:
    limit = visit.limits.crawls_per_hour if visit.limits is not None else 0
    speech = visit.voice
    builder = visit.builder()
    if not limit:
        builder.line(speech.say("Only the operator of this bot may do that."))
        return Message(builder.build())
    text = speech.count("You may ask for {n} visit an hour.", "You may ask for {n} visits an hour.", limit)
    builder.line(text, n=limit)
    if received.again_at is not None:
        builder.start_line().add(speech.say("Your next one:")).add(" ")
        builder.add_time(received.again_at)
    return Message(builder.build())


def _choose_days(visit: Visit, outlet_id: int) -> Answer:
    speech = visit.voice
    try:
        outlet = find_outlet(visit.connection, str(outlet_id))
    except NotFound:
        return Answer(toast=gone(speech))
    builder = visit.builder()
    text = speech.say("How far back shall I read the archive of {outlet}? What I find raises no alerts.")
    builder.line(text, outlet=Foreign(shorten(outlet.name, 80), ("bold",)))
    row = [
        button(speech.count("{n} day", "{n} days", days).replace("{n}", str(days)), PAST, f"{outlet.id}:{days}")
        for days in DAYS
    ]
    back = (button(speech.say("Back"), OUTLET, outlet.id),)
    return say(in_place(visit, Message(builder.build(), (ordered(speech, row), back))))


def _called(visit: Visit, wanted: str) -> list[Outlet]:
    """The outlet that the registry finds by these words; those of this name or host as the list shows them; or those
    whose names have the words somewhere."""
    try:
        return [find_outlet(visit.connection, wanted)]
    except UsageError:  # none or several
        shown, outlets = wanted.casefold(), list_outlets(visit.connection)
        named = [each for each in outlets if shown in (each.name.casefold(), host_of(each.homepage))]
        return named or [each for each in outlets if shown in each.name.casefold()]


def _choose(visit: Visit, among: Sequence[Outlet] = ()) -> Message:
    """Offers to visit one of these outlets, or of all."""
    outlets = among or list_outlets(visit.connection)
    if not outlets:
        return outlet_list(visit)
    builder = visit.builder().line(visit.voice.say("Which outlet shall I visit?"))
    rows = _crawl_buttons(visit.voice, outlets[:MOST_OFFERED])
    if len(outlets) > MOST_OFFERED:
        rows = (*rows, (button(visit.voice.say("All outlets"), OUTLETS, 0),))
    return Message(builder.build(), rows)


def _crawl_buttons(speech: Voice, outlets: Sequence[Outlet]) -> Keyboard:
    visit = speech.say("Visit {outlet}")
    return tuple(
        (button(visit.replace("{outlet}", label), CRAWL, outlet.id),)
        for outlet, label in zip(outlets, labels(outlets), strict=True)
        if outlet.state is OutletState.ACTIVE
    )


COMMANDS = {"crawl": crawl_command}
PRESSES = {CRAWL: by_right(crawl_pressed), STOP: by_right(stop_pressed), PAST: by_right(past_pressed)}
