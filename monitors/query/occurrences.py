"""An analysed article as queries ask it: which keys it has and, once somebody needs to know, where.

An article is written by strangers and asked by everybody, so nothing here costs more the more often a word stands in
it: where words stand is kept in numbers, bit n for token n, and worked out by shifting and masking whole articles. It
is found out once for all queries, and only the first places in each field are shown.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from itertools import chain, islice
from operator import or_

from monitors.alerts import Spans
from monitors.query.chains import Places, Reach, bits_around, chained, reach, within
from monitors.query.needs import Needs
from monitors.query.numbering import NumberedField, Positions, bits_at, numbered, set_bits
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
from monitors.query.tree import READ, Field
from monitors.text.analysis import Analysis, analyse_fields, analysis_steps, spelling
from monitors.text.steps import Steps, finish

MOST_SPANS = 100
"""How many places of a word or phrase are shown in a field, and how many spans of a match; the first ones."""

_LONGEST_ABOUT = 10_000  # code points of a field other than title and text; no list of authors or tags is longer
_LONGEST_SPELLED = 1_000  # code points; no query has a longer word


def read(fields: Mapping[str, str], needed: Needs) -> Occurrences:
    """The article analysed, as far as title and text go and what else is needed. Its fields by `tree.Field`'s names."""
    return finish(reading_steps(fields, needed))


def reading_steps(fields: Mapping[str, str], needed: Needs) -> Steps[Occurrences]:
    """`read` in steps, for those who must not be kept from other work."""
    language = fields.get(Field.LANG) or None
    texts = {name: text for name, text in fields.items() if name in READ}
    analysed = yield from analysis_steps(texts, language=language, stemmed=needed.languages)
    for name, text in fields.items():  # one by one: what is asked of others must not change how a text is read
        if name in needed.fields:
            about = {name: text[:_LONGEST_ABOUT]}
            analysed |= analyse_fields(about, language=language, stemmed=needed.languages)
    return Occurrences(analysed)


class Occurrences:
    """One article's tokens, its fields one after the other; between them stand tokens that answer to nothing."""

    def __init__(self, analysed: Mapping[str, Analysis]) -> None:
        self._analysed = analysed
        self.tokens, self._fields = numbered(analysed)
        self.keys: set[str] = set().union(*self.tokens)
        self._positions = Positions(self.tokens)
        self._bits_of_runs: dict[Run, int] = {}
        self._bits_around: dict[tuple[str, int, bool], int] = {}
        self._reaches: dict[tuple[tuple[tuple[Run, ...], ...], int, bool], Reach] = {}
        self._spelled_of_keys: dict[str, dict[str, list[int]]] = {}
        self._places_of_leaves: dict[Leaf, Places] = {}
        self._spans_of_leaves: dict[Leaf, Spans] = {}
        self._spans: dict[int, tuple[int, int]] = {}

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
            case Pattern(pattern, field):
                return any(expression(pattern).found_in(text) for text in self._encoded_in(field))
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

    def beginning(self, start: str) -> Sequence[str]:
        """The article's keys that begin so."""
        keys = self.sorted_keys
        first = bisect_left(keys, start)
        # Nothing that is in a key sorts after the last code point.
        return keys[first : bisect_left(keys, start + "\U0010ffff", first)]

    def spans(self, plan: Plan) -> Spans:
        """What of the article meets the plan, in code points of the fields; the article must meet it.

        Of each word and phrase the first MOST_SPANS places in a field count; those that overlap are joined, and of
        the spans that result the first MOST_SPANS are kept.
        """
        leaves = dict.fromkeys(self._shown(plan))
        if len(leaves) == 1:
            return self._spans_of(*leaves)
        return {field: spans[:MOST_SPANS] for field, spans in together(map(self._spans_of, leaves)).items()}

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
                return bits_at(self._positions[term])
            case Exact(key, spelled):
                return bits_at(self._spelled(key).get(spelled, ()))
            case OneOf(keys):
                return bits_at(self._positions.of_any([key for key in keys if key in self.keys]))
            case Prefix(start):
                return bits_at(self._positions.of_any(self.beginning(start)))

    def _spelled(self, key: str) -> Mapping[str, list[int]]:
        """Where the key is answered, by how the word there is spelled."""
        if key not in self.keys:
            return {}
        if key not in self._spelled_of_keys:
            by_surface: dict[str, list[int]] = defaultdict(list)
            for field in self._fields:
                surfaces = field.laid_out(self._analysed[field.name].surfaces)
                for _, firsts in self._firsts(field, key):
                    for at in firsts:
                        by_surface[surfaces[at - field.first][:_LONGEST_SPELLED]].append(at)
            found: dict[str, list[int]] = defaultdict(list)
            for surface, positions in by_surface.items():
                found[spelling(surface)] += positions
            self._spelled_of_keys[key] = {spelled: sorted(positions) for spelled, positions in found.items()}
        return self._spelled_of_keys[key]

    def _bits_of_field(self, name: str) -> int:
        return reduce(or_, ((1 << field.end) - (1 << field.first) for field in self._fields if field.name == name), 0)

    def _encoded_in(self, field: str | None) -> Iterator[bytes]:
        return (text for name, text in self._encoded.items() if name in _fields_of(field))

    @cached_property
    def sorted_keys(self) -> Sequence[str]:
        return sorted(self.keys)

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


def _fields_of(field: str | None) -> tuple[str, ...]:
    return READ if field is None else (field,)


def _length(run: Run) -> int:
    return len(run.terms) if isinstance(run, Adjacent) else 1
