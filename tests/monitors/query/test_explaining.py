from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitors.query.explaining import explain
from monitors.query.language.grammar import parse
from monitors.query.question import Question
from monitors.query.reasons import Lack
from monitors.query.tree import Form, Word
from tests.monitors.query.chance import random_article, random_query

ARTICLE = {
    "title": "انفجار وسط بغداد",
    "text": "قال الرئيس علي في بغداد.\n\nالنفط يرتفع والغاز ينخفض ومشروع سد النهضة الكبير متوقف منذ 2024",
    "author": "أحمد علي\nسارة محمد",
    "tag": "اقتصاد",
    "outlet": "سانا\nsana.example",
    "url": "https://sana.example/a/b",
    "lang": "ar",
}


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        (
            "بغداد AND NOT رياضة",
            [
                "yes بغداد AND NOT رياضة",
                "  yes بغداد: “بغداد” in title; “بغداد” in text",
                "  yes NOT رياضة",
                "    no  رياضة",
            ],
        ),
        (
            "بغداد AND NOT علي",
            [
                "no  بغداد AND NOT علي",
                "  yes بغداد: “بغداد” in title; “بغداد” in text",
                "  no  NOT علي",
                "    yes علي: “علي” in text",
            ],
        ),
        ("قمح", ["no  قمح: not in the article"]),
        ("tag:قمح", ["no  tag:قمح: not in its tag"]),
        ("=الغاز", ["no  =الغاز: only as “والغاز” in text; without = it would be found"]),
        ("الرئاسة", ["no  الرئاسة: only as “الرئيس” in text; with ~ it would be found"]),
        ("سارة", ["no  سارة: only elsewhere: “سارة” in author"]),
        ("author:بغداد", ["no  author:بغداد: only elsewhere: “بغداد” in title; “بغداد” in text"]),
        ("بغداد وسط", ['no  "بغداد وسط": its words stand there in another order']),
        ("سد السلام", ['no  "سد السلام": it lacks السلام']),
        ("بغداد متوقف", ['no  "بغداد متوقف": its words stand there, but farther apart; NEAR/10 would find them']),
        ("انفجار NEAR/5 متوقف", ["no  انفجار NEAR/5 متوقف: its words stand there, but nowhere near each other"]),
        ("النفط NEAR/2 الغاز", ["yes النفط NEAR/2 الغاز: “النفط”, “والغاز” in text"]),
        ("/[0-9]{4}/", ["yes /[0-9]{4}/: “2024” in text"]),
        (
            "title:(علي OR بغداد)",
            ["yes title:(علي OR بغداد)", "  no  title:علي", "  yes title:بغداد: “بغداد” in title"],
        ),
        (
            "2 of (علي, قمح, شعير)",
            [
                "no  2 of (علي, قمح, شعير)",
                "  yes علي: “علي” in text",
                "  no  قمح: not in the article",
                "  no  شعير: not in the article",
            ],
        ),
    ],
)
def test_each_part_says_whether_it_holds_and_why(query: str, lines: list[str]) -> None:
    assert explain(parse(query), ARTICLE).lines() == lines


def test_a_miss_carries_what_the_article_has_instead() -> None:
    apart = explain(parse("سد متوقف"), ARTICLE).miss
    assert apart
    assert (apart.lack, apart.distance, apart.words) == (Lack.APART, 3, {"text": ("سد", "متوقف")})
    wider = explain(parse("=الغاز"), ARTICLE).miss
    assert wider
    assert (wider.lack, wider.form, wider.words) == (Lack.WIDER, Form.NORMAL, {"text": ("والغاز",)})
    partly = explain(parse("سد السلام"), ARTICLE).miss
    assert partly
    assert (partly.lack, partly.missing) == (Lack.PARTLY, (Word("السلام"),))


@pytest.mark.parametrize(
    ("query", "culprits"),
    [
        ("بغداد AND NOT (علي OR رياضة)", ["علي"]),
        ("بغداد AND قمح AND شعير", ["قمح", "شعير"]),
        ("قمح OR (بغداد AND شعير)", ["قمح", "شعير"]),
        ("بغداد", []),
    ],
)
def test_the_culprits_are_the_words_that_are_to_blame(query: str, culprits: list[str]) -> None:
    assert [reason.query for reason in explain(parse(query), ARTICLE).culprits] == list(map(Word, culprits))


def test_a_line_quotes_few_of_many_words() -> None:
    text = " ".join(f"كلمة{number}" for number in range(8))
    (line,) = explain(parse("كلمة*"), {"text": text}).lines()
    assert line.endswith("“كلمة4” and 3 more in text")


@settings(max_examples=150)
@given(st.integers(0, 2**32))
def test_an_explanation_agrees_with_the_matching(seed: int) -> None:
    chance = Random(seed)
    query, fields = random_query(chance), random_article(chance)
    spans = Question(query).spans(fields)
    reason = explain(query, fields)
    assert reason.held == (spans is not None)
    assert reason.spans == (spans or {})
    assert bool(reason.culprits) != reason.held
    assert reason.lines()
