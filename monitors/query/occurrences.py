"""An analysed article as queries ask it: which keys it has and, once somebody needs to know, where.

An article is written by strangers and asked by everybody, so nothing here costs more the more often a word stands in
it: where words stand is kept in numbers, bit n for token n, and worked out by shifting and masking whole articles. It
is found out once for all queries, and only the first places in each field are shown.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from itertools import chain, islice
from operator import or_

from monitors.alerts import Spans
from monitors.query.chains import Places, Reach, bits_around, chained, reach, within
from monitors.query.needs import asked_by
from monitors.query.numbering import (
    NumberedField,
    Positions,
    bits_at,
    bits_steps,
    set_bits,
)
from monitors.query.patterns import expression, readable
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
    Run,
    Some,
    Term,
    Within,
    Without,
)
from monitors.query.spans import disjoint, together
from monitors.query.spellings import Spellings
from monitors.query.tree import READ
from monitors.text.analysis import Analysis, Keys
from monitors.text.steps import Steps, finish

MOST_SPANS = 100
"""How many places of a word or phrase are shown in a field, and how many spans of a match; the first ones."""


_TOKENS_AT_ONCE = 10_000  # looked through between two turns of others; no article of news has more
_LONG = 50_000  # code points
_SPANS_AT_ONCE = 5


class Occurrences:
    """One article's tokens, its fields one after the other; between them stand tokens that answer to nothing."""

    def __init__(
        self,
        analysed: Mapping[str, Analysis],
        tokens: list[Keys],
        fields: Sequence[NumberedField],
        keys: set[str],
        groups: Sequence[set[str]],
    ) -> None:
        self._analysed = analysed
        self._fields = fields
        self.tokens = tokens
        self.keys = keys
        self.groups = groups
        """The keys, each in one group; so many groups that one is looked through in a few ms."""
        self._sorted_groups: list[list[str]] = []
        self._positions = Positions(self.tokens)
        self._bits_of_runs: dict[Run, int] = {}
        self._bits_around: dict[tuple[str, int, bool], int] = {}
        self._reaches: dict[tuple[tuple[tuple[Run, ...], ...], int, bool], Reach] = {}
        self._spellings = Spellings(analysed, fields, self._positions)
        self._found_patterns: dict[Pattern, bool] = {}
        self._places_of_leaves: dict[Leaf, Places] = {}
        self._spans_of_leaves: dict[Leaf, Spans] = {}
        self._spans: dict[int, tuple[int, int]] = {}
        length = sum(len(analysis.text) for analysis in analysed.values())
        self._is_long = len(tokens) > _TOKENS_AT_ONCE or length > _LONG

    def tokens_of(self, name: str) -> Sequence[Keys]:
        """What the field's tokens answer to, as they are numbered."""
        return next((self.tokens[field.first : field.end] for field in self._fields if field.name == name), ())

    def meet(self, plan: Plan) -> bool:
        match plan:
            case str():
                return plan in self.keys
            case All(parts):
                return all(map(self.meet, parts))
            case Without(part):
                return not self.meet(part)
            case Any(parts):
                return any(map(self.meet, parts))
            case OneOf(keys):
                return not self.keys.isdisjoint(keys)
            case Prefix(start):
                return bool(self.beginning(start))
            case Pattern():
                return self._has(plan)
            case Some(count, parts):
                return any(islice((part for part in parts if self.meet(part)), count - 1, None))
            case Close(groups, distance, ordered):
                return bool(within(self._runs(groups[-1]), self._reach(groups[:-1], distance, ordered)))
            case _:
                return any(bits for _, bits in self._places(plan))

    def are_close(self, around: tuple[str, int, bool], other: str) -> bool:
        """Whether the other word is at most so far from the one, and after it if in order: what most Closes ask."""
        if around not in self._bits_around:
            one, distance, ordered = around
            self._bits_around[around] = bits_around(self._bits(one), distance, ordered=ordered)
        return self._bits_around[around] & self._bits(other) != 0

    def beginning(self, start: str) -> list[str]:
        """The article's keys that begin so."""
        finish(self._sorting_steps())
        found: list[str] = []
        for keys in self._sorted_groups:
            first = bisect_left(keys, start)
            # Nothing that is in a key sorts after the last code point.
            found += keys[first : bisect_left(keys, start + "\U0010ffff", first)]
        return found

    def spans(self, plan: Plan) -> Spans:
        """What of the article meets the plan, in code points of the fields; the article must meet it.

        Of each word and phrase the first MOST_SPANS places in a field count; those that overlap are joined, and of
        the spans that result the first MOST_SPANS are kept.
        """
        leaves = dict.fromkeys(self._shown(plan))
        if len(leaves) == 1:
            return self._spans_of(*leaves)
        return {field: spans[:MOST_SPANS] for field, spans in together(map(self._spans_of, leaves)).items()}

    def looking_steps(self, plan: Plan) -> Steps[None]:
        """Finds out in steps what `meet` needs to know of a long article, where it would take long in one go."""
        if not self._is_long:
            return
        yield from self._positions.finding_steps()
        for leaf in _leaves(plan):
            if not isinstance(leaf, str | OneOf):
                yield from self._finding_steps(leaf)

    def placing_steps(self, plan: Plan) -> Steps[None]:
        """As `looking_steps`, what `spans` needs to know."""
        yield from self.looking_steps(plan)
        for leaf in dict.fromkeys(self._shown(plan)) if self._is_long else ():
            if not isinstance(leaf, Pattern):
                yield from self._spanning_steps(leaf)
            self._spans_of(leaf)
            yield

    def words(self, spans: Spans) -> Mapping[str, tuple[str, ...]]:
        """What stands at the spans."""
        return {
            field: tuple(self._analysed[field].text[start:end] for start, end in places)
            for field, places in spans.items()
        }

    def _shown(self, plan: Plan) -> Iterator[Leaf]:
        """The leaves by which the plan is met."""
        match plan:
            case Without():
                return
            case All(parts):
                yield from chain.from_iterable(map(self._shown, parts))
            case Any(parts) | Some(_, parts):
                yield from chain.from_iterable(self._shown(part) for part in parts if self.meet(part))
            case _:
                yield plan

    def _finding_steps(self, leaf: Leaf) -> Steps[None]:
        """Where the words of the leaf are, and whether its expression is found."""
        for asked in asked_by(leaf):
            match asked:
                case Pattern():
                    self._has(asked)
                case Exact(key) if key in self.keys:
                    yield from self._spellings.steps(key)
                case Prefix():
                    yield from self._begun_steps(asked)
            if not isinstance(asked, Pattern):
                self._bits(asked)
            yield

    def _spanning_steps(self, leaf: Leaf) -> Steps[None]:
        """Where in the texts the places of the leaf are."""
        for field in self._fields:
            for length, firsts in self._firsts(field, leaf):
                for number, first in enumerate(islice(firsts, MOST_SPANS), 1):
                    self._span(field, first)
                    self._span(field, first + length - 1)
                    if not number % _SPANS_AT_ONCE:
                        yield

    def _spans_of(self, leaf: Leaf) -> Spans:
        if leaf not in self._spans_of_leaves:
            found = {field.name: self._spans_in(field, leaf) for field in self._fields}
            self._spans_of_leaves[leaf] = {name: spans for name, spans in found.items() if spans}
        return self._spans_of_leaves[leaf]

    def _spans_in(self, field: NumberedField, leaf: Leaf) -> tuple[tuple[int, int], ...]:
        if isinstance(leaf, Pattern):
            encoded = self._encoded.get(field.name) if field.name in _fields_of(leaf.field) else None
            return expression(leaf.pattern).places(encoded) if encoded else ()
        found: list[tuple[int, int]] = []
        for length, firsts in self._firsts(field, leaf):
            for first in islice(firsts, MOST_SPANS):
                start, end = self._span(field, first)
                found.append((start, end if length == 1 else self._span(field, first + length - 1)[1]))
        return disjoint(found)[:MOST_SPANS] if found else ()

    def _span(self, field: NumberedField, at: int) -> tuple[int, int]:
        """The span of the token's word."""
        span = self._spans.get(at)
        if span is None:
            span = self._spans[at] = self._analysed[field.name].span(field.token(at))
        return span

    def _firsts(self, field: NumberedField, leaf: Leaf) -> Iterator[tuple[int, Iterable[int]]]:
        """For each length, the tokens of the field with which a place of the leaf begins."""
        if isinstance(leaf, str):
            positions = self._positions[leaf]
            start = bisect_left(positions, field.first)
            yield 1, positions[start : bisect_left(positions, field.end, start)]
        else:
            for length, bits in self._places(leaf):
                yield length, set_bits(bits, field.first, field.end)

    def _places(self, leaf: Leaf) -> Places:
        if leaf not in self._places_of_leaves:
            self._places_of_leaves[leaf] = self._found(leaf)
        return self._places_of_leaves[leaf]

    def _found(self, leaf: Leaf) -> Places:
        match leaf:
            case Pattern():
                raise TypeError("an expression has places in the text, not among its words")
            case Within(field, part):
                within = self._bits_of_field(field)
                return [(length, bits & within) for length, bits in self._places(part)]
            case Close(groups, distance, ordered):
                return chained(list(map(self._runs, groups)), distance, ordered=ordered)
            case _:
                return [(_length(leaf), self._bits(leaf))]

    def _reach(self, groups: tuple[tuple[Run, ...], ...], distance: int, ordered: bool) -> Reach:
        """Where a run is near a chain through these groups. Chains that begin alike share what is found out."""
        key = groups, distance, ordered
        if key not in self._reaches:
            runs = self._runs(groups[-1])
            if len(groups) > 1:
                runs = within(runs, self._reach(groups[:-1], distance, ordered))
            self._reaches[key] = reach(runs, distance, after=True, before=not ordered)
        return self._reaches[key]

    def _runs(self, group: Iterable[Run]) -> Places:
        return [(_length(run), self._bits(run)) for run in group]

    def _bits(self, run: Run) -> int:
        """Bit n is set when the run begins at token n.

        Bits take as long for a phrase of one word in a text of that word as for any other.
        """
        if run not in self._bits_of_runs:
            self._bits_of_runs[run] = self._adjacent(run.terms) if isinstance(run, Adjacent) else self._answering(run)
        return self._bits_of_runs[run]

    def _adjacent(self, terms: Sequence[Term]) -> int:
        bits = self._bits(terms[0])
        for offset, term in enumerate(terms[1:], 1):
            if not bits:
                break
            bits &= self._bits(term) >> offset
        return bits

    def _answering(self, term: Term) -> int:
        match term:
            case str():
                return bits_at([self._positions[term]])
            case Exact(key, spelled):
                return bits_at([finish(self._spellings.steps(key)).get(spelled, ())] if key in self.keys else ())
            case OneOf(keys):
                return bits_at(self._positions.of_any([key for key in keys if key in self.keys]))
            case Prefix():
                return finish(self._begun_steps(term))

    def _begun_steps(self, prefix: Prefix) -> Steps[int]:
        if prefix not in self._bits_of_runs:
            yield from self._sorting_steps()
            self._bits_of_runs[prefix] = yield from bits_steps(self.tokens, set(self.beginning(prefix.start)))
        return self._bits_of_runs[prefix]

    def _sorting_steps(self) -> Steps[None]:
        """Sorts the keys, each group by itself."""
        for group in self.groups[len(self._sorted_groups) :]:
            self._sorted_groups.append(sorted(group))
            yield

    def _has(self, pattern: Pattern) -> bool:
        if pattern not in self._found_patterns:
            looked_for = expression(pattern.pattern)
            self._found_patterns[pattern] = any(map(looked_for.found_in, self._encoded_in(pattern.field)))
        return self._found_patterns[pattern]

    def _bits_of_field(self, name: str) -> int:
        return reduce(or_, ((1 << field.end) - (1 << field.first) for field in self._fields if field.name == name), 0)

    def _encoded_in(self, field: str | None) -> Iterator[bytes]:
        return (text for name, text in self._encoded.items() if name in _fields_of(field))

    @cached_property
    def _readable(self) -> Mapping[str, str]:
        return {name: readable(analysis.text) for name, analysis in self._analysed.items()}

    @property
    def texts(self) -> Collection[bytes]:
        """All texts as expressions read them."""
        return self._encoded.values()

    @cached_property
    def _encoded(self) -> Mapping[str, bytes]:
        return {name: text.encode() for name, text in self._readable.items()}

    @cached_property
    def folded(self) -> str:
        """All texts one after the other, for the literals of expressions (literals.py)."""
        return "\n".join(self._readable.values()).casefold()


def _leaves(plan: Plan) -> Iterator[Leaf]:
    match plan:
        case All(parts) | Any(parts) | Some(_, parts):
            yield from chain.from_iterable(map(_leaves, parts))
        case Without(part):
            yield part
        case _:
            yield plan


def _fields_of(field: str | None) -> tuple[str, ...]:
    return READ if field is None else (field,)


def _length(run: Run) -> int:
    return len(run.terms) if isinstance(run, Adjacent) else 1
