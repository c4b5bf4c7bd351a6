"""Words that somebody misspelled, by the words of headlines: those that are one slip of the hand away (pure)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from monitors.query.plan import plan_of
from monitors.query.rewriting import with_words
from monitors.query.tree import And, AtLeast, Form, InField, Not, Or, Query, Word
from monitors.text.clitics import contained
from monitors.text.folding import bare, fold
from monitors.text.usage import KnownWords

LEAST = 4
"""Letters of a word that may be another one misspelled; shorter ones have too many neighbours."""


def likely_meant(query: Query, known: KnownWords) -> Query | None:
    """The query with each of its words that is not known as the known one that is a slip away, the most frequent of
    several. None where there is nothing to change, or parts that are counted would become the same. What is asked
    letter for letter, beginnings of words, what has digits and what is not wanted stay."""
    asked: set[str] = set()

    def note(word: Word) -> Word:
        asked.update(_unknown(word, known))
        return word

    with_words(query, note, unwanted=False)
    near = _nearest(asked, known)
    meant = with_words(query, lambda word: _meant(word, known, near), unwanted=False)
    return None if meant == query or _counts_twice(meant) else meant


def _counts_twice(query: Query) -> bool:
    match query:
        case AtLeast(_, parts):
            return len(set(map(plan_of, parts))) < len(parts) or any(map(_counts_twice, parts))
        case And(parts) | Or(parts):
            return any(map(_counts_twice, parts))
        case InField(_, part) | Not(part):
            return _counts_twice(part)
        case _:
            return False


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


def _unknown(word: Word, known: KnownWords) -> tuple[str, ...]:
    """The word and those in it, if none of them is known and one may be misspelled."""
    folded = list(_folded(word.text))
    if word.prefix or word.form is Form.EXACT or len(folded) != 1 or any(map(str.isdigit, folded[0])):
        return ()
    forms = contained(folded[0])
    return () if any(form in known for form in forms) else tuple(form for form in forms if len(form) >= LEAST)


def _nearest(asked: Iterable[str], known: KnownWords) -> Mapping[str, str]:
    """By word the most frequent known one that is a slip away. Two such words are the same without one letter of each,
    or of one: that is looked up, for a hundred words are not compared with tens of thousands each."""
    shortened: dict[str, list[str]] = defaultdict(list)
    for form in asked:
        for short in _shortened(form):
            shortened[short].append(form)
    lengths = {len(form) + more for form in asked for more in (-1, 0, 1)}
    best: dict[str, str] = {}
    for one, count in known.headlines.items() if shortened else ():
        if len(one) in lengths:
            for form in {form for short in _shortened(one) for form in shortened.get(short, ())}:
                first = form not in best or (count, one) > (known.headlines[best[form]], best[form])
                if first and is_a_slip(form, one):
                    best[form] = one
    return best


def _shortened(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _meant(word: Word, known: KnownWords, near: Mapping[str, str]) -> Word:
    form = next((form for form in _unknown(word, known) if form in near), None)
    if form is None:
        return word
    (whole,) = _folded(word.text)
    # What stands before it stays; «للرياظ» contains «الرياظ», but does not end so.
    before = whole.removesuffix(form) if whole.endswith(form) else ""
    return Word(before + known.usually(near[form]), word.form)


def _folded(written: str) -> Iterable[str]:
    return (folded for word in bare(written) if (folded := fold(word)))
