from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.text.words import WORD, words


def spans_of(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in WORD.finditer(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("في مُحَمَّدٍ، و(القدس)!", ["في", "مُحَمَّدٍ", "و", "القدس"]),
        ("الرئيـــس", ["الرئيـــس"]),
        ("می\u200cخواهد", ["می\u200cخواهد"]),
        ("بيـ\u200fروت\u200f ثم", ["بيـ\u200fروت", "ثم"]),
        ("soft\u00adhyphen", ["soft\u00adhyphen"]),
        ("#سد_النهضة", ["سد", "النهضة"]),
        ("cafe\u0301 naïve", ["cafe\u0301", "naïve"]),
        ("ﷲ ﻻ", ["ﷲ", "ﻻ"]),
        ("Turkey'nin AT&T 3.5", ["Turkey'nin", "AT", "T", "3", "5"]),
        ("中国加油", ["中", "国", "加", "油"]),
        ("中国GDP", ["中", "国", "GDP"]),
        ("ไทย", ["ไ", "ท", "ย"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("\u064bابدأ", ["ابدأ"]),
        ("👩\u200d💻 \ud800", []),
        ("", []),
    ],
)
def test_a_word_is_letters_with_the_marks_inside_it(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_offsets_are_code_points_of_the_text_as_it_stands() -> None:
    text = "👍 وَسَط بغداد"
    assert [text[start:end] for start, end in spans_of(text)] == ["وَسَط", "بغداد"]
    assert spans_of(text)[0] == (2, 7)


@given(st.text(st.characters() | st.sampled_from("محمد\u064e\u0640\u200d\u200f\u00ad _ab中ไ.،")))
def test_spans_and_words_are_the_same_words(text: str) -> None:
    spans = spans_of(text)
    assert [text[start:end] for start, end in spans] == words(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_every_letter_and_digit_is_in_some_word(text: str) -> None:
    assert "".join(words(text)) == "".join(sign for sign in text if sign.isalnum())
