from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

import pytest

from monitors.query.language.grammar import parse
from monitors.query.needs import NOTHING_MORE, Needs
from monitors.query.question import Question
from monitors.query.reading import read
from tests.work import steps_of

LONG = 60_000  # characters


def found(query: str, **fields: str) -> dict[str, list[str]] | None:
    """Field → what of it meets the query, as it stands there."""
    spans = Question(parse(query)).spans(fields)
    if spans is None:
        return None
    return {field: [fields[field][start:end] for start, end in places] for field, places in spans.items()}


@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        ("=علي", "علي وعلي", ["علي"]),
        ("=أحمد", "احمد أحمد أَحمد وأحمد", ["أحمد", "أَحمد"]),
        ("=عبدالله", "عبد الله ثم عبدالله", ["عبدالله"]),
        ("=US", "us US", ["US"]),
        ("اقتصاد*", "الاقتصادية واقتصاديون", ["الاقتصادية", "واقتصاديون"]),
        ("سد NEAR/2 النهضة", "سد مشروع النهضة", ["سد", "النهضة"]),
        ("النهضة NEAR/2 سد", "سد مشروع النهضة", ["سد", "النهضة"]),
        ("غاز NEAR/2 نفط NEAR/2 قمح", "قمح نفط ثم غاز ثم قمح", ["قمح", "نفط", "غاز"]),
        ('"سد النهضة" NEAR/3 {مصر|السودان}', "السودان: ملء سد النهضة", ["السودان", "سد النهضة"]),
        ("نفط NEAR/2 نفط", "نفط ثم نفط", ["نفط", "نفط"]),
        ("2 of (مصر, السودان, إثيوبيا)", "إثيوبيا ومصر", ["إثيوبيا", "ومصر"]),
        ("/[0-9]{4}/", "عام 2024 و١٩٩٩", ["2024"]),
        ("/cOvId/", "COVID", ["COVID"]),
        ("{غزة|رفح} الجديدة", "رفح الجديدة", ["رفح الجديدة"]),
    ],
)
def test_what_meets_a_query_is_shown(query: str, text: str, shown: list[str]) -> None:
    assert found(query, text=text) == {"text": shown}


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("سد NEAR/2 النهضة", "سد و مشروع النهضة"),
        ("النهضة ONEAR/2 سد", "سد مشروع النهضة"),
        ("نفط NEAR/9 نفط", "نفط"),
        ("نفط ONEAR/2 غاز ONEAR/2 قمح", "نفط غاز … x x قمح"),
        ('"نفط غاز" NEAR/9 "غاز قمح"', "نفط غاز قمح"),
        ("2 of (مصر, السودان, إثيوبيا)", "مصر مصر"),
        ("=احمد", "أحمد"),
        ("اقتصاد*", "قتصاد"),
    ],
)
def test_what_does_not_meet_a_query(query: str, text: str) -> None:
    assert found(query, text=text) is None


def test_a_phrase_reaches_over_the_end_of_a_sentence_but_not_of_a_paragraph() -> None:
    assert found("بغداد النفط", text="في بغداد. النفط يرتفع") == {"text": ["بغداد. النفط"]}
    assert found("بغداد النفط", text="في بغداد\nالنفط يرتفع") == {"text": ["بغداد\nالنفط"]}
    assert found("بغداد النفط", text="في بغداد\n \nالنفط يرتفع") is None


def test_a_blank_line_counts_as_a_word_between() -> None:
    assert found("بغداد NEAR/1 النفط", text="في بغداد\n\n\n\nالنفط يرتفع") is None
    assert found("بغداد NEAR/2 النفط", text="في بغداد\n\n\n\nالنفط يرتفع") == {"text": ["بغداد", "النفط"]}


def test_nothing_is_near_in_another_field_or_value() -> None:
    assert found("بغداد NEAR/100 النفط", title="بغداد", text="النفط") is None
    assert found("author:(علي NEAR/100 سارة)", author="أحمد علي\nسارة محمد") is None
    assert found("author:(علي سارة)", author="أحمد علي\nسارة محمد") is None
    assert found("author:(سارة محمد)", author="أحمد علي\nسارة محمد") == {"author": ["سارة محمد"]}


def test_a_named_field_is_looked_in_alone_and_others_only_when_named() -> None:
    fields = {"title": "غزة", "text": "رفح", "tag": "غزة\nنهر", "lang": "ar"}
    assert found("title:غزة", **fields) == {"title": ["غزة"]}
    assert found("text:غزة", **fields) is None
    assert found("غزة", **fields) == {"title": ["غزة"]}
    assert found("نهر", **fields) is None
    assert found("tag:نهر*", **fields) == {"tag": ["نهر"]}
    assert found("tag:نهر AND lang:ar", **fields) == {"tag": ["نهر"], "lang": ["ar"]}
    assert found("url:/sana[.]sy/", url="https://sana.sy/a") == {"url": ["sana.sy"]}


def test_a_prefix_does_not_begin_the_name_of_a_field_or_language() -> None:
    question = Question(parse("tag* OR eng*"))
    article = read({"text": "news", "tag": "x", "lang": "en"}, Needs(frozenset({"tag"}), frozenset({"en"})))
    assert not question.met_by(article)


def test_an_article_is_read_once_for_many_questions() -> None:
    questions = [Question(parse(query)) for query in ("غزة", "author:أحمد", "~running", "title:غزة")]
    needed = NOTHING_MORE
    for question in questions:
        needed |= question.needs
    article = read({"title": "x", "text": "غزة runs", "author": "أحمد", "lang": "en"}, needed)
    assert [question.met_by(article) for question in questions] == [True, True, True, False]
    assert questions[1].spans_in(article) == {"author": ((0, 4),)}


def test_half_a_character_does_not_stop_an_expression() -> None:
    assert found("/b.c/", text="a\ud800b\udfffc") == {"text": ["b\udfffc"]}


def different_words(chance: Random) -> str:
    return " ".join("".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=4)) for _ in range(LONG // 5))


TEXTS: dict[str, Callable[[Random], str]] = {
    "one word": lambda _: "غزة " * (LONG // 4),
    "two words": lambda chance: " ".join(chance.choices("ab", k=LONG // 2)),
    "different words": different_words,
    "paragraphs": lambda _: "a\n\n" * (LONG // 3),
    "spellings": lambda chance: " ".join(chance.choices(["علي", "عَلي", "عليّ", "علِي"], k=LONG // 5)),
    "made for expressions": lambda chance: "".join(chance.choices("سدا1", k=LONG)),
}
QUERIES = [
    f'"{"غزة " * 90}"',
    " NEAR/100 ".join(["غزة"] * 30),
    " ONEAR/3 ".join(["a", "b"] * 16),
    " OR ".join(f"{letter}{letter}*" for letter in "abcdefghij"),
    "=علي OR =عَلي OR =عليّ OR =علِي",
    "/[سد].{0,60}x/ OR /[ab].{50}z/ OR /(?:غ|ر).{30}q/",
    "~امريكا OR ~سياسة OR ~اقتصاد OR ~كتاب OR ~علي",
    '"{غزة|رفح} {غزة|رفح} {غزة|رفح} {غزة|رفح} {غزة|رفح} {غزة|رفح}"',
    "title:(a NEAR/3 b) OR 3 of (a NEAR/100 b NEAR/100 a, ab*, =a, b)",
]


def test_no_query_takes_long_on_a_long_article() -> None:
    chance = Random(5)
    for name, make in TEXTS.items():
        text = make(chance)
        for query in QUERIES:
            question = Question(parse(query))
            article = read({"title": "", "text": text}, question.needs)
            steps = steps_of(partial(question.spans_in, article))
            assert steps < 10 * LONG, (name, query)  # half of this is the most
