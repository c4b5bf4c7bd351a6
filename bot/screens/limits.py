"""What all watches of a list leave out: words that an article must not have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dialogs import ask
from bot.screens.watchlists import list_screen, of_list
from bot.visits import Answer, Visit, by_right, in_place, refusal, say
from bot.words.buttons import LIST, NEVER_WITH, WITH_ALL, button, ordered
from bot.words.messages import Message
from bot.words.text import Foreign, shorten
from monitors.errors import UsageError
from monitors.limiting import exclusions
from monitors.storage.lists import find_watchlist, limit_watchlist
from monitors.watchlists import Watchlist

EXCLUDED = "excluded"


def limits_screen(visit: Visit, watchlist: Watchlist) -> Message:
    """What is left out now, and a question for what shall be."""
    speech = visit.voice
    builder = visit.builder()
    if watchlist.excluding:
        builder.line(speech.say("Never with: {words}"), words=Foreign(shorten(watchlist.excluding, 1000)))
        row = (
            button(speech.say("Leave nothing out"), WITH_ALL, watchlist.id),
            button(f"↩ {speech.say('Back')}", LIST, f"{watchlist.id}:0"),
        )
        return Message(builder.build(), (ordered(speech, row),))
    builder.line(speech.say("No word is left out of the whole list."))
    return Message(builder.build(), ((button(f"↩ {speech.say('Back')}", LIST, f"{watchlist.id}:0"),),))


def _pressed(visit: Visit, watchlist: Watchlist, _: str) -> Answer:
    """Where things stand, and the question for new words."""
    speech = visit.voice
    builder = visit.builder()
    builder.line(speech.say("Which words must no article of this list have? Each on a line of its own."))
    question = ask(
        visit, EXCLUDED, Message(builder.build()), hint=speech.say("a word, a phrase"), watchlist=watchlist.id
    )
    return say(in_place(visit, limits_screen(visit, watchlist)), question)


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
        return say(Message(builder.build(), ((button(f"↩ {speech.say('Back')}", LIST, f"{watchlist.id}:0"),),)))
    return say(list_screen(visit, _limited(visit, watchlist, excluding)))


def _limited(visit: Visit, watchlist: Watchlist, excluding: str | None) -> Watchlist:
    return limit_watchlist(
        visit.connection,
        watchlist,
        excluding=excluding,
        outlets=watchlist.outlets,
        languages=watchlist.languages,
    )


def _with_all(visit: Visit, watchlist: Watchlist, _: str) -> Answer:
    return say(in_place(visit, list_screen(visit, _limited(visit, watchlist, None))))


QUESTIONS = {EXCLUDED: _given}
PRESSES = {NEVER_WITH: by_right(of_list(_pressed)), WITH_ALL: by_right(of_list(_with_all))}
