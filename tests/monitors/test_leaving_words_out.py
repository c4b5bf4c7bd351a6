"""A word left out of a watch and taken back, and the words by which an article differs from others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.distinguishing import like, word_at, words_of_its_own
from monitors.errors import QueryError
from monitors.limiting import with_again, without
from monitors.query.language.grammar import parse
from monitors.query.language.printing import show
from monitors.query.tree import both, negation
from monitors.text.usage import known_words

ARTICLE = {"title": "فوز فريق غزة بكأس البطولة", "text": "في مباراة البطولة أمس"}


@pytest.mark.parametrize(
    ("query", "left_out"),
    [
        ("غزة", "غزة -رياضة"),
        ("سد النهضة", "سد النهضة -رياضة"),
        ("غزة OR لبنان", "(غزة OR لبنان) -رياضة"),
        ("غزة، لبنان", "(غزة، لبنان) -رياضة"),
        ("غزة -كرة", "غزة -كرة -رياضة"),
        ("title:غزة", "title:غزة -رياضة"),
    ],
)
def test_a_watch_stays_as_it_was_written(query: str, left_out: str) -> None:
    assert without(query, "رياضة") == left_out
    assert parse(left_out) == both([parse(query), negation(parse("رياضة"))])
    assert with_again(left_out, "رياضة") == query


@given(
    st.lists(st.sampled_from(["غزة", "لبنان", "OR", "AND", "-كرة", "(", ")", '"', "~", "2 of (a, b, c)"]), max_size=6)
)
def test_what_is_left_out_and_taken_back_asks_the_same(parts: list[str]) -> None:
    query = " ".join(parts)
    try:
        asked = parse(query)
    except QueryError:
        return
    left_out = without(query, "رياضة")
    assert parse(left_out) == both([asked, negation(parse("رياضة"))])
    taken_back = with_again(left_out, "رياضة")
    assert taken_back is not None
    assert parse(taken_back) == asked


def test_what_a_watch_does_not_leave_out_cannot_be_taken_back() -> None:
    assert with_again("غزة", "رياضة") is None
    assert with_again("غزة OR (لبنان -رياضة)", "رياضة") is None
    assert with_again("كرة -رياضة AND غزة", "رياضة") == "كرة AND غزة"


def test_a_watch_that_would_be_too_long_is_refused() -> None:
    with pytest.raises(QueryError):
        without("غ" * 480, "رياضة" * 20)


def test_words_of_its_own_are_in_no_other_article() -> None:
    others = [{"title": "فريق إنقاذ في غزة", "text": "وبطولات"}]
    found = words_of_its_own(ARTICLE, {"title": ((9, 12),)}, others, most=3)
    assert [token.word for token in found] == ["بطولة", "بكأس", "فوز"]
    assert [word_at(ARTICLE, token.number) for token in found] == ["بطولة", "بكأس", "فوز"]


def test_words_that_the_language_takes_for_operators_are_not_offered() -> None:
    found = words_of_its_own({"title": "NEAR Otherwise", "text": ""}, {}, [], most=6)
    assert [token.word for token in found] == ["Otherwise"]


def test_more_like_it_is_two_of_its_rarest_words_or_two_of_any_that_are_not_common() -> None:
    assert shown("فريق من غزة يفوز بكأس البطولة بعد مباراة مثيرة") == [
        "2 of (مباراة, بطولة, مثيرة, فريق, يفوز)",
        "2 of (مباراة, بطولة, مثيرة, فريق, يفوز, بكأس, غزة)",
    ]
    assert shown(ARTICLE["title"]) == ["2 of (بطولة, فريق, بكأس, فوز, غزة)"]
    assert shown("غزة") == ["غزة"]
    assert shown("في من إلى") == []
    assert shown("\u064b\u0651 🎉 \u200f") == []


def test_more_like_it_is_asked_by_words_as_they_stand_alone_in_headlines() -> None:
    known = ["كأس آسيا", "سقوط صاروخ", "أزمة في واشنطن", "واشنطن تحذر"]
    assert shown("فوز بكأس وسقوط المنتخب وأزمة واشنطن", *known) == [
        "2 of (واشنطن, منتخب, سقوط, أزمة, فوز)",
        "2 of (واشنطن, منتخب, سقوط, أزمة, فوز, كأس)",
    ]
    assert shown("سقوط وسقوط صاروخ", *known) == ["صاروخ OR سقوط"]
    assert shown("وقال للوفد إن الوفد باق", "قال الوفد") == ["وفد OR باق"]


def shown(title: str, *headlines: str) -> list[str]:
    return [show(query) for query in like(title, known_words(headlines))]


@given(st.text(max_size=300), st.text(max_size=300), st.lists(st.tuples(st.integers(0, 300), st.integers(0, 9))))
def test_whatever_an_article_says_its_words_can_be_left_out(
    title: str, text: str, places: list[tuple[int, int]]
) -> None:
    fields = {"title": title, "text": text}
    met = {"title": tuple((start, start + length) for start, length in places)}
    for token in words_of_its_own(fields, met, [{"title": text, "text": ""}], most=6):
        assert word_at(fields, token.number) == token.word
        left_out = without("غزة", token.word)
        assert parse(with_again(left_out, token.word) or "") == parse("غزة")
