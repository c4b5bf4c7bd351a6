"""A watch in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable

from babel import Locale

from bot.words.language import Voice
from monitors.query.language.describing import describe, is_plain
from monitors.query.language.printing import show
from monitors.query.tree import Or, Query


def query_in_words(query: Query, speech: Voice) -> str | None:
    """What the watch looks for; None when it says so itself."""
    if is_plain(query):
        return None
    names = Locale.parse(speech.language).languages
    return describe(query, say=speech.say, language=lambda code: str(names.get(code, code)))


def alternatives(query: Query, speech: Voice) -> str:
    """What it asks for any of, as a list of the reader's language."""
    return listed(query.parts if isinstance(query, Or) else (query,), speech)


def listed(queries: Iterable[Query], speech: Voice) -> str:
    return speech.say(", ").join(map(show, queries))
