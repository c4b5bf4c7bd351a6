"""An analysed article as the index asks it: which keys it has and, once somebody needs to know, where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import chain
from operator import contains

from monitors.alerts import Spans
from monitors.query.evaluation import disjoint
from monitors.query.plan import Adjacent, All, Any, Plan, Without
from monitors.text.analysis import Analysis, Keys


class Occurrences:
    """One article's tokens, its fields one after the other, parted by a token that answers to nothing."""

    def __init__(self, fields: Mapping[str, Analysis]) -> None:
        self._fields = fields
        self.tokens: list[Keys] = []
        for analysis in fields.values():
            self.tokens += analysis.tokens
            self.tokens.append(())
        self.keys: set[str] = set(chain.from_iterable(self.tokens))

    def meet(self, plan: Plan) -> bool:
        match plan:
            case str():
                return plan in self.keys
            case Adjacent():
                return any(True for _ in self._places(plan))
            case Without(part):
                return not self.meet(part)
            case All(parts):
                return all(map(self.meet, parts))
            case Any(parts):
                return any(map(self.meet, parts))

    def spans(self, plan: Plan) -> Spans:
        """What of the article meets the plan, in code points of the fields; the article must meet it."""
        found: dict[str, list[tuple[int, int]]] = {}
        for first, last in self._places(plan):
            field, start, _ = self._offsets[first]
            found.setdefault(field, []).append((start, self._offsets[last][2]))
        return {field: disjoint(spans) for field, spans in found.items()}

    def _places(self, plan: Plan) -> Iterator[tuple[int, int]]:
        """The first and last token of every word and phrase by which the plan is met."""
        match plan:
            case str():
                positions = self._positions.get(plan, ())
                return zip(positions, positions, strict=True)
            case Adjacent(keys):
                return self._phrases(keys)
            case Without():
                return iter(())
            case All(parts):
                return chain.from_iterable(map(self._places, parts))
            case Any(parts):
                return chain.from_iterable(self._places(part) for part in parts if self.meet(part))

    def _phrases(self, keys: Keys) -> Iterator[tuple[int, int]]:
        positions = [self._positions.get(key, ()) for key in keys]
        rarest = min(range(len(keys)), key=lambda at: len(positions[at]))
        for position in positions[rarest]:
            first = max(position - rarest, 0)
            tokens = self.tokens[first : first + len(keys)]
            if len(tokens) == len(keys) and all(map(contains, tokens, keys)):
                yield first, first + len(keys) - 1

    @cached_property
    def _positions(self) -> Mapping[str, list[int]]:
        positions = defaultdict(list)
        for at, keys in enumerate(self.tokens):
            for key in keys:
                positions[key].append(at)
        return positions

    @cached_property
    def _offsets(self) -> list[tuple[str, int, int]]:
        """For each token its field and where its word starts and ends there."""
        offsets = []
        for field, analysis in self._fields.items():
            offsets += [(field, start, end) for start, end in analysis.spans]
            offsets.append((field, 0, 0))
        return offsets
