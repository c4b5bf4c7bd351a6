"""What a query says, as a tree. Words stand as they were typed; what they match is the text analysis' business."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Form(StrEnum):
    """How much a word answers to."""

    EXACT = "exact"  # `=علي`: this spelling alone, letter for letter
    NORMAL = "normal"  # `علي`: however it is spelled, and with what is written onto its beginning
    WIDE = "wide"  # `~علي`: also what is inflected or derived from it, and its other spellings


class Field(StrEnum):
    """Where in an article a part of a query looks. What names none looks in title and text."""

    TITLE = "title"
    TEXT = "text"
    AUTHOR = "author"
    TAG = "tag"
    OUTLET = "outlet"
    URL = "url"
    LANG = "lang"


READ = (Field.TITLE, Field.TEXT)
"""The fields a query looks in that names none."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed. `prefix` when it stands for all words that begin so; then it has the normal form."""

    text: str
    form: Form = Form.NORMAL
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two parts or more, side by side in one field."""

    parts: tuple[Word | Alias, ...]


@dataclass(frozen=True, slots=True)
class Alias:
    """Two names or more of one thing; inside a phrase or a Near it stands like a word. Phrases in it hold words."""

    names: tuple[Word | Phrase, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Two parts or more in one field, each at most `distance` words after the one before it, or, when the order
    does not matter, before it. At distance 1 they are side by side.
    """

    parts: tuple[Word | Phrase | Alias, ...]
    distance: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Regex:
    """An RE2 expression that is found somewhere in the field, capitals and small letters alike."""

    pattern: str


@dataclass(frozen=True, slots=True)
class InField:
    """The part looks in this field only; no InField is within another."""

    field: Field
    part: Query


@dataclass(frozen=True, slots=True)
class And:
    """All of two parts or more, anywhere in the article; none is itself an And."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two parts or more; none is itself an Or."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`count` of two parts or more, 1 ≤ count ≤ len(parts)."""

    count: int
    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The article as a whole does not meet the part, which is itself no Not."""

    part: Query


Leaf: TypeAlias = Word | Phrase | Alias | Near | Regex
Query: TypeAlias = Leaf | InField | And | Or | AtLeast | Not


def both(parts: list[Query]) -> Query:
    """The parts joined by AND, in their order; nested Ands are opened."""
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,)))
    return flat[0] if len(flat) == 1 else And(flat)


def either(parts: list[Query]) -> Query:
    """The parts joined by OR, in their order; nested Ors are opened."""
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,)))
    return flat[0] if len(flat) == 1 else Or(flat)


def negation(part: Query) -> Query:
    return part.part if isinstance(part, Not) else Not(part)


def meets_nothing(query: Query) -> bool:
    """Whether an article without any of the query's words meets it: then it asks only for what is *not* there."""
    match query:
        case And(parts):
            return all(map(meets_nothing, parts))
        case Or(parts):
            return any(map(meets_nothing, parts))
        case AtLeast(count, parts):
            return sum(map(meets_nothing, parts)) >= count
        case Not(part):
            return not meets_nothing(part)
        case InField(_, part):
            return meets_nothing(part)
        case _:
            return False


def words_of(leaf: Leaf) -> Iterator[Word]:
    """Its words in their order; a regular expression has none."""
    match leaf:
        case Word():
            yield leaf
        case Phrase(parts) | Near(parts) | Alias(parts):
            for part in parts:
                yield from words_of(part)
        case Regex():
            return


def count_words(query: Query) -> int:
    """How many words it has; a regular expression counts as one."""
    match query:
        case Word() | Regex():
            return 1
        case Alias(names):
            return _count_all(names)
        case Not(part) | InField(_, part):
            return count_words(part)
        case Phrase(parts) | Near(parts) | And(parts) | Or(parts) | AtLeast(_, parts):
            return _count_all(parts)


def _count_all(parts: Iterable[Query]) -> int:
    return sum(map(count_words, parts))
