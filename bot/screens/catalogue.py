"""The catalogue of outlets: by country, or searched by name; each can be followed from here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.dialogs import ask
from bot.screens.paging import page_buttons, page_of
from bot.visits import Answer, Visit, in_place, outdated, say, shown
from bot.words.buttons import (
    CATALOGUE_FIND,
    CATALOGUE_FOUND,
    COUNTRIES,
    COUNTRY,
    HALF_ROW,
    OUTLETS,
    TAKE,
    button,
    in_rows,
    label_of,
    number,
    ordered,
)
from bot.words.language import Voice
from bot.words.messages import Button, Keyboard, Message
from bot.words.naming import flag, language_name, leaning_name
from bot.words.text import RLM, Foreign, Styled, TextBuilder, shorten
from monitors.catalogue import CatalogueEntry
from monitors.countries import country_name
from monitors.storage.catalogue import catalogue_countries, search_catalogue
from monitors.storage.outlets import list_outlets
from monitors.text.cleaning import one_line

COUNTRIES_PER_PAGE = 24


def catalogue_screen(visit: Visit, arguments: str = "") -> Message:
    """`/catalogue` shows the countries, `/catalogue NAME` what is called so."""
    wanted = one_line(arguments)
    return found(visit, wanted) if wanted else countries(visit)


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
    page, shown, _ = page_of(known, page, COUNTRIES_PER_PAGE)
    before = RLM if speech.right_to_left else ""  # to Unicode the letters of a flag are Latin, and would lead the name
    name = {code: f"{before}{flag(code)} {shorten(country_name(code, speech.language), 24)}" for code, _ in shown}
    buttons = [button(f"{name[code]} ({outlets})", COUNTRY, f"{code}::0") for code, outlets in shown]
    rows = in_rows(speech, buttons)
    turns = page_buttons(speech, COUNTRIES, page, len(known), COUNTRIES_PER_PAGE)
    ways = (button(speech.say("Search by name"), CATALOGUE_FIND), button(speech.say("Outlets"), OUTLETS, 0))
    return Message(builder.build(), (*rows, *turns, ordered(speech, ways)))


def country(visit: Visit, argument: str) -> Message:
    """`code:language:page`; all countries where the catalogue has nothing of this one."""
    speech = visit.voice
    code, _, rest = argument.partition(":")
    language, _, page = rest.rpartition(":")
    entries = search_catalogue(visit.connection, country=code)
    if code not in {entry.country for entry in entries}:
        return countries(visit)
    builder = visit.builder()
    builder.line("{title}", title=Styled(f"{flag(code)} {country_name(code, speech.language)}", ("bold",)))
    return _listed(visit, builder, _Listing(COUNTRY, f"{code}:", language), entries, number(page, 0))


def found(visit: Visit, wanted: str, argument: str = "") -> Message:
    """What is called so: `language:page`."""
    speech = visit.voice
    language, _, page = argument.rpartition(":")
    entries = search_catalogue(visit.connection, wanted)
    builder = visit.builder()
    if not entries:
        builder.line(speech.say("The catalogue has nothing called {wanted}."), wanted=Foreign(shorten(wanted, 100)))
        builder.line(speech.say("Send me the address of the outlet, and I look for it."))
        return Message(builder.build(), (_ways(speech),))
    builder.line("🔎 {wanted}", wanted=Foreign(shorten(wanted, 100), ("code",)))
    return _listed(visit, builder, _Listing(CATALOGUE_FOUND, "", language), entries, number(page, 0))


def question(visit: Visit) -> Message:
    speech = visit.voice
    builder = visit.builder().line(speech.say("Which outlet are you looking for? Write its name, or part of it:"))
    return ask(visit, "catalogue", Message(builder.build()), hint=speech.say("Name of an outlet"))


@dataclass(frozen=True, slots=True)
class _Listing:
    """What its buttons do, and carry first; and the language chosen, empty for all."""

    action: str
    of: str
    language: str

    def data(self, language: str, page: int = 0) -> str:
        return f"{self.of}{language}:{page}"


def _listed(
    visit: Visit, builder: TextBuilder, listing: _Listing, entries: Sequence[CatalogueEntry], page: int
) -> Message:
    """A page of the entries, of one language or of all, and a row to choose it where there are several."""
    speech = visit.voice
    languages = Counter(_primary(entry) for entry in entries)
    chosen = [entry for entry in entries if _primary(entry) == listing.language]
    if not chosen:
        listing, chosen = replace(listing, language=""), list(entries)
    page, shown, _ = page_of(chosen, page)
    rows = _add_entries(builder, visit, shown)
    pages = page_buttons(speech, listing.action, page, len(chosen), of=listing.data(listing.language).removesuffix("0"))
    filters = []
    if len(languages) > 1:
        offered = [("", speech.say("All")), *((one, language_name(one, speech)) for one, _ in languages.most_common(3))]
        for language, name in offered:
            label = f"✓ {name}" if language == listing.language else name
            filters.append(button(label_of(label, within=HALF_ROW), listing.action, listing.data(language)))
    return Message(builder.build(), (*rows, *pages, *((ordered(speech, filters),) if filters else ()), _ways(speech)))


def _ways(speech: Voice) -> tuple[Button, ...]:
    back = button(speech.say("All countries"), COUNTRIES, 0)
    return ordered(speech, (back, button(speech.say("Search by name"), CATALOGUE_FIND)))


def _primary(entry: CatalogueEntry) -> str:
    """The language without its region."""
    return entry.language.partition("-")[0].lower()


def _add_entries(builder: TextBuilder, visit: Visit, entries: Sequence[CatalogueEntry]) -> Keyboard:
    """The entries as lines; a row for each that is not followed yet."""
    speech = visit.voice
    open_to = set(not_followed(visit, entries))
    rows = []
    for entry in entries:
        name = entry_name(entry, speech)
        builder.start_line().add_foreign(name, "bold").add(" · ").add_foreign(entry.host)
        builder.start_line().add("   ")
        about = [leaning_name(entry.leaning, speech)] if entry.leaning is not None else []
        if not entry.verified:
            about.append(speech.say("not verified"))
        if entry not in open_to:
            about.append(speech.say("followed"))
        else:
            label = speech.say("Follow {outlet}").replace("{outlet}", name)
            rows.append((button(label_of(label), TAKE, entry.key),))
        builder.add(" · ".join(about))
    return tuple(rows)


def not_followed(visit: Visit, entries: Sequence[CatalogueEntry]) -> list[CatalogueEntry]:
    followed = {_host(outlet.homepage) for outlet in list_outlets(visit.connection)}
    return [entry for entry in entries if entry.host not in followed]


def entry_name(entry: CatalogueEntry, speech: Voice) -> str:
    return entry.name_ar if speech.language == "ar" else entry.name


def _host(homepage: str) -> str:
    return homepage.partition("://")[2].partition("/")[0].removeprefix("www.")


def _catalogue(visit: Visit, arguments: str) -> Answer:
    return say(catalogue_screen(visit, arguments))


def _found_pressed(visit: Visit, argument: str) -> Answer:
    """Another page, or another language, of what the message names."""
    if not visit.quoted:
        return outdated(visit)
    return say(in_place(visit, found(visit, one_line(visit.quoted), argument)))


COMMANDS = {"catalogue": _catalogue, "catalog": _catalogue}
PRESSES = {
    COUNTRIES: shown(lambda visit, argument: countries(visit, number(argument, 0))),
    COUNTRY: shown(country),
    CATALOGUE_FIND: lambda visit, _: say(question(visit)),
    CATALOGUE_FOUND: _found_pressed,
}
QUESTIONS = {"catalogue": lambda visit, words, _: _catalogue(visit, words)}
