"""Words that tell an article from others (pure): what more like it is searched by, and what keeps its like away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitors.alerts import Spans
from monitors.errors import QueryError
from monitors.query.language.grammar import parse
from monitors.query.question import Question
from monitors.query.rarity import Rarity
from monitors.query.reading import read
from monitors.query.tree import AtLeast, Or, Query, Word
from monitors.text.analysis import keys_of_watch
from monitors.text.usage import KnownWords
from monitors.text.words import WORD

LOOKED_AT = 1_500
"""Code points of a text: its beginning says what it is about."""
_CANDIDATES = 24
_COMMON = 0.1
"""A word that so large a part of all articles has says little about one."""
_SHORTEST = 3
_MOST_SOUGHT = (5, 12)
_ARTICLE = re.compile("(?:[وف]?[بك]?ال|[وف]?لل)(?=\\w{3})")

_rarity = Rarity()


@dataclass(frozen=True, slots=True)
class Token:
    """A word of an article by its number there: of its title first, then of the beginning of its text.

    `word` is without the Arabic article and what is written onto it.
    """

    number: int
    word: str


def like(title: str, known: KnownWords) -> list[Query]:
    """What articles like the one of this title say: two of its five rarest words; where none does, two of any of its
    words that are not common. Empty for a title without such words. What is written onto a word's beginning is left
    out, so far as words are `known` without it."""
    tokens = (Token(token.number, known.by_itself(token.word)) for token in _tokens({"title": title}, {}))
    found = tuple(Word(token.word) for token in _rarest(tokens))
    if len(found) < 3:
        return [Or(found)] if len(found) == 2 else list(found)
    return list(dict.fromkeys(AtLeast(2, found[:most]) for most in _MOST_SOUGHT))


def words_of_its_own(
    fields: Mapping[str, str], met: Spans, others: Sequence[Mapping[str, str]], *, most: int
) -> list[Token]:
    """Words of the article that none of the others has and no watch met: those of the title first, rare ones before
    common ones."""
    tokens = list(_tokens(fields, met))
    titled = len(WORD.findall(fields.get("title", "")))
    in_title = _rarest(token for token in tokens if token.number < titled)
    said = {token.word for token in in_title}
    in_text = _rarest(token for token in tokens if token.number >= titled and token.word not in said)
    candidates = (in_title + in_text)[:_CANDIDATES]
    if not candidates:
        return []
    questions = [Question(Word(token.word)) for token in candidates]
    here, *texts = [read(text, questions[0].needs) for text in (fields, *others)]
    own = [
        token
        for token, question in zip(candidates, questions, strict=True)
        if _can_be_asked(token.word) and question.met_by(here) and not any(question.met_by(text) for text in texts)
    ]
    return own[:most]


def _can_be_asked(word: str) -> bool:
    """Whether a query says it as it is: some words are operators."""
    try:
        return parse(word) == Word(word)
    except QueryError:
        return False


def word_at(fields: Mapping[str, str], number: int) -> str | None:
    """The word of this number; None when the article has no such word."""
    return next((token.word for token in _tokens(fields, {}) if token.number == number), None)


def _tokens(fields: Mapping[str, str], met: Spans) -> Iterator[Token]:
    """The words that say something, without those that stand where the spans are."""
    number = -1
    for name in ("title", "text"):
        places = met.get(name, ())
        for found in WORD.finditer(fields.get(name, "")[:LOOKED_AT]):
            number += 1
            if any(start < found.end() and found.start() < end for start, end in places):
                continue
            word = _ARTICLE.sub("", found.group(), count=1) if _ARTICLE.match(found.group()) else found.group()
            if sum(map(str.isalpha, word)) >= _SHORTEST and keys_of_watch(word):
                yield Token(number, word)


def _rarest(tokens: Iterable[Token]) -> list[Token]:
    """The rarest first, each word once; of equally rare ones the first."""
    rare: dict[str, tuple[float, Token]] = {}
    for token in tokens:
        (key, *more) = keys_of_watch(token.word)
        rarity = _rarity(key)
        if not more and rarity < _COMMON and key not in rare:
            rare[key] = (rarity, token)
    return [token for _, token in sorted(rare.values(), key=lambda each: (each[0], each[1].number))]
