"""Queries made from queries: the same shape with other words or parts in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeAlias

from monitors.query.tree import (
    Alias,
    And,
    AtLeast,
    Field,
    Form,
    InField,
    Leaf,
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

Put: TypeAlias = Callable[[Query], Query]
"""Gives the whole query with this in the place of a part."""


_ORIGINS = (Field.OUTLET, Field.URL, Field.LANG)
"""Fields that say where an article is from: what they are asked has no other forms."""


def with_form(query: Query, form: Form) -> Query:
    """The query with this form for every word that has the normal one.

    Prefixes have no other, and names of outlets, addresses and languages stay as they are.
    """
    return with_words(
        query, lambda word: Word(word.text, form) if word.form is Form.NORMAL and not word.prefix else word
    )


def in_form(query: Query, form: Form) -> Query:
    """The query with this form for every word, whatever it has; prefixes, outlets, addresses and languages stay."""
    return with_words(query, lambda word: word if word.prefix else Word(word.text, form))


def wanted_leaves(query: Query) -> Iterator[tuple[Leaf, Put]]:
    """The words, phrases and such that the query asks of what is told, each with its place.

    Not those it asks to be without, nor names of outlets, addresses and languages.
    """
    match query:
        case Not():
            return
        case InField(field, part):
            for leaf, put in wanted_leaves(part) if field not in _ORIGINS else ():
                yield leaf, _then(partial(InField, field), put)
        case And(parts) | Or(parts) | AtLeast(_, parts):
            for number, part in enumerate(parts):
                for leaf, put in wanted_leaves(part):
                    yield leaf, _then(partial(with_part, query, number), put)
        case _:
            yield query, lambda new: new


def with_part(query: And | Or | AtLeast, number: int, new: Query | None) -> Query:
    """The query with another part in the place of this one, or without it."""
    parts = [*query.parts[:number], *([new] if new is not None else []), *query.parts[number + 1 :]]
    match query:
        case And():
            return both(parts)
        case Or():
            return either(parts)
        case AtLeast(count):
            return AtLeast(count, tuple(parts))


def _then(outer: Put, inner: Put) -> Put:
    return lambda new: outer(inner(new))


def with_words(query: Query, change: Callable[[Word], Word], *, unwanted: bool = True) -> Query:
    """The query with its words changed; those that say where an article is from stay, and those that it asks to be
    without unless `unwanted`."""

    def changed(part: Query) -> Query:
        return with_words(part, change, unwanted=unwanted)

    match query:
        case Word() | Phrase() | Alias() | Near() | Regex():
            return leaf_with_words(query, change)
        case InField(field, part):
            return query if field in _ORIGINS else InField(field, changed(part))
        case And(parts):
            return both([changed(part) for part in parts])
        case Or(parts):
            return either([changed(part) for part in parts])
        case AtLeast(count, parts):
            return AtLeast(count, tuple(changed(part) for part in parts))
        case Not(part):
            return negation(changed(part)) if unwanted else query


def leaf_with_words(leaf: Leaf, change: Callable[[Word], Word]) -> Leaf:
    match leaf:
        case Word():
            return change(leaf)
        case Phrase(parts):
            return Phrase(tuple(_alias(part, change) if isinstance(part, Alias) else change(part) for part in parts))
        case Alias():
            return _alias(leaf, change)
        case Near(parts, distance, ordered):
            return Near(tuple(_named(part, change) for part in parts), distance, ordered)
        case Regex():
            return leaf


def _alias(alias: Alias, change: Callable[[Word], Word]) -> Alias:
    names = (_named(name, change) for name in alias.names)
    return Alias(tuple(name for name in names if not isinstance(name, Alias)))


def _named(part: Word | Phrase | Alias, change: Callable[[Word], Word]) -> Word | Phrase | Alias:
    changed = leaf_with_words(part, change)
    assert isinstance(changed, Word | Phrase | Alias)
    return changed
