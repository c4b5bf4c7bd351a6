"""Which articles tell the same: an agency's report in several outlets, and never news that only looks like it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from monitors.storage.engine import Database
from monitors.storage.stories import WITHIN, forget_gists
from monitors.storage.tables import gists, retellings, story_runs
from monitors.stories import LEAST, LONGEST, SAMPLE, Gist, gist_steps, is_same_report
from monitors.text.steps import finish
from tests.newsroom import Newsroom, a_newsroom, report, sentences
from tests.rows import NOW, SECOND

NOTICE = " ".join(sentences(900, 3, 11))
"""What a site writes under each of its articles."""


def gist(fields: dict[str, str], outlet: str = "") -> Gist:
    found = finish(gist_steps(fields, outlet))
    assert found is not None
    return found


def same(one: dict[str, str], other: dict[str, str]) -> bool:
    found = is_same_report(gist(one), gist(other))
    assert is_same_report(gist(other), gist(one)) is found
    return found


def test_a_report_is_known_shortened_in_other_spelling_and_under_another_headline_of_its_words() -> None:
    text = sentences(1, 20)
    assert same(report(text), report(text))
    assert same(report(text), report(text, title=" ".join(text[3].split()[:5])))
    assert same(report(text), report(text[:14]))
    assert same(report(text), report(text, sentences(2, 4)))
    spelled = {name: words.replace("ا", "أ").replace("ك", "ک") for name, words in report(text).items()}
    assert same(report(text), spelled)


def test_the_name_of_the_outlet_in_its_headlines_says_nothing() -> None:
    text = sentences(1, 20)
    signed = report(text[:4], title=f"{text[0]} | صحيفة الأفق")
    assert not same(report(text[:4]), signed)
    assert is_same_report(gist(report(text[:4])), gist(signed, "صحيفة الأفق"))


def test_a_headline_is_written_anew_by_each_outlet_in_words_that_the_text_need_not_have() -> None:
    text = sentences(1, 20)
    words = text[0].split()
    assert same(report(text), report(text, title=" ".join([*words[:4], "عاجل", "حصريا"])))
    assert not same(report(text), report(text, title="عاجل حصريا شاهد بالفيديو"))


def test_a_headline_is_borne_out_by_its_words_with_and_without_what_is_written_onto_them() -> None:
    rest = sentences(1, 8)
    one = report(["رست الباخرة في المرفأ", *rest], title="وصول باخرة إلى مرفأ")
    other = report(["رست الباخرة في المرفأ", *rest], title="الباخرة والمرفأ صباحا")
    assert not gist(one).is_told_by_its_headline
    assert same(one, other)


def test_news_that_names_somebody_else_in_headline_and_text_is_other_news() -> None:
    rest = sentences(1, 20)
    king, president = (
        report([f"تلقى الرئيس برقية تهنئة من {name}", *rest, f"وشكر الرئيس {name}"], title=f"برقية تهنئة من {name}")
        for name in ("الملك", "سلمان")
    )
    assert not same(king, president)
    assert same(king, {**king})


def test_what_only_the_headline_tells_apart_is_other_news() -> None:
    short = sentences(1, 4)
    assert not same(report(short, title=f"{short[0]} حلب"), report(short, title=f"{short[0]} إدلب"))
    notice = sentences(2, 20)
    assert not same(report(notice, title="زلزال يضرب حلب"), report(notice, title="زلزال يضرب إدلب"))


@pytest.mark.parametrize(
    ("template", "one", "other"),
    [
        ("سعر الدولار اليوم {} ليرة في المصارف", "14500", "14600"),
        ("زلزال بقوة {} درجات يضرب المنطقة", "4,2", "٤٫٣"),
        ("ارتفاع عدد القتلى إلى {} شخصا", "15", "١٧"),
    ],
)
def test_news_of_one_template_with_another_number_is_other_news(template: str, one: str, other: str) -> None:
    rest = sentences(1, 12)
    texts = [report([template.format(number), *rest], title="نشرة") for number in (one, other)]
    for fields in texts:
        fields["text"] += " نشرة"
    assert len(gist(texts[0]).runs & gist(texts[1]).runs) > 0.9 * len(gist(texts[0]).runs)
    assert not same(*texts)
    assert same(texts[0], {**texts[0]})


def test_short_news_above_one_notice_are_different() -> None:
    assert not same(report(sentences(1, 3), [NOTICE]), report(sentences(2, 3), [NOTICE]))


def test_what_shares_a_few_sentences_a_round_up_and_what_only_begins_alike_are_other_news() -> None:
    text = sentences(1, 20)
    background = sentences(3, 4)
    assert not same(report(sentences(4, 16), background), report(sentences(5, 16), background))
    assert not same(report(text), report(*(sentences(seed, 20) for seed in range(10, 14)), text))
    assert not same(report(text), report(text[:10], sentences(6, 10)))


def test_what_is_too_short_too_long_or_has_no_headline_is_compared_with_nothing() -> None:
    assert finish(gist_steps({"title": "وصل المسافر", "text": "وصل إلى المطار صباح اليوم"})) is None
    assert finish(gist_steps({"title": "عنوان", "text": "ا" * LONGEST})) is None
    assert finish(gist_steps(report(sentences(1, 20), title="…"))) is None
    assert finish(gist_steps({})) is None


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=30))
def test_likeness_is_mutual_and_every_gist_is_read_as_it_was_written(one: str, other: str, title: str) -> None:
    found = [finish(gist_steps({"title": title, "text": text})) for text in (one, other)]
    for mine in filter(None, found):
        assert Gist.unpacked(mine.packed()) == mine
        assert is_same_report(mine, mine)
        assert len(mine.runs) >= LEAST
        assert mine.sample == sorted(mine.sample)[:SAMPLE]
    if found[0] is not None and found[1] is not None:
        assert is_same_report(found[0], found[1]) is is_same_report(found[1], found[0])


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return a_newsroom(database, "بغداد")


def about(text: list[str]) -> dict[str, str]:
    return report(["بغداد", *text])


def told_again(newsroom: Newsroom) -> set[tuple[int, int]]:
    rows = newsroom.database.read_now(lambda connection: connection.execute(select(retellings)).all())
    return {(row.article_id, row.told_id) for row in rows}


def counted(newsroom: Newsroom) -> tuple[int, int]:
    """Gists, and runs by which they are found."""
    both = select(*(select(func.count()).select_from(table).scalar_subquery() for table in (gists, story_runs)))
    found = newsroom.database.read_now(lambda connection: connection.execute(both).one())
    return found[0], found[1]


async def test_an_article_tells_again_what_others_said_before(newsroom: Newsroom) -> None:
    text = sentences(1, 15)
    one = await newsroom.prints(0, about(text))
    two = await newsroom.prints(1, about(text), after=60 * SECOND)
    three = await newsroom.prints(2, about(text[:12]), after=120 * SECOND)
    await newsroom.prints(1, about(sentences(2, 15)), after=180 * SECOND)
    assert told_again(newsroom) == {(two, one), (three, one), (three, two)}


async def test_what_an_outlet_prints_twice_is_two_pieces_of_news(newsroom: Newsroom) -> None:
    text = sentences(1, 15)
    for number in range(3):
        await newsroom.prints(0, about(text), after=number * SECOND)
    assert told_again(newsroom) == set()


async def test_what_comes_half_a_day_later_or_was_published_then_is_news(newsroom: Newsroom) -> None:
    text, long_ago = sentences(1, 15), NOW - timedelta(days=30)
    await newsroom.prints(0, about(text), published_at=long_ago)
    await newsroom.prints(1, about(text), published_at=NOW)
    assert told_again(newsroom) == set()
    late = await newsroom.prints(2, about(text), after=WITHIN, published_at=long_ago)
    assert told_again(newsroom) == {(late, 1)}
    await newsroom.prints(1, about(text), after=WITHIN + 2 * SECOND)
    assert {told_id for _, told_id in told_again(newsroom)} == {1, late}


async def test_of_what_nobody_is_told_nothing_is_kept(newsroom: Newsroom) -> None:
    await newsroom.prints(0, report(sentences(1, 15)))
    assert counted(newsroom) == (0, 0)


async def test_what_is_compared_with_nothing_any_more_is_forgotten(newsroom: Newsroom) -> None:
    await newsroom.prints(0, about(sentences(1, 15)))
    assert counted(newsroom) == (1, SAMPLE)
    assert not newsroom.database.write_now(forget_gists, before=NOW)
    assert counted(newsroom) == (1, SAMPLE)
    assert not newsroom.database.write_now(forget_gists, before=NOW + timedelta(days=1))
    assert counted(newsroom) == (0, 0)


async def test_a_notice_under_every_article_neither_joins_them_nor_hides_who_says_the_same(newsroom: Newsroom) -> None:
    text = sentences(1, 15)
    for number in range(30):
        await newsroom.prints(0, about([*sentences(100 + number, 2), NOTICE, NOTICE]), after=number * SECOND)
    one = await newsroom.prints(0, about([*text, NOTICE]), after=40 * SECOND)
    two = await newsroom.prints(1, about([*text, NOTICE]), after=50 * SECOND)
    assert told_again(newsroom) == {(two, one)}
