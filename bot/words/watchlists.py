"""What watches look for, in words (pure)."""

from __future__ import annotations

from bot.words.buttons import REST_LIST, button
from bot.words.language import Voice, message
from bot.words.messages import Button
from bot.words.queries import query_in_words
from bot.words.text import Foreign, Styled, TextBuilder
from monitors.query.tree import Query

_LIST_RESTS = message("The whole list is paused.")


def add_meaning(builder: TextBuilder, query: Query, speech: Voice) -> None:
    """A line that says what the query looks for, unless it says so itself."""
    if (meaning := query_in_words(query, speech)) is not None:
        builder.line(speech.say("That is: {meaning}."), meaning=Foreign(meaning))


def add_forms(builder: TextBuilder, speech: Voice) -> None:
    """What a word asks in each of the three forms."""
    for name, meaning in (
        (speech.say("Exact"), speech.say("each word letter for letter")),
        (speech.say("Normal"), speech.say("the word in all its spellings")),
        (speech.say("Wide"), speech.say("plurals and whatever else is made of the word, too")),
    ):
        builder.line("{name}: {meaning}", name=Styled(name, ("italic",)), meaning=meaning)


def add_list_rests(builder: TextBuilder, speech: Voice) -> None:
    """That the reader's own list rests; `resume_list` belongs on the same screen."""
    builder.line("⏸ {paused}", paused=speech.say(_LIST_RESTS))


def resume_list(speech: Voice, watchlist_id: int) -> Button:
    return button(speech.say("Resume the list"), REST_LIST, f"{watchlist_id}:0")


def example(speech: Voice) -> str:
    return f"/watch add {speech.say('Gaza')}"
