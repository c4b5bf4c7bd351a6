"""The watch language: what may be typed, and how it is read.

    list      = or { ("," | "،" | ";" | "؛" | newline) or }                 any of them
    or        = and { ("OR" | "أو" | "|" | "||") and }
    and       = not { ["AND" | "&" | "&&" | "+" | "و"] not }                AND may be left out before NOT,
    not       = { "NOT" | "-" | "!" | "بدون" | "ليس" | "+" } near          + and fields, and after fields
    near      = operand { ("NEAR" | "ONEAR" | "قرب" | "قبل") ["/" number] operand }
    operand   = words | [form] quote | [form] group | field operand | number ("of" | "من") group | "/" regex "/"
    group     = "(" list ")"
    words     = [form] part { [form] part }                                side by side: a phrase
    part      = word ["*"] | "{" name { "|" name } "}"
    quote     = any quotation mark, words, any quotation mark ["~" number]
    form      = "=" | "~"                                                   exact, wide
    field     = "title:" | "text:" | "author:" | "tag:" | "outlet:" | "url:" | "lang:" and their other names

Operators are words by themselves, in capitals; in quotes, or in lower case, they are words like any other. After a
minus or ! comes one word, a quote or a group. What other search languages write is refused (elsewhere.py); other
punctuation parts words and says nothing else. docs/queries.md tells it to people.
"""

from __future__ import annotations

import re

from monitors.errors import QueryError
from monitors.query.language.lexing import RESERVED
from monitors.query.language.limits import MAX_LENGTH, MAX_WORDS
from monitors.query.language.reading import read
from monitors.query.language.suggesting import suggestion_for, understood_of
from monitors.query.tree import Phrase, Query, Word

_PLAIN = re.compile("[0-9A-Za-zء-غف-ي]+(?: [0-9A-Za-zء-غف-ي]+)*")
"""What most watches are: words that need no second look."""


def parse(query: str) -> Query:
    """What the query says. Raises QueryError, and nothing else, when it says nothing or cannot be followed."""
    if len(query) <= MAX_LENGTH and _PLAIN.fullmatch(query):
        words = query.split(" ")
        if len(words) <= MAX_WORDS and RESERVED.isdisjoint(words):
            return Word(query) if len(words) == 1 else Phrase(tuple(map(Word, words)))
    try:
        return read(query)
    except QueryError as error:
        error.suggestion = suggestion_for(error)
        error.understood = understood_of(error)
        raise
