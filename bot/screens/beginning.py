"""The first watch: a topic that is pressed or a word that is written stands at once, with the newest there is of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.screens.saving import add_kept, add_refusal, after_saving, keep, preview
from bot.screens.several import lines_of, look_at_lines, may_be_watches, several_screen
from bot.screens.trying import Trial, main_list, try_for
from bot.visits import Answer, Glance, Visit, by_right, say
from bot.words.buttons import COUNTRIES, OUTLETS, TOPIC, WATCH, apart, button, ordered, other_languages
from bot.words.language import Voice, message, voice
from bot.words.messages import Keyboard, Message
from bot.words.naming import language_name
from bot.words.results import add_unread
from bot.words.text import Foreign, TextBuilder
from bot.words.trials import add_example, wider_forms
from bot.words.watchlists import example
from monitors.backtesting import Example
from monitors.errors import QueryError, UsageError
from monitors.outlets import Outlet
from monitors.query.language.grammar import parse
from monitors.searching import Found, search
from monitors.storage.outlets import list_outlets
from monitors.storage.watches import list_watches
from monitors.storage.words import count_unread
from monitors.text.cleaning import clean
from monitors.trying import TrialOfMany, as_tried
from monitors.watch_files import as_typed
from monitors.watchlists import Watch

TOPICS: Mapping[str, str] = {
    "gaza": message("Gaza"),
    "economy": message("economy"),
    "sport": message("sport"),
    "weather": message("weather"),
}
"""By their keys in buttons: what they are called, which is what is watched."""

TEXT = "a text"
"""What LOOKS calls a text that nobody asked for."""

MOST_LANGUAGES = 5
"""Of the outlets that are followed, named."""

MAX_OFFER = 200
"""Longest text that is taken for a watch; longer ones were hardly meant as one. A guess."""


@dataclass(frozen=True, slots=True)
class First:
    """The newest article about a first watch, if there is one, the outlets that are followed, and how many articles
    cannot be found yet."""

    found: Found | None
    outlets: Sequence[Outlet]
    unread: int


def topic_rows(speech: Voice) -> Keyboard:
    """Topics to begin with."""
    names = {key: speech.say(topic) for key, topic in TOPICS.items()}
    buttons = [button(name[:1].upper() + name[1:], TOPIC, key) for key, name in names.items()]
    return (ordered(speech, buttons[:2]), ordered(speech, buttons[2:]))


def offer(visit: Visit, text: str) -> Answer:
    """A text that is no command: the first one stands at once, a later one is shown before it is saved."""
    if isinstance(visit.seen, First):
        return say(first_watch(visit, text))
    target = main_list(visit.connection, visit.chat.id)
    if may_be_watches(lines := lines_of(text)):
        return say(several_screen(visit, target, lines))
    if len(text) > MAX_OFFER or len(lines) > 1:
        builder = visit.builder()
        builder.line(visit.voice.say("That is long for a watch. If it is meant as one, write it after this command:"))
        builder.line("{command}", command=Foreign(example(visit.voice).rpartition(" ")[0], ("code",)))
        return say(Message(builder.build()))
    return say(preview(visit, target, text))


def first_watch(visit: Visit, text: str) -> Message:
    """It stands, and here is the newest article about it."""
    target = main_list(visit.connection, visit.chat.id)
    query = as_typed(text)
    try:
        watch, new = keep(visit, target, query)
    except QueryError:
        return preview(visit, target, query)
    except UsageError as error:
        builder = visit.builder()
        add_refusal(builder, query, error, visit)
        return Message(builder.build())
    return begun_screen(visit, watch, new=new)


def begun_screen(visit: Visit, watch: Watch, *, new: bool = True) -> Message:
    """The watch stands. The look has found the newest article about it."""
    builder = visit.builder()
    add_kept(builder, watch, visit, new=new)
    rows = (*after_saving(visit, watch), other_languages(visit.voice, f"{WATCH}:{watch.id}"))
    if not isinstance(visit.seen, First):
        return Message(builder.build(), rows)
    builder.line()
    speech = visit.voice
    if visit.seen.found is not None:
        builder.line(speech.say("The newest about it so far:"))
        add_example(builder, Example(as_tried(visit.seen.found.article), visit.seen.found.spans))
        if visit.seen.unread:
            builder.line()
            add_unread(builder, visit.seen.unread, speech)
        return Message(builder.build(), rows)
    if visit.seen.outlets:
        builder.line(speech.say("There is nothing about it yet. I tell you as soon as there is."))
        if visit.seen.unread:
            add_unread(builder, visit.seen.unread, speech)
        _add_followed(builder, visit.seen.outlets, speech)
    else:
        builder.line(speech.say("No outlet is followed yet, so there is no news. Choose some:"))
    more = (apart(button(speech.say("Catalogue"), COUNTRIES, 0)), apart(button(speech.say("Outlets"), OUTLETS, 0)))
    return Message(builder.build(), (ordered(speech, more), *rows))


def _add_followed(builder: TextBuilder, followed: Sequence[Outlet], speech: Voice) -> None:
    """Where the news comes from, by which readers see whether theirs can be among it."""
    outlets = speech.count("{n} outlet is followed", "{n} outlets are followed", len(followed))
    builder.line("📰 {outlets}", outlets=outlets.replace("{n}", str(len(followed))))
    languages = dict.fromkeys(language_name(one.language, speech) for one in followed if one.language)
    for language in list(languages)[:MOST_LANGUAGES]:
        builder.add(" · ").add(language)
    builder.line(speech.say("If your news comes from others, follow them, too."))


def look_at_text(glance: Glance, text: str) -> First | Trial | TrialOfMany | None:
    """A text in private that nobody asked for. The first one is looked up, and tried only where another form of it
    would find what it does not."""
    if glance.chat.address.chat_id < 0:
        return None
    if may_be_watches(lines := lines_of(text)):
        return look_at_lines(glance, lines, "l0")
    if not _may_be_meant(text):
        return None
    if list_watches(glance.connection, glance.chat.id):
        return try_for(glance, text, "l0")
    first = newest(glance, text)
    if first is not None and first.found is None:
        tried = try_for(glance, text, "l0")
        result = tried.result if tried is not None else None
        if result is not None and (wider_forms(result) or result.meant is not None):
            return tried
    return first


def _look_at_topic(glance: Glance, key: str) -> First | None:
    if key not in TOPICS:
        return None
    return newest(glance, voice(glance.chat.language).say(TOPICS[key]))


def newest(glance: Glance, text: str) -> First | None:
    try:
        page = search(glance.connection, parse(as_typed(text)), limit=1)
    except QueryError:
        return None
    found = page.items[0] if page.items else None
    return First(found, list_outlets(glance.connection), count_unread(glance.connection))


def is_expression(text: str) -> bool:
    """Whether a text that begins like a command is rather a query that begins with a regular expression."""
    return text.startswith("/") and "/" in text[1:]


def _may_be_meant(text: str) -> bool:
    return (
        (not text.startswith("/") or is_expression(text)) and len(text) <= MAX_OFFER and "\n" not in clean(text).strip()
    )


def _topic_pressed(visit: Visit, key: str) -> Answer:
    if key not in TOPICS:
        return Answer(toast=visit.voice.say("It is not there any more."))
    return say(first_watch(visit, visit.voice.say(TOPICS[key])))


PRESSES = {TOPIC: by_right(_topic_pressed)}
LOOKS = {TEXT: look_at_text, TOPIC: _look_at_topic}
