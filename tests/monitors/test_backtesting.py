from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.backtesting import BackTest, Caution, Tried, back_test, everything_asked
from monitors.query.language.grammar import parse
from monitors.query.language.printing import show
from monitors.query.question import Question
from monitors.query.widening import Step, widenings

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def article(text: str, *, days_ago: float | None = 0.0, title: str = "", **fields: str) -> Tried:
    at = None if days_ago is None else NOW - days_ago * DAY
    return Tried({"title": title, "text": text, **fields}, at, f"https://daily.example/{days_ago}")


def tried(
    query: str, *articles: Tried, others: tuple[str, ...] = (), days: float = 4, most: int | None = None
) -> BackTest:
    return back_test(
        articles,
        parse(query),
        zone=UTC,
        since=NOW - days * DAY,
        until=NOW,
        others=dict(enumerate(map(parse, others))),
        most=most,
    )


def test_every_day_counts_also_those_without_a_match() -> None:
    found = tried("مصر", *(article("مصر", days_ago=ago) for ago in (0, 0.1, 2.3)), article("ماء", days_ago=1))
    assert found.matches == 3
    assert found.days == dict(zip((date(2026, 3, day) for day in range(16, 21)), (0, 0, 1, 0, 2), strict=True))
    assert list(found.days) == sorted(found.days)
    assert found.per_day == pytest.approx(3 / 4)
    assert found.asked == 4


def test_days_are_those_of_the_zone() -> None:
    late = Tried({"text": "مصر"}, datetime(2026, 3, 19, 22, 30, tzinfo=UTC))
    found = back_test([late], parse("مصر"), zone=ZoneInfo("Asia/Damascus"), since=NOW - DAY, until=NOW)
    assert {day: count for day, count in found.days.items() if count} == {date(2026, 3, 20): 1}


def test_examples_show_what_several_outlets_print_once() -> None:
    report = [article("نفط", days_ago=ago, title="النفط يرتفع") for ago in (0.3, 0.1, 0.2)]
    others = [article("نفط", days_ago=1, title="خبر آخر"), article("نفط", days_ago=2), article("نفط", days_ago=3)]
    shown = [example.article for example in tried("نفط", *others, *report).examples]
    assert shown == [report[1], *others[:2]]


def test_what_is_outside_the_time_does_not_count() -> None:
    found = tried("مصر", article("مصر", days_ago=5), article("مصر", days_ago=-1), article("مصر", days_ago=1))
    assert (found.asked, found.matches) == (1, 1)


def test_without_a_time_it_is_that_of_the_articles() -> None:
    articles = [article("مصر", days_ago=400), article("ماء", days_ago=390), article("مصر", days_ago=None)]
    found = back_test(articles, parse("مصر"), zone=UTC)
    assert (len(found.days), found.matches, found.undated) == (11, 2, 1)
    assert found.since == articles[0].at


def test_of_a_very_long_time_the_last_year_is_shown_and_the_rest_counted() -> None:
    found = back_test([article("مصر", days_ago=4000), article("مصر")], parse("مصر"), zone=UTC)
    assert (len(found.days), sum(found.days.values()), found.earlier) == (366, 1, 1)


def test_the_words_it_met_are_counted_as_they_stand_there() -> None:
    found = tried("مصر", article("مصر ومصر ثم مصر", title="لمصر"))
    assert found.words == [("مصر", 2), ("لمصر", 1), ("ومصر", 1)]


def test_the_newest_articles_are_the_examples_in_whatever_order_they_come() -> None:
    found = tried("مصر", *(article("في مصر", days_ago=ago) for ago in (3, 1, 2, 0.5)), article("مصر", days_ago=None))
    assert [example.article.url.rsplit("/", 1)[1] for example in found.examples] == ["0.5", "1", "2"]
    assert found.examples[0].spans == {"text": ((3, 6),)}


def test_after_the_most_articles_the_time_begins_with_the_oldest_that_was_asked() -> None:
    found = tried("مصر", *(article("مصر", days_ago=ago) for ago in (0, 1, 2, 3)), most=2)
    assert (found.cut, found.asked, len(found.days)) == (True, 2, 2)


def test_a_wider_query_tells_how_many_more_it_finds() -> None:
    found = tried(
        "سد النهضة AND مصر",
        article("سد النهضة في مصر"),
        article("سد النهضة في السودان"),
        article("النهضة في مصر بعد السد"),
        article("مصر"),
    )
    gains = {(gain.wider.step, show(gain.wider.part)): gain.more for gain in found.gains}
    assert gains[Step.WITHOUT, "مصر"] == 1
    assert gains[Step.WITHOUT, '"سد النهضة"'] == 2
    assert gains[Step.APART, "سد AND النهضة"] == 1


def test_spellings_of_a_name_are_offered_with_what_they_find() -> None:
    found = tried("جوجل", article("جوجل"), article("غوغل تعلن"), article("قوقل وغوغل"))
    gains = {show(gain.wider.part): gain.more for gain in found.gains if gain.wider.step is Step.VARIANT}
    assert gains["غوغل"] == 2


@pytest.mark.parametrize(
    ("typed", "written"), [("غزه", "غزة"), ("مستشفي", "مستشفى"), ("المصرى", "المصري"), ("شحنات غزه", "شحنات غزة")]
)
def test_a_last_letter_that_hands_confuse_is_offered_with_what_it_finds(typed: str, written: str) -> None:
    found = tried(typed, article(written))
    gains = [show(gain.wider.query) for gain in found.gains if gain.wider.step is Step.VARIANT and gain.more]
    assert found.matches == 0
    assert len(gains) == 1
    assert tried(gains[0], article(typed), article(written)).matches == 2


@pytest.mark.parametrize(
    ("typed", "written"),
    [("القصف", "قصف جوي"), ("~القصف", "بقصف عنيف"), ("غارات القصف", "غارات قصف"), ("الأمطار", "أمطار غزيرة")],
)
def test_a_word_without_its_article_is_offered_with_what_it_finds(typed: str, written: str) -> None:
    found = tried(typed, article(written))
    gains = [show(gain.wider.query) for gain in found.gains if gain.wider.step is Step.VARIANT and gain.more]
    assert found.matches == 0
    assert len(gains) == 1
    assert tried(gains[0], article(typed.lstrip("~")), article(written)).matches == 2


@pytest.mark.parametrize("whole", ["الله", "التي", "ألمانيا", "=القصف", "قصف", "oil"])
def test_what_has_no_article_is_offered_without_none(whole: str) -> None:
    offered = [show(wider.part) for wider in widenings(parse(whole)) if wider.step is Step.VARIANT]
    assert not [part for part in offered if whole.endswith(part) and part != whole]


def test_a_short_word_is_not_taken_for_a_particle() -> None:
    assert [show(wider.part) for wider in widenings(parse("علي")) if wider.step is Step.VARIANT] == []


def test_words_that_must_not_be_there_are_not_widened() -> None:
    parts = [(wider.step, show(wider.query)) for wider in widenings(parse("نفط NOT =رياضة"))]
    assert all("=رياضة" in query for step, query in parts if step is not Step.WITHOUT)
    assert (Step.WITHOUT, "نفط") in parts


def test_a_wider_query_is_not_all_that_is_published_in_a_language() -> None:
    dropped = [show(wider.part) for wider in widenings(parse("lang:ar AND نفط")) if wider.step is Step.WITHOUT]
    assert dropped == ["lang:ar"]


@pytest.mark.parametrize(
    "query", ["مصر", "=علي", "سد النهضة -مصر", "نفط OR (غاز AND مصر)", "2 of (أمريكا, نفط, غاز)", "title:جوجل"]
)
def test_a_wider_query_finds_all_that_the_query_finds(query: str) -> None:
    texts = ["مصر", "علي", "وعلي", "سد النهضة", "سد النهضة في مصر", "نفط", "غاز مصر", "أمريكا نفط", "جوجل"]
    asked = Question(parse(query))
    everything = Question(everything_asked(parse(query)))
    for wider in widenings(parse(query)):
        for text in texts:
            fields = {"title": text, "text": ""}
            assert Question(wider.query).meets(fields) or not asked.meets(fields), (show(wider.query), text)
            assert everything.meets(fields) or not Question(wider.query).meets(fields)


def test_watches_that_find_the_same_are_told_with_their_share() -> None:
    articles = [article("نفط وغاز", days_ago=number / 10) for number in range(9)] + [article("نفط")]
    found = tried("نفط", *articles, others=("غاز", "نفط OR نفط", "ماء"))
    assert [(overlap.watch_id, overlap.share, overlap.same) for overlap in found.overlaps] == [
        (1, 1.0, True),
        (0, 0.9, False),
    ]


@pytest.mark.parametrize(
    ("query", "ages", "cautions"),
    [
        ("مصر -مصر", [1], [Caution.CANNOT_BE_MET]),
        ("ماء", [1], [Caution.FINDS_NOTHING]),
        ("مصر", [3.5], [Caution.ONLY_OLD]),
        ("مصر", [number / 100 for number in range(201)], [Caution.TOO_BROAD]),
        ("مصر", [1, 3], []),
    ],
)
def test_its_owner_is_cautioned(query: str, ages: list[float], cautions: list[Caution]) -> None:
    assert tried(query, *(article("مصر", days_ago=age) for age in ages)).cautions == cautions


WORDS = ("مصر", "لمصر", "نفط", "غوغل", "جوجل", "سد النهضة", "رياضة")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
AGES = st.none() | st.floats(min_value=-1, max_value=6)
QUERIES = st.sampled_from(["مصر", "نفط AND مصر", "جوجل -رياضة", '"سد النهضة" OR =مصر', "2 of (مصر, نفط, جوجل)"])


@given(QUERIES, st.lists(st.tuples(TEXTS, AGES), max_size=12))
def test_it_counts_what_asking_each_query_of_each_article_counts(
    query: str, told: list[tuple[str, float | None]]
) -> None:
    articles = [article(text, days_ago=ago) for text, ago in told]
    counted = [each for each in articles if each.at is None or NOW - 4 * DAY <= each.at <= NOW]
    asked = Question(parse(query))
    met = [each for each in counted if asked.meets(each.fields)]
    found = tried(query, *articles)
    assert (found.asked, found.matches) == (len(counted), len(met))
    assert sum(found.days.values()) + found.undated == len(met)
    assert len(found.examples) == min(len(met), 3)
    for gain in found.gains:
        wider = Question(gain.wider.query)
        assert gain.more == sum(wider.meets(each.fields) and not asked.meets(each.fields) for each in counted)


def test_nothing_to_ask_is_no_mistake() -> None:
    found = back_test([], parse("مصر"), zone=UTC)
    assert (found.matches, dict(found.days), found.per_day, found.cautions) == (0, {}, None, [Caution.FINDS_NOTHING])


def test_articles_are_asked_one_after_the_other() -> None:
    alive = 0

    class Counted(dict[str, str]):
        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    def many() -> Iterator[Tried]:
        nonlocal alive
        for number in range(200):
            alive += 1
            yield Tried(Counted(text=f"مصر {number}"), NOW - number * timedelta(minutes=1))
            assert alive < 10

    assert back_test(many(), parse("مصر"), zone=UTC).matches == 200
