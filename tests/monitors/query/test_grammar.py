from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.errors import QueryError
from monitors.query.grammar import parse
from monitors.query.limits import MAX_DEPTH, MAX_LENGTH, MAX_WORDS
from monitors.query.printing import show
from monitors.query.tree import And, Not, Or, Phrase, Query, Word, both, either, meets_nothing, negation

A, B, C, D = Word("سد"), Word("مصر"), Word("نهر"), Word("كرة")


def phrase(*words: str) -> Phrase:
    return Phrase(tuple(map(Word, words)))


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("غزة", Word("غزة")),
        ("سد النهضة", phrase("سد", "النهضة")),
        ('"سد النهضة"', phrase("سد", "النهضة")),
        ("«سد النهضة»", phrase("سد", "النهضة")),
        ("“سد النهضة”", phrase("سد", "النهضة")),
        ("„سد النهضة“", phrase("سد", "النهضة")),
        ("»سد النهضة«", phrase("سد", "النهضة")),
        ('"غزة"', Word("غزة")),
        ("سد AND مصر", And((A, B))),
        ("سد & مصر", And((A, B))),
        ("سد OR مصر", Or((A, B))),
        ("سد أو مصر", Or((A, B))),
        ("سد|مصر", Or((A, B))),
        ("سد NOT مصر", And((A, Not(B)))),
        ("سد AND NOT مصر", And((A, Not(B)))),
        ("سد -مصر", And((A, Not(B)))),
        ("سد NOT NOT مصر", And((A, B))),
        ("سد OR مصر AND نهر", Or((A, And((B, C))))),
        ("(سد OR مصر) AND نهر", And((Or((A, B)), C))),
        ("سد AND NOT (مصر OR نهر)", And((A, Not(Or((B, C)))))),
        ("سد AND (مصر AND نهر)", And((A, B, C))),
        ("سد، مصر, نهر\nكرة", Or((A, B, C, D))),
        ("سد؛ مصر; نهر", Or((A, B, C))),
        ("سد AND مصر، نهر", Or((And((A, B)), C))),
        ("(سد، مصر) AND نهر", And((Or((A, B)), C))),
        (",سد,\r\n,مصر,", Or((A, B))),
        ("كوفيد-19", phrase("كوفيد", "19")),
        ("سد - مصر", phrase("سد", "مصر")),
        ("AT&T", phrase("AT", "T")),
        ("1,000 جندي", phrase("1", "000", "جندي")),
        ("#سد_النهضة!", phrase("سد", "النهضة")),
        ("عاجل: غزة", phrase("عاجل", "غزة")),
        ('"سد AND مصر"', phrase("سد", "AND", "مصر")),
        ("rock and roll", phrase("rock", "and", "roll")),
        ('"AND" OR not', Or((Word("AND"), Word("not")))),
        ("中国", phrase("中", "国")),
        ("مُحَمَّد", Word("مُحَمَّد")),
        ("سد ــــ مصر", phrase("سد", "مصر")),
    ],
)
def test_a_query_says(query: str, tree: Query) -> None:
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "code", "position"),
    [
        ("", "empty", 0),
        (" ،, \n", "empty", 1),
        ("...!", "empty", 4),
        ("ـــ", "empty", 3),
        ('سد "النهضة', "unclosed_quote", 3),
        ("«!» سد", "empty_quotes", 0),
        ("سد AND (مصر OR نهر", "unclosed_parenthesis", 7),
        ("سد) مصر", "unexpected_parenthesis", 2),
        (") سد", "unexpected_parenthesis", 0),
        ("سد AND ()", "missing_words", 8),
        ("AND سد", "missing_words", 0),
        ("سد AND", "missing_words", 3),
        ("سد OR OR مصر", "missing_words", 3),
        ("سد NOT", "missing_words", 3),
        ("سد AND , مصر", "missing_words", 3),
        ('سد "نهر النيل"', "missing_operator", 3),
        ("سد (مصر)", "missing_operator", 3),
        ("NOT سد", "only_negative", 0),
        ("سد OR NOT مصر", "only_negative", 0),
        ("C++", "unknown_sign", 1),
        ("C# code", "unknown_sign", 1),
        ("مصر+سوريا", "unknown_sign", 3),
        ("(" * (MAX_DEPTH + 1) + "سد" + ")" * (MAX_DEPTH + 1), "too_deep", MAX_DEPTH),
        ("سد " + "NOT " * 60 + "مصر", "too_deep", 3 + 4 * MAX_DEPTH),
        ("س" * (MAX_LENGTH + 1), "too_long", MAX_LENGTH),
        ("س " * (MAX_WORDS + 1), "too_many_words", 2 * MAX_WORDS),
    ],
)
def test_a_broken_query_is_refused_where_it_breaks(query: str, code: str, position: int) -> None:
    with pytest.raises(QueryError) as refusal:
        parse(query)
    assert (refusal.value.code, refusal.value.position) == (code, position)
    assert refusal.value.what.endswith(".")
    assert refusal.value.hint


def test_a_query_at_its_limits_is_read() -> None:
    parse("س" * MAX_LENGTH)
    parse("س " * MAX_WORDS)
    parse("(" * MAX_DEPTH + "سد" + ")" * MAX_DEPTH)


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (Word("غزة"), "غزة"),
        (Word("OR"), '"OR"'),
        (phrase("سد", "النهضة"), '"سد النهضة"'),
        (And((Or((A, B)), Not(C))), "(سد OR مصر) AND NOT نهر"),
        (Or((And((A, B)), C)), "سد AND مصر OR نهر"),
        (And((A, Not(Or((B, C))))), "سد AND NOT (مصر OR نهر)"),
    ],
)
def test_a_query_is_shown_in_its_plainest_spelling(tree: Query, text: str) -> None:
    assert show(tree) == text


def trees() -> st.SearchStrategy[Query]:
    """Queries as the parser makes them: nested groups opened, nothing doubly negated."""
    word = st.sampled_from(["سد", "AND", "OR", "NOT", "أو", "not", "مُحَمَّد", "Café", "ﷺ", "می\u200cخواهد", "19", "中"])
    leaves: st.SearchStrategy[Query] = st.one_of(
        st.builds(Word, word),
        st.builds(Phrase, st.lists(st.builds(Word, word), min_size=2, max_size=4).map(tuple)),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(both),
            st.lists(inner, min_size=2, max_size=3).map(either),
            inner.map(negation),
        ),
        max_leaves=8,
    )


@given(trees().filter(lambda tree: not meets_nothing(tree)))
def test_a_shown_query_is_read_as_the_same_query(tree: Query) -> None:
    text = show(tree)
    assert parse(text) == tree
    assert show(parse(text)) == text


@pytest.mark.parametrize("sign", ["|", " & ", " -", ","])
def test_a_query_whose_plain_spelling_is_too_long_is_shown_in_short(sign: str) -> None:
    tree = parse(sign.join(["كوفيد"] * 60))
    assert len(show(tree)) <= MAX_LENGTH
    assert parse(show(tree)) == tree


SIGNS = ["AND", "OR", "NOT", "أو", "(", ")", '"', "«", "”", ",", "،", "\n", "-", "|", "&", "*", ":", "/", "=", "{", " "]
ODDITIES = ["سد", "غزة", "title", "ـ", "\u064b", "ﷺ", "1", "\x00", "\ud800", "NEAR/5", "𐤀", "\u202e"]
QUERY_LIKE = st.lists(st.sampled_from([*SIGNS, *ODDITIES]), max_size=40).map("".join)


@given(st.text(st.characters()) | QUERY_LIKE)
def test_any_text_is_either_read_or_refused(text: str) -> None:
    tree, refusal = None, None
    try:
        tree = parse(text)
    except QueryError as error:
        refusal = error
    if tree:
        assert parse(show(tree)) == tree
    else:
        assert refusal
        assert 0 <= refusal.position <= len(text)


@pytest.mark.parametrize("text", ["(", "NOT ", '"', "/a", "a-", "س\u0640", "\u064b", "a:", "«»", "& ", "(a OR "])
def test_no_repetition_takes_long_to_read(text: str) -> None:
    query = (text * MAX_LENGTH)[:MAX_LENGTH]
    start = time.process_time()
    try:
        parse(query)
    except QueryError:
        pass
    assert time.process_time() - start < 0.5  # a thousandth of this is usual; quadratic would take seconds
