from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from monitors.query.language.describing import describe, is_plain
from monitors.query.language.grammar import parse
from monitors.query.tree import Query
from tests.monitors.query.language.drawn import queries


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("غزة", "articles with “غزة”"),
        ("سد النهضة", "articles with the phrase “سد النهضة”"),
        ("سد AND (نهر OR بحر)", "articles with “سد” and (“نهر” or “بحر”)"),
        ("سد -نهر -بحر", "articles with “سد”, without “نهر” or “بحر”"),
        ("سد OR نهر NOT بحر", "articles with “سد” or (“نهر” but not “بحر”)"),
        ("=علي", "articles with “علي” spelled exactly so"),
        ('~"سد نهر"', "articles with the phrase “سد نهر” in any of its forms"),
        ('"=سد نهر"', "articles with the phrase “=سد نهر”"),
        ("كهرب*", "articles with words that begin with “كهرب”"),
        ("أزمة كهرب*", "articles with the phrase “أزمة كهرب…”"),
        ("{سد|نهر}", "articles with “سد” or “نهر”"),
        ("{سد|نهر النيل} مصر", "articles with the phrase “(سد/نهر النيل) مصر”"),
        ("سد NEAR/1 نهر", "articles with “سد” next to “نهر”"),
        ("سد NEAR/5 نهر", "articles with “سد” within 5 words of “نهر”"),
        ("سد ONEAR/5 نهر", "articles with “سد” within 5 words before “نهر”"),
        ("سد ONEAR/1 نهر", "articles with “سد” right before “نهر”"),
        ("(سد OR نهر) NEAR/2 بحر", "articles with (“سد” or “نهر”) within 2 words of “بحر”"),
        (
            "سد NEAR/2 نهر NEAR/2 بحر",
            "articles with these, each within 2 words of the one before it: (“سد”; “نهر”; “بحر”)",
        ),
        ("/س.د/", "articles with text that matches /س.د/"),
        ("2 of (سد, نهر, بحر)", "articles with at least 2 of these: (“سد”; “نهر”; “بحر”)"),
        ("title:(سد OR نهر)", "articles with (“سد” or “نهر”) in the title"),
        ("author:سد tag:نهر", "articles with “سد” as the author and “نهر” as a tag"),
        ("outlet:سانا", "articles from “سانا”"),
        ("lang:(ar OR fr) سد", "articles in Arabic or French with “سد”"),
        ("lang:ar OR lang:fr", "articles in Arabic or in French"),
        ("سد NOT lang:ar", "articles not in Arabic with “سد”"),
        ("سد OR lang:ckb", "articles with “سد” or in Sorani"),
    ],
)
def test_a_query_is_said_in_words(query: str, words: str) -> None:
    assert describe(parse(query)) == words


@pytest.mark.parametrize(
    ("query", "plain"),
    [
        ("غزة", True),
        ("سد النهضة", True),
        ("rock and roll", False),
        ("سد OR نهر", False),
        ("=سد", False),
        ("سدد*", False),
    ],
)
def test_only_what_says_so_itself_is_plain(query: str, plain: bool) -> None:
    assert is_plain(parse(query)) is plain


def test_the_sentences_may_be_said_in_another_language() -> None:
    said = {
        "articles": "أخبار",
        " with {what}": " فيها {what}",
        "“{words}”": "«{words}»",
        "in {languages}": "بـ{languages}",
    }
    query = parse("lang:ar سد")
    assert describe(query, say=lambda text: said.get(text, text), language=str.upper) == "أخبار بـAR فيها «سد»"


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(queries())
def test_everything_can_be_said(query: Query) -> None:
    words = describe(query)
    assert words.startswith("articles")
    assert "{" not in words.replace("x{2,3}", "")
