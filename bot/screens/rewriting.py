"""A watch asked otherwise: its words in another form, or without some. What comes of it is shown before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dialogs import ask
from bot.screens.named_watch import of_watch, watch_in, watch_of
from bot.screens.saving import preview
from bot.screens.trying import Trial, place_of, try_for
from bot.visits import Answer, Glance, Visit, by_right, in_place, refusal, say
from bot.words.buttons import IN_FORM, WATCH, WITHOUT, button
from bot.words.language import Voice
from bot.words.messages import Button, Message
from bot.words.text import Foreign
from monitors.errors import QueryError, UsageError
from monitors.limiting import exclusions
from monitors.query.language.grammar import parse
from monitors.query.language.printing import show
from monitors.query.rewriting import in_form
from monitors.query.tree import Form, both, negation
from monitors.watchlists import Watch

_FORMS = {"e": Form.EXACT, "n": Form.NORMAL, "w": Form.WIDE}

UNWANTED = "unwanted"


def form_buttons(speech: Voice, watch: Watch) -> list[Button]:
    """A button for each form; the one that the watch asks in is ticked."""
    called = {"e": speech.say("Exact"), "n": speech.say("Normal"), "w": speech.say("Wide")}
    as_it_is = [form for form in called if _in_form(watch, form) == watch.query]
    return [
        button(f"✅ {name}" if as_it_is == [form] else name, IN_FORM, f"{watch.id}:{form}")
        for form, name in called.items()
    ]


def _form_pressed(visit: Visit, watch: Watch, form: str) -> Answer:
    rewritten = _in_form(watch, form)
    if rewritten == watch.query:
        return Answer(toast=visit.voice.say("It is so already."))
    return say(in_place(visit, preview(visit, place_of(visit.connection, watch), rewritten)))


def _ask_unwanted(visit: Visit, watch: Watch, _: str) -> Answer:
    speech = visit.voice
    builder = visit.builder().line(speech.say("Which word or phrase must an article not have?"))
    builder.line("{query}", query=Foreign(watch.query, ("code",)))
    message = Message(builder.build())
    return say(ask(visit, UNWANTED, message, hint=speech.say("a word, a phrase"), watch=watch.id))


def _unwanted_given(visit: Visit, text: str, about: Mapping[str, Any]) -> Answer:
    if (refused := refusal(visit)) is not None:
        return refused
    speech = visit.voice
    watch = watch_of(visit.connection, visit.chat.id, int(about.get("watch", -1)))
    if watch is None:
        return say(Message(visit.builder().line(speech.say("It has already been removed.")).build()))
    without = _without(watch, text)
    if without is None:
        builder = visit.builder().line(speech.say("Only words and phrases can be excluded, one on each line."))
        back = button(f"↩ {speech.say('Back')}", WATCH, watch.id)
        return Answer((Message(builder.build(), ((back,),)),), unanswered=True)
    return say(preview(visit, place_of(visit.connection, watch), without))


def _look_at_form(glance: Glance, argument: str) -> Trial | None:
    watch = watch_in(glance, argument)
    return try_for(glance, _in_form(watch, argument.partition(":")[2]), f"w{watch.id}") if watch else None


def _look_at_unwanted(glance: Glance, text: str) -> Trial | None:
    watch = watch_in(glance, str(glance.about.get("watch", "")))
    without = _without(watch, text) if watch else None
    return try_for(glance, without, f"w{watch.id}") if watch and without else None


def _in_form(watch: Watch, form: str) -> str:
    """The watch's query with all its words in this form; as it was written where that changes nothing, or cannot be."""
    try:
        asked = parse(watch.query)
        formed = in_form(asked, _FORMS[form])
    except (QueryError, KeyError):
        return watch.query
    return watch.query if formed == asked else show(formed)


def _without(watch: Watch, text: str) -> str | None:
    """The watch's query without these words; None when they cannot be excluded."""
    try:
        return show(both([parse(watch.query), negation(parse(exclusions(text)))]))
    except UsageError:
        return None


QUESTIONS = {UNWANTED: _unwanted_given}
PRESSES = {IN_FORM: by_right(of_watch(_form_pressed)), WITHOUT: by_right(of_watch(_ask_unwanted))}
LOOKS = {IN_FORM: _look_at_form, f"?{UNWANTED}": _look_at_unwanted}
