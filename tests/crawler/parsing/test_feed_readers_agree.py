"""Where the fast reader accepts a feed, feedparser reads the same id, link, title and date."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.entries import Entry
from crawler.feeds.elements import Doubtful
from crawler.feeds.mending import Beyond, with_mended_ampersands
from crawler.feeds.reading import clean_feed, read_fast
from crawler.feeds.strict import read_strictly
from crawler.feeds.tolerant import read_tolerantly

URL = "https://daily.example/section/feed/"

words = st.text("ابتثجحخد يوم، «»&<>’abc 12.", min_size=1, max_size=30).filter(str.strip)
texts = words.flatmap(
    lambda text: st.sampled_from(
        [
            escape(text),
            f"<![CDATA[{text}]]>",
            escape(f"<b>{text}</b>"),
            f"\n  {escape(text)}\n",
            f"{escape(text)} &#8220;قال&#8221;",
            escape(escape(text)),
        ]
    )
)
links = st.sampled_from(
    [
        "https://daily.example/2024/05/01/story/",
        "/2024/05/01/story/?p=12&amp;utm_source=rss",
        "story.html",
        "https://daily.example/%d8%a3/?a=1&amp;b=2",
        "\n https://daily.example/x \n",
        "<![CDATA[https://daily.example/cdata?x=1&y=2]]>",
        "//daily.example/y",
        "mailto:desk@daily.example",
    ]
)
guids = st.sampled_from(
    [
        "<guid>https://daily.example/?p=12</guid>",
        '<guid isPermaLink="false">daily-12</guid>',
        '<guid isPermaLink="true">https://daily.example/?p=13</guid>',
        "<guid></guid>",
        "",
        "<guid> 77 </guid>",
        "<guid isPermaLink='false'>tag:daily.example,2024:77</guid>",
    ]
)
times = st.sampled_from(
    [
        "Wed, 01 May 2024 10:20:30 GMT",
        "Wed, 01 May 2024 10:20:30 +0300",
        "Wed, 1 May 2024 10:20 EST",
        "01 May 24 10:20:30 Z",
        "2024-05-01T10:20:30Z",
        "2024-05-01T10:20:30.123+03:00",
        "2024-05-01 10:20:30",
        "2024-05-01",
        "Wed May 01 10:20:30 2024",
        "Mi, 01 Mai 2024 10:20:30 +0200",
        "yesterday",
        "",
        "Wed, 01 May 2024 25:20:30 GMT",
        "Thu, 01 May 2024 10:20:30 -0730",
        "Wednesday, 01 May 2024 10:20:30 PDT",
    ]
)
extras = st.sampled_from(
    [
        "",
        "<category>سياسة</category><category>عاجل</category>",
        "<dc:creator>هند</dc:creator>",
        '<enclosure url="https://daily.example/a.jpg" type="image/jpeg" length="1"/>',
        '<media:content url="https://daily.example/a.jpg" medium="image"/>',
        '<media:content url="/a.jpg" medium="image"><media:title>صورة</media:title></media:content>',
        "<media:title>عنوان الصورة</media:title>",
        "<itunes:title>حلقة</itunes:title>",
        "<dc:title>عنوان آخر</dc:title>",
        '<atom:link rel="alternate" href="https://other.example/"/>',
        "<dc:date>2023-01-01T00:00:00Z</dc:date>",
        "<content:encoded><![CDATA[<p>متن</p>]]></content:encoded>",
        "<feedburner:origLink>https://daily.example/orig</feedburner:origLink>",
        "<link>https://daily.example/second</link>",
        "<title>ثان</title>",
        "<source url='https://other.example/feed'>مصدر</source>",
        "<image><url>https://daily.example/i.jpg</url><title>صورة</title></image>",
        "<comments>https://daily.example/c</comments>",
    ]
)
ATOM_LINKS = [
    '<link href="https://daily.example/a"/>',
    '<link rel="alternate" href="/b"/>',
    '<link rel="alternate" type="text/html" href="c.html"/>',
    '<link href="/d"/><link rel="alternate" href="/e"/>',
]
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


@st.composite
def rss_items(draw: st.DrawFn) -> str:
    parts = [
        f"<title>{draw(texts)}</title>",
        f"<link>{draw(links)}</link>",
        draw(guids),
        f"<pubDate>{draw(times)}</pubDate>",
        f"<description>{draw(texts)}</description>",
        draw(extras),
    ]
    return f"<item>{''.join(draw(st.permutations(parts)))}</item>"


@st.composite
def atom_entries(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["", ' type="text"', ' type="html"']))
    parts = [
        f"<title{kind}>{draw(texts)}</title>",
        draw(st.sampled_from(ATOM_LINKS)),
        draw(st.sampled_from(["<id>tag:daily.example,2024:1</id>", "<id>https://daily.example/a</id>", "<id/>", ""])),
        draw(st.sampled_from(["", "<published>2024-05-01T10:20:30+03:00</published>"])),
        f"<updated>{draw(times)}</updated>",
        draw(
            st.sampled_from(["", "<summary>خلاصة</summary>", '<content type="html">&lt;p&gt;متن&lt;/p&gt;</content>'])
        ),
        draw(st.sampled_from(["", "<author><name>هند</name></author>", '<link rel="enclosure" href="/e.mp3"/>'])),
        draw(
            st.sampled_from(
                ["", "<media:group><media:title>ع</media:title></media:group>", '<link rel="self" href="/s"/>']
            )
        ),
    ]
    return f"<entry>{''.join(draw(st.permutations(parts)))}</entry>"


def identity(entry: Entry) -> tuple[object, ...]:
    return entry.guid, entry.url, entry.title, entry.published_at, entry.modified_at


def assert_agreement(document: str) -> None:
    try:
        fast = read_fast(document.encode(), url=URL)
    except Doubtful:
        return
    slow = clean_feed(read_tolerantly(document), url=URL)
    assert [identity(entry) for entry in fast.entries] == [identity(entry) for entry in slow.entries]
    assert (fast.title, fast.homepage, fast.ttl_s) == (slow.title, slow.homepage, slow.ttl_s)


@given(st.lists(rss_items(), min_size=1, max_size=4))
@settings(max_examples=150)
def test_rss_is_read_alike(items: list[str]) -> None:
    head = "<title>اليومية</title><link>https://daily.example/</link><ttl>15</ttl>"
    assert_agreement(f'<rss version="2.0" {NAMESPACES}><channel>{head}{"".join(items)}</channel></rss>')


@given(st.lists(atom_entries(), min_size=1, max_size=4))
@settings(max_examples=150)
def test_atom_is_read_alike(entries: list[str]) -> None:
    head = '<title>اليومية</title><link href="https://daily.example/"/>'
    assert_agreement(f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES}>{head}{"".join(entries)}</feed>')


@given(st.lists(st.tuples(texts, links, times), min_size=1, max_size=3))
@settings(max_examples=60)
def test_rdf_is_read_alike(items: list[tuple[str, str, str]]) -> None:
    body = "".join(
        f'<item rdf:about="https://daily.example/about/{number}"><title>{title}</title><link>{link}</link>'
        f"<dc:date>{time}</dc:date></item>"
        for number, (title, link, time) in enumerate(items)
    )
    assert_agreement(
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'{NAMESPACES}><channel rdf:about="x"><title>اليومية</title><link>https://daily.example/</link></channel>{body}</rdf:RDF>'
    )


def test_the_usual_feed_takes_the_fast_way() -> None:
    items = "".join(
        f"<item><title>خبر {n}</title><link>https://daily.example/{n}</link><guid>{n}</guid>"
        f"<pubDate>Wed, 01 May 2024 10:2{n}:00 +0300</pubDate><category>سياسة</category></item>"
        for n in range(5)
    )
    document = f'<rss version="2.0"><channel><title>ي</title><link>https://daily.example/</link>{items}</channel></rss>'
    assert len(read_strictly(document.encode(), 10).entries) == 5


ampersands = st.sampled_from(
    ["& ", "&", "&&", "&amp;", "&nbsp;", "&eacute;", "&hearts;", "&lt;b&gt;", "&LT;", "&amp;nbsp;", "&x;"]
)


@given(
    st.lists(st.tuples(words.map(escape), ampersands, st.sampled_from(["", " ", "ب", "copy", "<![CDATA[& &nbsp;]]>"])))
)
@settings(max_examples=150)
def test_what_is_mended_is_read_alike(parts: list[tuple[str, str, str]]) -> None:
    title = "".join(map("".join, parts))
    item = f"<title>خبر {title}</title><link>https://daily.example/1</link><description>{title}</description>"
    document = f'<rss version="2.0"><channel><title>ي</title><item>{item}</item></channel></rss>'
    try:
        fast = read_fast(with_mended_ampersands(document).encode(), url=URL)
    except (Beyond, Doubtful):
        return
    slow = clean_feed(read_tolerantly(document), url=URL)
    assert [identity(entry) for entry in fast.entries] == [identity(entry) for entry in slow.entries]


@pytest.mark.parametrize("fault", ["A & B", "A &nbsp; B", "&eacute;t&eacute; &", "<![CDATA[x & y]]> & z"])
def test_the_usual_fault_is_mended(fault: str) -> None:
    item = f"<item><title>{fault}</title><link>https://daily.example/1</link></item>"
    document = f'<rss version="2.0"><channel><title>ي</title>{item}</channel></rss>'
    assert read_fast(with_mended_ampersands(document).encode(), url=URL).entries


@pytest.mark.parametrize("fault", ["?a=1&copy=2", "R&D;", "&AMP;", "<![CDATA[ & "])
def test_what_may_mean_several_things_is_not_mended(fault: str) -> None:
    with pytest.raises(Beyond):
        with_mended_ampersands(f"<title>{fault}</title>")
