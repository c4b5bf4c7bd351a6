"""The outlets and the languages that a watchlist looks at: each a button that takes it in or leaves it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.dialogs import ask
from bot.screens.adding import take_pressed
from bot.screens.catalogue import entry_name, not_followed
from bot.screens.limited import add_limits
from bot.screens.limits import change_limits
from bot.screens.outlets import labels
from bot.screens.paging import page_buttons, page_of
from bot.screens.watchlists import of_list
from bot.visits import Answer, Visit, by_right, in_place, refusal, say
from bot.words.buttons import (
    COUNTRIES,
    FIND_OUTLETS,
    IN_LANGUAGE,
    IN_LANGUAGES,
    LIMITS,
    OF_ENTRY,
    OF_OUTLET,
    OF_OUTLETS,
    button,
    in_rows,
    label_of,
    number,
    ordered,
)
from bot.words.messages import Button, Message
from bot.words.naming import language_name
from monitors.outlets import Outlet
from monitors.query.language.language_names import language_named
from monitors.storage.catalogue import search_catalogue
from monitors.storage.outlets import list_outlets
from monitors.storage.watchlists import find_watchlist
from monitors.text.cleaning import one_line
from monitors.watchlists import Watchlist

NAMED, LANGUAGE = "outlets_of_list", "language_of_list"
_ANY = "any"
_MOST_FOUND = 20
_LANGUAGES = ("ar", "en")
_PER_ROW = 3


def outlets_screen(visit: Visit, watchlist: Watchlist, page: int = 0, named: str | None = None) -> Message:
    """The outlets that are followed, those that the list looks at first; only such as are `named` so, and what the
    catalogue has besides."""
    speech = visit.voice
    builder = visit.builder()
    builder.line(speech.say("Which outlets shall the list look at? Press those you want; none means all."))
    add_limits(builder, visit, watchlist)
    chosen = set(watchlist.outlets or ())
    followed = sorted(list_outlets(visit.connection), key=lambda outlet: outlet.id not in chosen)
    if named is not None:
        followed = [outlet for outlet in followed if _is_called(outlet, named)][:_MOST_FOUND]
    entries = [] if named is None else not_followed(visit, search_catalogue(visit.connection, named))[:_MOST_FOUND]
    if named is None:
        builder.line(speech.say("Search by name finds those of the catalogue, too."))
    elif entries:
        builder.line(speech.say("Nobody follows those with ➕ yet: press one, and I look there first."))
    elif not followed:
        builder.line(speech.say("No outlet that is followed or in the catalogue is called so."))
    page, shown, _ = page_of(followed, page) if named is None else (0, followed, 0)
    rows = tuple(
        (button(_marked(label, on=outlet.id in chosen), OF_OUTLET, f"{watchlist.id}:{outlet.id}:{page}"),)
        for outlet, label in zip(shown, labels(shown), strict=True)
    )
    rows += tuple(
        (button(label_of(entry_name(entry, speech), "➕ "), OF_ENTRY, f"{watchlist.id}:{entry.key}"),)
        for entry in entries
    )
    pages = page_buttons(speech, OF_OUTLETS, page, len(followed), of=f"{watchlist.id}:") if named is None else ()
    finding = (
        button(speech.say("Search by name"), FIND_OUTLETS, watchlist.id),
        button(speech.say("Catalogue"), COUNTRIES, 0),
    )
    everything = button(speech.say("All outlets"), OF_OUTLET, f"{watchlist.id}:{_ANY}:0")
    last = (*((everything,) if chosen else ()), *_back(visit, watchlist))
    return Message(builder.build(), (*rows, *pages, ordered(speech, finding), ordered(speech, last)))


def languages_screen(visit: Visit, watchlist: Watchlist) -> Message:
    """The languages of the outlets that are followed, and any other by its name."""
    speech = visit.voice
    builder = visit.builder()
    builder.line(speech.say("In which languages shall the list look? Press those you want; none means all."))
    add_limits(builder, visit, watchlist)
    chosen = watchlist.languages or ()
    spoken = {(outlet.language or "").partition("-")[0].lower() for outlet in list_outlets(visit.connection)}
    codes = list(dict.fromkeys((*_LANGUAGES, *chosen, *sorted(spoken - {""}))))
    buttons = [
        button(_marked(language_name(code, speech), on=code in chosen), IN_LANGUAGE, f"{watchlist.id}:{code}")
        for code in codes
    ]
    other = [button(speech.say("Another language"), IN_LANGUAGE, f"{watchlist.id}:")]
    if chosen:
        other.append(button(speech.say("All languages"), IN_LANGUAGE, f"{watchlist.id}:{_ANY}"))
    rows = in_rows(speech, buttons, _PER_ROW)
    return Message(builder.build(), (*rows, ordered(speech, other), _back(visit, watchlist)))


def _marked(label: str, *, on: bool) -> str:
    return f"✅ {label}" if on else label


def _back(visit: Visit, watchlist: Watchlist) -> tuple[Button, ...]:
    return (button(f"↩ {visit.voice.say('Back')}", LIMITS, watchlist.id),)


def _is_called(outlet: Outlet, named: str) -> bool:
    return named.casefold() in f"{outlet.name} {outlet.homepage}".casefold()


def _outlet_pressed(visit: Visit, watchlist: Watchlist, rest: str) -> Answer:
    """Taken in, or left out again; without any the list looks at all."""
    wanted, _, page = rest.partition(":")
    chosen = set(watchlist.outlets or ())
    if wanted == _ANY:
        chosen = set()
    elif any(outlet.id == number(wanted) for outlet in list_outlets(visit.connection)):
        chosen ^= {number(wanted)}
    else:
        chosen.discard(number(wanted))
    changed = change_limits(visit, watchlist, outlets=tuple(sorted(chosen)) or None)
    return say(in_place(visit, outlets_screen(visit, changed, number(page, 0))))


def _entry_pressed(visit: Visit, watchlist: Watchlist, key: str) -> Answer:
    return take_pressed(visit, key, watchlist_id=watchlist.id)


def _language_pressed(visit: Visit, watchlist: Watchlist, code: str) -> Answer:
    if not code:
        question = Message(visit.builder().line(visit.voice.say("Which language? Write its name.")).build())
        return say(ask(visit, LANGUAGE, question, hint=visit.voice.say("French, fr …"), watchlist=watchlist.id))
    if code != _ANY and language_named(code) is None:
        return Answer(toast=visit.voice.say("I do not know this language."))
    changed = _toggled(visit, watchlist, code)
    return say(in_place(visit, languages_screen(visit, changed)))


def _toggled(visit: Visit, watchlist: Watchlist, code: str) -> Watchlist:
    chosen = set() if code == _ANY else set(watchlist.languages or ()) ^ {code}
    return change_limits(visit, watchlist, languages=tuple(sorted(chosen)) or None)


def _ask_name(visit: Visit, watchlist: Watchlist, _: str) -> Answer:
    speech = visit.voice
    question = Message(
        visit.builder().line(speech.say("What is the outlet called? A part of its name is enough.")).build()
    )
    return say(ask(visit, NAMED, question, hint=speech.say("a name"), watchlist=watchlist.id))


def _named(visit: Visit, text: str, about: Mapping[str, Any]) -> Answer:
    return _for_list(visit, about, lambda watchlist: outlets_screen(visit, watchlist, named=one_line(text)))


def _language_named(visit: Visit, text: str, about: Mapping[str, Any]) -> Answer:
    code = language_named(one_line(text))
    if code is None:
        unknown = Message(visit.builder().line(visit.voice.say("I do not know this language.")).build())
        return Answer((unknown,), unanswered=True)
    code = code.partition("-")[0]

    def with_it(watchlist: Watchlist) -> Message:
        there = code in (watchlist.languages or ())
        return languages_screen(visit, watchlist if there else _toggled(visit, watchlist, code))

    return _for_list(visit, about, with_it)


def _for_list(visit: Visit, about: Mapping[str, Any], screen: Callable[[Watchlist], Message]) -> Answer:
    if (refused := refusal(visit)) is not None:
        return refused
    watchlist = find_watchlist(visit.connection, visit.chat.id, int(about.get("watchlist", -1)))
    if watchlist is None:
        return say(Message(visit.builder().line(visit.voice.say("It is not there any more.")).build()))
    return say(screen(watchlist))


QUESTIONS = {NAMED: _named, LANGUAGE: _language_named}
PRESSES = {
    OF_OUTLETS: of_list(lambda visit, one, page: say(in_place(visit, outlets_screen(visit, one, number(page, 0))))),
    IN_LANGUAGES: of_list(lambda visit, one, _: say(in_place(visit, languages_screen(visit, one)))),
    OF_ENTRY: by_right(of_list(_entry_pressed)),
    OF_OUTLET: by_right(of_list(_outlet_pressed)),
    IN_LANGUAGE: by_right(of_list(_language_pressed)),
    FIND_OUTLETS: by_right(of_list(_ask_name)),
}
