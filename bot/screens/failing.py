"""For operators: sources that fail, why and since when, and what can be done about each."""

from __future__ import annotations

from bot.screens.operators import back_to_operators, for_operators
from bot.screens.paging import page_buttons, page_of
from bot.visits import Answer, Visit, in_place, say
from bot.words.buttons import ABOUT, CRAWL, FAILING, PAUSE, button, number, ordered
from bot.words.failures import GONE, failure_words
from bot.words.messages import Button, Message
from bot.words.text import Foreign, Styled, shorten
from monitors.storage.failing import failing_sources

_LABEL, _MAX_ERROR = 16, 160


def failing_screen(visit: Visit, page: int) -> Message:
    """Those that have failed for longest first, and last those that nobody visits any more."""
    speech = visit.voice
    failing = failing_sources(visit.connection)
    page, some, first = page_of(failing, page)
    builder = visit.builder()
    title = speech.count("{n} source fails", "{n} sources fail", len(failing)).replace("{n}", str(len(failing)))
    builder.line("{title}", title=Styled(title, ("bold",)))
    if any(source.active for _, source in failing):
        builder.line(speech.say("They are visited again by themselves, ever more rarely. In a row:"))
    rows: list[tuple[Button, ...]] = []
    for place, (outlet, source) in enumerate(some, first + 1):
        builder.line()
        builder.line("{place}. {name} · ", place=place, name=Foreign(shorten(outlet.name, 60), ("bold",)))
        if source.active:
            builder.fill(speech.count("{n} time", "{n} times", source.failures), n=source.failures)
        else:
            builder.add(speech.say(GONE))
        builder.line("   {error}", error=Foreign(shorten(failure_words(source.last_error or "", speech), _MAX_ERROR)))
        builder.line("   {address}", address=Foreign(shorten(source.url, 100), ("code",)))
        if source.failing_since is not None:
            at = source.failing_since
            builder.start_line().add("   ").add(speech.say("That began")).add(" ")
            builder.add_time(at)
        about = button(f"{place}. {shorten(outlet.name, _LABEL)}", ABOUT, outlet.id)
        visiting = (button(speech.say("Visit now"), CRAWL, outlet.id), button(speech.say("Pause"), PAUSE, outlet.id))
        rows.append(ordered(speech, (about, *visiting) if source.active else (about,)))
    rows += page_buttons(speech, FAILING, page, len(failing))
    rows.append(ordered(speech, (button(speech.say("Refresh"), FAILING, page), *back_to_operators(visit))))
    return Message(builder.build(), tuple(rows))


def _failing(visit: Visit, argument: str) -> Answer:
    return say(in_place(visit, failing_screen(visit, number(argument, 0))))


PRESSES = {FAILING: for_operators(_failing)}
