from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.entries import Entry, Listing, NotAListing
from crawler.listings.channels import channel_url, read_channel
from crawler.listings.message_text import MAX_TITLE, title_of
from tests.crawler.listings.channel_pages import (
    URL,
    card,
    channel,
    document,
    forwarded,
    message,
    photo,
    poll,
    preview,
    reply,
    text,
    video,
)

HEADLINE = "سدّ الرستن يستقبل أول واردات الشتاء"


def read(page: bytes, *, url: str = URL) -> Listing:
    return read_channel(page, url=url, content_type="text/html; charset=utf-8")


def only(*parts: str, kind: str = "") -> Entry:
    (entry,) = read(channel(message(12, *parts, kind=kind))).entries
    return entry


def test_a_message_is_a_whole_article() -> None:
    entry = only(photo("https://cdn.example/a.jpg"), text(f"<b>{HEADLINE}</b><br/><br/>استقبل السد 3 ملايين متر."))
    assert entry.guid == "WadiDaily/12"
    assert entry.url == "https://t.me/WadiDaily/12"
    assert entry.title == HEADLINE
    assert entry.text == f"{HEADLINE}\n\nاستقبل السد 3 ملايين متر."
    assert entry.published_at == datetime(2024, 5, 1, 10, 20, 30, tzinfo=UTC)
    assert entry.image_url == "https://cdn.example/a.jpg"
    assert entry.complete


def test_messages_come_newest_first_and_the_channel_has_a_name() -> None:
    listing = read(channel(message(11, text("خبر أول من الوادي")), message(12, text("خبر ثان من الوادي")), before=11))
    assert [entry.guid for entry in listing.entries] == ["WadiDaily/12", "WadiDaily/11"]
    assert listing.title == "يومية الوادي"
    assert listing.homepage == URL
    assert listing.older == f"{URL}?before=11"
    assert listing.language is None


def test_an_older_page_leads_further_back_only() -> None:
    page = channel(message(5, text("خبر قديم من الوادي")), after=25, before=5)
    assert read(page, url=f"{URL}?before=25").older == f"{URL}?before=5"
    assert read(channel(message(1, text("أول خبر من الوادي")), after=21)).older is None


def test_the_head_of_the_page_may_name_the_older_one() -> None:
    page = channel(message(11, text("خبر أول من الوادي"))).replace(
        b"</head>", b'<link rel="prev" href="/s/WadiDaily?before=11"><link rel="canonical" href="/s/WadiDaily"></head>'
    )
    assert read(page).older == f"{URL}?before=11"


def test_line_breaks_stay_and_emoji_are_letters() -> None:
    emoji = '<i class="emoji" style="background-image:url(\'//telegram.org/img/emoji/40/F09F94B4.png\')"><b>🔴</b></i>'
    entry = only(text(f"{emoji}عاجل<br/>{HEADLINE}<br><br><br><br>تتمة &amp; <a href='https://x.example'>رابط</a>"))
    assert entry.text == f"🔴عاجل\n{HEADLINE}\n\nتتمة & رابط"
    assert entry.title == f"🔴عاجل {HEADLINE}"
    assert entry.image_url is None


def test_hashtags_are_tags() -> None:
    entry = only(text(f'{HEADLINE}<br/><a href="?q=%23x">#سد_الرستن</a> <a href="?q=%23y">#حمص</a> #2024'))
    assert entry.tags == ("سد الرستن", "حمص")


def test_a_reply_does_not_repeat_what_it_answers() -> None:
    entry = only(reply("اندلع حريق في السوق"), text("السيطرة على الحريق دون إصابات"))
    assert entry.text == "السيطرة على الحريق دون إصابات"


def test_who_a_message_is_forwarded_from_is_its_author() -> None:
    assert only(forwarded("وكالة الجبل"), text(HEADLINE)).author == "وكالة الجبل"
    assert only(text(HEADLINE)).author is None


def test_words_under_a_film_are_read_and_those_of_the_player_are_not() -> None:
    entry = only(video(text(HEADLINE)))
    assert entry.text == HEADLINE
    assert entry.image_url == "https://cdn.example/thumb.jpg"
    assert entry.published_at == datetime(2024, 5, 1, 10, 20, 30, tzinfo=UTC)


def test_polls_and_documents_say_something() -> None:
    assert only(poll("هل ستشارك في الحصاد؟", "نعم", "لا")).text == "هل ستشارك في الحصاد؟\nنعم\nلا"
    assert only(document("تقرير الموارد المائية.pdf"), text("التقرير السنوي كاملا")).text.endswith(".pdf")


def test_a_bare_link_is_read_by_its_preview() -> None:
    entry = only(
        text('<a href="https://daily.example/1">https://daily.example/1</a>'), preview(HEADLINE, "استقبل السد")
    )
    assert entry.title.endswith(HEADLINE)
    assert entry.image_url == "https://cdn.example/p.jpg"
    assert only(text("كلام القناة عن الخبر"), preview(HEADLINE, "استقبل السد")).text == "كلام القناة عن الخبر"


def test_notices_and_pictures_without_words_are_left_out() -> None:
    page = channel(
        message(3, text("Channel photo updated"), kind="service_message"),
        message(4, photo("https://cdn.example/a.jpg")),
        message(5, text(HEADLINE)),
        message(6, text("🔴🔴 … !")),
    )
    assert [entry.guid for entry in read(page).entries] == ["WadiDaily/5"]


def test_text_within_text_is_read_once() -> None:
    assert only(text(text(HEADLINE))).text == HEADLINE


def test_a_channel_without_messages_is_one() -> None:
    assert read(channel()).entries == ()


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (card("12 345 subscribers"), "does not show its messages"),
        (card("212 members, 3 online"), "a Telegram group"),
        (card("", action="Send Message"), "no public Telegram channel"),
        (b"<html><body><h1>Daily</h1></body></html>", "not the page of a Telegram channel"),
        (b"", "empty"),
        (b"{}", "JSON"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
    ],
)
def test_what_is_no_channel_is_named(page: bytes, said: str) -> None:
    with pytest.raises(NotAListing, match=said):
        read(page)


@pytest.mark.parametrize(
    "written",
    [
        "@WadiDaily",
        " https://t.me/WadiDaily ",
        "t.me/wadidaily",
        "https://t.me/s/WadiDaily",
        "http://telegram.me/WadiDaily/",
        "https://t.me/WadiDaily/123?single",
        "https://www.t.me/s/WadiDaily?before=12",
        "https://t.me/s/WadiDaily/123",
    ],
)
def test_a_channel_is_named_in_many_ways(written: str) -> None:
    assert channel_url(written) == URL


@pytest.mark.parametrize(
    "written",
    [
        "WadiDaily",
        "@abc",
        "@1wadi",
        "@wadi__daily",
        "@wadi_",
        "@" + "a" * 33,
        "@وادي",
        "https://t.me/",
        "https://t.me/+AbCdEf123",
        "https://t.me/joinchat/AbCdEf123",
        "https://t.me/c/123456/7",
        "https://t.me/addstickers/Wadi",
        "https://t.me.evil.example/WadiDaily",
        "https://evil.example/t.me/WadiDaily",
        "https://user@t.me:8443/WadiDaily",
        "tg://resolve?domain=WadiDaily",
        "https://[t.me/WadiDaily",
        "",
    ],
)
def test_what_names_no_channel_is_none(written: str) -> None:
    assert channel_url(written) is None


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (f"{HEADLINE}\nتتمة", HEADLINE),
        (f"#عاجل\n\n{HEADLINE}\nتتمة", f"#عاجل {HEADLINE}"),
        ("هل ستشارك في الحصاد؟", "هل ستشارك في الحصاد؟"),
        (
            f"{'كلمات من خبر طويل جدا ' * 3}وانتهت الجملة. {'ثم غيرها ' * 40}",
            f"{'كلمات من خبر طويل جدا ' * 3}وانتهت الجملة.",
        ),
        ("نعم", "نعم"),
        (f"{HEADLINE} https://daily.example/1", HEADLINE),
        ("🔴🔴", ""),
        ("", ""),
    ],
)
def test_the_first_line_that_says_something_is_the_title(words: str, title: str) -> None:
    assert title_of(words) == title


def test_a_title_is_cut_between_words() -> None:
    title = title_of("كلمة " * 100)
    assert len(title) <= MAX_TITLE
    assert title.endswith("كلمة…")
