from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from crawler.articles import article_of, listed
from crawler.entries import Entry
from crawler.pages.extraction import Page
from monitors.articles import DateOrigin, TextOrigin
from tests.crawler.fetching.test_scheduling import NOW, SOURCE

ENTRY = Entry(
    guid="https://example.org/?p=1",
    url="https://example.org/news/1/?utm_source=rss",
    title="افتتاح المعرض",
    summary="ملخص الخبر",
    text="",
    author=None,
    published_at=None,
    image_url=None,
    tags=("محليات",),
)
PAGE = Page(
    canonical_url="https://example.org/news/1/",
    title="افتتاح المعرض السنوي للكتاب",
    text="الفقرة الأولى.\n\nالفقرة الثانية.",
    authors=("مراسل",),
    published_at=datetime(2026, 3, 20, 9, tzinfo=UTC),
    published_origin=DateOrigin.META,
    language="ar",
    image_url=None,
    tags=("كتب",),
    description="وصف",
    complete=True,
    note=None,
)


def entry(number: int, **changes: object) -> Entry:
    values: dict[str, object] = {
        "guid": f"id-{number}",
        "url": f"https://example.org/news/{number}/",
        "title": f"خبر {number}",
    } | changes
    return replace(ENTRY, **values)  # type: ignore[arg-type]  # the names are checked by the constructor


def test_without_its_page_an_article_has_the_language_of_what_its_entry_says() -> None:
    silent = entry(1, summary="بدأت ورشات مؤسسة المياه ضخ المياه إلى الأحياء", language="en-US")
    (item,) = listed([silent], SOURCE)
    assert article_of(item, SOURCE, seen_at=NOW).language == "ar"
    behind_a_wall = replace(PAGE, text="Sign in to read on.", language="en", complete=False)
    assert article_of(item, SOURCE, seen_at=NOW, page=behind_a_wall).language == "ar"
    assert article_of(item, SOURCE, seen_at=NOW, page=replace(PAGE, language="fa")).language == "fa"
    (short,) = listed([entry(2, title="Oil", summary="", language="en-US")], SOURCE)
    assert article_of(short, SOURCE, seen_at=NOW).language == "en"


def test_entries_are_listed_in_order_each_once() -> None:
    items = listed([entry(2), entry(1), entry(2)], SOURCE)
    assert [item.entry.guid for item in items] == ["id-2", "id-1"]


def test_an_article_is_known_by_its_guid_and_by_its_address() -> None:
    (first,), (moved,), (renamed,) = (
        listed([each], SOURCE)
        for each in (entry(1), entry(1, url="https://example.org/other/"), entry(1, guid="new id"))
    )
    assert set(first.fingerprints) & set(moved.fingerprints)
    assert set(first.fingerprints) & set(renamed.fingerprints)


def test_a_guid_that_stands_for_several_addresses_identifies_none() -> None:
    items = listed([entry(1, guid="same"), entry(2, guid="same")], SOURCE)
    assert len(items) == 2
    assert set(items[0].fingerprints).isdisjoint(items[1].fingerprints)


def test_an_address_shared_by_different_bulletins_identifies_none() -> None:
    home = "https://example.org/"
    items = listed([entry(1, url=home), entry(2, url=home)], SOURCE)
    assert len(items) == 2
    assert set(items[0].fingerprints).isdisjoint(items[1].fingerprints)


def test_an_entry_without_guid_or_address_is_known_by_what_it_says() -> None:
    bare = {"guid": None, "url": None}
    items = listed([entry(1, **bare), entry(2, **bare), entry(1, **bare)], SOURCE)
    assert [item.entry.title for item in items] == ["خبر 1", "خبر 2"]
    assert items[0].url is None
    assert items[0].canonical_url == SOURCE.url


def test_the_pages_text_is_taken_whole() -> None:
    (item,) = listed([ENTRY], SOURCE)
    article = article_of(item, SOURCE, seen_at=NOW, page=PAGE)
    assert (article.text, article.text_origin, article.text_note) == (PAGE.text, TextOrigin.PAGE, None)
    assert (article.title, article.summary, article.authors) == (ENTRY.title, ENTRY.summary, ("مراسل",))
    assert article.canonical_url == "https://example.org/news/1/"
    assert (article.published_at, article.published_origin) == (PAGE.published_at, DateOrigin.META)
    assert article.tags == ("محليات", "كتب")
    assert article.first_seen_at == NOW


def test_an_excerpt_that_goes_on_into_the_next_paragraph_is_told_once() -> None:
    page = replace(PAGE, text="سطر قبلها.\n\nالفقرة الأولى هنا.\n\nالفقرة الثانية بعدها.")
    for excerpt, told in (
        ("الفقرة الأولى هنا. الفقرة الثا", "الفقرة الأولى هنا.\n\nالفقرة الثا"),
        ("هنا.\nالفقرة  الثانية بعدها.", "هنا.\n\nالفقرة الثانية بعدها."),
        ("الفقرة الأولى هناك. الفقرة الثانية", "الفقرة الأولى هناك. الفقرة الثانية"),
    ):
        (item,) = listed([replace(ENTRY, summary=excerpt)], SOURCE)
        assert article_of(item, SOURCE, seen_at=NOW, page=page).summary == told


def test_a_feeds_own_date_is_preferred() -> None:
    (item,) = listed([replace(ENTRY, published_at=NOW)], SOURCE)
    article = article_of(item, SOURCE, seen_at=NOW, page=PAGE)
    assert (article.published_at, article.published_origin) == (NOW, DateOrigin.ENTRY)


def test_a_headline_the_feed_cuts_short_comes_from_the_page() -> None:
    (item,) = listed([replace(ENTRY, title="افتتاح المعرض…")], SOURCE)
    assert article_of(item, SOURCE, seen_at=NOW, page=PAGE).title == PAGE.title


def test_an_incomplete_page_gives_way_to_a_fuller_entry_and_the_article_says_so() -> None:
    page = replace(PAGE, text="سطر", complete=False, note="The page is behind a paywall.")
    (item,) = listed([replace(ENTRY, text="النص الكامل من الخلاصة")], SOURCE)
    article = article_of(item, SOURCE, seen_at=NOW, page=page)
    assert (article.text, article.text_origin) == ("النص الكامل من الخلاصة", TextOrigin.ENTRY)
    assert article.text_note == "The page is behind a paywall."


def test_a_page_on_which_no_article_was_recognised_is_not_taken_for_one_however_long() -> None:
    page = replace(PAGE, text="تعليق\n\nعنوان آخر\n\nجميع الحقوق محفوظة " * 20, complete=False, note="No article text.")
    (item,) = listed([ENTRY], SOURCE)
    article = article_of(item, SOURCE, seen_at=NOW, page=page)
    assert (article.text, article.text_origin) == (ENTRY.summary, TextOrigin.ENTRY)


def test_a_doubtful_page_is_better_than_nothing() -> None:
    page = replace(PAGE, complete=False, note="No article text.")
    (item,) = listed([replace(ENTRY, summary="", text="")], SOURCE)
    assert article_of(item, SOURCE, seen_at=NOW, page=page).text == PAGE.text


def test_without_a_page_the_entrys_text_serves_and_the_article_says_why() -> None:
    (item,) = listed([ENTRY], SOURCE)
    article = article_of(item, SOURCE, seen_at=NOW, note="Page not read: timeout.")
    assert (article.text, article.text_origin) == (ENTRY.summary, TextOrigin.ENTRY)
    assert article.text_note == "Page not read: timeout."


def test_a_page_that_calls_itself_the_home_page_is_not_believed() -> None:
    for lie in ("https://example.org/", "https://elsewhere.example/news/1/"):
        (item,) = listed([ENTRY], SOURCE)
        article = article_of(item, SOURCE, seen_at=NOW, page=replace(PAGE, canonical_url=lie))
        assert article.canonical_url == "https://example.org/news/1/"
