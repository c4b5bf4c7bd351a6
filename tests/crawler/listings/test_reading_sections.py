from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.entries import Entry, Listing, NotAListing
from crawler.listings.sections import read_section

URL = "https://www.daily.example/local/"
HEADLINE = "سدّ الرستن يستقبل أول واردات الشتاء"
MENU = (
    '<nav><a href="/">الرئيسية</a><a href="/local/">محليات</a><a href="/economy/">اقتصاد وأعمال</a>'
    '<a href="/about-us/">من نحن</a></nav>'
)


def card(number: int, title: str = HEADLINE, more: str = "") -> str:
    return f'<article><h3><a href="/local/{number}">{title} {number}</a></h3>{more}</article>'


def read(body: str, *, head: str = "", url: str = URL, known: tuple[str, ...] = ()) -> Listing:
    page = f"<html><head><title>محليات – يومية الوادي</title>{head}</head><body>{MENU}<main>{body}</main></body></html>"
    return read_section(page.encode(), url=url, content_type=None, known=known)


def only(body: str, *, known: tuple[str, ...] = ()) -> Entry:
    (entry,) = read(body, known=known).entries
    return entry


def test_articles_are_listed_in_the_order_of_the_page_and_menus_are_not() -> None:
    listing = read(card(4712) + card(4711) + card(4713))
    assert [entry.url for entry in listing.entries] == [
        f"https://www.daily.example/local/{number}" for number in (4712, 4711, 4713)
    ]
    assert listing.title == "محليات – يومية الوادي"
    assert listing.homepage == "https://www.daily.example/"
    assert not any(entry.complete or entry.guid for entry in listing.entries)


def test_the_title_is_the_headline_of_all_that_links_there() -> None:
    entry = only(
        '<article><a href="/local/4712"><img data-src="/i/a.jpg" src="data:image/gif;base64,R0"></a>'
        '<a href="/local/4712#comments">3 تعليقات</a>'
        f'<h3><a href="/local/4712">{HEADLINE}</a></h3><p>استقبل السد أول واردات الموسم من مياه النهر.</p>'
        '<a href="/local/4712">اقرأ المزيد عن هذا الخبر كله</a></article>'
    )
    assert entry.title == HEADLINE
    assert entry.summary == "استقبل السد أول واردات الموسم من مياه النهر."
    assert entry.image_url == "https://www.daily.example/i/a.jpg"


def test_a_headline_within_a_large_link_is_taken_alone() -> None:
    entry = only(
        f'<a href="/local/4712"><span>محليات</span><h2>{HEADLINE}</h2><p>استقبل السد أول واردات الموسم.</p>'
        "<span>منذ ساعة</span></a>"
    )
    assert entry.title == HEADLINE


def test_a_headline_beside_a_wordless_link_is_taken() -> None:
    entry = only(f'<div><h3>{HEADLINE}</h3><a href="/local/4712">المزيد</a></div><p>كلام</p>')
    assert entry.title == HEADLINE


def test_words_are_neither_torn_by_emphasis_nor_run_into_their_neighbours() -> None:
    entry = only(
        '<a href="/local/4712"><span>محليات</span><div><b>س</b>دّ الرستن <em>يستقبل</em>: 3 &lt; 5 &amp; 7</div></a>'
    )
    assert entry.title == "محليات سدّ الرستن يستقبل: 3 < 5 & 7"


def test_a_parameter_is_no_character_reference() -> None:
    assert only('<h3><a href="/story?id=4712&section=2">سد الرستن يستقبل أول الواردات</a></h3>').url == (
        "https://www.daily.example/story?id=4712&section=2"
    )


def test_a_time_counts_when_it_names_its_zone() -> None:
    with_zone = '<time datetime="2024-05-01T13:20:00+03:00">قبل ساعة</time>'
    assert only(card(4712, more=with_zone)).published_at == datetime(2024, 5, 1, 10, 20, tzinfo=UTC)
    assert only(card(4712, more='<time datetime="2024-05-01T13:20:00">قبل</time>')).published_at is None
    assert only(card(4712, more='<time datetime="2024-05-01">قبل يوم</time>')).published_at is None


def test_tags_and_authors_in_a_card_are_no_articles() -> None:
    labels = '<a href="/tag/dam/" rel="tag">سدود سوريا وموارد المياه كلها</a><a href="/author/layla-haddad/">ليلى</a>'
    assert len(read(card(4712, more=labels) + card(4711, more=labels)).entries) == 2


def test_other_sites_are_not_followed() -> None:
    others = '<h3><a href="https://other.example/2024/05/01/dam-takes-in-water">خبر طويل من موقع آخر تماما</a></h3>'
    assert len(read(card(4712) + others).entries) == 1


def test_a_site_that_calls_everything_a_menu_is_read() -> None:
    body = f'<div class="main-menu">{"".join(card(number) for number in range(4711, 4719))}</div>'
    assert len(read(body).entries) == 8


def test_known_articles_are_articles_whatever_they_look_like() -> None:
    assert only('<a href="/r/dam">سد</a>', known=("https://www.daily.example/r/dam",)).url
    assert only('<a href="/r/سد">سد</a>', known=("http://daily.example/r/%D8%B3%D8%AF/",)).url


def test_a_base_address_moves_links() -> None:
    listing = read('<h3><a href="4712">سد الرستن يستقبل أول الواردات</a></h3>', head='<base href="/v2/local/">')
    assert listing.entries[0].url == "https://www.daily.example/v2/local/4712"


@pytest.mark.parametrize(
    ("link", "url", "older"),
    [
        ('<a rel="next" href="/local/page/2/">2</a>', URL, "/local/page/2/"),
        ('<a href="/local/?from=20">الصفحة التالية »</a>', URL, "/local/?from=20"),
        ('<a href="/local/?from=20">التالي</a>', URL, "/local/?from=20"),
        ('<a href="/local/older">المقالات الأقدم</a>', URL, "/local/older"),
        ('<a href="/local/older" title="Older posts">→</a>', URL, None),
        ('<a href="/local/page/2/">2</a><a href="/local/page/9/">9</a>', URL, "/local/page/2/"),
        ('<a href="/local/page/2/">2</a><a href="/local/page/4/">4</a>', f"{URL}page/3/", "/local/page/4/"),
        ('<a href="/local/?page=1">2</a><a href="/local/?page=2">3</a>', URL, "/local/?page=1"),
        ('<a href="/local/?page=1">2</a><a href="/local/?page=2">3</a>', f"{URL}?page=1", "/local/?page=2"),
        ('<a href="/economy/page/2/">2</a>', URL, None),
        ('<a rel="next" href="https://other.example/page/2/">2</a>', URL, None),
        ('<a rel="next" href="/local/">2</a>', URL, None),
        ('<a rel="next" href="/local/#x">2</a>', URL, None),
        ("", URL, None),
    ],
)
def test_older_articles_are_on_the_next_page(link: str, url: str, older: str | None) -> None:
    found = read(card(4712) + link, url=url).older
    assert found == (older and f"https://www.daily.example{older}")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "a PDF document"),
        (b'{"a": 1}', "JSON"),
        (MENU.encode(), "looks like an article"),
        (b'<div id="app"></div><script src="/app.js"></script>', "filled in by scripts"),
        (f"<html {'a' * 70_000}=''>".encode(), "safely"),
    ],
)
def test_what_lists_no_articles_is_named(page: bytes, said: str) -> None:
    with pytest.raises(NotAListing, match=said):
        read_section(page, url=URL, content_type="text/html")


def test_an_undeclared_arabic_page_is_read() -> None:
    page = f"<html><body>{card(4712)}</body></html>".encode("cp1256", "ignore")
    (entry,) = read_section(page, url=URL, content_type="text/html; charset=iso-8859-1").entries
    assert "الرستن يستقبل أول واردات" in entry.title
