from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitors.errors import QueryError
from monitors.query.language.grammar import parse
from monitors.query.language.limits import MAX_LENGTH
from monitors.query.language.printing import show
from monitors.query.tree import (
    Alias,
    And,
    AtLeast,
    Field,
    Form,
    InField,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Regex,
    Word,
    meets_nothing,
)
from tests.monitors.query.language.drawn import queries

A, B, C = Word("سد"), Word("مصر"), Word("نهر")


def phrase(*words: str) -> Phrase:
    return Phrase(tuple(map(Word, words)))


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (Word("غزة"), "غزة"),
        (Word("OR"), '"OR"'),
        (Word("و"), '"و"'),
        (Word("NEAR"), '"NEAR"'),
        (Word("title"), "title"),
        (phrase("سد", "النهضة"), '"سد النهضة"'),
        (And((Or((A, B)), Not(C))), "(سد OR مصر) AND NOT نهر"),
        (Or((And((A, B)), C)), "سد AND مصر OR نهر"),
        (And((A, Not(Or((B, C))))), "سد AND NOT (مصر OR نهر)"),
        (Word("كهرب", prefix=True), "كهرب*"),
        (Alias((A, phrase("not", "قرب"))), '{سد|"not قرب"}'),
        (Alias((A, phrase("sea", "and", "sand"))), "{سد|sea and sand}"),
        (Word("علي", Form.EXACT), "=علي"),
        (Phrase((Word("سد", Form.WIDE), Word("النهضة", Form.WIDE))), '~"سد النهضة"'),
        (Phrase((Word("سد"), Word("النهض", prefix=True))), '"سد النهض*"'),
        (Phrase((Alias((A, phrase("خزان", "ماء"))), C)), '"{سد|خزان ماء} نهر"'),
        (Alias((A, Word("OR"))), '{سد|"OR"}'),
        (Near((A, phrase("نهر", "النيل"), B), 5), 'سد NEAR/5 "نهر النيل" NEAR/5 مصر'),
        (Near((A, B), 3, ordered=True), "سد ONEAR/3 مصر"),
        (InField(Field.TITLE, Or((A, B))), "title:(سد OR مصر)"),
        (InField(Field.LANG, Word("ar")), "lang:ar"),
        (Regex("a/b\\d"), "/a\\/b\\d/"),
        (AtLeast(2, (A, Or((B, C)), phrase("a", "b"))), '2 of (سد, مصر OR نهر, "a b")'),
    ],
)
def test_a_query_is_shown_in_its_plainest_spelling(tree: Query, text: str) -> None:
    assert show(tree) == text
    assert parse(text) == tree


def within_limits(tree: Query) -> bool:
    """Whether the reader lets it pass: it counts wide words, stars and so on, which is not the matter here."""
    if meets_nothing(tree) or len(show(tree)) > MAX_LENGTH:
        return False
    try:
        parse(show(tree))
    except QueryError as error:
        return not error.code.startswith("too_many")
    return True


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(queries().filter(within_limits))
def test_a_shown_query_is_read_as_the_same_query(tree: Query) -> None:
    text = show(tree)
    assert parse(text) == tree
    assert show(parse(text)) == text


def long_lists() -> st.SearchStrategy[str]:
    """Queries that are near the limit in their shortest spelling, and beyond it in the plain one."""
    items = [
        "=كوفيد",
        "~(سد|نهر)",
        "نص:غزة",
        "وسم:مصر",
        "2 of (أب,جد|هـ)",
        '"نهر سد"~5',
        "a-b",
        "{a|b c}",
        "=(ab c,d e)",
    ]
    return st.tuples(st.lists(st.sampled_from(items), min_size=1, max_size=3), st.sampled_from("|,؛\n")).map(
        lambda drawn: drawn[1].join((drawn[0] * 40)[: 20 if "~(سد|نهر)" in drawn[0] else 40])
    )


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(long_lists())
def test_what_is_read_is_shown_short_enough_to_be_read_again(typed: str) -> None:
    try:
        tree = parse(typed)
    except QueryError:
        return
    assert len(show(tree)) <= MAX_LENGTH
    assert parse(show(tree)) == tree


@pytest.mark.parametrize("sign", ["|", " & ", " -", ",", " +", " AND "])
def test_a_query_whose_plain_spelling_is_too_long_is_shown_in_short(sign: str) -> None:
    tree = parse(sign.join(["كوف"] * 60))
    assert len(show(tree)) <= MAX_LENGTH
    assert parse(show(tree)) == tree
