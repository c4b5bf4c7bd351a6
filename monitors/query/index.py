"""All standing queries in memory, each article asked once.

The cost of an article follows from what it contains, not from how many queries stand:

- queries that ask the same are one *standing* query with several watches;
- a standing query hangs on the rarest thing it cannot do without: one word, two words side by side, two words
  anywhere in the article, a word's beginning, or characters an expression cannot be found without; an alternative
  hangs on each of its branches;
- an article looks up its words and its pairs of neighbours, and meets only what hangs there. Most of that is a match
  already; the rest is checked against its plan;
- expressions of which no such characters are known are tried one by one.

Which words match which is the text analysis' business; offsets are looked for only where something matched and
somebody is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import reduce
from operator import or_

from monitors.alerts import Match
from monitors.query.costs import cost_of
from monitors.query.meeting import Meeting
from monitors.query.needs import NOTHING_MORE, Needs, needs
from monitors.query.occurrences import Occurrences
from monitors.query.plan import Plan, plan_of
from monitors.query.rarity import Rarity
from monitors.query.reading import reading_steps
from monitors.query.standing import Hangers, Standing, standing_for
from monitors.query.tree import Query
from monitors.text.steps import Steps, finish


class QueryIndex:
    """Watches by id. Add, remove and match from one thread at a time."""

    def __init__(self, rarity: Rarity | None = None) -> None:
        self.rarity = Rarity() if rarity is None else rarity
        self._by_watch: dict[int, Standing] = {}
        self._by_plan: dict[Plan, Standing] = {}  # those that ask for more than one word
        self._hangers = Hangers()
        self._needed: Counter[Needs] = Counter()

    def __len__(self) -> int:
        return len(self._by_watch)

    def __contains__(self, watch_id: int) -> bool:
        return watch_id in self._by_watch

    def add(self, watch_id: int, query: Query) -> None:
        """Let the watch stand from now on, in place of what it asked before.

        Raises ValueError for a query that an empty article would meet; the grammar refuses those.
        """
        self.add_plan(watch_id, plan_of(query))

    def add_plan(self, watch_id: int, plan: Plan) -> None:
        standing = self._standing(plan) or self._hang(plan)
        before = self._by_watch.get(watch_id)
        if before is standing:
            return
        if before is not None:
            self.remove(watch_id)
        standing.add(watch_id)
        self._by_watch[watch_id] = standing

    def remove(self, watch_id: int) -> None:
        """Forget the watch; one that is not there is fine."""
        standing = self._by_watch.pop(watch_id, None)
        if standing:
            standing.remove(watch_id)
            if not standing.watches:
                self._take_down(standing)

    def plan(self, watch_id: int) -> Plan:
        """What a watch that is there asks."""
        return self._by_watch[watch_id].plan

    def cost(self, watch_id: int) -> float:
        """What a watch that is there is expected to take of every article if nobody else asks the same; costs.py."""
        return cost_of(self._by_watch[watch_id], self.rarity)

    def read(self, fields: Mapping[str, str], besides: Needs = NOTHING_MORE) -> Occurrences:
        """The article as far as the standing queries need it. `fields` are texts by the names of `tree.Field`."""
        return finish(self.reading_steps(fields, besides))

    def reading_steps(self, fields: Mapping[str, str], besides: Needs = NOTHING_MORE) -> Steps[Occurrences]:
        """The same in steps, for those who must not be kept from other work."""
        return reading_steps(fields, reduce(or_, self._needed, besides))

    def ask(self, article: Occurrences) -> Meeting:
        """What an article meets that has been read: as far as these queries need, or farther."""
        return finish(self.asking_steps(article))

    def asking_steps(self, article: Occurrences) -> Steps[Meeting]:
        """The same in steps, between which the index must not change."""
        self.rarity.learn(article.keys)
        yield
        met = yield from self._hangers.meeting_steps(article)
        return Meeting(article, met)

    def match(self, fields: Mapping[str, str]) -> list[Match]:
        """The watches that an article with these texts meets, by id, with what matched in which field."""
        return self.ask(self.read(fields)).matches()

    def _standing(self, plan: Plan) -> Standing | None:
        return self._hangers.words.get(plan) if isinstance(plan, str) else self._by_plan.get(plan)

    def _hang(self, plan: Plan) -> Standing:
        standing = standing_for(plan, self.rarity)
        if not isinstance(plan, str):
            self._by_plan[plan] = standing
        needed = needs(plan)
        if needed is not NOTHING_MORE:
            self._needed[needed] += 1
        self._hangers.hang(standing)
        return standing

    def _take_down(self, standing: Standing) -> None:
        if not isinstance(standing.plan, str):
            del self._by_plan[standing.plan]
        needed = needs(standing.plan)
        if needed is not NOTHING_MORE:
            self._needed[needed] -= 1
            if not self._needed[needed]:
                del self._needed[needed]
        self._hangers.take_down(standing)
