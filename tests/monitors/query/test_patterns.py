from __future__ import annotations

import random
import sys
import time

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from monitors.query.characters import Expressions, Literals
from monitors.query.literals import literals_of
from monitors.query.patterns import MOST_PLACES, Expression, PatternSet, expression, readable
from monitors.text.steps import finish

NASTY = [f"[سد1].{{{number}}}[xyz]" for number in range(10, 26)]
"""Of these RE2 has to remember where every «س», «د» and «1» stood."""


def nasty_text(length: int) -> bytes:
    chance = random.Random(3)
    return "".join(chance.choice("سدا1") for _ in range(length)).encode()


@pytest.mark.parametrize(
    ("pattern", "text", "places"),
    [
        ("سد.{0,9}نهضة", "حول سد النهضة", [(4, 13)]),
        ("COVID-?19", "Covid19 and covid-19", [(0, 7), (12, 20)]),
        ("^غزة", "غزة غزة", [(0, 3)]),
        ("غزة$", "غزة غزة", [(4, 7)]),
        ("b.c", "a\ud800\U0001f44db\ud800c", [(3, 6)]),
        ("(a)(b)?", "xaxab", [(1, 2), (3, 5)]),
        ("x*", "axxa", [(1, 3)]),
        ("قمح", "شعير", []),
        (r"\bسد\b", "سد، وسد سد سُدود (سد)", [(0, 2), (8, 10), (18, 20)]),
        (r"(?i)\bسُ?د", "سدود وسد سُد", [(0, 2), (9, 12)]),
        (r"\w+", "مُحَمَّد، x_1", [(0, 8), (10, 13)]),
        (r"\d{4}", "١٩٩٩ ۲۰۲۴ 2024", [(0, 4), (5, 9), (10, 14)]),
        (r"[\d.]+\s\S", "١٫٥\u00a0x 1.5\u00a0م", [(2, 5), (6, 11)]),
        (r"\D\W", "1٢ab، 3", [(3, 5)]),
        (r"\Q\d\E", r"1 \d", [(2, 4)]),
        (r"سد|قمح\b", "سدود قمح", [(0, 2)]),
    ],
)
def test_places_are_in_code_points(pattern: str, text: str, places: list[tuple[int, int]]) -> None:
    assert list(expression(pattern).places(readable(text).encode())) == places


@pytest.mark.parametrize(
    "pattern", [r"[]\w]", r"[^]\w]", r"[[:alpha:]\d]", r"[\]\d]", r"\\b", r"(?:\w|\()\b", r"\bx\\\b"]
)
def test_what_re2_understands_it_understands_as_people_mean_it(pattern: str) -> None:
    Expression(pattern)


def test_the_first_places_are_found() -> None:
    assert len(expression("a").places(b"a" * 500)) == MOST_PLACES


def test_an_expression_that_is_too_long_is_refused() -> None:
    with pytest.raises(re2.error):
        Expression(r"\pL{50}")


@pytest.mark.parametrize("pattern", ["[سد1].{50}x", "[ab]*a[ab]{20}x", "(?:س|د).{0,300}ظ", "س(?s:.*x)?", r"\pL+1x"])
def test_an_expression_takes_no_long_time_for_a_long_text(pattern: str) -> None:
    """Timed, for nothing counts the steps of RE2."""
    texts = [nasty_text(120_000), "".join(random.Random(1).choices("ab", k=200_000)).encode()]
    found = Expression(pattern)
    start = time.process_time()
    for text in texts:
        found.found_in(text)
        found.places(text)
    assert time.process_time() - start < 1.0  # a tenth of this is usual


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("سد.*النهضة", ["النهضة"]),
        ("[أا]حمد", ["أحمد", "احمد"]),
        ("(?:يوم|سنة) [0-9]+", ["سنة ", "يوم "]),
        ("ABC+d", ["abc"]),
        ("abc?de", ["abcde", "abde"]),
        ("(?i)abc|(?P<one>xyz)", ["abc", "xyz"]),
        (r"\$100 US", ["$100 us"]),
        ("سد{1,2}نهض", ["نهض"]),
        ("a{,5}", ["a{,5}"]),
        (r"[a-z]xyz[a\]]qwerty", ["qwerty"]),
        (r"\bword\b", ["word"]),
        ("abc|de", []),
        ("(?:abc)?", []),
        ("(?:abc)*", []),
        ("(?:abc){0,2}", []),
        (r"\d{4}", []),
        (r"\x61bcd", []),
        (r"\Qabcd\E", []),
        ("(abcd", []),
        ("abcd)", []),
        ("", []),
    ],
)
def test_the_literals_that_an_expression_cannot_do_without(pattern: str, literals: list[str]) -> None:
    assert list(literals_of(pattern)) == literals


atoms = st.sampled_from(
    ["سد", "abc", "K", "ss", "ß", "İ", "[أا]", "[a-c]", "[^x]", r"\d", ".", r"\.", "^", r"\b", r"\pL", "{", "ſ", "abcd"]
)
quantifiers = st.sampled_from(["", "", "", "?", "*", "+", "{2}", "{0,1}", "{1,2}", "+?", "{1}"])
patterns = st.recursive(
    st.builds("{}{}".format, atoms, quantifiers),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4).map("".join)
        | st.lists(inner, min_size=1, max_size=3).map("|".join).map("(?:{})".format)
        | st.builds("({}){}".format, inner, quantifiers)
    ),
    max_leaves=8,
)
texts = st.lists(
    st.sampled_from(
        ["سد", "abc", "ABC", "k", "\u212a", "SS", "ß", "ẞ", "i̇", "أ", "ا", "1", ".", " ", "{", "ſ", "d", "\ud800"]
    ),
    max_size=12,
).map("".join)


@settings(max_examples=500)
@given(patterns, texts)
def test_an_expression_is_only_found_where_one_of_its_literals_is(pattern: str, text: str) -> None:
    try:
        found = expression(pattern).found_in(readable(text).encode())
    except re2.error:
        return
    literals = literals_of(pattern)
    assert not (found and literals) or any(literal in readable(text).casefold() for literal in literals)


def test_what_re2_takes_for_the_same_letter_folds_to_the_same() -> None:
    letters = [chr(code) for code in range(0x80, 0x1E944) if chr(code).lower() != chr(code).upper()]
    for letter in letters:
        others = "".join({letter.lower(), letter.upper(), letter.swapcase()} - {letter})
        for start, end in Expression(re2.escape(letter)).places(readable(others).encode()):
            assert others[start:end].casefold() == letter.casefold()
    assert len(letters) > 2_000
    assert sys.maxunicode == 0x10FFFF


def test_a_set_knows_which_of_its_expressions_are_found() -> None:
    together = PatternSet([r"\d{4}", "س.د", "^x"])
    assert together.found_in("عام 2024 سعد".encode()) == {0, 1}
    assert together.found_in(b"") == set()


def test_a_set_that_is_too_much_for_re2_knows_nothing() -> None:
    assert PatternSet([rf"[^{first}]\pL{{20}}" for first in "abcdefghijklmnop"]).found_in(b"abc") is None


names = st.sampled_from(["abc", "bcd", "سدود", "abcd", "النهضة", "xyz"])


@given(st.lists(st.tuples(names, st.integers(0, 3), st.booleans()), max_size=30), names)
def test_literals_are_found_like_one_by_one(changes: list[tuple[str, int, bool]], text: str) -> None:
    table: Literals[int] = Literals()
    standing: set[tuple[str, int]] = set()
    for number in range(200):
        table.add(f"{number:03}", -1)  # so many that they are looked up
    for literal, thing, added in changes:
        if added and (literal, thing) not in standing:
            table.add(literal, thing)
            standing.add((literal, thing))
        elif not added and (literal, thing) in standing:
            table.remove(literal, thing)
            standing.remove((literal, thing))
    found: set[int] = set()
    finish(table.finding_steps(text, found))
    assert found == {thing for literal, thing in standing if literal in text}


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=150))
def test_expressions_are_found_like_one_by_one(changes: list[tuple[int, bool]]) -> None:
    table: Expressions[int] = Expressions()
    standing: set[int] = set()
    for number, added in changes:
        pattern = f"a{number}(?:x|$)" if number % 7 else f"a{number}(?:x|$|.{{20}}!)"  # these are large
        if added and number not in standing:
            table.add(pattern, number)
            standing.add(number)
        elif not added and number in standing:
            table.remove(pattern, number)
            standing.remove(number)
    text = b"a1 a2x a15x a30x a60"
    found: set[int] = set()
    finish(table.finding_steps([b"", text], found))
    assert {1, 2, 15, 30, 60} & standing - {1} <= found <= standing
    finish(table.finding_steps([text * 1000], found))
    assert found == standing  # too long to be tried together
