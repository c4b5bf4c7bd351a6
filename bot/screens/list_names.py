"""What a watchlist is called: a new one, or one that is to be called otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.dialogs import ask
from bot.screens.watchlists import called, list_screen, lists_screen, of_list
from bot.visits import Answer, Visit, by_right, refusal, say, to_watches
from bot.words.buttons import NAME_LIST, NEW_LIST
from bot.words.messages import Message
from monitors.errors import QuotaReached, UsageError
from monitors.storage.watchlists import create_watchlist, find_watchlist, rename_watchlist
from monitors.watch_files import LONGEST_NAME, watchlist_name
from monitors.watchlists import Watchlist

NAME = "list_name"
NEW_NAME = "new_list"


def _ask_name(visit: Visit, watchlist: Watchlist, _: str) -> Answer:
    speech = visit.voice
    builder = visit.builder().line(speech.say("What shall the list {name} be called?"), name=called(watchlist, visit))
    return say(ask(visit, NAME, Message(builder.build()), hint=speech.say("a short name"), watchlist=watchlist.id))


def _ask_new_name(visit: Visit, _: str) -> Answer:
    speech = visit.voice
    builder = visit.builder().line(speech.say("What shall the new list be called?"))
    return say(ask(visit, NEW_NAME, Message(builder.build()), hint=speech.say("a short name")))


def _named(visit: Visit, text: str, about: Mapping[str, Any]) -> Answer:
    watchlist = find_watchlist(visit.connection, visit.chat.id, int(about.get("watchlist", -1)))
    if watchlist is None:
        return say(lists_screen(visit))
    return _with_name(visit, text, lambda name: rename_watchlist(visit.connection, watchlist, name))


def _newly_named(visit: Visit, text: str, _: Mapping[str, Any]) -> Answer:
    here = visit.chat.id
    return _with_name(
        visit,
        text,
        lambda name: create_watchlist(visit.connection, here, name, now=visit.now, most=visit.most_lists),
    )


def _with_name(visit: Visit, text: str, act: Callable[[str], Watchlist]) -> Answer:
    """The list that has the name now, or why none has."""
    if (refused := refusal(visit)) is not None:
        return refused
    speech = visit.voice
    unanswered = True
    if len(text) > LONGEST_NAME or not text.strip():
        why = speech.say("Please choose a name of at most 100 characters.")
    else:
        try:
            return say(list_screen(visit, act(watchlist_name(text))))
        except QuotaReached:
            why, unanswered = speech.say("There is no room for another list: delete one first."), False
        except UsageError:
            why = speech.say("This name is taken. Please choose another one.")
    back = (to_watches(visit),)
    return Answer((Message(visit.builder().line("{why}", why=why).build(), (back,)),), unanswered=unanswered)


QUESTIONS = {NAME: _named, NEW_NAME: _newly_named}
PRESSES = {
    NEW_LIST: by_right(_ask_new_name),
    NAME_LIST: by_right(of_list(_ask_name)),
}
