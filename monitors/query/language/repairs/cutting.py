"""Cutting a query as it was typed, and where in it phrases stand."""

from __future__ import annotations

import re

from monitors.query.language.signs import QUOTES, Lexeme, Sign

LABEL = re.compile(r"[^\W\d_]+:\s*")
WORDS = (Sign.WORD, Sign.PREFIX)


def without(query: str, start: int, end: int) -> str:
    """The query without this piece, a blank in its place if words would meet."""
    before, after = query[:start].rstrip(), query[end:].lstrip()
    return f"{before} {after}" if before and after else before + after


def drop_sign(query: str, at: int) -> str:
    return query[:at] + query[at + 1 :]


def is_quoted(query: str, at: int) -> bool:
    return sum(sign in QUOTES for sign in query[:at]) % 2 == 1


def phrase_ending(lexemes: list[Lexeme], last: int) -> tuple[int, int] | None:
    """Where in the query the phrase stands that ends with this lexeme; None for none, or one with a form or field."""
    first = last
    if lexemes[last].sign is Sign.CLOSE_QUOTE and not lexemes[last].number:
        while lexemes[first].sign is not Sign.OPEN_QUOTE:
            first -= 1
    elif lexemes[last].sign in WORDS:
        while first and lexemes[first - 1].sign in WORDS:
            first -= 1
    else:
        return None
    if first and lexemes[first - 1].sign in (Sign.FORM, Sign.FIELD):
        return None
    return lexemes[first].position, lexemes[last].end


def phrase_beginning(lexemes: list[Lexeme], first: int) -> tuple[int, int] | None:
    """Where in the query the phrase stands that begins with this lexeme; None if none does."""
    last = first
    if lexemes[first].sign is Sign.OPEN_QUOTE:
        while lexemes[last].sign is not Sign.CLOSE_QUOTE:
            last += 1
        return None if lexemes[last].number else (lexemes[first].position, lexemes[last].end)
    if lexemes[first].sign in WORDS:
        while lexemes[last + 1].sign in WORDS:
            last += 1
        return lexemes[first].position, lexemes[last].end
    return None
