"""Queries reduced to what they ask of an article: keys instead of words, negations at the leaves, one order.

Two people's queries that ask the same (`أحمد OR علي`, `علي, احمد`) have equal plans, so they are evaluated once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from monitors.query.tree import And, Not, Or, Phrase, Query, Word
from monitors.text.analysis import Keys, keys_of_watch


@dataclass(frozen=True, slots=True)
class Adjacent:
    """Two tokens or more side by side in one field, answering to these keys."""

    keys: Keys


@dataclass(frozen=True, slots=True)
class Without:
    part: Leaf


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple[Plan, ...]


Leaf: TypeAlias = str | Adjacent
"""A single key, or several side by side."""

Plan: TypeAlias = Leaf | Without | All | Any


def plan_of(query: Query, *, wanted: bool = True) -> Plan:
    """What the query asks; with `wanted` false, what its negation does."""
    match query:
        case Word(text):
            return _leaf(keys_of_watch(text), wanted)
        case Phrase(words):
            return _leaf(tuple(key for word in words for key in keys_of_watch(word)), wanted)
        case Not(part):
            return plan_of(part, wanted=not wanted)
        case And(parts) | Or(parts):
            # Not both is either not (De Morgan).
            group = All if isinstance(query, And) is wanted else Any
            return _group(group, (plan_of(part, wanted=wanted) for part in parts))


def _leaf(keys: Keys, wanted: bool) -> Plan:
    if not keys:
        raise ValueError("a query's words must have letters or digits")
    leaf = keys[0] if len(keys) == 1 else Adjacent(keys)
    return leaf if wanted else Without(leaf)


def _group(group: type[All] | type[Any], plans: Iterable[Plan]) -> Plan:
    flat: set[Plan] = set()
    for plan in plans:
        flat.update(plan.parts if isinstance(plan, group) else (plan,))
    parts = tuple(sorted(flat, key=repr))
    return parts[0] if len(parts) == 1 else group(parts)
