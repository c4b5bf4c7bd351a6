"""An alert in words: what matched, where it stands, and nothing that could break or deceive."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.words.addresses import host_of, linkable
from bot.words.composing import compose_alert, told_time
from bot.words.language import voice
from bot.words.messages import Message, entity_to_json
from bot.words.text import LRM, TextBuilder
from bot.words.trials import add_example
from monitors.alerts import Alert, MatchedWatch, Telling
from monitors.backtesting import Example, Tried
from monitors.query.language.grammar import parse
from monitors.snippets import AROUND, Segment, segments, snippets, united
from tests.bot.test_rich_text import spans
from tests.fakes.telegram_rules import check_message
from tests.monitors.query.oracle import evaluate

SEEN = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


def an_article(title: str, text: str = "", *queries: str, **changes: object) -> Alert:
    fields = {"title": title, "text": text}
    met = [(query, evaluate(parse(query), fields)) for query in queries]
    alert = Alert(
        id=1,
        article_id=1,
        outlet_id=1,
        story_id=1,
        outlet_name="صحيفة الأفق",
        url="https://www.alufuq.example/news/5/",
        fields=fields,
        author=None,
        published_at=SEEN - timedelta(minutes=3),
        seen_at=SEEN,
        text_note=None,
        watches=tuple(MatchedWatch(number, "default", query, found or {}) for number, (query, found) in enumerate(met)),
    )
    return replace(alert, **changes)  # type: ignore[arg-type]  # the names are checked by the constructor


def sendable(message: Message) -> Message:
    """The message, if the strict fake takes it."""
    keyboard = [
        [{"text": one.label} | ({"url": one.url} if one.url else {"callback_data": one.data}) for one in row]
        for row in message.keyboard
    ]
    assert all(len(one.label) <= 20 for row in message.keyboard for one in row)
    check_message(
        "sendMessage",
        {
            "text": message.body.text,
            "entities": [entity_to_json(entity) for entity in message.body.entities],
            "reply_markup": {"inline_keyboard": keyboard},
        },
    )
    return message


def test_an_alert_says_who_when_what_and_why() -> None:
    alert = an_article("إعادة فتح الميناء", "قال مصدر إن العمل بالميناء عاد وسط المدينة.", "الميناء", '"وسط المدينة"')
    message = sendable(compose_alert(alert, voice("ar")))
    assert message.body.text.replace("\u2068", "").replace("\u2069", "").replace("\u200f", "").splitlines() == [
        "صحيفة الأفق · alufuq.example · 2026-03-20 11:57 UTC",
        "إعادة فتح الميناء",
        "قال مصدر إن العمل بالميناء عاد وسط المدينة.",
        "🔔 الميناء: الميناء · بالميناء",
        '🔔 "وسط المدينة"',
    ]
    assert spans(message.body, "underline") == ["الميناء"]
    assert "بالميناء" in spans(message.body, "bold")
    assert spans(message.body, "date_time") == ["2026-03-20 11:57 UTC"]
    assert [[one.label for one in row] for row in message.keyboard] == [
        ["اكتم ساعة", "اقرأ ↗"],  # Telegram does not mirror rows: what comes first stands on the right
        ["⋯ خيارات", "المزيد مثله"],
    ]
    assert message.keyboard[0][1].url == "https://www.alufuq.example/news/5/"


def test_the_watchlist_is_named_where_there_are_several() -> None:
    alert = an_article("فتح الميناء", "", "الميناء")
    here = replace(alert, watches=(replace(alert.watches[0], watchlist="موانئ /all"),), names_lists=True)
    assert bells(here) == ["🔔 الميناء – موانئ /\u2060all"]
    assert bells(replace(alert, names_lists=True)) == ["🔔 الميناء – القائمة الرئيسية"]
    both = (alert.watches[0], replace(alert.watches[0], watch_id=9, watchlist="موانئ"))
    assert bells(replace(alert, watches=both, names_lists=True)) == ["🔔 الميناء – القائمة الرئيسية · موانئ"]


def test_an_alert_of_a_whole_outlet_says_so() -> None:
    assert bells(an_article("فتح الميناء")) == ["🔔 كل أخبار هذا المصدر"]


def test_who_tells_the_story_too_is_added() -> None:
    others = tuple(Telling(n, f"صحيفة {n}", f"https://{n}.example/x") for n in range(7))
    message = sendable(compose_alert(an_article("فتح الميناء", "", "الميناء", also=others), voice("en")))
    assert "+ 7 more outlets tell it: \u2068صحيفة 2\u2069" in message.body.text
    assert spans(message.body, "text_link")[1:] == [f"صحيفة {n}" for n in range(2, 7)]


def test_previews_can_be_turned_off() -> None:
    alert = an_article("فتح الميناء", "", "الميناء")
    assert compose_alert(alert, voice("ar")).preview_url == alert.url
    assert compose_alert(replace(alert, previews=False), voice("ar")).preview_url is None


def test_every_line_of_an_arabic_alert_begins_right_to_left() -> None:
    alert = an_article("BBC: فتح الميناء", "Reuters – قال مدير الميناء اليوم إن العمل عاد.", "الميناء")
    text = compose_alert(alert, voice("ar")).body.text
    assert all(line.startswith("\u200f") for line in text.splitlines())


def test_an_english_title_in_an_arabic_chat_runs_left_to_right() -> None:
    lines = compose_alert(an_article("Port of غزة reopens", "", "Port"), voice("ar")).body.text.splitlines()
    assert lines[1].startswith("\u200e")


def test_a_repeat_says_so_first() -> None:
    message = sendable(compose_alert(an_article("فتح الميناء", "", "الميناء"), voice("en"), repeats=1))
    assert message.body.text.startswith("↻ possible repeat\n")


@pytest.mark.parametrize("note", ["Page not read: HTTP 500", "No article text was found on the page."])
def test_a_page_that_was_not_had_or_showed_no_article_is_admitted(note: str) -> None:
    message = compose_alert(an_article("فتح الميناء", text_note=note), voice("en"))
    assert "The article could not be read on its page; this is what the feed says of it." in message.body.text


@pytest.mark.parametrize("url", ["http://localhost/x", "https://t.me/joinchat", "ftp://a.example/x", "nonsense"])
def test_an_address_telegram_would_not_take_gets_no_button(url: str) -> None:
    message = sendable(compose_alert(an_article("فتح الميناء", url=url), voice("ar")))
    assert all(one.url is None for row in message.keyboard for one in row)
    assert message.preview_url is None


@pytest.mark.parametrize("published", [None, SEEN + timedelta(days=400), datetime(1970, 1, 1, tzinfo=UTC)])
def test_an_absurd_date_gives_way_to_when_it_was_seen(published: datetime | None) -> None:
    assert told_time(an_article("فتح الميناء", published_at=published)) == SEEN


def test_many_watches_are_counted_not_listed() -> None:
    words = ["فتح", "الميناء", "اليوم", "صباحا", "رسميا", "مجددا", "كاملا"]
    text = compose_alert(an_article(" ".join(words), "", *words), voice("en")).body.text
    assert text.count("🔔") == 5
    assert text.endswith("and 2 more watches")


def bells(alert: Alert) -> list[str]:
    """The lines that say which watches were met, without marks of direction."""
    text = compose_alert(alert, voice("ar")).body.text
    return [line.strip("\u200f") for line in re.sub("[\u2068\u2069]", "", text).splitlines() if "🔔" in line]


@pytest.mark.parametrize(
    ("title", "query", "line"),
    [
        ("فتح الميناء", "الميناء", "🔔 الميناء"),
        ("فتح الميناء", "«الميناء»", "🔔 «الميناء»"),
        ("العمل بالميناء", "الميناء", "🔔 الميناء: بالميناء"),
        ("فتح الميناء أمام بالميناء", "الميناء", "🔔 الميناء: الميناء · بالميناء"),
    ],
)
def test_words_are_said_only_where_they_differ_from_the_watch(title: str, query: str, line: str) -> None:
    assert bells(an_article(title, "", query)) == [line]


def test_watches_that_met_the_very_same_words_share_a_line() -> None:
    alert = an_article("إعادة فتح القيارة اليوم", "", "القيارة", "اليوم", "القيّارة", '"القيارة"')
    assert bells(alert) == ['🔔 القيارة / القيّارة / "القيارة"', "🔔 اليوم"]
    assert bells(an_article("العمل بالقيارة", "", "القيارة", "القيّارة")) == ["🔔 القيارة / القيّارة: بالقيارة"]


def test_however_many_watches_share_a_line_it_stays_short() -> None:
    alert = an_article("فتح الميناء", "", *["الميناء" + "ـ" * count for count in range(60)])
    (line,) = bells(alert)
    assert line.endswith("…")
    assert len(line) < 110


@settings(max_examples=150)
@given(
    st.text(max_size=600),
    st.text(max_size=6000),
    st.text(max_size=200),
    st.text(max_size=100),
    st.lists(st.tuples(st.integers(0, 700), st.integers(0, 60)), max_size=60),
    st.sampled_from(["ar", "en"]),
)
def test_whatever_an_article_holds_its_alert_can_be_sent(
    title: str, text: str, outlet: str, url: str, places: list[tuple[int, int]], language: str
) -> None:
    found = tuple((start, start + length) for start, length in places)
    watches = tuple(MatchedWatch(n, "default", title[:50] or "x", {"title": found, "text": found}) for n in range(7))
    alert = an_article(title, text, outlet_name=outlet, url=f"https://{url}", watches=watches, text_note="x")
    others = tuple(Telling(n, outlet, f"https://{url}") for n in range(7))
    sendable(compose_alert(alert, voice(language), repeats=1))
    grown = replace(alert, names_lists=True, also=others)
    sendable(compose_alert(grown, voice(language), repeats=1, note="🔇"))


HOSTILE = {
    "markup": "<b>عاجل</b> [x](tg://user?id=1) *غزة* &amp; /stop @admin t.me/x `",
    "bidi": "\u202eغزة\u202d\u2066\u2067 abc\u2069 \u061c\u200f\u200e",
    "long": "غزة" * 2_000,
    "emoji": "🏳️‍🌈👩‍👩‍👧‍👦🇸🇾" * 60,
    "marks": "\u064b\u0651\u0670\u0301" * 50,
    "blank": "\u200b\u2060\ufeff \n\t",
    "controls": "غ\x00ز\x1bة\ud800",
}


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_title_does_nothing(title: str, language: str) -> None:
    everywhere = (0, len(title))
    watch = MatchedWatch(1, title[:80], title[:80], {"title": (everywhere,), "text": (everywhere,)})
    alert = an_article(title, title * 3, outlet_name=title, watches=(watch,), names_lists=True)
    message = sendable(compose_alert(alert, voice(language)))
    assert not re.search(r"(?<![\w\u2060/])[/@]\w", message.body.text)
    assert "\u202e" not in message.body.text
    assert "alufuq.example" in message.body.text
    assert sum(button.url is not None for row in message.keyboard for button in row) == 1


def test_united_places_are_sorted_and_disjoint() -> None:
    assert united([[(5, 9), (0, 2)], [(8, 12), (2, 3), (40, 50)]], 45) == [(0, 3), (5, 12), (40, 45)]


def test_a_snippet_is_cut_between_words_around_the_match() -> None:
    text = "كلمة " * 100 + "الميناء" + " أخرى" * 100
    (quote,) = snippets(text, [(500, 507)])
    shown = "".join(segment.text for segment in quote)
    assert quote[0] == Segment("… ")
    assert quote[-1] == Segment(" …")
    assert Segment("الميناء", matched=True) in quote
    assert set(shown.split()) == {"…", "كلمة", "الميناء", "أخرى"}
    assert len(shown) < 2 * AROUND + 20


def test_an_example_of_a_back_test_quotes_what_stands_right_at_the_match() -> None:
    words = [f"w{number}" for number in range(100)]
    words[50] = "port"
    text = " ".join(words)
    at = text.index("port")
    article = Tried({"text": text}, SEEN, "https://a.example/1", "A")
    builder = TextBuilder()
    add_example(builder, Example(article, {"text": ((at, at + 4),)}))
    quote = builder.build().text.splitlines()[-1]
    assert "w47 w48 w49 port w51 w52 w53" in quote
    assert quote.strip(LRM).startswith("… w")
    assert quote.count("…") == 2
    assert quote.endswith(" …")


def test_far_matches_have_snippets_of_their_own_and_near_ones_share() -> None:
    text = "الميناء قرب الميناء " + "كلمة " * 100 + "الميناء"
    quotes = snippets(text, [(0, 7), (12, 19), (len(text) - 7, len(text))])
    assert [sum(segment.matched for segment in quote) for quote in quotes] == [2, 1]


def test_a_text_without_a_match_is_quoted_from_its_beginning() -> None:
    (quote,) = snippets("كلمة " * 100, [])
    assert "".join(segment.text for segment in quote).startswith("كلمة كلمة")
    assert snippets("", []) == []
    assert snippets("  \n ", []) == []


@given(st.text(max_size=300), st.lists(st.tuples(st.integers(0, 300), st.integers(0, 30)), max_size=20))
def test_segments_put_together_are_the_text(text: str, places: list[tuple[int, int]]) -> None:
    joined = united([[(start, start + length) for start, length in places]], len(text))
    pieces = segments(text, joined)
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.matched] == [text[start:end] for start, end in joined]


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        ("HTTP://A.Example:8080/خبر جديد", "http://a.example:8080/%D8%AE%D8%A8%D8%B1%20%D8%AC%D8%AF%D9%8A%D8%AF"),
        ("https://موقع.example/", "https://xn--4gbrim.example/"),
        ("http://127.0.0.1:9/x", "http://127.0.0.1:9/x"),
        ("https://bank.example@evil.example/", None),
        ("https://a.example:99999/", None),
        ("https://a.example/" + "x" * 3000, None),
        ("https://[::1]/", None),
        ("javascript:alert(1)", None),
        ("https://", None),
    ],
)
def test_only_addresses_telegram_takes_are_linked(url: str, linked: str | None) -> None:
    assert linkable(url) == linked


def test_the_host_shown_is_the_real_one() -> None:
    assert host_of("https://www.a.example/https://b.example") == "a.example"
    assert host_of("https://bank.example@evil.example/") == "evil.example"
    assert host_of("https://аррӏе.example/") == "xn--80ak6aa92e.example"
    assert host_of(f"https://{'a.' * 60}example/").startswith("…")
