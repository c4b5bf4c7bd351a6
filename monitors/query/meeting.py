"""Which watches an article meets, and what of it they meet: the one in full, the other for those who are told."""

from __future__ import annotations

from array import array
from collections.abc import Container, Iterable
from itertools import pairwise

from monitors.alerts import Match
from monitors.query.occurrences import Occurrences
from monitors.query.standing import Standing


class Meeting:
    """What an article met at one moment, whatever becomes of the watches since. `watch_ids` are in no order."""

    __slots__ = ("_article", "_bounds", "_plans", "watch_ids")

    def __init__(self, article: Occurrences, met: Iterable[Standing]) -> None:
        self._article = article
        self._plans = []
        self._bounds = [0]
        self.watch_ids = array("q")
        for standing in met:
            self._plans.append(standing.plan)
            self.watch_ids += standing.watches
            self._bounds.append(len(self.watch_ids))

    def matches(self, wanted: Container[int] | None = None) -> list[Match]:
        """The matches of the wanted watches, or of all, by id, with what matched in which field.

        Of that, the first MOST_SPANS (occurrences.py) in each field. Watches that ask the same share their spans.
        """
        matches: list[Match] = []
        for plan, (start, end) in zip(self._plans, pairwise(self._bounds), strict=True):
            told = [watch for watch in self.watch_ids[start:end] if wanted is None or watch in wanted]
            if told:
                spans = self._article.spans(plan)
                matches += [Match(watch, spans) for watch in told]
        matches.sort(key=lambda match: match.watch_id)
        return matches
