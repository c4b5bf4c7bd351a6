"""Which watches an article meets, and what of it they meet: the one in full, the other for those who are told."""

from __future__ import annotations

from array import array
from collections.abc import Container, Sequence
from itertools import accumulate, pairwise

from monitors.alerts import Match
from monitors.query.occurrences import Occurrences
from monitors.query.standing import Standing


class Meeting:
    """What an article met at one moment, whatever becomes of the watches since. `watch_ids` are in no order."""

    __slots__ = ("_article", "_bounds", "_met", "watch_ids")

    def __init__(self, article: Occurrences, met: Sequence[Standing]) -> None:
        watches = [standing.watches for standing in met]
        self._article = article
        self._met = met
        self._bounds = list(accumulate(map(len, watches), initial=0))
        self.watch_ids = array("q", b"".join(watches))  # many short rows: three times as fast as adding up arrays

    def matches(self, wanted: Container[int] | None = None) -> list[Match]:
        """The matches of the wanted watches, or of all, by id, with what matched in which field.

        Of that, the first MOST_SPANS (occurrences.py) in each field. Watches that ask the same share their spans.
        """
        matches: list[Match] = []
        for standing, (start, end) in zip(self._met, pairwise(self._bounds), strict=True):
            told = [watch for watch in self.watch_ids[start:end] if wanted is None or watch in wanted]
            if told:
                spans = self._article.spans(standing.plan)
                matches += [Match(watch, spans) for watch in told]
        matches.sort(key=lambda match: match.watch_id)
        return matches
