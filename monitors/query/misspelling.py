"""Words that somebody misspelled, by the words of headlines: those that are one slip of the hand away (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from monitors.query.rewriting import with_words
from monitors.query.tree import Form, Query, Word
from monitors.text.clitics import contained
from monitors.text.folding import bare, fold
from monitors.text.words import WORD

LEAST = 4
"""Letters of a word that may be another one misspelled; shorter ones have too many neighbours."""


def known_words(headlines: Iterable[str]) -> Mapping[str, int]:
    """The words of headlines in their plain spelling, and those in them, with how many headlines have each."""
    counts: Counter[str] = Counter()
    for headline in headlines:
        counts.update({part for word in WORD.findall(headline) for each in _folded(word) for part in contained(each)})
    return counts


def likely_meant(query: Query, known: Mapping[str, int]) -> Query | None:
    """The query with each of its words that is not known as the known one that is a slip away, the most frequent of
    several. None where there is nothing to change. What is asked letter for letter, and beginnings of words, stay."""
    meant = with_words(query, lambda word: _meant(word, known))
    return None if meant == query else meant


def is_a_slip(written: str, meant: str) -> bool:
    """Whether a letter is missing, too many or another one, or two neighbours changed their places."""
    if written == meant or abs(len(written) - len(meant)) > 1:
        return False
    same = next((at for at, (one, other) in enumerate(zip(written, meant, strict=False)) if one != other), None)
    if same is None:
        return True  # the longer one has a letter more at its end
    one, other = written[same:], meant[same:]
    if len(one) == len(other):
        return one[1:] == other[1:] or (one[:2] == other[1::-1] and one[2:] == other[2:])
    return one[1:] == other if len(one) > len(other) else one == other[1:]


def _meant(word: Word, known: Mapping[str, int]) -> Word:
    folded = list(_folded(word.text))
    if word.prefix or word.form is Form.EXACT or len(folded) != 1:
        return word
    forms = contained(folded[0])
    if any(form in known for form in forms):
        return word
    for form in forms:
        near = [one for one in known if is_a_slip(form, one)] if len(form) >= LEAST else []
        if near:
            best = max(near, key=lambda one: (known[one], one))
            return Word(folded[0].removesuffix(form) + best, word.form)
    return word


def _folded(written: str) -> Iterable[str]:
    return (folded for word in bare(written) if (folded := fold(word)))
