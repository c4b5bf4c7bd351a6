"""All standing queries in memory, each article asked once.

The cost of an article follows from what it contains, not from how many queries stand:

- queries that ask the same are one *standing* query with several watches;
- a standing query hangs on the rarest thing it cannot do without: one word, two words side by side, or two words
  anywhere in the article; an alternative hangs on each of its branches;
- an article looks up its words and its pairs of neighbours, and meets only what hangs there. Most of that is a match
  already; the rest is checked against its plan.

Which words match which is the text analysis' business; offsets are looked for only where something matched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, pairwise

from monitors.alerts import Match
from monitors.query.anchors import Anchor, Hold, anchors_of, is_proof
from monitors.query.occurrences import Occurrences
from monitors.query.plan import Plan, plan_of
from monitors.query.tree import READ, Query
from monitors.text.analysis import analyse_fields


class _Standing:
    """One distinct query. `proven` when whatever it hangs on is all it asks for."""

    __slots__ = ("plan", "proven", "watches")

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.proven = is_proof(plan)
        self.watches: set[int] = set()


_Pairs = dict[str, dict[str, list[_Standing]]]


class QueryIndex:
    """Watches by id. Add, remove and match from one thread at a time."""

    def __init__(self) -> None:
        self._by_watch: dict[int, _Standing] = {}
        self._by_plan: dict[Plan, _Standing] = {}
        self._words: dict[str, _Standing] = {}
        self._neighbours: _Pairs = {}
        self._companions: _Pairs = {}  # both keys are the same for what hangs on one word but asks for more

    def __len__(self) -> int:
        return len(self._by_watch)

    def __contains__(self, watch_id: int) -> bool:
        return watch_id in self._by_watch

    def add(self, watch_id: int, query: Query) -> None:
        """Let the watch stand from now on, in place of what it asked before.

        Raises ValueError for a query that an empty article would meet; the grammar refuses those.
        """
        plan = plan_of(query)
        standing = self._by_plan.get(plan) or self._hang(plan)
        if watch_id in self._by_watch:
            if self._by_watch[watch_id] is standing:
                return
            self.remove(watch_id)
        standing.watches.add(watch_id)
        self._by_watch[watch_id] = standing

    def remove(self, watch_id: int) -> None:
        """Forget the watch; one that is not there is fine."""
        standing = self._by_watch.pop(watch_id, None)
        if standing:
            standing.watches.discard(watch_id)
            if not standing.watches:
                self._take_down(standing)

    def match(self, fields: Mapping[str, str]) -> list[Match]:
        """The watches that an article with these texts meets, by id, with what matched in which field.

        Which watches is always all of them; of what matched, the first MOST_SPANS (occurrences.py) in each field.
        Watches that ask the same share their spans.
        """
        article = Occurrences(analyse_fields({name: text for name, text in fields.items() if name in READ}))
        matches: list[Match] = []
        for standing in self._met_by(article):
            spans = article.spans(standing.plan)
            matches += [Match(watch_id, spans) for watch_id in standing.watches]
        matches.sort(key=lambda match: match.watch_id)
        return matches

    def _met_by(self, article: Occurrences) -> list[_Standing]:
        present = article.keys
        met = [self._words[key] for key in self._words.keys() & present]
        checked: set[_Standing] = set()
        for standing in chain(self._near(article), self._together(present)):
            if standing not in checked:
                checked.add(standing)
                if standing.proven or article.meet(standing.plan):
                    met.append(standing)
        return met

    def _near(self, article: Occurrences) -> Iterator[_Standing]:
        """What hangs on two words that are side by side in the article."""
        neighbours = self._neighbours
        first_words = neighbours.keys() & article.keys
        if not first_words:
            return
        seen: set[tuple[str, str]] = set()
        for keys, next_keys in pairwise(article.tokens):
            for key in keys:
                if key in first_words:
                    after = neighbours[key]
                    for next_key in next_keys:
                        if next_key in after and (key, next_key) not in seen:
                            seen.add((key, next_key))
                            yield from after[next_key]

    def _together(self, present: set[str]) -> Iterator[_Standing]:
        """What hangs on two words that are both in the article."""
        companions = self._companions
        for key in companions.keys() & present:
            others = companions[key]
            for other in others.keys() & present:
                yield from others[other]

    def _hang(self, plan: Plan) -> _Standing:
        anchors = anchors_of(plan)
        if anchors is None:
            raise ValueError("a standing query must ask for some word")
        standing = self._by_plan[plan] = _Standing(plan)
        for anchor in anchors:
            if anchor.hold is Hold.WORD:
                self._words[anchor.first] = standing
            else:
                pairs = self._pairs(anchor)
                pairs.setdefault(anchor.first, {}).setdefault(anchor.second, []).append(standing)
        return standing

    def _take_down(self, standing: _Standing) -> None:
        del self._by_plan[standing.plan]
        for anchor in anchors_of(standing.plan) or ():
            if anchor.hold is Hold.WORD:
                del self._words[anchor.first]
                continue
            pairs = self._pairs(anchor)
            hanging = pairs[anchor.first][anchor.second]
            hanging.remove(standing)
            if not hanging:
                del pairs[anchor.first][anchor.second]
                if not pairs[anchor.first]:
                    del pairs[anchor.first]

    def _pairs(self, anchor: Anchor) -> _Pairs:
        return self._neighbours if anchor.hold is Hold.NEIGHBOURS else self._companions
