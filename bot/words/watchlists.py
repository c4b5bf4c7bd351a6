"""What watches look for, in words (pure)."""

from __future__ import annotations

from bot.words.language import Voice
from bot.words.queries import query_in_words
from bot.words.text import Foreign, TextBuilder
from monitors.query.tree import Query


def add_meaning(builder: TextBuilder, query: Query, speech: Voice) -> None:
    """A line that says what the query looks for, unless it says so itself."""
    if (meaning := query_in_words(query, speech)) is not None:
        builder.line(speech.say("That is: {meaning}."), meaning=Foreign(meaning))


def example(speech: Voice) -> str:
    return f"/watch add {speech.say('Gaza')}"
