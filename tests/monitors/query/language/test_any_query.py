from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.errors import QueryError
from monitors.query.language.describing import describe
from monitors.query.language.grammar import parse
from monitors.query.language.limits import MAX_LENGTH
from monitors.query.language.printing import show
from monitors.query.language.reading import read
from tests.work import steps_of

SIGNS = [
    *("AND", "OR", "NOT", "أو", "و", "بدون", "(", ")", '"', "«", "”", ",", "،", "\n", "-", "+", "|", "&", "*", ":"),
    *("=", "~", "{", "}", " ", "title:", "lang:", "outlet:", "url:", "NEAR/5", "ONEAR", "2 of (", "/", "/a.b/", "ar"),
    *(
        "~5",
        "!",
        "--",
        "–",
        "—",
        "[",
        "]",
        "^2",
        "?",
        "&&",
        "#",
        "@",
        "‘",
        "’",
        "'",
        "「",
        "（",
        "）",
        "title=",
        "lang :",
    ),
    *(
        "W/5",
        "ADJ",
        "AROUND(5)",
        "NEAR5",
        "AND-NOT",
        "XOR",
        "/5",
        "http://a.b/c",
        "&amp;",
        "\u200f",
        "\u200c",
        "～",
        "＝",
    ),
]
ODDITIES = [
    *("سد", "غزة", "title", "ـ", "\u064b", "ﷺ", "1", "\x00", "\ud800", "𐤀", "\u202e", "C++", "\\", "#", "https://"),
]
QUERY_LIKE = st.lists(st.sampled_from([*SIGNS, *ODDITIES]), max_size=40).map("".join)
SPACED = st.lists(st.sampled_from([*SIGNS, *ODDITIES]), max_size=20).map(" ".join)


@given(st.text(st.characters()) | QUERY_LIKE | SPACED)
def test_any_text_is_either_read_or_refused(text: str) -> None:
    tree, refusal = None, None
    try:
        tree = parse(text)
    except QueryError as error:
        refusal = error
    if tree:
        assert parse(show(tree)) == tree
        assert describe(tree)
    else:
        assert refusal
        assert 0 <= refusal.position <= len(text)
        for readable in (refusal.suggestion, refusal.understood):
            if readable is not None:
                parse(readable)


@given(
    st.lists(
        st.sampled_from(["سد", "AND", "OR", "أو", "و", "NEAR", "of", "2", "title", "a", "not", "بدون"]),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["{}", "{}", '"{}"', "«{}»", "“{}”", '«{}"', '"{}']),
)
def test_plain_words_are_read_the_short_way_as_the_long_way(words: list[str], written: str) -> None:
    query = written.format(" ".join(words))
    try:
        tree = read(query)
    except QueryError as error:
        with pytest.raises(QueryError) as refusal:
            parse(query)
        assert refusal.value.code == error.code  # noqa: PT017  # compared, not expected
    else:
        assert parse(query) == tree


REPEATED = [
    *("(", "NOT ", '"', "/a", "a-", "س\u0640", "\u064b", "a:", "«»", "& ", "(a OR ", "{a|", "~", "a* ", "*a", "title:"),
    *("NEAR/5 ", "a NEAR ", '"a"~5 ', "2 of (", "lang:", "/a/ ", "a'", "1,", "و ", 'ש"', "C++ ", "\ud800", "{a b} "),
    *("'a ", "-a ", "--a ", "a^2", "a?b", "‘", "http://", "a=b ", "title=", "[", "（", "AROUND(5)", "&amp;"),
]


@pytest.mark.parametrize("text", REPEATED)
@pytest.mark.parametrize("length", [MAX_LENGTH, 100_000])
def test_no_repetition_takes_long_to_read(text: str, length: int) -> None:
    query = (text * length)[:length]

    def reading() -> None:
        with contextlib.suppress(QueryError):
            parse(query)

    assert steps_of(reading) < 100 * MAX_LENGTH  # with its repairs; two thirds of this are the most
