"""The catalogue of outlets: by country, or searched by name; each can be followed from here."""

from __future__ import annotations

from collections.abc import Sequence

from bot.screens.outlets import LABEL
from bot.screens.paging import page_buttons, page_of
from bot.visits import Answer, Visit, say, shown
from bot.words.buttons import COUNTRIES, COUNTRY, TAKE, button, number, ordered
from bot.words.language import Voice
from bot.words.messages import Keyboard, Message
from bot.words.naming import country_name, flag, leaning_name
from bot.words.text import Foreign, Styled, TextBuilder, shorten
from monitors.catalogue import CatalogueEntry
from monitors.storage.catalogue import catalogue_countries, search_catalogue
from monitors.storage.outlets import list_outlets
from monitors.text.cleaning import one_line

COUNTRIES_PER_PAGE = 24
_PER_ROW = 2
MOST_FOUND = 10


def catalogue_screen(visit: Visit, arguments: str = "") -> Message:
    """`/catalogue` shows the countries, `/catalogue WORDS` what is called so."""
    wanted = one_line(arguments)
    return _found(visit, wanted) if wanted else countries(visit)


def countries(visit: Visit, page: int = 0) -> Message:
    speech = visit.voice
    known = catalogue_countries(visit.connection)
    builder = visit.builder()
    if not known:
        builder.line(speech.say("The catalogue is empty until the crawler has run once."))
        return Message(builder.build())
    builder.line("{title}", title=Styled(speech.say("Catalogue of outlets"), ("bold",)))
    builder.line(speech.say("Choose a country, or search by name:"))
    builder.line("{example}", example=Foreign(f"/catalogue {speech.say('Al Jazeera')}", ("code",)))
    last = (len(known) - 1) // COUNTRIES_PER_PAGE
    page = min(max(page, 0), last)
    shown = known[page * COUNTRIES_PER_PAGE : (page + 1) * COUNTRIES_PER_PAGE]
    buttons = [
        button(f"{flag(code)} {shorten(country_name(code, speech), 24)} ({outlets})", COUNTRY, f"{code}:0")
        for code, outlets in shown
    ]
    rows = tuple(ordered(speech, buttons[at : at + _PER_ROW]) for at in range(0, len(buttons), _PER_ROW))
    turning = []
    if page > 0:
        turning.append(button(speech.say("Previous"), COUNTRIES, page - 1))
    if page < last:
        turning.append(button(speech.say("Next"), COUNTRIES, page + 1))
    return Message(builder.build(), (*rows, ordered(speech, turning)) if turning else rows)


def country(visit: Visit, argument: str) -> Message:
    """`code:page`; all countries where the catalogue has nothing of this one."""
    speech = visit.voice
    code, _, page_text = argument.partition(":")
    entries = search_catalogue(visit.connection, country=code)
    if code not in {entry.country for entry in entries}:
        return countries(visit)
    builder = visit.builder()
    builder.line("{title}", title=Styled(f"{flag(code)} {country_name(code, speech)}", ("bold",)))
    page, shown, _ = page_of(entries, number(page_text, 0))
    rows = _add_entries(builder, visit, shown)
    back = (button(speech.say("All countries"), COUNTRIES, 0),)
    pages = page_buttons(speech, COUNTRY, page, len(entries), of=f"{code}:")
    return Message(builder.build(), (*rows, *pages, back))


def _found(visit: Visit, wanted: str) -> Message:
    speech = visit.voice
    entries = search_catalogue(visit.connection, wanted)
    builder = visit.builder()
    back = (button(speech.say("All countries"), COUNTRIES, 0),)
    if not entries:
        builder.line(speech.say("The catalogue has nothing called {wanted}."), wanted=Foreign(shorten(wanted, 100)))
        builder.line(speech.say("Send me the address of the outlet, and I look for it."))
        return Message(builder.build(), (back,))
    rows = _add_entries(builder, visit, entries[:MOST_FOUND])
    if (more := len(entries) - MOST_FOUND) > 0:
        builder.line(speech.count("and {n} more", "and {n} more", more), n=more)
    return Message(builder.build(), (*rows, back))


def _add_entries(builder: TextBuilder, visit: Visit, entries: Sequence[CatalogueEntry]) -> Keyboard:
    """The entries as lines; a row for each that is not followed yet."""
    speech = visit.voice
    followed = {_host(outlet.homepage) for outlet in list_outlets(visit.connection)}
    rows = []
    for entry in entries:
        name = _name(entry, speech)
        builder.start_line().add_foreign(name, "bold").add(" · ").add_foreign(entry.host)
        builder.start_line().add("   ")
        about = [leaning_name(entry.leaning, speech)] if entry.leaning is not None else []
        if not entry.verified:
            about.append(speech.say("not verified"))
        if entry.host in followed:
            about.append(speech.say("followed"))
        else:
            label = speech.say("Follow {outlet}").replace("{outlet}", shorten(name, LABEL))
            rows.append((button(label, TAKE, entry.key),))
        builder.add(" · ".join(about))
    return tuple(rows)


def _name(entry: CatalogueEntry, speech: Voice) -> str:
    return entry.name_ar if speech.language == "ar" else entry.name


def _host(homepage: str) -> str:
    return homepage.partition("://")[2].partition("/")[0].removeprefix("www.")


def _catalogue(visit: Visit, arguments: str) -> Answer:
    return say(catalogue_screen(visit, arguments))


COMMANDS = {"catalogue": _catalogue, "catalog": _catalogue}
PRESSES = {
    COUNTRIES: shown(lambda visit, argument: countries(visit, number(argument, 0))),
    COUNTRY: shown(country),
}
