"""What of an article has to be read for a plan, besides the plain keys of title and text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

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
    Some,
    Term,
    Within,
    Without,
)
from monitors.query.tree import READ
from monitors.text.keys import is_plain, key_field, stem_language


@dataclass(frozen=True, slots=True)
class Needs:
    """Names of fields that are only asked by their name, and the languages whose stems are asked for."""

    fields: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()

    def __or__(self, other: Needs) -> Needs:
        return Needs(self.fields | other.fields, self.languages | other.languages)


NOTHING_MORE = Needs()


def needs(plan: Plan) -> Needs:
    if isinstance(plan, str) and is_plain(plan):  # as most are
        return NOTHING_MORE
    fields: set[str | None] = set()
    languages: set[str | None] = set()
    for asked in asked_by(plan):
        if isinstance(asked, Pattern):
            fields.add(None if asked.field in READ else asked.field)
        else:
            for key in _keys(asked):
                if not is_plain(key):  # as few are
                    fields.add(key_field(key))
                    languages.add(stem_language(key))
    named, stemmed = frozenset(filter(None, fields)), frozenset(filter(None, languages))
    return Needs(named, stemmed) if named or stemmed else NOTHING_MORE


def asked_by(plan: Plan) -> Iterable[Term | Pattern]:
    """What the plan asks of single tokens, and the expressions it looks for."""
    match plan:
        case Adjacent(terms):
            return terms
        case Close(groups):
            return chain.from_iterable(map(asked_by, chain.from_iterable(groups)))
        case Within(_, part) | Without(part):
            return asked_by(part)
        case All(parts) | Any(parts) | Some(_, parts):
            return chain.from_iterable(map(asked_by, parts))
        case _:
            return (plan,)


def _keys(term: Term) -> tuple[str, ...]:
    match term:
        case str():
            return (term,)
        case Exact(key):
            return (key,)
        case OneOf(keys):
            return keys
        case Prefix(start):
            return (start,)
