"""Queries that find more than one does, each by one step: what its owner may have meant to find too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from monitors.query.plan import plan_of
from monitors.query.rewriting import Put, wanted_leaves, with_form, with_part
from monitors.query.tree import (
    Alias,
    And,
    Form,
    Leaf,
    Phrase,
    Query,
    Word,
    both,
    either,
    meets_nothing,
)
from monitors.text.variants import slips, suggestions, without_article

MOST_STEPS = 20


class Step(StrEnum):
    FORM = "form"  # the part in the next wider form
    VARIANT = "variant"  # or this other spelling of a word, or the word without its article
    APART = "apart"  # the words of a phrase anywhere in the article
    WITHOUT = "without"  # the query without this part


@dataclass(frozen=True, slots=True)
class Wider:
    """A query that finds all the other does, and perhaps more. `part` is what is new in it, or what it lacks."""

    step: Step
    part: Query
    query: Query


def widenings(query: Query) -> list[Wider]:
    """The queries one step wider, at most MOST_STEPS, each asking something else."""
    known = {plan_of(query)}
    found: list[Wider] = []
    for wider in _steps(query):
        plan = plan_of(wider.query)
        if plan not in known:
            known.add(plan)
            found.append(wider)
    return found[:MOST_STEPS]


def _steps(query: Query) -> Iterator[Wider]:
    for leaf, put in islice(wanted_leaves(query), MOST_STEPS):
        yield from _of_leaf(leaf, put)
    if isinstance(query, And):
        for number, part in enumerate(query.parts):
            rest = with_part(query, number, None)
            if not meets_nothing(rest) and any(wanted_leaves(rest)):  # not all that an outlet publishes
                yield Wider(Step.WITHOUT, part, rest)


def _of_leaf(leaf: Leaf, put: Put) -> Iterator[Wider]:
    wide = _in_wider_form(leaf)
    if wide != leaf:
        yield Wider(Step.FORM, wide, put(wide))
    if isinstance(leaf, Word) and not leaf.prefix:
        for variant in _variants(leaf):
            yield Wider(Step.VARIANT, variant, put(either([leaf, variant])))
    if isinstance(leaf, Phrase):
        for number, part in enumerate(leaf.parts):
            for variant in _variants(part) if isinstance(part, Word) else ():
                alias = Alias((part, variant)) if isinstance(part, Word) else part
                named = Phrase((*leaf.parts[:number], alias, *leaf.parts[number + 1 :]))
                yield Wider(Step.VARIANT, variant, put(named))
        apart = both(list(leaf.parts))
        yield Wider(Step.APART, apart, put(apart))


def _in_wider_form(leaf: Leaf) -> Leaf:
    if isinstance(leaf, Word) and leaf.form is Form.EXACT:
        return Word(leaf.text)
    wide = with_form(leaf, Form.WIDE)
    assert isinstance(wide, Leaf)
    return wide


def _variants(word: Word) -> Iterator[Word | Phrase]:
    bared = () if word.form is Form.EXACT else without_article(word.text)
    for spelling in (*suggestions(word.text), *slips(word.text), *bared):
        words = tuple(Word(each, word.form) for each in spelling.split())
        yield words[0] if len(words) == 1 else Phrase(words)
