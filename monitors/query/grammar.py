"""The watch language: reading a query, and writing it back.

    list        = or-query { ("," | "،" | ";" | "؛" | newline) or-query }      any of them
    or-query    = and-query { ("OR" | "أو" | "|") and-query }
    and-query   = not-query { ["AND" | "&"] not-query }                        without AND only before NOT
    not-query   = { "NOT" | "-" } ( words | "(" list ")" )
    words       = word { word } | quote word { word } quote                    side by side: a phrase

Operators are upper case; in quotes, or in lower case, they are words. Punctuation parts words and says nothing else.
"""

from __future__ import annotations

from typing import NamedTuple

from monitors.errors import QueryError
from monitors.query.lexing import OPERATOR_WORDS, Lexeme, Sign, lex
from monitors.query.tree import (
    And,
    Not,
    Or,
    Phrase,
    Query,
    Word,
    both,
    count_words,
    either,
    meets_nothing,
    negation,
)

MAX_LENGTH = 500
"""Longest query, in code points."""
MAX_WORDS = 100
MAX_DEPTH = 20
"""How many parentheses and NOTs may stand within each other."""

_STARTS = (Sign.WORDS, Sign.OPEN, Sign.NOT)


def parse(query: str) -> Query:
    """What the query says. Raises QueryError, and nothing else, when it says nothing or cannot be followed."""
    if len(query) > MAX_LENGTH:
        raise QueryError(
            f"The query has {len(query)} characters; {MAX_LENGTH} are allowed.",
            query=query,
            position=MAX_LENGTH,
            code="too_long",
            hint="Add its parts as watches of their own.",
        )
    tree = _Parser(query).parse()
    if count_words(tree) > MAX_WORDS:
        raise QueryError(
            f"The query has {count_words(tree)} words; {MAX_WORDS} are allowed.",
            query=query,
            position=len(query),
            code="too_many_words",
            hint="Add its parts as watches of their own.",
        )
    if meets_nothing(tree):
        raise QueryError(
            "The query only says what an article must not contain; nearly every article would match.",
            query=query,
            position=0,
            code="only_negative",
            hint="Add what it must contain, for example: نفط NOT رياضة.",
        )
    return tree


class _Spelling(NamedTuple):
    both: str
    but_not: str
    either: str
    negation: str
    quote: str


_PLAIN = _Spelling(" AND ", " AND NOT ", " OR ", "NOT ", '"')
_SHORT = _Spelling(" & ", " -", "|", "-", "")


def show(query: Query) -> str:
    """The query in its plainest spelling, or the shortest if that were too long; parsing it gives the same query."""
    plain = _show(query, _PLAIN)
    return plain if len(plain) <= MAX_LENGTH else _show(query, _SHORT)


def _show(query: Query, spelling: _Spelling) -> str:
    match query:
        case Word(text):
            return f'"{text}"' if text in OPERATOR_WORDS else text
        case Phrase(parts):
            words = [part.text for part in parts if isinstance(part, Word)]
            quote = spelling.quote if OPERATOR_WORDS.isdisjoint(words) else '"'
            return quote + " ".join(words) + quote
        case And((first, *others)):
            text = _operand(first, spelling)
            for part in others:
                if isinstance(part, Not):
                    text += spelling.but_not + _operand(part.part, spelling)
                else:
                    text += spelling.both + _operand(part, spelling)
            return text
        case Or(parts):
            return spelling.either.join(_show(part, spelling) for part in parts)
        case Not(part):
            return spelling.negation + _operand(part, spelling)
    raise AssertionError(query)


def _operand(query: Query, spelling: _Spelling) -> str:
    text = _show(query, spelling)
    return f"({text})" if isinstance(query, And | Or) else text


class _Parser:
    """Recursive descent over the query's signs; each method reads one rule of the grammar above."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._lexemes = lex(query)
        self._at = 0
        self._depth = 0

    @property
    def _next(self) -> Lexeme:
        return self._lexemes[self._at]

    def _take(self, *signs: Sign) -> Lexeme | None:
        """The next sign, if it is one of these; then it counts as read."""
        lexeme = self._next
        if lexeme.sign not in signs:
            return None
        self._at += 1
        return lexeme

    def parse(self) -> Query:
        if all(lexeme.sign in (Sign.LIST, Sign.END) for lexeme in self._lexemes):
            raise self._error("empty", "There is no word in the query.", "Write a word, for example: غزة.")
        tree = self._list()
        if self._next.sign is not Sign.END:
            raise self._closes_nothing()
        return tree

    def _list(self) -> Query:
        items: list[Query] = []
        while True:
            while self._take(Sign.LIST):  # empty items of a pasted list
                pass
            if items and self._next.sign in (Sign.END, Sign.CLOSE):
                return either(items)
            items.append(self._or_query())
            if self._next.sign is not Sign.LIST:
                return either(items)

    def _or_query(self) -> Query:
        parts = [self._and_query()]
        while self._take(Sign.OR):
            parts.append(self._and_query())
        return either(parts)

    def _and_query(self) -> Query:
        parts = [self._not_query()]
        while self._take(Sign.AND) or self._next.sign is Sign.NOT:
            parts.append(self._not_query())
        if self._next.sign in _STARTS:
            raise self._error(
                "missing_operator",
                f"It is not clear how what begins at position {self._next.position + 1} belongs to what is before it.",
                "Write AND, OR or NOT between them, or put the whole phrase in one pair of quotation marks.",
            )
        return both(parts)

    def _not_query(self) -> Query:
        """Negations are read in a loop, groups by descending; both count as depth."""
        before = self._depth
        negated = False
        while self._take(Sign.NOT):
            negated = not negated
            self._descend()
        words = self._take(Sign.WORDS)
        tree = _words(words) if words else self._group()
        self._depth = before
        return negation(tree) if negated else tree

    def _group(self) -> Query:
        opening = self._take(Sign.OPEN)
        if not opening:
            raise self._missing_words()
        self._descend()
        tree = self._list()
        if not self._take(Sign.CLOSE):
            raise self._error(
                "unclosed_parenthesis",
                f"The parenthesis at position {opening.position + 1} is never closed.",
                "Put a ) where the group ends.",
                at=opening,
            )
        return tree

    def _descend(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._error(
                "too_deep",
                f"More than {MAX_DEPTH} parentheses or NOTs stand within each other.",
                "Write it flatter, or as several watches.",
                at=self._lexemes[self._at - 1],
            )

    def _missing_words(self) -> QueryError:
        last = self._lexemes[self._at - 1] if self._at else None
        if last and last.sign in (Sign.AND, Sign.OR, Sign.NOT):
            return self._error(
                "missing_words",
                f"Nothing follows {self._query[last.position : last.end]} at position {last.position + 1}.",
                "Write a word or a phrase after it, or put it in quotation marks if you look for this very word.",
                at=last,
            )
        if self._next.sign is Sign.CLOSE and not self._depth:
            return self._closes_nothing()
        text = self._query[self._next.position : self._next.end]
        return self._error(
            "missing_words",
            f"There is no word before {text} at position {self._next.position + 1}.",
            "Write a word or a phrase there, or leave it out.",
        )

    def _closes_nothing(self) -> QueryError:
        return self._error(
            "unexpected_parenthesis",
            f"The parenthesis at position {self._next.position + 1} closes nothing.",
            "Leave it out, or open one before it.",
        )

    def _error(self, code: str, what: str, hint: str, *, at: Lexeme | None = None) -> QueryError:
        position = (at or self._next).position
        return QueryError(what, query=self._query, position=position, code=code, hint=hint)


def _words(lexeme: Lexeme) -> Query:
    words = tuple(map(Word, lexeme.words))
    return words[0] if len(words) == 1 else Phrase(words)
