"""Which watches an article meets, and what of it they meet: the one in full, the other for those who are told."""

from __future__ import annotations

from array import array
from collections.abc import Container, Iterator, Sequence
from itertools import accumulate, pairwise

from monitors.alerts import Match, Spans
from monitors.query.occurrences import Occurrences
from monitors.query.standing import Standing
from monitors.text.steps import Steps

_AT_ONCE = 50  # plans whose places are worked out between two turns of others; most take some 50 µs
_TOKENS_AT_ONCE = 100_000  # plans times tokens, for in long articles a plan may take milliseconds


class Meeting:
    """What an article met at one moment, whatever becomes of the watches since. `watch_ids` are in no order."""

    __slots__ = ("_article", "_bounds", "_met", "_spans", "watch_ids")

    def __init__(self, article: Occurrences, met: Sequence[Standing]) -> None:
        watches = [standing.watches for standing in met]
        self._article = article
        self._met = met
        self._spans: dict[int, Spans] = {}
        self._bounds = list(accumulate(map(len, watches), initial=0))
        self.watch_ids = array("q", b"".join(watches))  # many short rows: three times as fast as adding up arrays

    def matches(self, wanted: Container[int] | None = None) -> list[Match]:
        """The matches of the wanted watches, or of all, by id, with what matched in which field.

        Of that, the first MOST_SPANS (occurrences.py) in each field. Watches that ask the same share their spans.
        """
        matches = [Match(watch, self._spans_of(number)) for number, told in self._told(wanted) for watch in told]
        matches.sort(key=lambda match: match.watch_id)
        return matches

    def placing_steps(self, wanted: Container[int] | None = None) -> Steps[None]:
        """Works out what `matches` of these watches needs, in steps; for others it still works it out when asked."""
        at_once = max(1, min(_AT_ONCE, _TOKENS_AT_ONCE // (len(self._article.tokens) or 1)))
        for count, (number, _) in enumerate(self._told(wanted), 1):
            yield from self._article.placing_steps(self._met[number].plan)
            self._spans_of(number)
            if not count % at_once:
                yield

    def _told(self, wanted: Container[int] | None) -> Iterator[tuple[int, Sequence[int]]]:
        """The number of each plan that was met by which somebody wanted is told, and the watches that are."""
        for number, (start, end) in enumerate(pairwise(self._bounds)):
            watches = self.watch_ids[start:end]
            told = watches if wanted is None else [watch for watch in watches if watch in wanted]
            if told:
                yield number, told

    def _spans_of(self, number: int) -> Spans:
        if number not in self._spans:
            self._spans[number] = self._article.spans(self._met[number].plan)
        return self._spans[number]
