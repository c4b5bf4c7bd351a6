from __future__ import annotations

import pytest

from bot.words.language import voice
from bot.words.queries import query_in_words
from monitors.query.language.grammar import parse


@pytest.mark.parametrize(
    ("query", "arabic", "english"),
    [
        ("~أمريكا", "أخبار فيها «أمريكا» بأي صيغة", "articles with “أمريكا” in any of its forms"),
        (
            "لغة:العربية سد NEAR/1 النهضة -رياضة",
            "أخبار باللغة العربية فيها «سد» بجوار «النهضة»، وليس فيها «رياضة»",
            "articles in Arabic with “سد” next to “النهضة”, without “رياضة”",
        ),
        ("lang:(ar OR fr)", "أخبار باللغة العربية أو الفرنسية", "articles in Arabic or French"),
    ],
)
def test_a_watch_is_said_in_the_readers_words(query: str, arabic: str, english: str) -> None:
    assert query_in_words(parse(query), voice("ar")) == arabic
    assert query_in_words(parse(query), voice("en")) == english


@pytest.mark.parametrize("query", ["غزة", "سد النهضة", '"سد النهضة"'])
def test_plain_words_need_no_other_words(query: str) -> None:
    assert query_in_words(parse(query), voice("ar")) is None


@pytest.mark.parametrize("query", ["rock and roll", "بدون سكر", "not now"])
def test_words_that_look_like_operators_are_said_to_be_words(query: str) -> None:
    assert query in (query_in_words(parse(query), voice("en")) or "")
