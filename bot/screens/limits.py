"""What all watches of a list leave out: words that an article must not have, outlets and languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogs import ask
from bot.screens.limited import add_limits
from bot.screens.watchlists import of_list
from bot.visits import Answer, Visit, by_right, in_place, refusal, say
from bot.words.buttons import IN_LANGUAGES, LIMITS, LIST, NEVER_WITH, OF_OUTLETS, WITH_ALL, button, ordered
from bot.words.messages import Message
from bot.words.naming import list_name
from bot.words.text import Foreign, shorten
from monitors.errors import UsageError
from monitors.limiting import exclusions
from monitors.storage.watchlists import find_watchlist, limit_watchlist
from monitors.watchlists import Watchlist

EXCLUDED = "excluded"


def limits_screen(visit: Visit, watchlist: Watchlist) -> Message:
    """All limits of the list, and the ways to change each."""
    speech = visit.voice
    builder = visit.builder()
    name = Foreign(shorten(list_name(watchlist.name, speech), 80), ("bold",))
    builder.line(speech.say("What {name} looks at:"), name=name)
    if not add_limits(builder, visit, watchlist):
        builder.line(speech.say("Everything, from every outlet and in every language."))
    words = [button(speech.say("Never with …"), NEVER_WITH, watchlist.id)]
    if watchlist.excluding:
        words.append(button(speech.say("Leave nothing out"), WITH_ALL, watchlist.id))
    others = (
        button(speech.say("Outlets"), OF_OUTLETS, f"{watchlist.id}:0"),
        button(speech.say("Languages"), IN_LANGUAGES, watchlist.id),
    )
    back = (button(f"↩ {speech.say('Back')}", LIST, f"{watchlist.id}:0"),)
    return Message(builder.build(), (ordered(speech, words), ordered(speech, others), back))


def _ask_words(visit: Visit, watchlist: Watchlist, _: str) -> Answer:
    speech = visit.voice
    builder = visit.builder()
    builder.line(speech.say("Which words must no article of this list have? Each on a line of its own."))
    hint = speech.say("a word, a phrase")
    return say(ask(visit, EXCLUDED, Message(builder.build()), hint=hint, watchlist=watchlist.id))


def _given(visit: Visit, text: str, about: Mapping[str, Any]) -> Answer:
    if (refused := refusal(visit)) is not None:
        return refused
    speech = visit.voice
    watchlist = find_watchlist(visit.connection, visit.chat.id, int(about.get("watchlist", -1)))
    if watchlist is None:
        return say(Message(visit.builder().line(speech.say("It is not there any more.")).build()))
    try:
        excluding = exclusions(text)
    except UsageError:
        builder = visit.builder().line(speech.say("Only words and phrases can be excluded, one on each line."))
        back = button(f"↩ {speech.say('Back')}", LIMITS, watchlist.id)
        return Answer((Message(builder.build(), ((back,),)),), unanswered=True)
    return say(limits_screen(visit, change_limits(visit, watchlist, excluding=excluding)))


def change_limits(visit: Visit, watchlist: Watchlist, **changes: Any) -> Watchlist:
    """The list with other limits than it had; what is not named stays."""
    new = replace(watchlist, **changes)
    return limit_watchlist(
        visit.connection, watchlist, excluding=new.excluding, outlets=new.outlets, languages=new.languages
    )


def _with_all(visit: Visit, watchlist: Watchlist, _: str) -> Answer:
    return say(in_place(visit, limits_screen(visit, change_limits(visit, watchlist, excluding=None))))


QUESTIONS = {EXCLUDED: _given}
PRESSES = {
    LIMITS: of_list(lambda visit, watchlist, _: say(in_place(visit, limits_screen(visit, watchlist)))),
    NEVER_WITH: by_right(of_list(_ask_words)),
    WITH_ALL: by_right(of_list(_with_all)),
}
