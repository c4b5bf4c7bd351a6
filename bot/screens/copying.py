"""A watchlist of the chat's own or of somebody else's, copied to be the chat's own."""

from __future__ import annotations

from bot.visits import Answer, Visit
from monitors.errors import UsageError
from monitors.storage.watches import Added
from monitors.storage.watchlists import copy_watchlist
from monitors.watchlists import Watchlist, is_main


def copied(visit: Visit, watchlist: Watchlist) -> tuple[Watchlist, Added] | Answer:
    """The copy and what of it found room; a notice where there is no room for a list."""
    speech = visit.voice
    name = speech.say("Copied list") if is_main(watchlist.name) else watchlist.name
    try:
        return copy_watchlist(
            visit.connection,
            watchlist,
            visit.chat.id,
            name,
            now=visit.now,
            most=visit.most_watches,
            most_lists=visit.most_lists,
        )
    except UsageError:
        return Answer(toast=speech.say("There is no room for another list with its watches: delete something first."))
