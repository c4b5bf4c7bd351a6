from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.documents.sites import same_site
from crawler.documents.unpacking import MAX_UNPACKED, unpacked
from crawler.entries import MAX_ENTRIES, Listing, NotAListing
from crawler.listings.children import MAX_CHILDREN, choose_children
from crawler.listings.sitemaps import read_sitemap

URL = "https://www.daily.example/sitemap.xml"
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def urlset(*urls: str, namespaces: str = NAMESPACES) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {namespaces}>{"".join(urls)}</urlset>'


def page(loc: str, lastmod: str | None = None) -> str:
    return f"<url><loc>{loc}</loc>{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}</url>"


def news(loc: str, title: str, published: str, rest: str = "") -> str:
    return (
        f"<url><loc>{loc}</loc><news:news><news:publication><news:name>يومية الوادي</news:name>"
        f"<news:language>ar</news:language></news:publication><news:publication_date>{published}"
        f"</news:publication_date><news:title>{title}</news:title>{rest}</news:news></url>"
    )


def index(*children: tuple[str, str | None]) -> str:
    inner = "".join(
        f"<sitemap><loc>{loc}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</sitemap>" for loc, at in children
    )
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</sitemapindex>'


def read(document: str | bytes, *, url: str = URL, known: tuple[str, ...] = ()) -> Listing:
    body = document.encode() if isinstance(document, str) else document
    return read_sitemap(body, url=url, content_type=None, known=known)


def addresses(listing: Listing) -> list[str]:
    return [(entry.url or "").removeprefix("https://www.daily.example") for entry in listing.entries]


def test_a_news_sitemap_gives_titles_times_keywords_and_pictures() -> None:
    url = news(
        "https://www.daily.example/a/1",
        "سدّ الرستن &amp; &quot;واردات&quot; الشتاء",
        "2024-05-01T13:20:00+03:00",
        "<news:keywords>مياه، حمص, سدود</news:keywords>",
    ).replace("</url>", "<image:image><image:loc>https://img.example/a.jpg</image:loc></image:image></url>")
    listing = read(urlset(url))
    (entry,) = listing.entries
    assert (listing.title, listing.language) == ("يومية الوادي", "ar")
    assert entry.title == 'سدّ الرستن & "واردات" الشتاء'
    assert entry.published_at == datetime(2024, 5, 1, 10, 20, tzinfo=UTC)
    assert entry.modified_at is None
    assert entry.tags == ("مياه", "حمص", "سدود")
    assert entry.image_url == "https://img.example/a.jpg"
    assert not entry.complete


def test_what_is_listed_comes_newest_first() -> None:
    listing = read(
        urlset(
            news("https://www.daily.example/a/1", "أ", "2024-05-01T10:00:00Z"),
            news("https://www.daily.example/a/3", "ج", "2024-05-03T10:00:00Z"),
            news("https://www.daily.example/a/2", "ب", "2024-05-02T10:00:00Z"),
        )
    )
    assert addresses(listing) == ["/a/3", "/a/2", "/a/1"]


def test_a_day_without_an_hour_is_not_taken_for_the_time_of_publication() -> None:
    (entry,) = read(urlset(news("https://www.daily.example/a/1", "أ", "2024-05-01"))).entries
    assert entry.published_at is None
    assert entry.modified_at == datetime(2024, 5, 1, tzinfo=UTC)


def test_of_a_plain_sitemap_the_addresses_of_articles_count() -> None:
    listing = read(
        urlset(
            page("https://www.daily.example/", "2024-05-03"),
            page("https://www.daily.example/politics", "2024-05-03"),
            page("https://www.daily.example/tag/%D8%B3%D8%AF", "2024-05-03"),
            page("https://www.daily.example/2024/05/01/dam-takes-in-water/", "2024-05-01T10:00:00+00:00"),
            page("https://www.daily.example/wp-content/uploads/2024/05/01/dam.jpg", "2024-05-02"),
            page("https://www.daily.example/local/482716", "2024-05-02T10:00:00+00:00"),
        )
    )
    assert addresses(listing) == ["/local/482716", "/2024/05/01/dam-takes-in-water/"]
    assert [entry.title for entry in listing.entries] == ["", ""]
    assert listing.entries[0].published_at is None
    assert listing.entries[0].modified_at == datetime(2024, 5, 2, 10, tzinfo=UTC)


def test_known_articles_say_which_addresses_are_articles() -> None:
    document = urlset(*(page(f"https://www.daily.example/r/{name}") for name in ("dam", "bread", "roads")))
    assert not read(document).entries
    known = tuple(f"https://www.daily.example/r/{name}" for name in ("olives", "school", "snow", "trains", "wheat"))
    assert len(read(document, known=known).entries) == 3


def test_messages_known_from_a_channel_do_not_hide_the_articles_of_a_sitemap() -> None:
    known = tuple(f"https://t.me/wadidaily/{number}" for number in range(100))
    document = urlset(page("https://www.daily.example/2024/05/01/dam/"))
    assert len(read(document, url="https://maps.example/sitemap.xml", known=known).entries) == 1


def test_of_a_long_sitemap_the_newest_count() -> None:
    pages = [
        page(f"https://www.daily.example/a/{number:06}", f"2024-05-{number // 100 + 1:02}T00:{number % 60:02}:00Z")
        for number in range(MAX_ENTRIES + 500)
    ]
    listing = read(urlset(*pages))
    assert len(listing.entries) == MAX_ENTRIES
    assert min(int(address[3:]) for address in addresses(listing)) >= 440


def test_of_a_long_sitemap_without_dates_both_ends_count() -> None:
    pages = [page(f"https://www.daily.example/a/{number:06}") for number in range(MAX_ENTRIES * 2)]
    listed = addresses(read(urlset(*pages)))
    assert listed[:4] == ["/a/000000", "/a/003999", "/a/000001", "/a/003998"]
    assert "/a/002000" not in listed


def test_an_index_names_its_newest_children() -> None:
    listing = read(
        index(
            ("https://www.daily.example/post-sitemap.xml", "2023-01-01T00:00:00+00:00"),
            ("https://www.daily.example/post-sitemap2.xml", "2024-01-01T00:00:00+00:00"),
            ("https://www.daily.example/post-sitemap4.xml", "2024-05-01T00:00:00+00:00"),
            ("https://www.daily.example/post-sitemap3.xml", "2024-03-01T00:00:00+00:00"),
            ("https://www.daily.example/category-sitemap.xml", "2024-05-02T00:00:00+00:00"),
            ("https://www.daily.example/author-sitemap.xml", "2024-05-02T00:00:00+00:00"),
        )
    )
    assert listing.entries == ()
    assert listing.more == tuple(f"https://www.daily.example/post-sitemap{number}.xml" for number in (4, 3, 2))


def test_sitemaps_of_news_come_first() -> None:
    listing = read(
        index(
            ("https://www.daily.example/sitemap-2024-05.xml", None),
            ("https://www.daily.example/sitemap-2024-04.xml", None),
            ("https://www.daily.example/google-news.xml", None),
        )
    )
    assert listing.more[0] == "https://www.daily.example/google-news.xml"


def test_the_month_in_a_name_counts_more_than_an_edit_of_that_month() -> None:
    children = [(f"https://www.daily.example/sitemap-2024-{month:02}.xml", "2024-06-01") for month in range(1, 6)]
    assert read(index(*children)).more == tuple(
        f"https://www.daily.example/sitemap-2024-{month:02}.xml" for month in (5, 4, 3)
    )
    by_query = [(f"https://www.daily.example/sitemap.xml?yyyy=2024&amp;mm=05&amp;dd={day:02}", None) for day in (1, 2)]
    assert read(index(*by_query)).more[0].endswith("dd=02")


def test_of_numbered_children_both_ends_are_read() -> None:
    children = [(f"https://www.daily.example/post-sitemap{number}.xml", None) for number in range(1, 30)]
    assert read(index(*children)).more == tuple(
        f"https://www.daily.example/post-sitemap{number}.xml" for number in (29, 28, 1)
    )


def test_an_index_leads_neither_to_itself_nor_to_another_site() -> None:
    listing = read(
        index(
            (URL, "2024-05-03"),
            ("http://www.daily.example/sitemap.xml/", "2024-05-03"),
            ("https://other.example/sitemap.xml", "2024-05-03"),
            ("http://169.254.169.254/latest/meta-data", None),
            ("file:///etc/passwd", None),
            ("https://maps.daily.example/a.xml", None),
        )
    )
    assert listing.more == ("https://maps.daily.example/a.xml",)


def test_a_packed_sitemap_is_read() -> None:
    document = urlset(news("https://www.daily.example/a/1", "أ", "2024-05-01T10:00:00Z")).encode()
    assert len(read(gzip.compress(document)).entries) == 1
    assert unpacked(gzip.compress(document) * 2) == document
    assert unpacked(gzip.compress(b"x" * 300_000)[:-20])[:100] == b"x" * 100


def test_a_packed_bomb_is_cut() -> None:
    assert len(unpacked(gzip.compress(b" " * (MAX_UNPACKED * 4)))) == MAX_UNPACKED
    twice = gzip.compress(gzip.compress(urlset(page("https://www.daily.example/a/123456")).encode()))
    with pytest.raises(NotAListing):
        read(twice)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(urlset(page("https://www.daily.example/a/1234?x=1&y=2")), id="bare ampersand"),
        pytest.param(urlset(page("https://www.daily.example/a/1234"), namespaces=""), id="no namespace"),
        pytest.param(
            urlset(page("https://www.daily.example/a/1234"), namespaces='xmlns="https://www.google.com/x"'), id="other"
        ),
        pytest.param(urlset(page("https://www.daily.example/a/1234"))[:-9], id="cut off"),
        pytest.param("\n\n" + urlset(page("\n https://www.daily.example/a/1234 \n")), id="blank lines"),
        pytest.param(urlset(page("https://www.daily.example/a/1234")).encode("utf-16"), id="utf-16"),
        pytest.param(urlset(page("/a/1234")), id="relative"),
        pytest.param(urlset("<url><loc><![CDATA[https://www.daily.example/a/1234]]></loc></url>"), id="cdata"),
        pytest.param(urlset(page("https://www.daily.example/a/1234", "0000-00-00")), id="no date"),
        pytest.param(urlset(page("https://www.daily.example/a/1234", "9999-12-31T23:59:59-14:00")), id="far date"),
        pytest.param("https://www.daily.example/\nhttps://www.daily.example/a/1234\n", id="text"),
        pytest.param(
            '<rss version="2.0"><channel><item><title>أ</title><link>https://www.daily.example/a/1234</link></item>'
            "</channel></rss>",
            id="rss",
        ),
    ],
)
def test_untidy_sitemaps_are_read(document: str | bytes) -> None:
    (entry,) = read(document).entries
    assert (entry.url or "").startswith("https://www.daily.example/a/1234")


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("", "empty"),
        ("<!doctype html><html><body><p>404</p></body></html>", "web page"),
        ('{"urls": []}', "JSON"),
        ("none here", "plain text"),
        ("<opml/>", "not a sitemap"),
        ("<", "cannot be read"),
        (urlset(f"<url {'a' * 70_000}=''></url>"), "safely"),
        ('<!DOCTYPE urlset [<!ENTITY a "aaaa">]>' + urlset(page("&a;")), "safely"),
    ],
)
def test_what_is_no_sitemap_is_named(document: str, said: str) -> None:
    with pytest.raises(NotAListing, match=said):
        read(document)


times = st.none() | st.datetimes(timezones=st.just(UTC))
hosts = st.sampled_from(["https://www.daily.example", "http://daily.example", "https://other.example", "", "ftp://x"])
names = st.text("abcdn-_/.?=&%0123456789", max_size=30) | st.sampled_from(
    ["/sitemap.xml", "/news.xml", "/sitemap-2024-05.xml", "/post-sitemap12.xml", "/sitemap-2024-99.xml", "/1999/31/31"]
)


@given(st.lists(st.tuples(st.builds(str.__add__, hosts, names), times), max_size=30))
def test_children_are_few_of_the_same_site_and_never_the_index_itself(
    children: list[tuple[str, datetime | None]],
) -> None:
    chosen = choose_children(children, url=URL)
    assert len(chosen) == len(set(chosen)) <= MAX_CHILDREN
    assert all(same_site(address, URL) and address.rstrip("/") != URL for address in chosen)
    assert set(chosen) == set(choose_children([*children, *children], url=URL))
