"""Queries made from queries: the same shape with other words in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from monitors.query.tree import (
    Alias,
    And,
    AtLeast,
    Form,
    InField,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Regex,
    Word,
    both,
    either,
    negation,
)

Named: TypeAlias = Word | Phrase | Alias


def with_form(query: Query, form: Form) -> Query:
    """The query with this form for every word that has the normal one; prefixes have no other."""

    def formed(word: Word) -> Word:
        return Word(word.text, form) if word.form is Form.NORMAL and not word.prefix else word

    return with_words(query, formed)


def with_words(query: Query, change: Callable[[Word], Word]) -> Query:
    """The query with every word changed."""
    match query:
        case Word():
            return change(query)
        case Phrase(parts):
            return Phrase(tuple(_simple(with_words(part, change)) for part in parts))
        case Alias(names):
            return Alias(tuple(_name(with_words(name, change)) for name in names))
        case Near(parts, distance, ordered):
            return Near(tuple(_named(with_words(part, change)) for part in parts), distance, ordered)
        case Regex():
            return query
        case InField(field, part):
            return InField(field, with_words(part, change))
        case And(parts):
            return both([with_words(part, change) for part in parts])
        case Or(parts):
            return either([with_words(part, change) for part in parts])
        case AtLeast(count, parts):
            return AtLeast(count, tuple(with_words(part, change) for part in parts))
        case Not(part):
            return negation(with_words(part, change))


def _simple(part: Query) -> Word | Alias:
    assert isinstance(part, Word | Alias)
    return part


def _name(part: Query) -> Word | Phrase:
    assert isinstance(part, Word | Phrase)
    return part


def _named(part: Query) -> Named:
    assert isinstance(part, Word | Phrase | Alias)
    return part
