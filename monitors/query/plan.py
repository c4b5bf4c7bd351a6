"""Queries reduced to what they ask of an article: keys instead of words, negations at the leaves, one order.

Two people's queries that ask the same (`أحمد OR علي`, `علي, احمد`) have equal plans, so they are evaluated once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, product
from typing import TypeAlias, TypeVar

from monitors.query.tree import (
    READ,
    Alias,
    And,
    AtLeast,
    Field,
    Form,
    InField,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Regex,
    Word,
)
from monitors.text.analysis import Keys, keys_of_watch, spelling
from monitors.text.keys import field_key
from monitors.text.wide import wide_keys


@dataclass(frozen=True, slots=True)
class Exact:
    """A token that answers to the key, of a word that is spelled just so."""

    key: str
    spelling: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """A token that answers to any of two keys or more."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """A token that answers to some key that begins so."""

    start: str


Term: TypeAlias = str | Exact | OneOf | Prefix
"""What one token is asked: a single key, or more."""


@dataclass(frozen=True, slots=True)
class Adjacent:
    """Two tokens or more side by side in one field."""

    terms: tuple[Term, ...]


MOST_APART = 100
"""The largest distance of a Close."""

Run: TypeAlias = Term | Adjacent
"""One token or several side by side."""


@dataclass(frozen=True, slots=True)
class Close:
    """One of each group's runs, in one field, each at most `distance` tokens from the one before it in the groups.

    The distance is from the end of the one to the start of the other, 1 is side by side, and at most MOST_APART. In
    order the other comes after the one, else before or after; they never overlap.
    """

    groups: tuple[tuple[Run, ...], ...]
    distance: int
    ordered: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """An RE2 expression, looked for in title and text, or in one field."""

    pattern: str
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Within:
    """A run or Close in the title alone, or in the text alone. (Other fields have keys of their own.)"""

    field: Field
    part: Run | Close


Leaf: TypeAlias = Run | Close | Pattern | Within
"""What is found at places, or is not."""


@dataclass(frozen=True, slots=True)
class Without:
    part: Leaf


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least `count` of the parts, 1 < count < len(parts)."""

    count: int
    parts: tuple[Plan, ...]


Plan: TypeAlias = Leaf | Without | All | Any | Some

P = TypeVar("P")


def plan_of(query: Query, *, wanted: bool = True, field: Field | None = None) -> Plan:
    """What the query asks of this field; with `wanted` false, what its negation does."""
    match query:
        case Word() | Phrase() | Alias():
            return _wanted([_in(field, run) for run in _runs(query, field)], wanted)
        case Not(part):
            return plan_of(part, wanted=not wanted, field=field)
        case InField(named, part):
            return plan_of(part, wanted=wanted, field=named)
        case And(parts):
            return _some(len(parts), [plan_of(part, wanted=wanted, field=field) for part in parts], wanted)
        case Or(parts):
            return _some(1, [plan_of(part, wanted=wanted, field=field) for part in parts], wanted)
        case AtLeast(count, parts):
            return _some(count, [plan_of(part, wanted=wanted, field=field) for part in parts], wanted)
        case Regex(pattern):
            return _wanted([Pattern(pattern, field)], wanted)
        case Near(parts, distance, ordered):
            if not 1 <= distance <= MOST_APART:
                raise ValueError(f"words can be 1 to {MOST_APART} apart, not {distance}")
            groups = tuple(_sorted(_runs(part, field)) for part in parts)
            return _wanted([_in(field, Close(groups, distance, ordered))], wanted)


def _some(count: int, parts: Sequence[Plan], wanted: bool) -> Plan:
    """`count` of the parts; parts of something not wanted come negated, and then so is the count (De Morgan)."""
    count = count if wanted else len(parts) - count + 1
    if count == 1:
        return _group(Any, parts)
    if count == len(parts):
        return _group(All, parts)
    return Some(count, tuple(sorted(parts, key=_order)))


def _wanted(leaves: Sequence[Leaf], wanted: bool) -> Plan:
    parts: Sequence[Plan] = leaves if wanted else [Without(leaf) for leaf in leaves]
    return parts[0] if len(parts) == 1 else _group(Any if wanted else All, parts)


def _group(group: type[All] | type[Any], plans: Iterable[Plan]) -> Plan:
    flat: list[Plan] = []
    for plan in plans:
        flat += plan.parts if isinstance(plan, group) else (plan,)
    parts = _sorted(flat)
    return parts[0] if len(parts) == 1 else group(parts)


def _sorted(parts: Sequence[P]) -> tuple[P, ...]:
    """Each once, in an order that does not depend on how the query put them."""
    return tuple(sorted(set(parts), key=_order) if len(parts) > 1 else parts)


def _order(part: object) -> str:
    return part if isinstance(part, str) else repr(part)


def _in(field: Field | None, part: Run | Close) -> Leaf:
    return Within(field, part) if field in READ else part


def _runs(part: Word | Phrase | Alias, field: Field | None) -> list[Run]:
    """The runs of tokens of which any will do."""
    return [_run(terms) for terms in _spelled_out(part, field)]


def _run(terms: tuple[Term, ...]) -> Run:
    if not terms:
        raise ValueError("a query's words must have letters or digits")
    return terms[0] if len(terms) == 1 else Adjacent(terms)


def _spelled_out(part: Word | Phrase | Alias, field: Field | None) -> list[tuple[Term, ...]]:
    match part:
        case Word():
            return [_terms(part, field)]
        case Alias(names):
            return [terms for name in names for terms in _spelled_out(name, field)]
        case Phrase(parts):
            choices = product(*[_spelled_out(inner, field) for inner in parts])
            return [tuple(chain.from_iterable(choice)) for choice in choices]


def _terms(word: Word, field: Field | None) -> tuple[Term, ...]:
    """What the word's tokens are asked, one after the other."""
    if word.form is Form.WIDE:
        return tuple(_one_of(_named(keys, field)) for keys in wide_keys(word.text))
    keys = _named(keys_of_watch(word.text), field)
    if word.form is Form.EXACT:
        return tuple(Exact(key, spelling(word.text)) for key in keys)
    return (*keys[:-1], Prefix(keys[-1])) if word.prefix and keys else keys


def _named(keys: Keys, field: Field | None) -> Keys:
    return keys if field is None or field in READ else tuple(field_key(field, key) for key in keys)


def _one_of(keys: tuple[str, ...]) -> Term:
    return keys[0] if len(keys) == 1 else OneOf(tuple(sorted(keys)))
