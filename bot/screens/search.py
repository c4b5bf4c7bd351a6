"""The archive searched: `/search`, the answer to «what for?», and pages that are turned in place."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.dialogs import ask
from bot.screens.saving import preview
from bot.screens.trying import Trial, main_list, try_for
from bot.visits import Answer, Glance, Visit, by_right, in_place, in_short, say
from bot.words.buttons import FOUND, SEARCH, SEARCH_THIS, WATCH_SEARCH, WITHIN, button, home, number, ordered, turning
from bot.words.messages import Button, Keyboard, Message
from bot.words.queries import query_in_words
from bot.words.query_errors import add_query_error
from bot.words.results import add_result, add_unread, how_many
from bot.words.text import Foreign, Styled, TextBuilder
from monitors.errors import QueryError
from monitors.query.language.grammar import parse
from monitors.query.language.printing import show
from monitors.query.tree import Query
from monitors.respelling import meant_by
from monitors.searching import Page, Scope, count_found, search
from monitors.storage.articles import get_articles
from monitors.storage.searches import SavedSearch, get_search, keep_search, open_search
from monitors.storage.words import count_unread
from monitors.text.cleaning import clean, one_line

PER_PAGE = 5
MOST_PAGES = 200
"""Nobody turns farther, and a row remembers where each page begins."""
SPANS = (7, 30, 0)
"""Days that can be chosen to look back; 0: everything."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found. `total` is None when only reading everything would tell, `unread` how many articles cannot be
    found yet; `meant` is what was probably meant, where nothing is found."""

    query: Query
    page: Page
    total: int | None
    unread: int
    meant: Query | None = None


Look = Seen | QueryError | None
"""None: there was nothing to search for."""


def look_new(glance: Glance, words: str) -> Look:
    return _first_page(glance, words)


def look_like(glance: Glance, words: str, like_id: int) -> Look:
    """The first page of others that are like this article."""
    return _seen(glance, words, None, None, like_id)


def look_quoted(glance: Glance, _: str) -> Look:
    return _first_page(glance, glance.quoted or "")


def look_page(glance: Glance, argument: str) -> Look:
    """A page of a search whose row says where it begins."""
    kept, page = _named(glance, argument)
    if kept is None or not 0 <= page < len(kept.starts):
        return None
    return _seen(glance, kept.query, kept.days, kept.starts[page], kept.like_id)


def look_within(glance: Glance, argument: str) -> Look:
    kept, days = _named(glance, argument)
    return None if kept is None or days not in SPANS else _seen(glance, kept.query, days or None, None, kept.like_id)


def look_at_watch(glance: Glance, argument: str) -> Trial | None:
    """What watching it would have brought."""
    kept, _ = _named(glance, argument)
    return None if kept is None else try_for(glance, kept.query, "l0")


def search_command(visit: Visit, words: str, like_id: int | None = None) -> Answer:
    """Answers what was looked up of these words; asks for some without any."""
    match visit.seen:
        case QueryError():
            return say(_mistaken(visit, visit.seen))
        case Seen():
            kept = open_search(visit.connection, visit.chat.id, _query_of(words), now=visit.now, like_id=like_id)
            return say(_results(visit, visit.seen, kept, 0))
        case _:
            return say(question(visit))


def question(visit: Visit) -> Message:
    speech = visit.voice
    builder = visit.builder().line(speech.say("What shall I search the archive for?"))
    builder.line(speech.say("Words as in a watch, for example:"))
    builder.line("{example}", example=Foreign(speech.say("Gaza AND aid"), ("code",)))
    hint = speech.say("Words to search for")
    return ask(visit, "search", Message(builder.build()), hint=hint)


def too_many(visit: Visit, most: int, again_in_s: float) -> Answer:
    """For somebody who has had all that one person may have looked up in an hour."""
    speech, minutes = visit.voice, math.ceil(again_in_s / 60)
    if most:
        had = speech.count("You had {n} lookup in the last hour.", "You had {n} lookups in the last hour.", most)
        next_one = speech.count("The next is possible in {n} minute.", "The next is possible in {n} minutes.", minutes)
        text = f"{had.format(n=most)} {next_one.format(n=minutes)}"
    else:
        text = speech.say("Searching is left to the operators here.")
    return in_short(visit, text)


def page_pressed(visit: Visit, argument: str) -> Answer:
    kept, page = _named(visit, argument)
    return _turned(visit, kept, page)


def within_pressed(visit: Visit, argument: str) -> Answer:
    kept, days = _named(visit, argument)
    kept = kept and replace(kept, days=days or None, starts=(None,))
    return _turned(visit, kept, 0)


def watch_pressed(visit: Visit, argument: str) -> Answer:
    kept, _ = _named(visit, argument)
    if kept is None:
        return _forgotten(visit)
    return say(preview(visit, main_list(visit.connection, visit.chat.id), kept.query))


def _turned(visit: Visit, kept: SavedSearch | None, page: int) -> Answer:
    if kept is None or not isinstance(visit.seen, Seen):
        return _forgotten(visit)
    return say(in_place(visit, _results(visit, visit.seen, kept, page)))


def _forgotten(visit: Visit) -> Answer:
    return Answer(toast=visit.voice.say("This search is from long ago. Please search again."))


def _named(there: Visit | Glance, argument: str) -> tuple[SavedSearch | None, int]:
    """The search of this chat, and the number after its own, -1 for none; anybody can send any."""
    search_id, _, rest = argument.partition(":")
    return get_search(there.connection, there.chat.id, number(search_id)), number(rest)


def _query_of(words: str) -> str:
    return one_line(clean(words))


def _first_page(glance: Glance, words: str) -> Look:
    query = _query_of(words)
    return _seen(glance, query, None, None) if query else None


def _seen(
    glance: Glance, words: str, days: int | None, start: int | None, like_id: int | None = None
) -> Seen | QueryError:
    try:
        query = parse(words)
    except QueryError as error:
        return error
    connection, scope = glance.connection, _scope(glance, days, like_id)
    page = search(connection, query, scope, limit=PER_PAGE, before=start)
    whole = start is None and page.next is None
    counted = None if scope.but is not None else count_found(connection, query, scope)  # its copies would be counted
    total = len(page.items) if whole else counted
    meant = meant_by(connection, query, scope) if whole and not page.items else None
    return Seen(query, page, total, count_unread(connection), meant)


def _scope(glance: Glance, days: int | None, like_id: int | None) -> Scope:
    since = glance.now - timedelta(days=days) if days is not None else None
    like = get_articles(glance.connection, [like_id]) if like_id is not None else []
    return Scope(since=since, but=like[0] if like else None)


def _mistaken(visit: Visit, error: QueryError) -> Message:
    speech = visit.voice
    builder = visit.builder().line(speech.say("I cannot search for this:"))
    add_query_error(builder, error, speech)
    buttons = [button(speech.say("Search again"), SEARCH)]
    if error.suggestion:
        buttons = [*_what_was_meant(visit, error.suggestion), *buttons]
    return Message(builder.build(), (ordered(speech, buttons), (home(speech),)))


def _results(visit: Visit, seen: Seen, kept: SavedSearch, page: int) -> Message:
    """The page as a message; where the next one begins is written down."""
    if seen.page.next is not None and len(kept.starts) == page + 1 and page + 1 < MOST_PAGES:
        kept = replace(kept, starts=(*kept.starts, seen.page.next))
    keep_search(visit.connection, kept, now=visit.now)
    builder = visit.builder()
    _add_head(builder, visit, seen, kept, page)
    for place, found in enumerate(seen.page.items, page * PER_PAGE + 1):
        builder.line()
        add_result(builder, place, found, visit.voice)
    _add_limits(builder, visit, seen)
    rows = _keyboard(visit, kept, page)
    return Message(builder.build(), rows if seen.meant is None else (_what_was_meant(visit, show(seen.meant)), *rows))


def _what_was_meant(visit: Visit, query: str) -> tuple[Button, ...]:
    kept = open_search(visit.connection, visit.chat.id, query, now=visit.now)
    return (button(visit.voice.say("Search what I meant"), FOUND, f"{kept.id}:0"),)


def _add_head(builder: TextBuilder, visit: Visit, seen: Seen, kept: SavedSearch, page: int) -> None:
    speech = visit.voice
    builder.line("🔎 {query}", query=Foreign(kept.query, ("code",)))
    if meaning := query_in_words(seen.query, speech):
        builder.line(speech.say("That is: {meaning}."), meaning=Foreign(meaning))
    if seen.page.items or page:
        count = speech.say("more than one page") if seen.total is None else how_many(seen.total, speech)
        builder.line("{count}", count=Styled(count, ("bold",)))
        if page:
            builder.add(" · ").fill(speech.say("page {n}"), n=page + 1)
    else:
        builder.line("{nothing}", nothing=Styled(speech.say("Nothing found"), ("bold",)))
        if seen.meant is not None:
            builder.line(speech.say("Did you mean {query}?"), query=Foreign(show(seen.meant), ("bold",)))
    if kept.days is not None:
        builder.add(" · ").fill(speech.count("the last {n} day", "the last {n} days", kept.days), n=kept.days)


def _add_limits(builder: TextBuilder, visit: Visit, seen: Seen) -> None:
    """What was not searched is said."""
    speech = visit.voice
    if seen.page.stopped and seen.page.next is not None:
        builder.line()
        builder.line(speech.say("Older articles were not searched yet: “Next” goes on with them."))
    if seen.unread:
        builder.line()
        add_unread(builder, seen.unread, speech)


def _keyboard(visit: Visit, kept: SavedSearch, page: int) -> Keyboard:
    speech = visit.voice
    turns = turning(speech, FOUND, page, last=len(kept.starts) - 1, of=f"{kept.id}:")
    spans = [_span(visit, kept, days) for days in SPANS]
    last = (button(speech.say("Watch this"), WATCH_SEARCH, kept.id), button(speech.say("Search again"), SEARCH))
    return (*turns, ordered(speech, spans), ordered(speech, last), (home(speech),))


def _span(visit: Visit, kept: SavedSearch, days: int) -> Button:
    speech = visit.voice
    label = {7: speech.say("Week"), 30: speech.say("Month"), 0: speech.say("All")}[days]
    chosen = (kept.days or 0) == days
    return button(f"✓ {label}" if chosen else label, WITHIN, f"{kept.id}:{days}")


def _quoted(visit: Visit, _: str) -> Answer:
    return search_command(visit, visit.quoted or "")


COMMANDS = {"search": search_command}
PRESSES = {
    SEARCH: lambda visit, _: say(question(visit)),
    SEARCH_THIS: _quoted,
    FOUND: page_pressed,
    WITHIN: within_pressed,
    WATCH_SEARCH: by_right(watch_pressed),
}
QUESTIONS = {"search": lambda visit, words, _: search_command(visit, words)}
LOOKS = {
    "/search": look_new,
    "?search": look_new,
    SEARCH_THIS: look_quoted,
    FOUND: look_page,
    WITHIN: look_within,
    WATCH_SEARCH: look_at_watch,
}
