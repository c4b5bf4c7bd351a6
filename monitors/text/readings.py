"""How the words of a text are to be read: what only the text as a whole shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import Enum
from itertools import chain, islice, repeat
from typing import NamedTuple

from monitors.text.languages import language_of, main_script, primary, telling_words
from monitors.text.stemming import scripts_stemmed

# Egyptian spelling writes final ي without dots. These words tell, more of the ones or of the others: none has a twin.
_TELLING = {"في": -1, "التي": -1, "الذي": -1, "فى": 1, "التى": 1, "الذى": 1}

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
        hits = telling_words(islice(chain.from_iterable(found), _TELLING_READ))
        other = max(hits[code] for code in _OTHERS)
        if other > hits["ar"] or (other == hits["ar"] and language in _OTHERS):
            return Spelling.PERSIAN
    if not any(" فى" in text or "لذى" in text or "لتى" in text for text in texts):  # quicker than looking at every word
        return Spelling.ARABIC
    dotless = sum(map(_TELLING.get, chain.from_iterable(found), repeat(0)))
    return Spelling.DOTLESS if dotless > 0 else Spelling.ARABIC


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
