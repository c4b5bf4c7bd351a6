"""What a query says, as a tree. Words stand as they were typed; what they match is the text analysis' business."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Word:
    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two words or more, side by side in one field."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class And:
    """All of two parts or more, anywhere in the article; none is itself an And."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two parts or more; none is itself an Or."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The article as a whole does not meet the part, which is itself no Not."""

    part: Query


Query: TypeAlias = Word | Phrase | And | Or | Not


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
        case Word() | Phrase():
            return False
        case And(parts):
            return all(map(meets_nothing, parts))
        case Or(parts):
            return any(map(meets_nothing, parts))
        case Not(part):
            return not meets_nothing(part)


def count_words(query: Query) -> int:
    match query:
        case Word():
            return 1
        case Phrase(words):
            return len(words)
        case And(parts) | Or(parts):
            return sum(map(count_words, parts))
        case Not(part):
            return count_words(part)
