"""What a query needs of an article's words, so that the index can be asked for it."""

from __future__ import annotations

import pytest

from monitors.query.plan import (
    Adjacent,
    All,
    Any,
    Close,
    Exact,
    OneOf,
    Pattern,
    Plan,
    Prefix,
    Some,
    Within,
    Without,
)
from monitors.query.tree import Field
from monitors.storage.candidates import (
    LOOSE,
    AllOf,
    AnyOf,
    But,
    Condition,
    Together,
    candidates,
    fts5,
    is_enough,
    tsquery,
)
from monitors.text.keys import field_key

FIELD_KEY = field_key("tag", "a")


@pytest.mark.parametrize(
    ("plan", "condition"),
    [
        ("a", "a"),
        (Exact("a", "A"), "a"),
        (OneOf(("a", "b")), AnyOf(("a", "b"))),
        (Prefix("a"), Prefix("a")),
        (Adjacent(("a", "b")), Together((("a",), ("b",)), 2)),
        (Adjacent((OneOf(("a", "b")), Prefix("c"))), Together((("a", "b"), (Prefix("c"),)), 2)),
        # c, then at most two tokens between, then a or b: five tokens at most
        (Close((("c",), ("a", "b")), 3, True), Together((("c",), ("a", "b")), 4)),
        (Close(((Adjacent(("c", "d")),), ("a",)), 3, False), Together((("c",), ("d",), ("a",)), 5)),
        (
            Close(((Adjacent(("c", "d")), "e"), ("a",)), 3, False),
            AllOf((AnyOf((Together((("c",), ("d",)), 2), "e")), "a")),
        ),
        (Adjacent((FIELD_KEY, Prefix(FIELD_KEY))), AllOf((FIELD_KEY, Prefix(FIELD_KEY)))),
        (Adjacent((Prefix(FIELD_KEY), Prefix("a"))), AllOf((Prefix(FIELD_KEY), Prefix("a")))),
        (Within(Field.TITLE, "a"), "a"),
        (Pattern("a.*b"), None),
        (Without("a"), None),
        (All(("a", Without(Adjacent(("b", "c"))), Pattern("c"))), "a"),
        (All(("a", Without("b"), Without(OneOf(("c", "d"))))), But("a", ("b", AnyOf(("c", "d"))))),
        (All(("a", Without(Exact("b", "B")), Without("c" * 64))), "a"),
        (All(("a", All(("b", "c")))), AllOf(("a", "b", "c"))),
        (All((Without("a"), Without("b"))), None),
        (Any(("a", Without("b"))), None),
        (Any(("a", All(("b", "c")))), AnyOf(("a", AllOf(("b", "c"))))),
        (Some(2, ("a", "b", "c")), AnyOf((AllOf(("a", "b")), AllOf(("a", "c")), AllOf(("b", "c"))))),
        (Some(8, tuple("abcdefghijkl")), AnyOf(tuple("abcdefghijkl"))),
        (Some(2, ("a", "b", Without("c"))), AnyOf(("a", "b"))),
        (Some(2, ("a", Pattern("b"), Without("c"))), None),
    ],
)
def test_candidates_are_those_that_have_what_is_needed(plan: Plan, condition: Condition | None) -> None:
    assert candidates(plan) == condition


@pytest.mark.parametrize(
    ("plan", "enough"),
    [
        ("a", True),
        (OneOf(("a", "b")), True),
        (Prefix("a"), True),
        (All(("a", Any(("b", "c")))), True),
        (Exact("a", "A"), False),
        (Adjacent(("a", "b")), False),
        (All(("a", Without("b"))), True),
        (All(("a", Without(Exact("b", "B")))), False),
        ("a" * 64, False),
        (Some(2, ("a", "b", "c")), False),
        (Within(Field.TITLE, "a"), False),
    ],
)
def test_when_that_is_all_it_asks(plan: Plan, enough: bool) -> None:
    assert is_enough(plan) is enough


def test_signs_of_the_databases_languages_are_only_letters_here() -> None:
    assert fts5('a" OR "b') == '"a"" OR ""b"'
    assert tsquery("a' | 'b\\") == "'a'' | ''b\\\\'"


def test_a_phrase_of_many_choices_asks_for_its_words_alone() -> None:
    many = Together((tuple("abcdefghi"), tuple("jklmnopqr")), 2)
    assert fts5(many).count("NEAR") == 0
    assert fts5(Together((("a",), ("b",)), 2)) == f'(NEAR("a" "b", 10) OR ("a" AND "b" AND "{LOOSE}"))'


def test_postgresql_is_not_asked_where_words_stand() -> None:
    near = Together((("a",), ("b", "c")), 3)
    assert tsquery(AnyOf((near, "d"))) == "(('a' & ('b' | 'c')) | 'd')"
