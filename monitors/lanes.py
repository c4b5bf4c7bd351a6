"""Others first: watches that would keep everybody waiting stand in a late lane, and are asked after all others (pure).

Those are all that hang on characters, as no word leads to them, and all watches of a chat that together burden every
article with more than ALLOWANCE.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from monitors.query.index import QueryIndex
from monitors.query.plan import Plan
from monitors.text.steps import Steps

ALLOWANCE = 40.0
"""What the watches of one chat may cost all others, in expected µs of an article (query/costs.py): a tenth of what it
takes among 10,000 watches. A thousand watches like those of others come to 30."""

PUNCTUAL = 0.8 * ALLOWANCE
"""From which on a late chat is late no more: not for one watch that comes and goes."""

_AT_ONCE = 100  # watches weighed or moved between two turns of others; each takes some 10 µs


class Lanes:
    """`first` has the watches that are asked first, `late` those that are asked after them; each is in one of them.

    `doubtful` are chats that may be in the wrong lane: whoever can name their watches weighs and moves them.
    """

    def __init__(self) -> None:
        self.first = QueryIndex()
        self.late = QueryIndex(self.first.rarity)
        self.late_chats: set[int] = set()
        self._burdens: dict[int, float] = {}  # of chats, at most: what they gave up may still be in it
        self.doubtful: set[int] = set()

    def __len__(self) -> int:
        return len(self.first) + len(self.late)

    def doubt_light_ones(self) -> None:
        """Doubts the late chats of which so little stands that they need not be late."""
        self.doubtful |= {chat for chat in self.late_chats if self._burdens.get(chat, 0.0) <= PUNCTUAL}

    def put(self, watch: int, chat: int, plan: Plan, cost: float | None = None) -> float:
        """Lets the chat's watch stand from now on; what it costs, which serves for others that ask the same."""
        is_late = chat in self.late_chats
        if is_late:
            self._give_up(watch, chat)
        if self.late:
            self.late.remove(watch)
        if cost != inf:
            self.first.add_plan(watch, plan)
            cost = self.first.cost(watch) if cost is None else cost
        if is_late or cost == inf:
            self.first.remove(watch)
            self.late.add_plan(watch, plan)
        if cost != inf:
            burden = self._burdens[chat] = self._burdens.get(chat, 0.0) + cost
            if burden > ALLOWANCE and not is_late:
                self.doubtful.add(chat)
        return cost

    def remove(self, watch: int, chat: int) -> None:
        """Forgets the watch; one that is not there is fine."""
        self._give_up(watch, chat)
        self.first.remove(watch)
        self.late.remove(watch)

    def weighing(self, chat: int, watches: Iterable[int]) -> Steps[bool]:
        """Whether the chat is to be late, which has these watches and perhaps some that have yet to come."""
        burden = 0.0
        for number, watch in enumerate(watches, 1):
            if (lane := self._lane_of(watch)) is not None and (cost := lane.cost(watch)) != inf:
                burden += cost
            if not number % _AT_ONCE:
                yield
        self._burdens[chat] = burden
        return burden > (PUNCTUAL if chat in self.late_chats else ALLOWANCE)

    def moving(self, chat: int, watches: Iterable[int], *, late: bool) -> Steps[None]:
        """Moves the chat, which has these watches, to the other lane."""
        if late:
            self.late_chats.add(chat)
        else:
            self.late_chats.discard(chat)
        for number, watch in enumerate(watches, 1):
            if (lane := self._lane_of(watch)) is not None:
                self._place(watch, lane.plan(watch), late=late or lane.cost(watch) == inf)
            if not number % _AT_ONCE:
                yield

    def _give_up(self, watch: int, chat: int) -> None:
        if chat in self.late_chats and self._lane_of(watch) is not None:
            self.doubtful.add(chat)

    def _place(self, watch: int, plan: Plan, *, late: bool) -> None:
        lane, other = (self.late, self.first) if late else (self.first, self.late)
        other.remove(watch)
        lane.add_plan(watch, plan)

    def _lane_of(self, watch: int) -> QueryIndex | None:
        """None for a watch that has yet to come, or that is not understood."""
        return next((lane for lane in (self.first, self.late) if watch in lane), None)
