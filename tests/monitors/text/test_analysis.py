from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.text.analysis import analyse, analyse_fields, keys_of_watch


def found_in(watch: str, text: str) -> bool:
    """Whether the watch's words stand side by side in the text."""
    keys, tokens = keys_of_watch(watch), analyse(text).tokens
    return any(
        all(key in token for key, token in zip(keys, tokens[first:], strict=False))
        for first in range(len(tokens) - len(keys) + 1)
    )


@pytest.mark.parametrize(
    ("watch", "text"),
    [
        ("القوات", "والقوات"),
        ("القوات", "للقوات"),
        ("القوات", "وبالقوات"),
        ("قوات", "والقوات"),
        ("القيارة", "بالقيّارة"),
        ("احمد", "وأحمد"),
        ("محمد", "مُحَمَّد"),
        ("الرئيس", "الرئيـــس"),
        ("الرئيس", "ﻟﻠﺮﺋﻴﺲ"),
        ("مسؤول", "مسءول"),
        ("لبنان", "للبنان"),
        ("لجنة", "للجنة"),
        ("اللجنة", "للجنة"),
        ("سد", "والسد"),
        ("انتخابات", "وللانتخابات"),
        ("اقتصاد", "كاقتصاد"),
        ("يزور", "سيزور"),
        ("حرب", "حرباً"),
        ("حرب", "حربا"),
        ("شخصي", "شخصيًا"),
        ("وزير", "وزیر"),
        ("٢٠٢٤", "2024"),
        ("کابل", "كابل"),
        ("عبدالله", "عبد الله"),
        ("عبد الله", "وعبدالله"),
        ("عبدالله", "لعبدﷲ"),
        ("نصر الله", "ونصرالله"),
        ("نصرالله", "لنصر الله"),
        ("كتاب", "کتاب\u200cها"),
        ("گزارش", "گزارش\u200cها"),
        ("صلى الله عليه وسلم", "ﷺ"),
        ("cafe", "Café"),
        ("istanbul", "İSTANBUL"),
        ("strasse", "Straße"),
        ("елка", "ёлка"),
        ("中国", "在中国的"),
    ],
)
def test_a_watch_finds_its_word_however_it_is_written(watch: str, text: str) -> None:
    assert found_in(watch, text)


@pytest.mark.parametrize(
    ("watch", "text"),
    [
        ("علي", "على"),
        ("علي", "فعلى"),
        ("علي", "علی"),
        ("علي", "العلي"),
        ("مصر", "المصرف"),
        ("مصر", "مصري"),
        ("سوري", "سوريا"),
        ("الرياض", "رياض"),
        ("القوات", "قوات"),
        ("والقوات", "القوات"),
        ("مكتبة", "مكتبه"),
        ("جدة", "جده"),
        ("كرة", "فكرة"),
        ("طاقة", "بطاقة"),
        ("صالح", "لصالح"),
        ("احد", "واحد"),
        ("امل", "كامل"),
        ("جنة", "لجنة"),
        ("دين", "لدينا"),
        ("مانيا", "ألمانيا"),
        ("عبدالله", "العبدالله"),
        ("café", "cafe"),
        ("мои", "мой"),
        ("國", "国"),
    ],
)
def test_a_watch_does_not_find_its_look_alikes(watch: str, text: str) -> None:
    assert not found_in(watch, text)


def test_a_watch_asks_for_one_key_per_word() -> None:
    assert keys_of_watch("والقوات") == ("والقوات",)
    assert keys_of_watch("عبدالله") == ("عبد", "الله")
    assert keys_of_watch("ـــ !") == ()


def test_a_text_in_egyptian_spelling_answers_with_its_final_dots() -> None:
    headline, text = "الرئيس السيسى يصل", "قال السيسى فى كلمة التى ألقاها على الهواء"
    analysed = analyse_fields({"title": headline, "text": text})
    assert "السيسي" in analysed["title"].tokens[1]
    assert "علي" not in analysed["text"].tokens[-2]


def test_one_dotless_word_does_not_make_a_text_egyptian() -> None:
    assert "مصري" not in analyse("مصرى في القاهرة").tokens[0]


def test_the_parts_of_a_joined_name_share_its_span() -> None:
    analysis = analyse("قال عبدالله")
    assert analysis.spans == [(0, 3), (4, 11), (4, 11)]


@pytest.mark.parametrize("piece", ["ﷺ", "a\u0301\u0316", "\u064b\u0650", "وال", "ab\u200c", "عبدال", "_", "𐤀", "a "])
def test_no_text_takes_long_to_analyse(piece: str) -> None:
    """Timed, for nothing counts the steps of `re`: some pattern taking time by the square would take half a minute."""
    start = time.process_time()
    analysis = analyse("س" + piece * (50_000 // len(piece)))
    assert len(analysis.spans) == len(analysis.tokens)
    assert time.process_time() - start < 1  # a fiftieth of this is usual


@given(st.text(st.characters() | st.sampled_from("والبكلسمحدهيىةأإءآً\u0640ﷲﷺﻻ \u200c\u200f")))
def test_every_token_has_keys_and_a_span(text: str) -> None:
    analysis = analyse(text)
    assert len(analysis.tokens) == len(analysis.spans)
    assert all(token and all(token) for token in analysis.tokens)
    assert all(0 <= start < end <= len(text) for start, end in analysis.spans)


@given(st.text(st.characters(categories=["L", "N", "M"]) | st.sampled_from("وفبكلسالاىية"), min_size=1))
def test_a_text_contains_itself(text: str) -> None:
    keys = keys_of_watch(text)
    assert all(key in token for key, token in zip(keys, analyse(text).tokens, strict=True))


@given(st.text(st.sampled_from("والبكلسمحدهيىةأإءآ"), min_size=1, max_size=12))
def test_an_arabic_word_answers_to_few_keys_each_once(word: str) -> None:
    for token in analyse(word).tokens:
        assert len(token) == len(set(token)) <= 14


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ("غزة رفح\nنهر", []),
        ("غزة رفح\n\nنهر\n \t\n\r\nسد", [2, 3]),
        ("\n\nغزة\n\n…\n\nعبدالله\n\nسد\n\n", [1, 3]),
        ("", []),
    ],
)
def test_blank_lines_part_paragraphs(text: str, breaks: list[int]) -> None:
    assert analyse(text).breaks == breaks
