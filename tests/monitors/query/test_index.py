from __future__ import annotations

import pytest

from monitors.query.index import QueryIndex
from monitors.query.language.grammar import parse
from monitors.query.occurrences import MOST_SPANS, Occurrences
from monitors.query.patterns import Expression
from monitors.query.plan import plan_of
from monitors.query.tree import Not, Word
from tests.work import steps_of


def standing(*queries: str) -> QueryIndex:
    index = QueryIndex()
    for number, query in enumerate(queries):
        index.add(number, parse(query))
    return index


def matched(index: QueryIndex, **fields: str) -> dict[int, dict[str, list[str]]]:
    """Watch → field → the words that matched, as they stand there."""
    return {
        match.watch_id: {
            field: [fields[field][start:end] for start, end in found] for field, found in match.spans.items()
        }
        for match in index.match(fields)
    }


@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        ("القوات", "والقوات تتقدم", ["والقوات"]),
        ("القيارة", "قصف بالقيّارة أمس", ["بالقيّارة"]),
        ('"وسط بغداد"', "انفجار وسط بغداد", ["وسط بغداد"]),
        ('"وسط بغداد"', "ووسط   «بغداد»", ["ووسط   «بغداد"]),
        ("كرة القدم", "لكرة القدم", ["لكرة القدم"]),
        ("احمد", "محمد وأحمد، وأحمد", ["وأحمد", "وأحمد"]),
        ("محمد", "مُحَمَّدٌ", ["مُحَمَّدٌ"]),
        ("عبدالله", "الملك عبد الله وعبدالله", ["عبد الله", "وعبدالله"]),
        ("عبد الله", "قال عبدالله", ["عبدالله"]),
        ("غزة AND نهر", "نهر وغزة ونهر", ["نهر", "وغزة", "ونهر"]),
        ("غزة OR رفح", "رفح", ["رفح"]),
        ("(غزة AND نهر) OR رفح", "غزة ورفح", ["ورفح"]),
        ("غزة NOT رياضة", "غزة اليوم", ["غزة"]),
        ("نعم نعم", "نعم نعم نعم", ["نعم نعم نعم"]),
        ("中国", "在中国中国", ["中国", "中国"]),
        ("رئيس", "👍👍 \u202bالرئيـس\u202c", ["الرئيـس"]),
    ],
)
def test_a_watch_matches_and_shows_the_very_words(query: str, text: str, shown: list[str]) -> None:
    assert matched(standing(query), text=text) == {0: {"text": shown}}


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("علي", "على الطاولة"),
        ("مصر", "المصرف المركزي"),
        ('"وسط بغداد"', "بغداد وسط"),
        ('"وسط بغداد"', "وسط مدينة بغداد"),
        ("غزة AND رفح", "غزة"),
        ("غزة NOT رياضة", "غزة والرياضة"),
        ("غزة NOT (رياضة AND كرة)", "غزة رياضة كرة"),
    ],
)
def test_a_watch_does_not_match(query: str, text: str) -> None:
    assert matched(standing(query), text=text) == {}


def test_a_phrase_does_not_reach_from_one_field_into_the_next() -> None:
    assert matched(standing('"وسط بغداد"'), title="انفجار وسط", text="بغداد") == {}


def test_and_and_not_look_at_all_fields() -> None:
    index = standing("غزة AND رفح", "غزة NOT رفح")
    assert matched(index, title="غزة", text="رفح") == {0: {"title": ["غزة"], "text": ["رفح"]}}
    assert matched(index, title="غزة", text="") == {1: {"title": ["غزة"]}}


def test_a_watch_added_again_asks_its_new_query_only() -> None:
    index = standing("غزة")
    index.add(0, parse("رفح"))
    assert matched(index, text="غزة") == {}
    assert matched(index, text="رفح") == {0: {"text": ["رفح"]}}
    assert len(index) == 1


def test_removing_a_watch_leaves_others_with_the_same_query() -> None:
    index = standing("أحمد OR علي", "علي, احمد", "غزة AND NOT رفح")
    index.remove(0)
    index.remove(2)
    index.remove(99)
    assert list(matched(index, text="علي وغزة")) == [1]
    assert 0 not in index
    assert 1 in index


def test_matches_come_by_watch_id() -> None:
    index = QueryIndex()
    for number in (5, 1, 9, 3):
        index.add(number, parse("غزة" if number > 3 else "غزة OR رفح"))
    assert [match.watch_id for match in index.match({"text": "غزة"})] == [1, 3, 5, 9]


def test_a_query_that_asks_for_no_word_cannot_stand() -> None:
    with pytest.raises(ValueError, match="some word"):
        QueryIndex().add(1, Not(Word("غزة")))


def test_an_article_without_words_matches_nothing() -> None:
    assert standing("غزة").match({}) == []
    assert standing("غزة").match({"title": "", "text": "…"}) == []


def test_only_the_first_places_of_each_field_are_shown() -> None:
    many = 3 * MOST_SPANS
    fields = {"title": "غزة " * many, "text": "رفح نهر " * many}
    (word_and_phrase,) = standing('غزة AND "رفح نهر"').match(fields)
    assert word_and_phrase.spans == {
        "title": tuple((at * 4, at * 4 + 3) for at in range(MOST_SPANS)),
        "text": tuple((at * 8, at * 8 + 7) for at in range(MOST_SPANS)),
    }
    (two_words,) = standing("رفح AND نهر").match(fields)
    assert two_words.spans["text"] == tuple((at * 4, at * 4 + 3) for at in range(MOST_SPANS))


def test_watches_that_ask_the_same_share_their_spans() -> None:
    one, other = standing("أحمد OR علي", "علي, احمد").match({"text": "قال علي لأحمد"})
    assert one.spans is other.spans


def test_the_places_of_a_phrase_of_one_repeated_word_may_overlap() -> None:
    assert matched(standing("نعم نعم"), text="نعم نعم نعم لا نعم لا نعم نعم") == {
        0: {"text": ["نعم نعم نعم", "نعم نعم"]}
    }


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("غزة OR {}", "غزة " * 50_000),
        ('"غزة غزة" OR {}', "غزة " * 50_000),
        (f'"{"غزة " * 50}" OR {{}}', "غزة " * 50_000),
        (f'"{"غزة " * 50}" OR {{}}', ("غزة " * 49 + "رفح ") * 1_000),
    ],
)
def test_a_word_repeated_through_a_whole_article_costs_little(query: str, text: str) -> None:
    index = standing(*(query.format(f"خبر{number}") for number in range(200)))
    steps = steps_of(lambda: index.match({"title": "", "text": text}))
    assert steps < 30 * len(text.split())  # half of this is usual, and two hundred queries are asked


def test_the_longer_an_article_the_sooner_others_have_their_turn() -> None:
    index = QueryIndex()
    for number in range(50):
        index.add(number, parse(f'"سد نهر"~{number + 2}'))
    short, long = (index.read({"text": "سد ثم نهر " * count}) for count in (10, 20_000))
    assert sum(1 for _ in index.asking_steps(short)) <= 5
    assert sum(1 for _ in index.asking_steps(long)) >= 50


@pytest.mark.parametrize("query", ["=سد NEAR/3 نهر", "سدا* NEAR/9 نهر*", '"سد نهر" OR "نهر غزة"', "سد AND /س.*غز/"])
def test_what_a_query_asks_of_a_long_article_is_found_out_step_by_step_before_it_is_asked(
    query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = QueryIndex().read({"text": "سد نهر سدان غزة\n\n" * 5_000})
    plan = plan_of(parse(query))
    assert sum(1 for _ in article.looking_steps(plan)) > 20
    monkeypatch.setattr(Occurrences, "_answering", None)
    monkeypatch.setattr(Expression, "found_in", None)
    assert article.meet(plan)


def test_keys_of_a_long_article_come_in_groups_that_are_looked_up_one_by_one() -> None:
    article = QueryIndex().read({"title": "سد", "text": " ".join(f"س{number}" for number in range(20_000))})
    assert set().union(*article.groups) == article.keys
    assert sum(map(len, article.groups)) == len(article.keys)
    assert max(map(len, article.groups)) < len(article.keys) / 5


def test_an_article_with_more_words_than_any_news_teaches_nothing_about_rarity() -> None:
    index = standing("غزة")
    before = index.rarity("س1")
    index.match({"text": " ".join(f"س{number}" for number in range(30_000))})
    assert index.rarity("س1") == before
