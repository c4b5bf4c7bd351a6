"""Whether one plan asks for less than another, and whether one can be met at all, by what they say alone.

An answer of yes is certain. No only means that it does not show in the plans: what two words have in common is the
articles' business.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import chain, product

from monitors.query.plan import (
    Adjacent,
    All,
    Any,
    Close,
    Exact,
    Leaf,
    OneOf,
    Pattern,
    Plan,
    Prefix,
    Some,
    Term,
    Within,
    Without,
)
from monitors.query.tree import Field
from monitors.text.keys import field_key, key_field

NamesMeet = Callable[[Leaf], bool]
"""Whether what an outlet is called meets a leaf."""


@dataclass(frozen=True, slots=True)
class _Origin:
    """What is known of an article that nobody has read: its language, as a key, and its outlet, if that is known."""

    language: str
    outlet: NamesMeet | None

    def meets(self, leaf: Leaf) -> bool | None:
        """None for what depends on the article."""
        field = _field_of(leaf)
        if field == Field.LANG and isinstance(leaf, str):
            return leaf == self.language
        return self.outlet(leaf) if field == Field.OUTLET and self.outlet is not None else None


def implies(plan: Plan, other: Plan) -> bool:
    """Whether every article that meets the plan meets the other one."""
    if plan == other:
        return True
    match plan, other:
        case Any(parts), _:
            return all(implies(part, other) for part in parts)
        case _, All(parts):
            return all(implies(plan, part) for part in parts)
        case _, Some(count, parts) if sum(implies(plan, part) for part in parts) >= count:
            return True
        case Some(count, parts), _ if sum(implies(part, other) for part in parts) > len(parts) - count:
            return True  # whichever of them are met, one is among these
        case _, Any(parts) if any(implies(plan, part) for part in parts):
            return True
        case All(parts), _:
            return any(implies(part, other) for part in parts)
        case _:
            return _leaf_implies(plan, other)


def can_be_met(
    plan: Plan, *, languages: Collection[str] | None = None, outlets: Collection[NamesMeet] | None = None
) -> bool:
    """Whether some article may meet the plan, of these languages (primary codes) and outlets; None: any.

    Not when it asks for what it also asks to be without, nor when it asks for another language or outlet: an article
    has one of each.
    """
    spoken = {""}.union(_languages_in(plan)) if languages is None else {field_key(Field.LANG, one) for one in languages}
    origins = [
        _Origin(language, outlet) for language, outlet in product(spoken, (None,) if outlets is None else outlets)
    ]
    return any(not _refuted(plan, (), origin) for origin in origins)


def _refuted(plan: Plan, refused: tuple[Plan, ...], origin: _Origin) -> bool:
    """Whether no article of this origin meets the plan that meets none of what is refused."""
    match plan:
        case All(parts):
            refused += tuple(part.part for part in parts if isinstance(part, Without))
            return any(_refuted(part, refused, origin) for part in parts)
        case Any(parts):
            return all(_refuted(part, refused, origin) for part in parts)
        case Some(count, parts):
            return sum(not _refuted(part, refused, origin) for part in parts) < count
        case Without(part):
            return origin.meets(part) is True
        case _:
            return origin.meets(plan) is False or any(implies(plan, leaf) for leaf in refused)


def _languages_in(plan: Plan) -> Iterator[str]:
    """The keys of the languages that it names."""
    match plan:
        case All(parts) | Any(parts) | Some(_, parts):
            yield from chain.from_iterable(map(_languages_in, parts))
        case Without(part):
            yield from _languages_in(part)
        case str() if _field_of(plan) == Field.LANG:
            yield plan


def _field_of(leaf: Plan) -> str | None:
    """The field that it looks in and no other; None for title and text, and for what is no leaf."""
    match leaf:
        case Pattern(_, field):
            return field
        case Adjacent(terms):
            return _field_of(terms[0])
        case str(key) | Exact(key) | OneOf((key, *_)) | Prefix(key):
            return key_field(key)
        case _:
            return None


def _leaf_implies(leaf: Plan, other: Plan) -> bool:
    match leaf, other:
        case Without(part), Without(whole):
            return implies(whole, part)
        case Within(field, part), Within(same, whole):
            return field == same and implies(part, whole)
        case Within(_, part), _:
            return implies(part, other)
        case Close(groups), _:
            return any(all(implies(run, other) for run in group) for group in groups)
        case Adjacent(), Adjacent():
            return _holds(leaf, other)
        case Adjacent(terms), str() | Exact() | OneOf() | Prefix():
            return any(_answers(term, other) for term in terms)
        case str() | Exact() | OneOf() | Prefix(), str() | Exact() | OneOf() | Prefix():
            return _answers(leaf, other)
        case _:
            return False


def _holds(whole: Adjacent, part: Adjacent) -> bool:
    """Whether the tokens of the part stand side by side within those of the whole."""
    length = len(part.terms)
    windows = (whole.terms[at : at + length] for at in range(len(whole.terms) - length + 1))
    return any(all(map(_answers, window, part.terms)) for window in windows)


def _answers(term: Term, other: Term) -> bool:
    """Whether every token that is what the term asks is what the other asks."""
    if term == other:
        return True
    match term, other:
        case Exact(key, _), _:
            return _answers(key, other)
        case OneOf(keys), _:
            return all(_answers(key, other) for key in keys)
        case str(), OneOf(keys):
            return term in keys
        case str(), Prefix(start):
            return term.startswith(start)
        case Prefix(longer), Prefix(start):
            return longer.startswith(start)
        case _:
            return False
