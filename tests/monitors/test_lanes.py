"""Who is asked after all others, and that a watch is asked exactly once whatever lane it is in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from monitors.lanes import ALLOWANCE, PUNCTUAL, Lanes
from monitors.query.index import QueryIndex
from monitors.query.language.grammar import parse
from monitors.query.plan import plan_of
from monitors.text.steps import finish

COMMON = ("في", "من", "على", "إلى", "عن", "بعد", "قبل", "خلال", "بين", "كما", "ذلك", "كل", "غير", "حيث", "وقد", "منذ")
HEAVY = [f"{one} AND {other}" for one, other in combinations(COMMON, 2)]


def put(lanes: Lanes, chat: int, queries: Sequence[str], first: int = 1) -> list[int]:
    watches = list(range(first, first + len(queries)))
    for watch, query in zip(watches, queries, strict=True):
        lanes.put(watch, chat, plan_of(parse(query)))
    return watches


def settle(lanes: Lanes, held: dict[int, list[int]]) -> None:
    """Moves whoever is in the wrong lane."""
    for chat in list(lanes.doubtful):
        late = finish(lanes.weighing(chat, held.get(chat, [])))
        if late != (chat in lanes.late_chats):
            finish(lanes.moving(chat, held.get(chat, []), late=late))
        lanes.doubtful.discard(chat)


def cost(query: str) -> float:
    index = QueryIndex()
    index.add(1, parse(query))
    return index.cost(1)


def test_a_chat_that_asks_much_of_every_article_is_late_with_all_its_watches() -> None:
    lanes = Lanes()
    held = {1: put(lanes, 1, ["بغداد", *HEAVY]), 2: put(lanes, 2, ["بغداد", *HEAVY[:5]], 1_000)}
    assert lanes.doubtful == {1}
    settle(lanes, held)
    assert lanes.late_chats == {1}
    assert (len(lanes.late), len(lanes.first)) == (1 + len(HEAVY), 6)


def test_what_hangs_on_characters_is_late_in_any_chat_and_burdens_nobody() -> None:
    lanes = Lanes()
    put(lanes, 1, ["بغداد", "دمشق OR /[a-z]{3}\\d/", *(f"/غب[ا]ر{number}/" for number in range(50))])
    assert (len(lanes.first), len(lanes.late)) == (1, 51)
    assert not lanes.doubtful


def test_a_late_chat_is_late_until_it_has_given_up_a_fifth_of_what_it_may_ask() -> None:
    lanes = Lanes()
    held = {1: put(lanes, 1, HEAVY)}
    settle(lanes, held)
    while len(lanes.late):
        lanes.remove(held[1].pop(), 1)
        assert lanes.doubtful == {1}
        settle(lanes, held)
    burden = sum(map(lanes.first.cost, held[1]))
    assert PUNCTUAL - cost(HEAVY[0]) < burden <= PUNCTUAL < ALLOWANCE
    assert lanes.late_chats == set()


def test_a_chat_that_changes_its_mind_again_and_again_is_weighed_and_stays() -> None:
    lanes = Lanes()
    held = {1: put(lanes, 1, HEAVY[:5])}
    for query in HEAVY * 3:
        put(lanes, 1, [query])
        settle(lanes, held)
    assert not lanes.late_chats


def test_a_late_chat_that_is_light_when_all_is_loaded_is_doubted() -> None:
    lanes = Lanes()
    lanes.late_chats = {1, 2, 3}
    held = {1: put(lanes, 1, ["بغداد"]), 2: put(lanes, 2, HEAVY, 1_000)}
    assert len(lanes.first) == 0
    lanes.doubt_light_ones()
    assert lanes.doubtful == {1, 3}
    settle(lanes, held)
    assert lanes.late_chats == {2}
    assert len(lanes.first) == 1


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("القيارة", "في"),
        ("القيارة AND في", "من AND في"),
        ("من AND في", "من NEAR/3 في"),
        ('"من في"', "من في OR من على"),
        ("كهرب*", "كهر*"),
        ("في", "=في"),
        ("=القيارة", "=في"),
        ("في", "text:في"),
        ("القيارة AND /a\\d/", "في AND /a\\d/"),
        ("2 of (القيارة, الفلوجة, سنجار)", "2 of (في, من, على)"),
        ("(من AND في) OR القيارة", "(من OR في) AND على"),
        ("في AND /a\\d/", "/a\\d/"),
    ],
)
def test_what_is_looked_at_more_often_or_closer_costs_more(less: str, more: str) -> None:
    assert 0 < cost(less) < cost(more)


class Moving(RuleBasedStateMachine):
    """Watches come, change, go and are moved; they meet what they would meet in one index."""

    def __init__(self) -> None:
        super().__init__()
        self.lanes = Lanes()
        self.one = QueryIndex()
        self.owner: dict[int, int] = {}

    @rule(
        watch=st.integers(1, 9),
        chat=st.integers(1, 3),
        query=st.sampled_from(["بغداد", "من AND في", "من NEAR/2 في", "/غب[ا]ر/", "غبا*", "=في", "بغداد OR /قم[ح]/"]),
    )
    def put(self, watch: int, chat: int, query: str) -> None:
        chat = self.owner.setdefault(watch, chat)
        self.lanes.put(watch, chat, plan_of(parse(query)))
        self.one.add(watch, parse(query))

    @rule(watch=st.integers(1, 9))
    def remove(self, watch: int) -> None:
        self.lanes.remove(watch, self.owner.pop(watch, 1))
        self.one.remove(watch)

    @rule(chat=st.integers(1, 3), late=st.booleans())
    def move(self, chat: int, late: bool) -> None:
        finish(self.lanes.moving(chat, self.held(chat), late=late))

    @rule()
    def settle(self) -> None:
        settle(self.lanes, {chat: self.held(chat) for chat in (1, 2, 3)})
        assert not self.lanes.doubtful

    @invariant()
    def meets_what_one_index_meets(self) -> None:
        for text in ("غبار في بغداد", "سفينة من القمح في البحر", "من في"):
            met = [match for lane in (self.lanes.first, self.lanes.late) for match in lane.match({"text": text})]
            assert sorted(met, key=lambda match: match.watch_id) == self.one.match({"text": text})

    @invariant()
    def each_stands_once_where_its_chat_is(self) -> None:
        for watch, chat in self.owner.items():
            assert (watch in self.lanes.first) != (watch in self.lanes.late)
            assert chat not in self.lanes.late_chats or watch in self.lanes.late

    def held(self, chat: int) -> list[int]:
        return [watch for watch, owner in self.owner.items() if owner == chat]


TestMoving = Moving.TestCase
