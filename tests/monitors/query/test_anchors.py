from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.query.anchors import Anchor, Hold, anchors_of
from monitors.query.index import QueryIndex
from monitors.query.language.grammar import parse
from monitors.query.plan import plan_of

FREQUENCIES = {"في": 0.9, "مجلس": 0.2, "الامن": 0.1, "سد": 0.01, "النهضه": 0.001, "النهضة": 0.001}


def anchors(query: str) -> list[tuple[Hold, tuple[str, ...]]] | None:
    found = anchors_of(plan_of(parse(query)), lambda key: FREQUENCIES.get(key, 0.05))
    return None if found is None else [(anchor.hold, anchor.on) for anchor in found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("سد", [(Hold.WORDS, ("سد",))]),
        ('"سد النهضة"', [(Hold.NEIGHBOURS, ("سد", "النهضة"))]),
        ('"في سد النهضة"', [(Hold.NEIGHBOURS, ("سد", "النهضة"))]),
        ("مجلس AND في AND سد", [(Hold.COMPANIONS, ("سد", "مجلس"))]),
        ("مجلس NOT سد", [(Hold.WORDS, ("مجلس",))]),
        ("مجلس AND (سد OR النهضة)", [(Hold.WORDS, ("النهضة", "سد"))]),
        ("مجلس OR (سد AND غزة) OR النهضة", [(Hold.WORDS, ("النهضة", "مجلس")), (Hold.COMPANIONS, ("سد", "غزة"))]),
        ("مجلس NEAR/5 سد", [(Hold.COMPANIONS, ("سد", "مجلس"))]),
        ("2 of (مجلس, في, سد)", [(Hold.WORDS, ("سد", "مجلس"))]),
    ],
)
def test_a_query_hangs_on_the_rarest_it_cannot_do_without(
    query: str, expected: list[tuple[Hold, tuple[str, ...]]]
) -> None:
    assert anchors(query) == expected


WORDS = ["سد", "النهضة", "مجلس", "الأمن", "في", "غزة"]
QUERIES = [
    "سد",
    '"سد النهضة"',
    '"مجلس الأمن في غزة"',
    "سد AND غزة AND مجلس",
    "سد AND غزة NOT مجلس",
    "سد OR (غزة AND مجلس)",
    "سد NEAR/2 غزة",
    '2 of (سد, "مجلس الأمن", غزة)',
    "مجلس -في",
]


@given(
    st.lists(st.dictionaries(st.sampled_from(["سد", "النهضة", "مجلس", "الامن", "في", "غزة"]), st.just(1)), max_size=60),
    st.lists(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join), min_size=1, max_size=4),
)
def test_what_is_met_does_not_depend_on_what_was_learned(passed_by: list[dict[str, int]], texts: list[str]) -> None:
    taught, fresh = QueryIndex(), QueryIndex()
    for number, query in enumerate(QUERIES):
        for keys in passed_by[number::9]:
            taught.rarity.learn(keys)
        taught.add(number, parse(query))
        fresh.add(number, parse(query))
    for text in texts:
        assert taught.match({"text": text}) == fresh.match({"text": text})
    for number in range(0, len(QUERIES), 2):
        taught.remove(number)
        fresh.remove(number)
    for text in texts:
        assert taught.match({"text": text}) == fresh.match({"text": text})


def test_a_query_comes_down_from_where_it_was_hung_though_words_became_common_since() -> None:
    index = QueryIndex()
    index.add(1, parse("سد AND غزة AND مجلس"))
    for _ in range(200):
        index.rarity.learn(["سد", "غزة"])
    index.remove(1)
    index.add(2, parse("سد AND غزة AND مجلس"))
    assert [match.watch_id for match in index.match({"text": "غزة سد مجلس"})] == [2]


def test_anchors_of_alternatives_are_each_named_once() -> None:
    found = anchors_of(plan_of(parse("(سد AND غزة) OR (سد AND غزة AND مجلس)")), lambda key: 0.5)
    assert found == (Anchor(Hold.COMPANIONS, ("سد", "غزة")),)
