"""The signs that a query consists of."""

from __future__ import annotations

from enum import IntEnum, auto
from typing import NamedTuple


class Sign(IntEnum):
    WORD = auto()
    PREFIX = auto()  # a word with its star
    REGEX = auto()
    OPEN_QUOTE = auto()
    CLOSE_QUOTE = auto()  # with the number of `"…"~5`
    OPEN_BRACE = auto()
    CLOSE_BRACE = auto()
    FORM = auto()
    FIELD = auto()
    COUNT = auto()  # `2 of`
    NEAR = auto()
    ONEAR = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    MUST = auto()  # the plus of `+word`
    LIST = auto()  # between the items of a pasted list
    OPEN = auto()
    CLOSE = auto()
    END = auto()


class Lexeme(NamedTuple):
    """`position` and `end` are offsets in code points of the query. `text` is the word, pattern, field or form."""

    sign: Sign
    position: int
    end: int
    text: str = ""
    number: int = 0


STARTS = frozenset(
    {Sign.WORD, Sign.PREFIX, Sign.REGEX, Sign.OPEN_QUOTE, Sign.OPEN_BRACE, Sign.FORM, Sign.FIELD, Sign.COUNT, Sign.OPEN}
)
"""What something looked for may begin with."""

QUOTES = '"«»“”„‟'
"""Any of them closes any other: keyboards mix them, and «» turn around beside Latin."""
