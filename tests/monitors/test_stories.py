"""Which articles tell the same: an agency's report in several outlets, and never news that only looks like it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from monitors.storage.engine import Database
from monitors.storage.stories import WITHIN, forget_gists
from monitors.storage.tables import gists, retellings, story_runs
from monitors.stories import LEAST, LONGEST, PASSAGE, SAMPLE, SHORT, Gist, gist_steps, says_again
from monitors.text.steps import finish
from tests.newsroom import Newsroom, a_newsroom, report, sentences
from tests.rows import NOW, SECOND


def gist(fields: dict[str, str], outlet: str = "") -> Gist:
    found = finish(gist_steps(fields, outlet))
    assert found is not None
    return found


def same(one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether the second says the first again."""
    return says_again(gist(other), gist(one))


def changed(fields: dict[str, str], *changes: tuple[str, str]) -> dict[str, str]:
    for before, after in changes:
        assert before in fields["title"] + fields["text"]
        fields = {name: words.replace(before, after) for name, words in fields.items()}
    return fields


NEWS = {
    "title": "الوزير يفتتح الجسر الجديد",
    "text": "افتتح وزير النقل صباح اليوم الجسر الجديد فوق نهر الخابور بحضور 15 شخصا من أهالي القرى المجاورة. وقال "
    "الوزير إن الجسر كلف 40 مليون ليرة وإن العمل فيه استمر عامين رغم الأمطار. ولم يعلن موعد افتتاح الطريق الموصل "
    "إليه. ارتفعت أسعار الحديد خلال العامين الماضيين، وهو ما أخر إنجاز المشروع كما قال المهندس المشرف سليم الراوي. "
    "وأضاف أن فريق المدينة فاز على فريق الجامعة في مباراة أقيمت بعد الافتتاح بثلاثة أهداف مقابل هدف.",
}


def test_a_report_is_known_whole_or_shortened_in_other_spelling_and_with_a_passage_more() -> None:
    text = sentences(1, 20)
    assert same(report(text), report(text))
    assert same(report(text), report(text[:12]))
    assert same(report(text, title=text[7]), report(text[5:]))
    assert not same(report(text), report(text[5:]))  # without what the headline said
    assert same(report(text), report(text, sentences(2, 1)))
    assert same(report(text), report(text[:9], sentences(2, 1), text[9:]))
    assert same(report(text), changed(report(text), ("ا", "أ"), ("ك", "ک"), ("ل", "لــ")))
    assert same(NEWS, changed(NEWS, ("15", "١٥"), (".", "!"), ("وقال الوزير", "«وقال الوزير»")))


def test_by_whom_and_where_a_text_was_written_may_stand_at_its_ends() -> None:
    def framed(before: str, after: str = "") -> dict[str, str]:
        return {**NEWS, "text": f"{before} {NEWS['text']} {after}"}

    plain = framed("")
    for other in (
        framed("دمشق – سانا:"),
        framed("دمشق (رويترز) -"),
        framed("", "(أ.ف.ب)"),
        framed("", "المصدر: وكالات"),
    ):
        assert same(plain, other)
        assert same(other, plain)
    assert same(framed("دمشق (رويترز) -"), framed("دمشق – أ ف ب:"))
    for other in (
        framed("لم"),
        framed("نائب"),
        framed("خبر كاذب:"),
        framed("حلب:"),
        framed("تصحيح رويترز:"),
        framed("رويترز تسحب الخبر:"),
        framed("", "وكالة واع تكذب الخبر"),
        framed("", "Reuters withdraws this"),
        framed("", "ولا يزال أربعون مفقودين"),
    ):
        assert not same(plain, other)
        assert not same(other, plain)
    assert not same(framed("حلب – سانا:"), framed("حمص – سانا:"))


@pytest.mark.parametrize(
    "changes",
    [
        [("15 شخصا", "17 شخصا")],
        [("15 شخصا", "17 مدنيا")],
        [("40", "41")],
        [("ارتفعت", "انخفضت")],
        [("سليم الراوي", "كريم العاني")],
        [("ولم يعلن", "وأعلن")],
        [("ولم يعلن", "يعلن")],
        [("بثلاثة", "بثلاثين")],
        [("فريق المدينة فاز على فريق الجامعة", "فريق الجامعة فاز على فريق المدينة")],
        [("نهر الخابور", "نهر البليخ")],
        [("افتتح وزير", "دشن وزير")],
    ],
)
def test_where_one_word_of_a_sentence_is_another_it_is_other_news(changes: list[tuple[str, str]]) -> None:
    assert not same(NEWS, changed(NEWS, *changes))


def test_where_a_passage_stands_in_the_place_of_another_it_is_other_news() -> None:
    text = sentences(1, 20)
    assert not same(report(text), report(text[:9], sentences(2, 1), text[10:]))
    rates = [f"{town} بيع {1000 + 7 * number} شراء {1010 + 7 * number}" for number, town in enumerate("بتثجحخدرسش")]
    table = report([*text, *rates], title=text[0])
    for step in (1, 3):
        other = [re.sub(r"\d+", lambda found: str(int(found[0]) + step), each) for each in rates]  # noqa: B023
        assert not same(table, report([*text, *other], title=text[0]))


def test_what_somebody_else_said_is_other_news() -> None:
    first, second, *rest = sentences(1, 20, 14)
    told = report([*rest[:9], f"وقال سليم {first}", *rest[9:14], f"وقال كريم {second}", *rest[14:]], title=rest[0])
    turned = report([*rest[:9], f"وقال سليم {second}", *rest[9:14], f"وقال كريم {first}", *rest[14:]], title=rest[0])
    assert not same(told, turned)
    moved = report([*rest[:9], *rest[9:14], f"وقال كريم {second} {first}", *rest[14:]], title=rest[0])
    assert not same(report([*rest[:9], first, *rest[9:14], f"وقال كريم {second}", *rest[14:]], title=rest[0]), moved)


def test_texts_of_few_words_are_not_compared_for_seconds() -> None:
    dull = {"title": "خبر", "text": " ".join(["خبر", *sentences(1, 3), *["خبر"] * 2_000])}
    assert not says_again(gist(dull), gist({**dull, "text": f"{dull['text']} عاجل"}))


def test_what_is_put_before_a_text_is_other_news() -> None:
    text = sentences(1, 20)
    assert not same(report(text), report(sentences(2, 1), text, title=text[0]))
    assert same(report(text, title=text[3]), report(text[1:], title=text[3]))


def test_what_adds_much_is_other_news_and_so_is_a_round_up() -> None:
    text = sentences(1, 20)
    assert not same(report(text), report(text, sentences(2, 5)))
    assert not same(report(text), report(*(sentences(seed, 20) for seed in range(10, 14)), text))
    assert not same(report(*(sentences(seed, 20) for seed in range(10, 14)), text), report(text))
    assert not same(report(text), report(text[:10], sentences(6, 10)))


def test_headlines_are_written_anew_in_words_that_the_text_need_not_have() -> None:
    assert same(NEWS, {**NEWS, "title": "عاجل: جسر جديد على الخابور يبصر النور"})
    assert same(NEWS, {**NEWS, "title": "الوزير يفتتح الجسر الجديد - الأفق"}) is True
    assert not same(NEWS, {**NEWS, "title": "شاهد بالفيديو ماذا حدث عصرا"})


def test_a_headline_that_denies_is_other_news() -> None:
    assert not same(NEWS, {**NEWS, "title": "الوزير لم يفتتح الجسر الجديد"})
    assert not same(NEWS, {**NEWS, "title": "No: الوزير يفتتح الجسر الجديد"})


@pytest.mark.parametrize("word", ["ونفت", "وكذّب", "فألغى", "سحب", "denied", "Correction"])
def test_an_added_passage_that_takes_the_rest_back_is_other_news(word: str) -> None:
    text, more = sentences(1, 20), sentences(2, 1)[0]
    assert same(report(text), report(text, [f"وقال {more}"]))
    assert not same(report(text), report(text, [f"{word} {more}"]))
    assert not same(report(text), report(text[:9], [f"{more} {word}"], text[9:]))
    assert same(report(text, [f"{word} {more}"]), report(text))  # who leaves it out says nothing new


def test_a_headline_is_borne_out_by_its_words_with_and_without_what_is_written_onto_them() -> None:
    assert not gist({**NEWS, "title": "جسر ووزير وطريق"}).is_told_by_its_headline
    assert gist({**NEWS, "title": "جسر وقلعة وحصن وسوق"}).is_told_by_its_headline


def test_what_only_the_headline_tells_apart_is_other_news() -> None:
    short = sentences(1, 4)
    assert len(gist(report(short)).runs) < SHORT
    assert not same(report(short, title=f"{short[0]} حلب"), report(short, title=f"{short[0]} إدلب"))
    notice = sentences(2, 20)
    assert not same(report(notice, title="زلزال يضرب حلب"), report(notice, title="زلزال يضرب إدلب"))


def test_short_news_above_one_long_notice_are_different() -> None:
    notice = sentences(900, 20)
    one, other = (report(sentences(seed, 2), notice) for seed in (1, 2))
    assert len(gist(one).runs & gist(other).runs) > 0.85 * len(gist(one).runs)
    assert not same(one, other)


def test_the_name_of_the_outlet_at_the_end_of_its_headlines_says_nothing() -> None:
    short = sentences(1, 4)
    signed = report(short, title=f"{short[0]} | صحيفة الأفق")
    assert not same(report(short, title=short[0]), signed)
    assert says_again(gist(signed, "صحيفة الأفق"), gist(report(short, title=short[0])))
    weather = report(short, title=f"طقس البصرة {short[0]}")
    assert not says_again(
        gist(weather, "قناة البصرة"), gist(report(short, title=f"طقس الموصل {short[0]}"), "الموصل نيوز")
    )


@pytest.mark.parametrize("sign", ["ʼ", "ʻ", "ـــ", "ﷺ", "״", "²"])
def test_a_sign_that_is_no_word_by_itself_disturbs_nothing(sign: str) -> None:
    assert same(NEWS, {"title": f"{NEWS['title']} {sign}", "text": NEWS["text"].replace(". ", f" {sign}. ")}) is (
        sign not in "ﷺ²"
    )


def test_what_is_too_short_too_long_or_has_no_headline_is_compared_with_nothing() -> None:
    assert finish(gist_steps({"title": "وصل المسافر", "text": "وصل إلى المطار صباح اليوم"})) is None
    assert finish(gist_steps({"title": "عنوان", "text": "ا" * LONGEST})) is None
    assert finish(gist_steps(report(sentences(1, 20), title="…"))) is None
    assert finish(gist_steps({})) is None


@given(st.integers(0, 200), st.integers(0, 200), st.integers(1, 2 * PASSAGE))
def test_a_copy_may_leave_out_whole_passages_and_nothing_less(seed: int, start: int, size: int) -> None:
    words = " ".join(sentences(seed, 20)).split()
    start = 3 + start % (len(words) - size - 6)
    left = [*words[:start], *words[start + size :]]
    one, other = ({"title": words[0] + " " + words[1], "text": " ".join(each)} for each in (words, left))
    assert same(one, other) is (size >= PASSAGE) or words[start] == words[start + size]


@given(st.text(max_size=300), st.text(max_size=30))
def test_every_gist_is_read_as_it_was_written_and_says_itself_again(text: str, title: str) -> None:
    mine = finish(gist_steps({"title": title, "text": text}))
    if mine is not None:
        assert Gist.unpacked(mine.packed()) == mine
        assert says_again(mine, mine)
        assert len(mine.runs) >= LEAST
        assert mine.sample == sorted(mine.sample)[:SAMPLE]


NOTICE = sentences(900, 8)
"""What a site writes under each of its articles."""


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
        await newsroom.prints(0, about([*sentences(100 + number, 2), *NOTICE]), after=number * SECOND)
    one = await newsroom.prints(0, about([*text, *NOTICE]), after=40 * SECOND)
    two = await newsroom.prints(1, about([*text, *NOTICE]), after=50 * SECOND)
    assert told_again(newsroom) == {(two, one)}
