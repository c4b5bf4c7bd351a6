"""How the words of a text are to be read: what only the text as a whole shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import Enum
from itertools import chain
from typing import NamedTuple

from monitors.text.languages import language_of, main_script, primary, telling_words
from monitors.text.stemming import scripts_stemmed

# Egyptian spelling writes final ي without dots. These words tell: none of them has a twin.
_DOTTED = ("في", "التي", "الذي")
_DOTLESS = ("فى", "التى", "الذى")

_OTHERS = ("fa", "ur", "ckb", "ps", "ug")
"""Languages in the Arabic script that have none of Arabic's rules."""
_TELLING_READ = 2_000  # words; more of a long text would tell no more


class Spelling(Enum):
    """The rules for words in the Arabic script."""

    ARABIC = "Arabic"
    DOTLESS = "Arabic whose final ى may be ي"
    PERSIAN = "another language in the Arabic script"


class Reading(NamedTuple):
    """`stems` is the language whose stems are wanted of the words besides."""

    spelling: Spelling = Spelling.ARABIC
    stems: str | None = None


PLAIN = Reading()
"""How a watch is read, and nearly every article."""


def reading_of(
    texts: Collection[str], found: Iterable[Iterable[str]], language: str | None, stemmed: Collection[str]
) -> Reading:
    """How to read an article of these texts, whose words are `found`, by what they show and what it says of itself.

    `language` is its own tag ("en-US"), or None; `stemmed` are the languages of which somebody wants stems.
    """
    named = primary(language)
    spelling = _spelling(texts, found, named)
    reading = Reading(spelling, _stem_language(texts, named, spelling, stemmed) if stemmed else None)
    return PLAIN if reading == PLAIN else reading


def _spelling(texts: Collection[str], found: Iterable[Iterable[str]], language: str | None) -> Spelling:
    if language in _OTHERS or any("ی" in text or "ە" in text or "ې" in text or "ۇ" in text for text in texts):
        found = list(found)
        hits = telling_words(list(chain.from_iterable(found))[:_TELLING_READ])
        other = max(hits[code] for code in _OTHERS)
        if other > hits["ar"] or (other == hits["ar"] and language in _OTHERS):
            return Spelling.PERSIAN
    if any(" فى" in text or "لذى" in text or "لتى" in text for text in texts):  # quicker than a look at every word
        words = list(chain.from_iterable(found))
        if sum(map(words.count, _DOTLESS)) > sum(map(words.count, _DOTTED)):
            return Spelling.DOTLESS
    return Spelling.ARABIC


def _stem_language(
    texts: Collection[str], language: str | None, spelling: Spelling, stemmed: Collection[str]
) -> str | None:
    """The article's language if its stems are wanted.

    An article whose language is of another script than its text does not know it: so do sites that were never told
    theirs, and say "en-US".
    """
    longest = max(texts, key=len, default="")
    script = main_script(longest)
    if script == "arabic" and spelling is not Spelling.PERSIAN:
        return None
    if script not in scripts_stemmed(language):
        language = language_of(longest)
    return language if language in stemmed and scripts_stemmed(language) else None
