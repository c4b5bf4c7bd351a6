from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.query.implying import can_be_met, implies
from monitors.query.language.grammar import parse
from monitors.query.needs import Needs
from monitors.query.plan import All, Any, Exact, OneOf, Plan, Prefix, Some, Within, Without, plan_of
from monitors.query.question import Question
from monitors.query.reading import read
from monitors.query.tree import And, AtLeast, Field, Not, Or, Phrase, Query, Word


def plan(query: str) -> Plan:
    return plan_of(parse(query))


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("سد النهضة", "سد"),
        ("قرب سد النهضة", "سد النهضة"),
        ("سد النهضة", "سد AND النهضة"),
        ("مصر AND نفط", "مصر"),
        ("مصر", "مصر OR نفط"),
        ("مصر AND نفط", "مصر AND (نفط OR غاز)"),
        ("نفط -رياضة", "نفط"),
        ("نفط -رياضة", 'نفط -"رياضة محلية"'),
        ("(نفط OR غاز) AND مصر", "نفط OR غاز OR ماء"),
    ],
)
def test_a_narrower_query_implies_a_wider_one_and_not_the_other_way_round(narrow: str, wide: str) -> None:
    assert implies(plan(narrow), plan(wide))
    assert not implies(plan(wide), plan(narrow))


@pytest.mark.parametrize(("one", "other"), [("مصر", "المصرف"), ("نفط AND غاز", "ماء"), ("سد النهضة", "النهضة سد")])
def test_what_has_nothing_to_do_with_each_other_implies_nothing(one: str, other: str) -> None:
    assert not implies(plan(one), plan(other))


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        (Exact("علي", "عليّ"), "علي"),
        ("علي", OneOf(("علي", "علىّ"))),
        (OneOf(("كتاب", "كتب")), Prefix("كت")),
        (Prefix("كتا"), Prefix("كت")),
        (Within(Field.TITLE, "نفط"), "نفط"),
        (Some(2, ("a", "b", "c")), Any(("b", "c"))),
        (All(("a", "b")), Some(2, ("a", "b", "c"))),
    ],
)
def test_terms_fields_and_thresholds_imply_what_they_are_part_of(narrow: Plan, wide: Plan) -> None:
    assert implies(narrow, wide)
    assert not implies(wide, narrow)


NEVER = [
    "نفط -نفط",
    "سد النهضة -سد",
    "نفط AND (غاز -غاز)",
    "(نفط OR غاز) NOT (نفط OR غاز)",
    "lang:ar AND lang:en",
    "نفط lang:ar (غاز OR ماء) lang:(en OR fr)",
    "lang:(ar OR en) AND lang:(fr OR de)",
]


@pytest.mark.parametrize("query", NEVER)
def test_a_contradiction_can_never_be_met(query: str) -> None:
    assert not can_be_met(plan(query))


SOMETIMES = [
    "نفط",
    "سد NOT سد النهضة",
    "نفط OR (غاز -غاز)",
    "نفط -رياضة",
    "lang:(ar OR en)",
    "نفط -lang:ar -lang:en",
    "lang:(ar OR en) AND lang:(en OR fr)",
    "source:harbour.example source:today",
]


@pytest.mark.parametrize("query", SOMETIMES)
def test_what_is_no_contradiction_can_be_met(query: str) -> None:
    assert can_be_met(plan(query))


@pytest.mark.parametrize(
    ("query", "met"),
    [("نفط", True), ("lang:ar", True), ("نفط lang:en", False), ("نفط -lang:ar", False), ("نفط OR lang:en", True)],
)
def test_of_articles_in_one_language_none_meets_what_asks_for_another(query: str, met: bool) -> None:
    assert can_be_met(plan(query), languages=("ar",)) is met


@pytest.mark.parametrize(
    ("query", "met"),
    [
        ("نفط", True),
        ("source:harbour.example", True),
        ("source:port.example نفط", False),
        ("source:(port.example OR Harbour)", True),
        ("نفط -source:Harbour", False),
        ("نفط -source:port.example", True),
        ("source:Harbour source:Meridian", False),
    ],
)
def test_of_articles_of_some_outlets_none_meets_what_asks_for_another(query: str, met: bool) -> None:
    named = read({Field.OUTLET: "Harbour\nharbour.example"}, Needs(frozenset({Field.OUTLET})))
    assert can_be_met(plan(query), outlets=[named.meet]) is met


def test_a_threshold_that_contradictions_leave_too_few_for_cannot_be_met() -> None:
    never = All(("a", Without("a")))
    assert not can_be_met(Some(2, ("b", never, never)))


WORDS = st.sampled_from("abc").map(Word)
QUERIES: st.SearchStrategy[Query] = st.recursive(
    WORDS | st.lists(WORDS, min_size=2, max_size=3).map(lambda words: Phrase(tuple(words))),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
        st.lists(inner, min_size=3, max_size=3).map(lambda parts: AtLeast(2, tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=5,
)


@given(QUERIES, QUERIES, st.lists(st.sampled_from("abc"), max_size=6))
def test_no_article_contradicts_what_is_said_to_follow(one: Query, other: Query, words: list[str]) -> None:
    article = {"title": "", "text": " ".join(words)}
    asked = Question(one)
    if asked.meets(article):
        assert can_be_met(asked.plan)
        assert not implies(asked.plan, plan_of(other)) or Question(other).meets(article)
