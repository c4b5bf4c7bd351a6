from __future__ import annotations

import time

import pytest

from crawler.entries import MAX_ENTRIES, Entry, Listing, NotAListing
from crawler.feeds.reading import parse_feed

URL = "https://daily.example/feed/"
HEADLINE = "سدّ الرستن يستقبل أول واردات الشتاء"


def rss(*items: str, declaration: str = "", doctype: str = "") -> str:
    head = "<title>يومية الوادي</title><link>https://daily.example/</link><language>ar</language><ttl>15</ttl>"
    return f'{declaration}{doctype}<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'


def item(title: str = HEADLINE, link: str = "https://daily.example/1", rest: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{rest}</item>"


def parse(document: str | bytes, *, content_type: str | None = None) -> Listing:
    body = document.encode() if isinstance(document, str) else document
    return parse_feed(body, url=URL, content_type=content_type)


def only_entry(document: str | bytes, *, content_type: str | None = None) -> Entry:
    (entry,) = parse(document, content_type=content_type).entries
    return entry


def declared(label: str) -> str:
    return f'<?xml version="1.0" encoding="{label}"?>'


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(rss(item()).encode(), None, id="utf-8"),
        pytest.param(rss(item(), declaration=declared("windows-1256")).encode("cp1256"), None, id="windows-1256"),
        pytest.param(rss(item()).encode("cp1256"), None, id="windows-1256 undeclared"),
        pytest.param(rss(item(), declaration=declared("utf-8")).encode("cp1256"), None, id="windows-1256 called utf-8"),
        pytest.param(rss(item()).encode("cp1256"), "text/xml; charset=iso-8859-1", id="served as latin-1"),
        pytest.param(rss(item(), declaration=declared("windows-1256")).encode(), None, id="utf-8 called windows-1256"),
        pytest.param(rss(item(), declaration=declared("zlib_codec")).encode(), None, id="codec that is no text"),
        pytest.param(rss(item()).encode("utf-8-sig"), None, id="mark"),
        pytest.param(rss(item(), declaration=declared("utf-16")).encode("utf-16"), None, id="utf-16 with mark"),
        pytest.param(rss(item(), declaration=declared("utf-16")).encode("utf-16-le"), None, id="utf-16 without"),
        pytest.param(rss(item(), item("خبر \x00\x0b ثان")).encode(), None, id="control characters"),
        pytest.param(
            rss(item(), item("ثان")).encode().replace("ثان".encode(), b"\xd8\xab\xff"), None, id="one bad byte"
        ),
        pytest.param(b"\n\n  " + rss(item(), declaration=declared("utf-8")).encode(), None, id="blank lines first"),
        pytest.param(rss(item(), doctype='<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]>').encode(), None, id="doctype"),
        pytest.param(rss(item(), item("A & B &nbsp; C")).encode(), None, id="bare ampersand"),
        pytest.param(rss(item())[: -len("</channel></rss>")].encode(), None, id="cut off"),
        pytest.param(rss(item(f"<![CDATA[{HEADLINE}]]>")).encode(), "text/html", id="served as a page"),
        pytest.param(rss(item(f"<![CDATA[<b>{HEADLINE}</b> ]]>")).encode(), None, id="markup in cdata"),
        pytest.param(rss(item(f"&lt;b&gt;{HEADLINE}&lt;/b&gt;")).encode(), None, id="escaped markup"),
        pytest.param(rss(item(f"<b>{HEADLINE}</b>")).encode(), None, id="markup within the title"),
    ],
)
def test_the_headline_is_read(body: bytes, content_type: str | None) -> None:
    feed = parse(body, content_type=content_type)
    assert feed.entries[0].title == HEADLINE
    assert feed.entries[0].url == "https://daily.example/1"


def test_a_feed_says_whose_it_is_and_when_to_ask_again() -> None:
    feed = parse(rss(item()))
    assert (feed.title, feed.homepage, feed.language) == ("يومية الوادي", "https://daily.example/", "ar")
    assert feed.ttl_s == 15 * 60


@pytest.mark.parametrize(
    ("ttl", "seconds"), [("0", None), ("x", None), ("-5", None), ("99999999", 7 * 86400), ("²", None)]
)
def test_an_absurd_ttl_is_bounded_or_ignored(ttl: str, seconds: int | None) -> None:
    assert parse(rss(item()).replace("<ttl>15", f"<ttl>{ttl}")).ttl_s == seconds


def test_everything_an_entry_says_is_kept_as_plain_text() -> None:
    entry = only_entry(
        rss(
            item(
                rest="<guid isPermaLink='false'>w-1</guid><pubDate>Tue, 03 Dec 2024 08:15:00 +0300</pubDate>"
                "<author>ريم الحسن</author>"
                "<category>محليات</category><category>محليات</category><category>مياه</category>"
                "<description>&lt;p&gt;خلاصة &amp;amp; أكثر [&amp;hellip;]&lt;/p&gt;</description>"
                '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/"><![CDATA[<p>فقرة'
                " <a href='/x'>أولى</a>.</p><script>x()</script><p>ثانية<br/>ثالثة</p><img src='/dam.jpg'>"
                "<p>ظهرت المقالة <a>سد</a> أولاً على <a>يومية الوادي</a>.</p>]]></content:encoded>"
            )
        )
    )
    assert entry.guid == "w-1"
    assert entry.author == "ريم الحسن"
    assert entry.tags == ("محليات", "مياه")
    assert entry.summary == "خلاصة & أكثر"
    assert entry.text == "فقرة أولى.\n\nثانية\n\nثالثة"
    assert entry.image_url == "https://daily.example/dam.jpg"
    assert str(entry.published_at) == "2024-12-03 05:15:00+00:00"


def test_a_description_serves_as_text_when_there_is_no_other() -> None:
    entry = only_entry(rss(item(rest="<description>كلام</description>")))
    assert entry.text == entry.summary == "كلام"


def test_captions_belong_to_the_text() -> None:
    entry = only_entry(
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><entry><id>yt:1</id>'
        '<title>نشرة</title><link rel="alternate" href="https://daily.example/v"/><updated>2024-12-03T08:15:00Z</updated>'
        '<media:group><media:thumbnail url="https://daily.example/t.jpg"/>'
        "<media:description>وصف النشرة</media:description>"
        "</media:group></entry></feed>"
    )
    assert entry.text == "وصف النشرة"
    assert entry.image_url == "https://daily.example/t.jpg"


def test_rdf_and_old_atom_are_feeds_too() -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>ق</title>'
        "<link>https://daily.example/</link>"
        '</channel><item rdf:about="https://daily.example/1"><title>خبر</title><link>https://daily.example/1</link>'
        "<dc:date>2024-12-03T08:15:00+03:00</dc:date><dc:creator>ريم</dc:creator></item></rdf:RDF>"
    )
    atom03 = (
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>ق</title><entry><title>خبر</title>'
        '<link rel="alternate" href="/1"/><id>tag:1</id><issued>2024-12-03T08:15:00+03:00</issued></entry></feed>'
    )
    for document in (rdf, atom03):
        entry = only_entry(document)
        assert (entry.title, entry.url) == ("خبر", "https://daily.example/1")
        assert str(entry.published_at) == "2024-12-03 05:15:00+00:00"


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/2024/1", "https://daily.example/2024/1"),
        ("story.html", "https://daily.example/feed/story.html"),
        ("//cdn.example/1", "https://cdn.example/1"),
        ("https://daily.example/?a=1&amp;amp;b=2", "https://daily.example/?a=1&b=2"),
        ("javascript:alert(1)", None),
        ("mailto:x@daily.example", None),
        ("http://[broken", None),
        ("https://daily.example/" + "x" * 5000, None),
        ("", None),
    ],
)
def test_links_are_absolute_web_addresses_or_none(link: str, url: str | None) -> None:
    assert only_entry(rss(item(link=link))).url == url


def test_an_entry_that_breaks_the_parser_costs_only_itself() -> None:
    feed = parse(rss(item("أ"), item("ب", link="http://[broken"), item("ج")))
    assert [entry.title for entry in feed.entries if entry.url] == ["أ", "ج"]


def test_a_permalink_guid_serves_as_link() -> None:
    entry = only_entry(rss("<item><title>خبر</title><guid>https://daily.example/?p=7</guid></item>"))
    assert entry.url == entry.guid == "https://daily.example/?p=7"


def test_entries_without_or_with_equal_guids_all_come() -> None:
    feed = parse(rss(item("أ"), item("ب", rest="<guid>1</guid>"), item("ج", rest="<guid>1</guid>")))
    assert [(entry.title, entry.guid) for entry in feed.entries] == [("أ", None), ("ب", "1"), ("ج", "1")]


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("الثلاثاء 3 كانون الأول 2024", "2024-12-03 00:00:00+00:00"),
        ("Di, 03 Dez 2024 08:15:00 +0100", "2024-12-03 07:15:00+00:00"),
        ("0000-00-00 00:00:00", None),
        ("Tue, 03 Dec 0024 08:15:00 GMT", None),
        ("Tue, 03 Dec 2024 08:15 GMT+3", "2024-12-03 05:15:00+00:00"),
    ],
)
def test_odd_dates_never_hurt(written: str, utc: str | None) -> None:
    found = only_entry(rss(item(rest=f"<pubDate>{written}</pubDate>"))).published_at
    assert (str(found) if found else None) == utc


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "The document is empty."),
        (b"  \n", "The document is empty."),
        (b"<!DOCTYPE html><html><body><p>x</p></body></html>", "This is a web page, not a feed."),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "This is not a feed: the document has no list of items."),
        (b'{"items": []}', "This is JSON, but no JSON Feed."),
        (b'{"items": [', "This looks like JSON, but cannot be read as such."),
        (b"/etc/passwd", "This is plain text, not a feed."),
        (b"http://127.0.0.1/feed", "This is plain text, not a feed."),
        (b"<sitemapindex><sitemap/></sitemapindex>", "This is not a feed: the document lists no entries"),
        (b"<rss " + b'a="1" ' * 30_000 + b"/>", "This cannot be read safely: one tag"),
    ],
)
def test_what_is_no_feed_is_refused_in_words(body: bytes, reason: str) -> None:
    with pytest.raises(NotAListing, match=f"^{reason}"):
        parse(body)


def test_a_feed_may_be_empty() -> None:
    assert parse(rss()).entries == ()


@pytest.mark.parametrize(
    "doctype",
    [
        pytest.param('<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>', id="file"),
        pytest.param('<!DOCTYPE r [<!ENTITY a SYSTEM "http://127.0.0.1:9/x">]>', id="address"),
        pytest.param(
            '<!DOCTYPE r [<!ENTITY z "haha">'
            + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("zyxwvutsr", "yxwvutsra", strict=True))
            + "]>",
            id="billion laughs",
        ),
    ],
)
def test_entities_are_neither_fetched_nor_multiplied(doctype: str) -> None:
    try:
        feed = parse(rss(item("&a;"), doctype=doctype))
    except NotAListing:
        return
    assert all("root:" not in entry.title and len(entry.title) <= 1_000 for entry in feed.entries)


def test_entries_and_fields_are_bounded() -> None:
    long = "كلمة " * 100_000
    feed = parse(rss(*(item(f"خبر {n}", f"/{n}") for n in range(MAX_ENTRIES + 100)), item(long)))
    assert len(feed.entries) == MAX_ENTRIES
    entry = only_entry(rss(item(long, rest=f"<description>{long}</description>" + "<category>س</category>" * 500)))
    assert len(entry.title) <= 1_000
    assert len(entry.summary) <= 10_000
    assert len(entry.text) <= 200_000


def test_a_hundred_thousand_entries_cost_no_more_than_the_first_two_thousand() -> None:
    body = rss(*(item(f"خبر {n}", f"/{n}") for n in range(100_000)))
    begun = time.process_time()
    assert len(parse(body).entries) == MAX_ENTRIES
    assert time.process_time() - begun < 5


def test_text_from_feeds_is_safe_to_store() -> None:
    entry = only_entry(rss(item("خبر&#x202E;مقلوب&#0;&#xD800; &amp;#x202E; &amp;#0;")))
    assert not set(entry.title) & {"\u202e", "\0", "\ud800"}
