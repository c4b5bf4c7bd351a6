"""Watchlists and their watches as people call them (pure)."""

from __future__ import annotations

from bot.words.language import Voice
from bot.words.queries import query_in_words
from bot.words.text import Foreign, TextBuilder
from monitors.query.tree import Query
from monitors.watchlists import DEFAULT_WATCHLIST


def list_name(name: str, speech: Voice) -> str:
    """What a watchlist is called; the first one, which nobody named, has a name in each language."""
    return speech.say("Main list") if name == DEFAULT_WATCHLIST else name


def add_meaning(builder: TextBuilder, query: Query, speech: Voice) -> None:
    """A line that says what the query looks for, unless it says so itself."""
    if (meaning := query_in_words(query, speech)) is not None:
        builder.line(speech.say("That is: {meaning}."), meaning=Foreign(meaning))


def example(speech: Voice) -> str:
    return f"/watch add {speech.say('Gaza')}"
