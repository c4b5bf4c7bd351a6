"""Why one article meets one query, or why not and what it has instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from monitors.alerts import Spans
from monitors.query.needs import Needs, needs
from monitors.query.occurrences import Occurrences
from monitors.query.plan import MOST_APART, plan_of
from monitors.query.reading import read
from monitors.query.reasons import Lack, Miss, Reason
from monitors.query.rewriting import leaf_with_words
from monitors.query.spans import together
from monitors.query.tree import (
    READ,
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
)

_LOOKED_IN = tuple(field for field in Field if field is not Field.LANG)
"""Where something is looked for that the query looks for elsewhere."""


def explain(query: Query, fields: Mapping[str, str]) -> Reason:
    """Agrees with the index about every article. `fields` are texts by the names of `tree.Field`; any may lack."""
    plan = plan_of(query)
    article = read(fields, needs(plan))
    if not article.meet(plan):
        article = read(fields, _needs_of_a_miss(query))
    return explain_in(query, article)


def explain_in(query: Query, article: Occurrences) -> Reason:
    """The same of an article that has been read as far as the query needs.

    When it does not meet the query, it must have been read for `explain`'s sake to say all that is near.
    """
    return _Explaining(article).reason(query, wanted=True, blamed=True)


def _needs_of_a_miss(query: Query) -> Needs:
    wide = (needs(plan_of(_in_form(leaf, Form.WIDE))) for leaf in _leaves(query))
    languages = chain.from_iterable(each.languages for each in (needs(plan_of(query)), *wide))
    return Needs(frozenset(Field).difference(READ), frozenset(languages))


class _Explaining:
    """Of an article. What is asked twice is worked out once."""

    def __init__(self, article: Occurrences) -> None:
        self._article = article
        self._held: dict[Query, bool] = {}

    def reason(self, query: Query, *, wanted: bool, blamed: bool) -> Reason:
        """`blamed` when the query is not met because of what this is part of, unless it holds as `wanted`."""
        held = self._holds(query)
        blamed = blamed and held is not wanted
        opened = _opened(query)
        wanted = wanted is not isinstance(opened, Not)
        parts = tuple(self.reason(part, wanted=wanted, blamed=blamed) for part in _parts(opened))
        spans = self._spans(query) if held else {}
        miss = self._miss(query) if blamed and not held and not parts else None
        return Reason(query, held, spans, self._article.words(spans), parts, miss)

    def _holds(self, query: Query) -> bool:
        if query not in self._held:
            self._held[query] = self._find_out(_opened(query))
        return self._held[query]

    def _find_out(self, query: Query) -> bool:
        match query:
            case Not(part):
                return not self._holds(part)
            case And(parts):
                return all(map(self._holds, parts))
            case Or(parts):
                return any(map(self._holds, parts))
            case AtLeast(count, parts):
                return sum(map(self._holds, parts)) >= count
            case _:
                return self._article.meet(plan_of(query))

    def _spans(self, query: Query) -> Spans:
        return self._article.spans(plan_of(query))

    def _miss(self, query: Query) -> Miss:
        field, leaf = (query.field, query.part) if isinstance(query, InField) else (None, query)
        assert isinstance(leaf, Word | Phrase | Alias | Near | Regex)
        return (
            self._elsewhere(leaf, READ if field is None else (field,))
            or self._apart(leaf, field)
            or self._wider(leaf, field)
            or self._partly(leaf, field)
            or Miss(Lack.NOTHING)
        )

    def _elsewhere(self, leaf: Leaf, looked_in: Iterable[Field]) -> Miss | None:
        others = (InField(field, leaf) for field in _LOOKED_IN if field not in looked_in)
        spans = together(self._spans(other) for other in others if self._holds(other))
        return Miss(Lack.ELSEWHERE, spans, self._article.words(spans)) if spans else None

    def _wider(self, leaf: Leaf, field: Field | None) -> Miss | None:
        for form in (Form.NORMAL, Form.WIDE):
            wider = _named(field, _in_form(leaf, form))
            if self._holds(wider):
                spans = self._spans(wider)
                return Miss(Lack.WIDER, spans, self._article.words(spans), form=form)
        return None

    def _apart(self, leaf: Leaf, field: Field | None) -> Miss | None:
        """For a phrase or Near whose parts are all there."""
        if not isinstance(leaf, Phrase | Near) or self._lacking(leaf, field):
            return None
        asked = leaf.distance if isinstance(leaf, Near) else 1
        if self._holds(_named(field, Near(leaf.parts, asked))):
            return Miss(Lack.ORDER)
        distance = self._distance(leaf, field, asked + 1)
        if distance is None:
            return Miss(Lack.APART)
        spans = self._spans(_named(field, Near(leaf.parts, distance)))
        return Miss(Lack.APART, spans, self._article.words(spans), distance=distance)

    def _distance(self, leaf: Phrase | Near, field: Field | None, least: int) -> int | None:
        """The smallest at which the parts are near each other in any order, from the least on."""
        most = MOST_APART
        if least > most or not self._holds(_named(field, Near(leaf.parts, most))):
            return None
        while least < most:
            middle = (least + most) // 2
            if self._holds(_named(field, Near(leaf.parts, middle))):
                most = middle
            else:
                least = middle + 1
        return most

    def _partly(self, leaf: Leaf, field: Field | None) -> Miss | None:
        if not isinstance(leaf, Phrase | Near):
            return None
        lacking = self._lacking(leaf, field)
        return Miss(Lack.PARTLY, missing=lacking) if len(lacking) < len(set(leaf.parts)) else None

    def _lacking(self, leaf: Phrase | Near, field: Field | None) -> tuple[Query, ...]:
        return tuple(part for part in dict.fromkeys(leaf.parts) if not self._holds(_named(field, part)))


def _opened(query: Query) -> Query:
    """A field named before a group given to each of the group's parts."""
    if not isinstance(query, InField):
        return query
    field, group = query.field, query.part
    match group:
        case And(parts):
            return And(tuple(InField(field, part) for part in parts))
        case Or(parts):
            return Or(tuple(InField(field, part) for part in parts))
        case AtLeast(count, parts):
            return AtLeast(count, tuple(InField(field, part) for part in parts))
        case Not(part):
            return Not(InField(field, part))
        case _:
            return query


def _parts(query: Query) -> tuple[Query, ...]:
    match query:
        case And(parts) | Or(parts) | AtLeast(_, parts):
            return parts
        case Not(part):
            return (part,)
        case _:
            return ()


def _leaves(query: Query) -> Iterator[Leaf]:
    match query:
        case InField(_, part):
            yield from _leaves(part)
        case Not() | And() | Or() | AtLeast():
            yield from chain.from_iterable(map(_leaves, _parts(query)))
        case _:
            yield query


def _named(field: Field | None, leaf: Leaf) -> Query:
    return leaf if field is None else InField(field, leaf)


def _in_form(leaf: Leaf, form: Form) -> Leaf:
    """The leaf with this form for words whose form is narrower; prefixes have no other."""
    narrower = (Form.EXACT,) if form is Form.NORMAL else (Form.EXACT, Form.NORMAL)
    return leaf_with_words(
        leaf, lambda word: Word(word.text, form) if word.form in narrower and not word.prefix else word
    )
