"""What a watchlist leaves out, in words: the words, outlets and languages it is limited by."""

from __future__ import annotations

from bot.visits import Visit
from bot.words.naming import language_name
from bot.words.queries import alternatives
from bot.words.text import Foreign, TextBuilder, shorten
from monitors.query.language.grammar import parse
from monitors.storage.outlets import names_of
from monitors.watchlists import Watchlist

MAX_SHOWN = 120
MOST_NAMED = 3
"""Code points of what is left out; outlets and languages that are named, of more the rest is counted."""


def add_limits(builder: TextBuilder, visit: Visit, watchlist: Watchlist) -> bool:
    """A line for each limit; false when there is none."""
    speech = visit.voice
    if watchlist.excluding:
        excluded = alternatives(parse(watchlist.excluding), speech)
        builder.line(speech.say("Never with: {words}"), words=Foreign(shorten(excluded, MAX_SHOWN)))
    if watchlist.outlets is not None:
        names = names_of(visit.connection, watchlist.outlets)
        shown = Foreign(" · ".join(shorten(name, 40) for name in names[:MOST_NAMED]) or "–")
        builder.line(speech.say("Only from: {outlets}"), outlets=shown)
        if (more := len(names) - MOST_NAMED) > 0:
            builder.add(" ").fill(speech.count("and {n} more outlet", "and {n} more outlets", more), n=more)
    if watchlist.languages is not None:
        names = [language_name(code, speech) for code in watchlist.languages]
        builder.line(speech.say("Only in: {languages}"), languages=" · ".join(names))
    return bool(watchlist.excluding) or watchlist.outlets is not None or watchlist.languages is not None
