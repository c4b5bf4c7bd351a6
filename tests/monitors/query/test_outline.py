"""Outlines of articles: they never deny what an article meets, and deny nearly all that it does not."""

from __future__ import annotations

from random import Random

import pytest

from monitors.query.language.grammar import parse
from monitors.query.needs import Needs
from monitors.query.occurrences import Occurrences
from monitors.query.outline import MOST_BYTES, Outline, outline_of, says_more
from monitors.query.plan import plan_of
from monitors.query.reading import read
from monitors.query.tree import READ, Field
from monitors.text.stemming import STEMMED
from tests.monitors.query.chance import random_article, random_query

ALL = Needs(languages=STEMMED, fields=frozenset(Field).difference(READ))


def outlined(reading: Occurrences) -> Outline:
    packed = outline_of({str(name): reading.tokens_of(name) for name in READ})
    assert packed is not None
    return Outline(packed)


@pytest.mark.parametrize("seed", range(4))
def test_what_an_article_meets_is_never_denied(seed: int) -> None:
    chance = Random(seed)
    articles = [read(random_article(chance, longest=40), ALL) for _ in range(40)]
    outlines = [outlined(article) for article in articles]
    met = denied = 0
    for _ in range(250):
        plan = plan_of(random_query(chance))
        for article, outline in zip(articles, outlines, strict=True):
            if article.meet(plan):
                met += 1
                assert outline.may_meet(plan), plan
            elif says_more(plan):
                denied += not outline.may_meet(plan)
    assert met > 500
    assert denied > 500, "else nothing was tried"


@pytest.mark.parametrize(
    ("query", "may"),
    [
        ('"سد النهضة"', True),
        ('"النهضة سد"', False),
        ("حول NEAR/2 النهضة", True),
        ("حول NEAR/2 الكبير", False),
        ("النهضة ONEAR/9 سد", False),
        ("title:سد AND title:النهضة", True),
        ("title:الكبير", False),
        ('"النهضة الكبير"', False),  # one ends the title, one begins the text
        ('"الكبير انتهى"', False),  # a blank line stands between
        ("2 of (مباحثات, القمح, الشعير)", False),
        ("2 of (مباحثات, القمح, الكبير)", True),
        ('="سَدِّ النهضة"', True),  # how it is spelled is not in an outline
        ('"سد النهض*"', True),
        ('tag:"سد عال"', True),  # nor are other fields
    ],
)
def test_an_outline_knows_what_stands_where(query: str, may: bool) -> None:
    article = {"title": "مباحثات حول سد النهضة", "text": "الكبير\n\nانتهى القول", "tag": "مياه"}
    assert outlined(read(article, ALL)).may_meet(plan_of(parse(query))) is may


def test_a_book_has_no_outline() -> None:
    assert outline_of({"text": [("كلمة", "و")] * (MOST_BYTES // 4 + 1)}) is None
    assert outline_of({}) == b"\0\0\0\0"
