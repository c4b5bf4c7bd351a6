"""What an article must have among its words to meet a query: a condition that both databases can look up.

The words' index keeps the keys that an article's tokens answer to, in the order of the text (words.py), so every
condition is about keys. It is necessary and rarely sufficient: who asks verifies what is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import comb, prod
from typing import TypeAlias, TypeGuard

from monitors.query.plan import (
    Adjacent,
    All,
    Any,
    Close,
    Exact,
    OneOf,
    Pattern,
    Plan,
    Prefix,
    Run,
    Some,
    Term,
    Within,
    Without,
)
from monitors.text.keys import key_field, stem_language

LOOSE = "\ue0f2loose"
"""A key of articles of whose words not all places are kept."""
CUT = "\ue0f2cut"
"""A key of articles that have more words than are kept: they can meet anything."""

LONGEST_KEY = 64
"""Of a longer key only the beginning is kept, in code points; PostgreSQL allows 2,046 bytes."""
MOST_KEYS_OF_A_TOKEN = 6
"""A token with more makes its article loose. SQLite counts keys, not tokens, when it looks what stands together."""
_MOST_CHOICES = 64

Choice: TypeAlias = str | Prefix


@dataclass(frozen=True, slots=True)
class Together:
    """One of each group's keys, within so many tokens of one another; in this order when there is one for each."""

    groups: tuple[tuple[Choice, ...], ...]
    width: int


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class But:
    """The part, and none of the others."""

    part: Condition
    others: tuple[Condition, ...]


Condition: TypeAlias = Choice | Together | AllOf | AnyOf | But


def candidates(plan: Plan) -> Condition | None:
    """What every article has that meets the plan; None when that is nothing an index could look up."""
    match plan:
        case Without() | Pattern():
            return None
        case Within(_, part):
            return candidates(part)
        case All(parts):
            return _all(parts)
        case Any(parts):
            return _at_least(1, parts)
        case Some(count, parts):
            return _at_least(count, parts)
        case Close(groups, distance, _):
            return _close(groups, distance)
        case Adjacent(terms):
            return _together([_choices(term) for term in terms], len(terms))
        case _:
            return any_of(_choices(plan))


def is_enough(plan: Plan) -> bool:
    """Whether every candidate meets the plan."""
    match plan:
        case str():
            return len(plan) < LONGEST_KEY
        case OneOf(keys):
            return all(map(is_enough, keys))
        case Prefix(start):
            return is_enough(start)
        case All(parts):
            return all(is_enough(part.part if isinstance(part, Without) else part) for part in parts)
        case Any(parts):
            return all(map(is_enough, parts))
        case _:
            return False


def all_of(parts: Sequence[Condition]) -> Condition | None:
    """All of the parts; None, anything, when there are none."""
    return _group(AllOf, parts) if parts else None


def any_of(parts: Sequence[Condition]) -> Condition:
    """Any of one part or more."""
    return _group(AnyOf, parts)


def _group(group: type[AllOf] | type[AnyOf], parts: Iterable[Condition]) -> Condition:
    flat: dict[Condition, None] = {}
    for part in parts:
        flat.update(dict.fromkeys(part.parts if isinstance(part, group) else (part,)))
    return next(iter(flat)) if len(flat) == 1 else group(tuple(flat))


def _all(parts: Sequence[Plan]) -> Condition | None:
    """What they need, without the articles that surely have what one of them refuses."""
    needed = all_of([found for part in parts if (found := candidates(part)) is not None])
    refused = [part.part for part in parts if isinstance(part, Without) and is_enough(part.part)]
    others = tuple(found for part in refused if (found := candidates(part)) is not None)
    return But(needed, others) if needed is not None and others else needed


def _at_least(count: int, parts: Sequence[Plan]) -> Condition | None:
    """What so many of the parts need, or one of them if that is too much to write down, unless enough need nothing."""
    found = [candidates(part) for part in parts]
    needed = [condition for condition in found if condition is not None]
    if len(needed) == len(found) and comb(len(needed), count) <= _MOST_CHOICES:
        return any_of([_group(AllOf, some) for some in combinations(needed, count)])
    return any_of(needed) if len(found) - len(needed) < count else None


def _choices(term: Term) -> tuple[Choice, ...]:
    match term:
        case Exact(key, _):
            return (key,)
        case OneOf(keys):
            return keys
        case _:
            return (term,)


def _close(groups: Sequence[Sequence[Run]], distance: int) -> Condition | None:
    """Where each name is one word, or there is one name, its words stand not far from the others."""
    near: list[tuple[Choice, ...]] = []
    for runs in groups:
        if len(runs) == 1 and isinstance(runs[0], Adjacent):
            near += map(_choices, runs[0].terms)
        elif _are_terms(runs):
            near.append(tuple(choice for run in runs for choice in _choices(run)))
        else:
            return all_of([any_of([_needed(run) for run in runs]) for runs in groups])
    return _together(near, len(near) + (len(groups) - 1) * (distance - 1), ordered=False)


def _are_terms(runs: Sequence[Run]) -> TypeGuard[Sequence[Term]]:
    return not any(isinstance(run, Adjacent) for run in runs)


def _needed(run: Run) -> Condition:
    needed = candidates(run)
    assert needed is not None, "a run has words"
    return needed


def _together(groups: Sequence[tuple[Choice, ...]], width: int, *, ordered: bool = True) -> Condition | None:
    if any(_has_no_place(choice) for group in groups for choice in group):
        return all_of([any_of(group) for group in groups])
    # One more than there are groups says that their order is open.
    return Together(tuple(groups), width if ordered else max(width, len(groups) + 1))


def _has_no_place(choice: Choice) -> bool:
    """Keys of stems and of fields are kept apart from the text's."""
    key = choice.start if isinstance(choice, Prefix) else choice
    return key_field(key) is not None or stem_language(key) is not None


def fts5(condition: Condition) -> str:
    """The condition as SQLite's MATCH takes it (https://sqlite.org/fts5.html#full_text_query_syntax)."""
    match condition:
        case str():
            return _in_double_quotes(condition)
        case Prefix(start):
            return f"{_in_double_quotes(start)} *"
        case AllOf(parts):
            return f"({' AND '.join(map(fts5, parts))})"
        case AnyOf(parts):
            return f"({' OR '.join(map(fts5, parts))})"
        case But(part, others):
            return f"({fts5(part)} NOT {fts5(any_of(others))})"
        case Together(groups, width):
            anywhere = [any_of(group) for group in groups]
            if prod(map(len, groups)) > _MOST_CHOICES:
                return fts5(AllOf(tuple(anywhere)))
            between = MOST_KEYS_OF_A_TOKEN * width - 2
            near = [f"NEAR({' '.join(map(fts5, choice))}, {between})" for choice in product(*groups)]
            return f"({' OR '.join(near)} OR {fts5(AllOf((*anywhere, LOOSE)))})"


def tsquery(condition: Condition) -> str:
    """The condition as PostgreSQL's tsquery (https://www.postgresql.org/docs/current/datatype-textsearch.html).

    Where words stand is not looked up, for every candidate's keys would have to be read, half a millisecond each.
    """
    match condition:
        case str():
            return lexeme(condition)
        case Prefix(start):
            return f"{lexeme(start)}:*"
        case AllOf(parts):
            return f"({' & '.join(map(tsquery, parts))})"
        case AnyOf(parts):
            return f"({' | '.join(map(tsquery, parts))})"
        case But(part, others):
            return f"({tsquery(part)} & !{tsquery(any_of(others))})"
        case Together(groups):
            return tsquery(AllOf(tuple(any_of(group) for group in groups)))


def lexeme(key: str) -> str:
    """The key as it stands in a tsquery or a tsvector."""
    escaped = key[:LONGEST_KEY].replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _in_double_quotes(key: str) -> str:
    escaped = key[:LONGEST_KEY].replace('"', '""')
    return f'"{escaped}"'
