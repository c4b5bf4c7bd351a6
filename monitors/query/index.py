"""All standing queries in memory, each article asked once.

The cost of an article follows from what it contains, not from how many queries stand:

- queries that ask the same are one *standing* query with several watches;
- a standing query hangs on the rarest thing it cannot do without: one word, two words side by side, two words
  anywhere in the article, a word's beginning, or characters an expression cannot be found without; an alternative
  hangs on each of its branches;
- an article looks up its words and its pairs of neighbours, and meets only what hangs there. Most of that is a match
  already; the rest is checked against its plan;
- expressions of which no such characters are known are tried one by one.

Which words match which is the text analysis' business; offsets are looked for only where something matched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import reduce
from itertools import chain, pairwise
from operator import or_

from monitors.alerts import Match
from monitors.query.anchors import Anchor, Hold, anchors_of, is_proof
from monitors.query.needs import NOTHING_MORE, Needs, needs
from monitors.query.occurrences import Occurrences, read
from monitors.query.plan import Plan, plan_of
from monitors.query.prefixes import Prefixes
from monitors.query.tree import Query


class _Standing:
    """One distinct query. `proven` when whatever it hangs on is all it asks for."""

    __slots__ = ("plan", "proven", "watches")

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.proven = is_proof(plan)
        self.watches: set[int] = set()


_Hung = dict[str, list[_Standing]]
_Pairs = dict[str, _Hung]


class QueryIndex:
    """Watches by id. Add, remove and match from one thread at a time."""

    def __init__(self) -> None:
        self._by_watch: dict[int, _Standing] = {}
        self._by_plan: dict[Plan, _Standing] = {}
        self._words: dict[str, _Standing] = {}
        self._neighbours: _Pairs = {}
        self._companions: _Pairs = {}  # both keys are the same for what hangs on one word but asks for more
        self._beginnings: Prefixes[_Standing] = Prefixes()
        self._literals: _Hung = {}
        self._expressions: _Hung = {}
        self._needed: Counter[Needs] = Counter()

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
        return self.matches_in(read(fields, self._needs()))

    def matches_in(self, article: Occurrences) -> list[Match]:
        """The same of an article that has been read: as far as these queries need, or farther."""
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
        for standing in chain(self._near(article), self._together(present), self._among_characters(article)):
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

    def _among_characters(self, article: Occurrences) -> Iterator[_Standing]:
        """What hangs on less than a word."""
        yield from self._beginnings.of(article.sorted_keys)
        for literal, hanging in self._literals.items():
            if literal in article.folded:
                yield from hanging
        yield from chain.from_iterable(self._expressions.values())

    def _needs(self) -> Needs:
        return reduce(or_, self._needed, NOTHING_MORE)

    def _hang(self, plan: Plan) -> _Standing:
        anchors = anchors_of(plan)
        if anchors is None:
            raise ValueError("a standing query must ask for some word")
        standing = self._by_plan[plan] = _Standing(plan)
        self._needed[needs(plan)] += 1
        for anchor in anchors:
            match anchor.hold:
                case Hold.WORD:
                    self._words[anchor.first] = standing
                case Hold.BEGINNING:
                    self._beginnings.add(anchor.first, standing)
                case _:
                    self._hung(anchor).setdefault(anchor.second, []).append(standing)
        return standing

    def _take_down(self, standing: _Standing) -> None:
        del self._by_plan[standing.plan]
        needed = needs(standing.plan)
        self._needed[needed] -= 1
        if not self._needed[needed]:
            del self._needed[needed]
        for anchor in anchors_of(standing.plan) or ():
            match anchor.hold:
                case Hold.WORD:
                    del self._words[anchor.first]
                case Hold.BEGINNING:
                    self._beginnings.remove(anchor.first, standing)
                case _:
                    self._unhang(anchor, standing)

    def _unhang(self, anchor: Anchor, standing: _Standing) -> None:
        hung = self._hung(anchor)
        hanging = hung[anchor.second]
        hanging.remove(standing)
        if not hanging:
            del hung[anchor.second]
            if not hung and anchor.hold in (Hold.NEIGHBOURS, Hold.COMPANIONS):
                del self._pairs(anchor)[anchor.first]

    def _hung(self, anchor: Anchor) -> _Hung:
        match anchor.hold:
            case Hold.LITERAL:
                return self._literals
            case Hold.EXPRESSION:
                return self._expressions
            case _:
                return self._pairs(anchor).setdefault(anchor.first, {})

    def _pairs(self, anchor: Anchor) -> _Pairs:
        return self._neighbours if anchor.hold is Hold.NEIGHBOURS else self._companions
