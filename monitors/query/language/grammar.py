"""The watch language: what may be typed, and how it is read.

    list      = or { ("," | "،" | ";" | "؛" | newline) or }                 any of them
    or        = and { ("OR" | "أو" | "او" | "|" | "||") and }
    and       = not { ["AND" | "&" | "&&" | "+" | "و"] not }                AND may be left out before NOT,
    not       = { "NOT" | "بدون" | "ليس" | "وليس" } ["-" | "!" | "+"] near  + and fields, and after fields
    near      = operand { (("NEAR" | "ONEAR") ["/" number] | ("قرب" | "قبل") "/" number) operand }
    operand   = words | [form] quote | [form] group | field operand | number ("of" | "من") group | "/" regex "/"
    group     = "(" list ")"
    words     = [form] part { [form] part }                                side by side: a phrase
    part      = word ["*"] | "{" name { ("|" | ",") name } "}"
    quote     = mark words mark ["~" number]                               any quotation marks
    form      = "=" | "~"                                                   exact, wide
    field     = "title:" | "text:" | "author:" | "tag:" | "outlet:" | "url:" | "lang:" and their other names

Operators are words by themselves, in capitals; in quotes, or in lower case, they are words like any other. After a
minus or ! comes one word, a quote or a group. What other search languages write is refused (elsewhere.py); other
punctuation parts words and says nothing else. docs/queries.md tells it to people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from monitors.errors import QueryError
from monitors.query.language.elsewhere import SMALL
from monitors.query.language.lexing import RESERVED
from monitors.query.language.limits import MAX_LENGTH, MAX_WORDS
from monitors.query.language.reading import read
from monitors.query.language.suggesting import suggestion_for, understood_of
from monitors.query.tree import Phrase, Query, Word, both, either

_PLAIN = re.compile('(["«“])?+([0-9A-Za-zء-غف-ي]+(?: [0-9A-Za-zء-غف-ي]+)*)(?(1)["»”])')
"""What most watches are: words that need no second look, and such in quotes."""

_JOINED = {"AND": both, "OR": either, "أو": either}

_MAYBE_JOINING = RESERVED | SMALL


def parse(query: str, *, suggesting: bool = True) -> Query:
    """What the query says. Raises QueryError, and nothing else, when it says nothing or cannot be followed.

    What it then suggests takes several times as long as reading; of thousands of queries nobody reads that.
    """
    plain = _PLAIN.fullmatch(query) if len(query) <= MAX_LENGTH else None
    tree = _read_plain(plain[2].split(" "), quoted=plain[1] is not None) if plain else None
    if tree is not None:
        return tree
    try:
        return read(query)
    except QueryError as error:
        if suggesting:
            error.suggestion = suggestion_for(error)
            error.understood = understood_of(error)
        raise


def _read_plain(words: Sequence[str], *, quoted: bool) -> Query | None:
    """What plain words say that are a phrase, or phrases with the same operator between all of them."""
    if len(words) > MAX_WORDS:
        return None
    operators = frozenset() if quoted else _MAYBE_JOINING.intersection(words)
    if not operators:
        return _phrase(words)
    operator, *others = operators
    if others or operator not in _JOINED:
        return None
    phrases = [list(phrase) for is_operator, phrase in groupby(words, operator.__eq__) if not is_operator]
    if len(phrases) != words.count(operator) + 1:
        return None  # some stand side by side, or at an end
    return _JOINED[operator](list(map(_phrase, phrases)))


def _phrase(words: Sequence[str]) -> Word | Phrase:
    return Word(words[0]) if len(words) == 1 else Phrase(tuple(map(Word, words)))
