"""Where in an article keys are answered, by how the words there are spelled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from monitors.query.numbering import NumberedField, Positions, surface_steps
from monitors.text.analysis import Analysis, spelling
from monitors.text.steps import Steps

_LONGEST = 1_000  # code points; no query has a longer word
_AT_ONCE = 10_000  # tokens that are looked at between two turns of others
_OF_A_CHARACTER = 10  # what spelling takes for each, in such tokens


class Spellings:
    """Of one article; words are spelled once for all keys."""

    def __init__(self, analysed: Mapping[str, Analysis], fields: Iterable[NumberedField], positions: Positions) -> None:
        self._analysed = analysed
        self._fields = fields
        self._positions = positions
        self._surfaces: list[str] | None = None
        self._of_surfaces: dict[str, str] = {}
        self._of_keys: dict[str, Mapping[str, Sequence[int]]] = {}

    def steps(self, key: str) -> Steps[Mapping[str, Sequence[int]]]:
        """How the words are spelled that answer to the key, and the numbers of their tokens, sorted."""
        if key not in self._of_keys:
            self._of_keys[key] = yield from self._find(key)
        return self._of_keys[key]

    def _find(self, key: str) -> Steps[Mapping[str, Sequence[int]]]:
        if self._surfaces is None:
            self._surfaces = yield from surface_steps(self._analysed, self._fields)
        found: dict[str, list[int]] = defaultdict(list)
        work = 0
        for at in self._positions[key]:
            surface = self._surfaces[at][:_LONGEST]
            if surface not in self._of_surfaces:
                self._of_surfaces[surface] = spelling(surface)
                work += _OF_A_CHARACTER * len(surface)
            found[self._of_surfaces[surface]].append(at)
            if (work := work + 1) > _AT_ONCE:
                work = 0
                yield
        return found
