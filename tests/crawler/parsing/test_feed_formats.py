"""Every format a feed can have says the same, and what it says of other documents is kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from benchmarks.feeds import differences
from benchmarks.sample_feeds import Sample, sample_feeds
from crawler.entries import Entry, Listing, NotAListing
from crawler.feeds.elements import Doubtful
from crawler.feeds.reading import parse_feed, read_fast

URL = "https://daily.example/feed"
TITLE = "وصول الدفعة الأولى من القمح إلى المرفأ"
LINK = "https://daily.example/news/1"
TIME = datetime(2024, 12, 3, 5, 15, tzinfo=UTC)

RSS_BODY = f"<title>{TITLE}</title><link>{LINK}</link>"
DUBLIN_CORE = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
PUBLISHED = "<pubDate>Tue, 03 Dec 2024 08:15:00 +0300</pubDate>"
ATOM_ENTRY = f'<title>{TITLE}</title><link rel="alternate" href="{LINK}"/><id>tag:1</id>'


def rss(version: str, item: str, *, namespaces: str = "") -> str:
    channel = f"<title>يومية</title><link>https://daily.example/</link><item>{item}</item>"
    return f'<rss version="{version}" {namespaces}><channel>{channel}</channel></rss>'


def rdf(namespace: str, item: str) -> str:
    return (
        f'<rdf:RDF {RDF} {DUBLIN_CORE} xmlns="{namespace}"><channel><title>يومية</title>'
        f"<link>https://daily.example/</link></channel><item>{item}</item></rdf:RDF>"
    )


def atom(namespace: str, entry: str, *, version: str = "") -> str:
    return (
        f'<feed {version} xmlns="{namespace}"><title>يومية</title><link rel="alternate" href="https://daily.example/"/>'
        f"<entry>{entry}</entry></feed>"
    )


def json_feed(version: str, item: dict[str, Any], **feed: Any) -> str:
    said = {"version": f"https://jsonfeed.org/version/{version}", "title": "يومية"}
    return json.dumps(said | {"home_page_url": "https://daily.example/", "items": [item]} | feed)


def read(document: str) -> Listing:
    return parse_feed(document.encode(), url=URL, content_type=None)


def only_entry(document: str) -> Entry:
    (entry,) = read(document).entries
    return entry


@pytest.mark.parametrize(
    ("document", "dated"),
    [
        pytest.param(rdf("http://my.netscape.com/rdf/simple/0.9/", RSS_BODY), False, id="RSS 0.90"),
        pytest.param(rss("0.91", RSS_BODY), False, id="RSS 0.91"),
        pytest.param(
            '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
            '"http://my.netscape.com/publish/formats/rss-0.91.dtd">' + rss("0.91", RSS_BODY),
            False,
            id="RSS 0.91 of Netscape",
        ),
        pytest.param(rss("0.92", RSS_BODY), False, id="RSS 0.92"),
        pytest.param(rss("0.93", RSS_BODY + PUBLISHED), True, id="RSS 0.93"),
        pytest.param(rss("0.94", RSS_BODY + PUBLISHED), True, id="RSS 0.94"),
        pytest.param(
            rdf("http://purl.org/rss/1.0/", RSS_BODY + "<dc:date>2024-12-03T08:15:00+03:00</dc:date>"),
            True,
            id="RSS 1.0",
        ),
        pytest.param(rss("2.0", RSS_BODY + PUBLISHED), True, id="RSS 2.0"),
        pytest.param(
            rss("2.0", RSS_BODY + "<dc:date>2024-12-03T05:15:00Z</dc:date>", namespaces=DUBLIN_CORE),
            True,
            id="RSS 2.0 with Dublin Core",
        ),
        pytest.param(f"<channel><item>{RSS_BODY}{PUBLISHED}</item></channel>", True, id="a channel alone"),
        pytest.param(
            atom(
                "http://purl.org/atom/ns#",
                ATOM_ENTRY + "<issued>2024-12-03T08:15:00+03:00</issued>",
                version='version="0.3"',
            ),
            True,
            id="Atom 0.3",
        ),
        pytest.param(
            atom("http://www.w3.org/2005/Atom", ATOM_ENTRY + "<updated>2024-12-03T08:15:00+03:00</updated>"),
            True,
            id="Atom 1.0",
        ),
        pytest.param(
            json_feed("1", {"id": 7, "url": LINK, "title": TITLE, "date_published": "2024-12-03T08:15:00+03:00"}),
            True,
            id="JSON Feed 1.0",
        ),
        pytest.param(
            json_feed("1.1", {"id": "7", "url": LINK, "title": TITLE, "date_published": "2024-12-03T05:15:00Z"}),
            True,
            id="JSON Feed 1.1",
        ),
    ],
)
def test_every_format_says_the_same(document: str, dated: bool) -> None:
    listing = read(document)
    (entry,) = listing.entries
    assert (entry.title, entry.url) == (TITLE, LINK)
    assert entry.published_at == (TIME if dated else None)
    assert entry.modified_at is None


@pytest.mark.parametrize(
    "document",
    [
        atom(
            "http://www.w3.org/2005/Atom",
            ATOM_ENTRY + "<published>2024-12-03T05:15:00Z</published><updated>2024-12-03T09:00:00Z</updated>",
        ),
        atom(
            "http://purl.org/atom/ns#",
            ATOM_ENTRY + "<issued>2024-12-03T05:15:00Z</issued><modified>2024-12-03T09:00:00Z</modified>",
        ),
        rss("2.0", RSS_BODY + PUBLISHED + "<dc:date>2024-12-03T09:00:00Z</dc:date>", namespaces=DUBLIN_CORE),
        rss("2.0", RSS_BODY + "<dc:date>2024-12-03T09:00:00Z</dc:date>" + PUBLISHED, namespaces=DUBLIN_CORE),
        json_feed(
            "1.1",
            {"id": "1", "url": LINK, "date_published": "2024-12-03T05:15:00Z", "date_modified": "2024-12-03T09:00:00Z"},
        ),
    ],
)
def test_a_later_change_is_told_from_the_publication(document: str) -> None:
    entry = only_entry(document)
    assert (entry.published_at, entry.modified_at) == (TIME, datetime(2024, 12, 3, 9, tzinfo=UTC))


def test_a_change_before_the_publication_cannot_be_right() -> None:
    times = "<published>2024-12-03T05:15:00Z</published><updated>2024-12-03T05:14:59Z</updated>"
    assert only_entry(atom("http://www.w3.org/2005/Atom", ATOM_ENTRY + times)).modified_at is None


LINKS = (
    '<{0} rel="self" href="https://daily.example/feed.xml"/><{0} rel="hub" href="https://hub.example/"/>'
    '<{0} rel="hub" href="https://second.example/"/><{0} rel="next" href="/feed?page=2"/>'
)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(
            rss("2.0", RSS_BODY, namespaces='xmlns:a="http://www.w3.org/2005/Atom"').replace(
                "<item>", f"{LINKS.format('a:link')}<item>"
            ),
            id="RSS",
        ),
        pytest.param(
            atom("http://www.w3.org/2005/Atom", ATOM_ENTRY + "<updated>2024-12-03T05:15:00Z</updated>").replace(
                "<entry>", f"{LINKS.format('link')}<entry>"
            ),
            id="Atom",
        ),
        pytest.param(
            rss("2.0", RSS_BODY + "&nbsp;", namespaces='xmlns:a="http://www.w3.org/2005/Atom"').replace(
                "<item>", f"{LINKS.format('a:link')}<item>"
            ),
            id="not well-formed",
        ),
        pytest.param(
            json_feed(
                "1.1",
                {"id": "1", "url": LINK},
                feed_url="https://daily.example/feed.xml",
                next_url="/feed?page=2",
                hubs=[
                    {"type": "rssCloud", "url": "https://cloud.example/"},
                    {"type": "WebSub", "url": "https://hub.example/"},
                ],
            ),
            id="JSON",
        ),
    ],
)
def test_hub_topic_and_older_entries_are_found(document: str) -> None:
    listing = read(document)
    assert (listing.hub, listing.topic) == ("https://hub.example/", "https://daily.example/feed.xml")
    assert listing.older == "https://daily.example/feed?page=2"


def test_an_archive_outranks_the_next_page() -> None:
    links = LINKS.format("link") + '<link rel="prev-archive" href="/2024/11"/>'
    document = atom("http://www.w3.org/2005/Atom", ATOM_ENTRY + "<updated>2024-12-03T05:15:00Z</updated>")
    assert read(document.replace("<entry>", f"{links}<entry>")).older == "https://daily.example/2024/11"


def test_a_hub_that_is_no_web_address_is_none() -> None:
    links = '<a:link rel="hub" href="javascript:x"/><a:link rel="self" href="/feed"/>'
    listing = read(
        rss("2.0", RSS_BODY, namespaces='xmlns:a="http://www.w3.org/2005/Atom"').replace("<item>", f"{links}<item>")
    )
    assert (listing.hub, listing.topic) == (None, None)


def test_a_json_feed_says_everything_as_plain_text() -> None:
    entry = only_entry(
        json_feed(
            "1.1",
            {
                "id": 12,
                "external_url": "/news/12",
                "title": "أ < ب & ج",
                "content_html": "<p>فقرة</p><p>ثانية</p>",
                "content_text": "غيره",
                "summary": "خلاصة <b>كما هي</b>",
                "image": "/i.jpg",
                "authors": [{"url": "https://x.example"}, {"name": "هند"}],
                "tags": ["محليات", 5, "<ماء>"],
            },
        )
    )
    assert (entry.guid, entry.url, entry.title) == ("12", "https://daily.example/news/12", "أ < ب & ج")
    assert (entry.text, entry.summary) == ("فقرة\n\nثانية", "خلاصة <b>كما هي</b>")
    assert (entry.author, entry.tags) == ("هند", ("محليات", "<ماء>"))
    assert entry.image_url == "https://daily.example/i.jpg"


def test_a_json_feed_may_hold_plain_text_and_an_author_as_in_its_first_version() -> None:
    entry = only_entry(json_feed("1", {"id": "1", "content_text": "سطر\nآخر", "author": {"name": "ريم"}}))
    assert (entry.title, entry.url, entry.text, entry.author) == ("", None, "سطر\n\nآخر", "ريم")


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"id": True},
        {"id": {"a": 1}},
        {"tags": "x"},
        {"authors": "x"},
        {"url": 5},
        {"date_published": ["x"]},
        {"id": "\ud800"},
    ],
)
def test_absurd_items_of_a_json_feed_do_no_harm(item: dict[str, Any]) -> None:
    for text in (only_entry(json_feed("1.1", item)).guid or "", only_entry(json_feed("1.1", item)).title):
        text.encode()


@pytest.mark.parametrize(
    "body", ["[" * 200_000, '{"a":' * 200_000, '{"version": 1}', "[1]", '{"items": ' + "9" * 9_000 + "}"]
)
def test_other_json_is_refused_in_words(body: str) -> None:
    with pytest.raises(NotAListing, match="JSON"):
        read(body)


def test_a_parameter_called_copy_stays_what_it_is() -> None:
    item = f"<title>{TITLE}</title><link>https://daily.example/?a=1&amp;copy=2&amp;amp;reg=3</link>"
    assert only_entry(rss("2.0", item)).url == "https://daily.example/?a=1&copy=2&reg=3"


@pytest.mark.parametrize("sample", sample_feeds(), ids=lambda sample: sample.name)
def test_the_sample_feeds_are_read_as_feedparser_reads_them(sample: Sample) -> None:
    assert len(parse_feed(sample.body, url=sample.url, content_type=sample.content_type).entries) >= 10
    try:
        read_fast(sample.body, url=sample.url)
    except Doubtful:
        return
    assert differences(sample) == []


@pytest.mark.parametrize(
    "bad",
    [
        b"\xed\xa0\x80",
        b"\xc0\xaf",
        b"\xf8\x88\x80\x80\x80",
        b"\xff",
        b"\xf4\x90\x80\x80",
        b"\xef\xbf\xbf",
        b"\x00",
        b"\x0b",
    ],
)
@pytest.mark.parametrize("place", ["<title>", "<title><![CDATA[", '<category domain="'])
def test_what_is_not_utf_8_or_not_xml_never_takes_the_fast_way(bad: bytes, place: str) -> None:
    start, _, end = (
        rss("2.0", f'<category domain="x">y</category>{RSS_BODY}').encode().partition(place.partition("<!")[0].encode())
    )
    with pytest.raises(Doubtful):
        read_fast(start + place.encode() + bad + (b"]]>" if "CDATA" in place else b"") + end, url=URL)


def test_a_document_type_behind_a_long_comment_never_takes_the_fast_way() -> None:
    comment = f"<!-- <rss> {'x' * 10_000} -->"
    with pytest.raises(Doubtful):
        read_fast((comment + '<!DOCTYPE rss [<!ENTITY a "b">]>' + rss("2.0", RSS_BODY)).encode(), url=URL)
