"""Whatever the bytes, a reader gives a bounded listing or says in words what the document is instead."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.documents.fields import MAX_LINE, MAX_TAGS, MAX_TEXT
from crawler.entries import MAX_ENTRIES, Listing, NotAListing
from crawler.listings.reading import read_listing
from crawler.parsing.wire import decode_answer, write_answer
from monitors.outlets import SourceKind
from tests.crawler.listings.channel_pages import channel, message, text

URL = "https://daily.example/list"
OURS = (SourceKind.SITEMAP, SourceKind.WORDPRESS, SourceKind.SECTION, SourceKind.CHANNEL)

tokens = st.sampled_from(
    [
        *("<urlset>", "</urlset>", "<url>", "</url>", "<loc>", "</loc>", "https://daily.example/a/1234", "<news:news>"),
        *(
            "<sitemapindex>",
            "<sitemap>",
            "<news:title>",
            "2024-05-01",
            "<lastmod>",
            "&amp;",
            "&#0;",
            "&#xd800;",
            "<!--",
        ),
        *('<a href="/local/4712">', "</a>", "<h3>", "<nav>", "<base href='http://['>", "<time datetime=2024>", "<p>"),
        *(
            '<div class="tgme_widget_message" data-post="a/1">',
            '<div class="tgme_widget_message_text">',
            "<br>",
            "</div>",
        ),
        *("[", "{", '"link":', '"https://daily.example/x"', '"title":', '{"rendered":', "}", "]", ",", "null", "1e999"),
        *(
            "سد الرستن",
            "\0",
            "\ud800",
            "\u202e",
            "\ufeff",
            "<![CDATA[",
            "]]>",
            "<?xml version='1.0' encoding='utf-16'?>",
        ),
    ]
)
documents = st.one_of(
    st.binary(max_size=400),
    st.lists(tokens, max_size=40).map(lambda parts: "".join(parts).encode("utf-8", "surrogatepass")),
    st.lists(tokens, max_size=20).map(lambda parts: gzip.compress("".join(parts).encode("utf-8", "surrogatepass"))),
)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["link", "guid", "title", "content", "rendered", "protected", "_embedded", "author", "wp:term", "name"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


def read(body: bytes, kind: str) -> Listing | None:
    try:
        return read_listing(
            body, kind=kind, url=URL, content_type=None, known=("https://daily.example/a/1", "http://[")
        )
    except NotAListing:
        return None


def check(listing: Listing) -> None:
    assert len(listing.entries) <= MAX_ENTRIES
    assert len(listing.more) <= 3
    for entry in listing.entries:
        assert entry.url is None or entry.url.startswith(("https://", "http://"))
        assert max(len(entry.title), len(entry.guid or ""), len(entry.author or "")) <= MAX_LINE
        assert max(len(entry.summary), len(entry.text)) <= MAX_TEXT
        assert len(entry.tags) <= MAX_TAGS
        for line in (entry.title, entry.text, entry.url or "", entry.image_url or "", *entry.tags):
            assert "\0" not in line
            line.encode()


@settings(max_examples=300)
@given(documents, st.sampled_from(OURS))
@example(b"<?xml version='1.0'?><urlset><url><loc>\xff\xfe</loc></url>", SourceKind.SITEMAP)
def test_any_bytes_are_read_or_named(body: bytes, kind: SourceKind) -> None:
    if listing := read(body, kind):
        check(listing)


@settings(max_examples=200)
@given(
    st.lists(st.dictionaries(st.sampled_from(["link", "guid", "title", "content", "_embedded"]), values), max_size=4)
)
def test_any_json_is_read_or_named(posts: list[Any]) -> None:
    if listing := read(json.dumps(posts).encode(), SourceKind.WORDPRESS):
        check(listing)


def big(part: str, times: int) -> str:
    return part * times


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        pytest.param("sitemap", gzip.compress(b"<urlset>" + b"<url><loc>" * 3_000_000), id="bomb of elements"),
        pytest.param("sitemap", gzip.compress(b"\0" * 50_000_000), id="bomb of nothing"),
        pytest.param("sitemap", big("<a>", 200_000).encode(), id="depth"),
        pytest.param("sitemap", b"<urlset>" + big("<url><loc>/a/1234</loc>", 5_000).encode(), id="deep urls"),
        pytest.param("sitemap", b"<sitemapindex>" + b"<sitemap><loc>/list</loc></sitemap>" * 60_000, id="itself"),
        pytest.param("wordpress", b"[" * 2_000_000, id="deep json"),
        pytest.param("wordpress", b'[{"link":' * 50_000, id="deep objects"),
        pytest.param("wordpress", json.dumps([{"link": "x", "title": "<" * 500_000}]).encode(), id="open tags"),
        pytest.param("wordpress", json.dumps([{"link": "x", "content": "[vc_" * 300_000}]).encode(), id="shortcodes"),
        pytest.param("wordpress", json.dumps([{"link": "x", "content": "<img " * 100_000}]).encode(), id="open images"),
        pytest.param("wordpress", json.dumps([{"link": "x"}] * 50_000).encode(), id="many posts"),
        pytest.param(
            "section",
            "".join(f"<li><a href='/a/{n}/'>كلمات من عنوان طويل {n}</a>" for n in range(100_000)).encode(),
            id="100,000 links",
        ),
        pytest.param("section", big("<div><a href=/a/4712><h2>", 100_000).encode(), id="deep cards"),
        pytest.param("section", big("<h2><a href=/a/4712>خبر طويل من الوادي</a></h2>", 60_000).encode(), id="one link"),
        pytest.param("section", f"<a href='/{'a-' * 30_000}'>x</a>".encode() * 20, id="long addresses"),
        pytest.param("section", f"<a href='/a?{'&'.join(f'a{n}=1' for n in range(300))}'>x</a>".encode(), id="queries"),
        pytest.param("channel", channel(*(message(n, text("خبر من الوادي")) for n in range(20_000))), id="messages"),
        pytest.param(
            "channel",
            big(
                '<div class="tgme_widget_message" data-post="a/1"><div class="tgme_widget_message_text">a b c', 50_000
            ).encode(),
            id="deep messages",
        ),
        pytest.param("channel", channel(message(1, text("<b>" * 200_000 + "خبر من الوادي"))), id="deep text"),
        pytest.param("channel", channel(message(1, text("كلمة<br>" * 200_000))), id="long text"),
    ],
)
def test_what_is_made_to_exhaust_a_reader_is_bounded(kind: str, body: bytes) -> None:
    if listing := read(body, kind):
        check(listing)


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(NotAListing, match="radio"):
        read_listing(b"x", kind="radio", url=URL, content_type=None)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (SourceKind.CHANNEL, channel(message(11, text("خبر أول من الوادي #حمص")), before=11)),
        (SourceKind.SITEMAP, b"<sitemapindex><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>"),
        (SourceKind.SITEMAP, b"<urlset><url><loc>/a/1234</loc><lastmod>2024-05-01</lastmod></url></urlset>"),
    ],
)
def test_what_a_child_reads_arrives_unchanged(kind: SourceKind, body: bytes) -> None:
    listing = read(body, kind)
    assert listing is not None
    answers = io.BytesIO()
    write_answer(answers, listing)
    assert decode_answer(answers.getvalue()[4:]) == listing
