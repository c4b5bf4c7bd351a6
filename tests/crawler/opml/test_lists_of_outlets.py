from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crawler.documents.fragments import line_of
from crawler.entries import NotAListing
from crawler.opml.outlines import MAX_DEPTH, MAX_ROWS, BadRow, OutletList
from crawler.opml.reading import read_opml
from monitors.outlet_lists import Row, write_opml
from monitors.outlets import SourceKind

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def opml(body: str, head: str = "<title>صحفي</title>") -> bytes:
    start = f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0"><head>{head}</head>\n<body>'
    return f"{start}\n{body}\n</body></opml>".encode()


def test_rows_come_with_their_names_folders_and_lines() -> None:
    listed = read_opml(
        opml(
            '<outline text="الشام">\n'
            '<outline text="قديم" title="المرفأ" type="rss" xmlUrl="https://harbour.example/feed/" '
            'htmlUrl="https://harbour.example/" language="ar"/>\n'
            "</outline>\n"
            '<outline text="Valley Post" xmlUrl="http://valley.example/rss.xml"/>'
        )
    )
    assert listed == OutletList(
        "صحفي",
        (
            Row(
                "https://harbour.example/feed/",
                name="المرفأ",
                homepage="https://harbour.example/",
                language="ar",
                folders=("الشام",),
                line=5,
            ),
            Row("http://valley.example/rss.xml", name="Valley Post", line=7),
        ),
    )


def test_what_cannot_be_followed_is_reported_with_its_line() -> None:
    listed = read_opml(
        opml(
            '<outline text="one" xmlUrl="https://one.example/feed"/>\n'
            '<outline text="ftp" xmlUrl="ftp://two.example/feed"/>\n'
            '<outline text="secret" xmlUrl="https://me:pw@three.example/feed"/>\n'
            '<outline text="again" xmlUrl="https://one.example/feed"/>\n'
            '<outline text="odd" xmlns:rasid="urn:rasid:opml" rasid:url="https://four.example/" rasid:kind="gopher"/>'
        )
    )
    assert [row.url for row in listed.rows] == ["https://one.example/feed"]
    where = "Its address is not one on the web (http or https), or has a password in it."
    kinds = "“gopher” is no kind of source; there are feed, sitemap, wordpress, section, channel."
    assert listed.bad == (
        BadRow(5, "ftp", where),
        BadRow(6, "secret", where),
        BadRow(7, "again", "It repeats the address of line 4."),
        BadRow(8, "odd", kinds),
    )


def test_what_other_programs_get_wrong_is_read_all_the_same() -> None:
    listed = read_opml(
        b'\xef\xbb\xbf<opml version="1.0"><body><outline TEXT="A &nbsp; B" xmlURL="https://a.example/?x=1&y=2"/>'
        b'<outline text="b" xmlUrl="https://b.example/feed">'
    )
    assert [row.url for row in listed.rows] == ["https://a.example/?x=1&y=2", "https://b.example/feed"]
    assert listed.rows[0].name == "A B"


def test_legacy_arabic_is_decoded() -> None:
    body = (
        '<?xml version="1.0" encoding="windows-1256"?><opml><body><outline text="المرفأ" xmlUrl="https://a.example/"/>'
    )
    (row,) = read_opml(f"{body}</body></opml>".encode("cp1256")).rows
    assert row.name == "المرفأ"


def test_an_outline_with_a_home_page_only_has_no_kind_yet() -> None:
    (page, link) = read_opml(
        opml(
            '<outline text="a" htmlUrl="https://a.example/"/>'
            '<outline text="b" type="link" url="https://b.example/"/><outline text="folder"/>'
        )
    ).rows
    assert (page.url, page.kind, link.url, link.kind) == ("https://a.example/", None, "https://b.example/", None)


ENTITIES = '<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "The file is empty."),
        (b"  \n ", "The file is empty."),
        (b"hello", "This is not a list of outlets (OPML)."),
        (b"<!doctype html><html></html>", "This is a web page, not a list of outlets (OPML)."),
        (b'<?xml version="1.0"?><rss version="2.0"></rss>', "This is one feed, not a list of outlets (OPML)."),
        (b"<html><opml></opml></html>", "This is a web page, not a list of outlets (OPML)."),
        (f"{ENTITIES}<opml><body><outline text='&b;'/></body></opml>".encode(), "it defines entities"),
        (opml('<!ENTITY x SYSTEM "file:///etc/passwd">'), "it defines entities"),
        (opml("<outline>" * 50 + "</outline>" * 50), "nested more than 20 deep"),
        (opml("<a>" * 100_000), "nested more than 20 deep"),
        (opml("".join(f'<outline xmlUrl="https://{n}.example/"/>' for n in range(50_000))), "more than 500 outlets"),
        (opml("".join(f'<outline xmlUrl="https://{n}.example/"/>' for n in range(100_000))), "larger than 2 MB"),
        (opml("<outline " + "".join(f'a{n}="" ' for n in range(20_000)) + "/>"), "larger than 64 kB"),
    ],
)
def test_what_is_no_list_or_a_bomb_is_refused_in_words(body: bytes, said: str) -> None:
    with pytest.raises(NotAListing) as refused:
        read_opml(body)
    assert said in str(refused.value)


def test_as_many_rows_as_are_allowed_and_as_deep_as_is_allowed_are_read() -> None:
    rows = "".join(f'<outline xmlUrl="https://{n}.example/"/>' for n in range(MAX_ROWS))
    assert len(read_opml(opml(rows)).rows) == MAX_ROWS
    deep = (
        "<outline text='f'>" * (MAX_DEPTH - 1)
        + '<outline xmlUrl="https://a.example/"/>'
        + "</outline>" * (MAX_DEPTH - 1)
    )
    (row,) = read_opml(opml(deep)).rows
    assert len(row.folders) == MAX_DEPTH - 1


def test_other_readers_find_feeds_alone_in_what_is_written() -> None:
    rows = [
        Row("https://a.example/feed/", name="A", homepage="https://a.example/"),
        Row("https://a.example/wp-json/wp/v2/posts", SourceKind.WORDPRESS, name="A", homepage="https://a.example/"),
        Row("https://t.me/s/harbour", SourceKind.CHANNEL, name="B"),
    ]
    tree = etree.fromstring(write_opml(rows, title="Rasid", now=NOW))
    assert tree.get("version") == "2.0"
    assert tree.findtext("head/title") == "Rasid"
    outlines = tree.findall("body/outline")
    assert all(outline.get("text") for outline in outlines)  # OPML 2.0 requires it
    assert [(one.get("type"), one.get("xmlUrl")) for one in outlines] == [
        ("rss", "https://a.example/feed/"),
        (None, None),
        (None, None),
    ]


characters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
names = st.text(characters, max_size=60).map(line_of).filter(lambda name: name and line_of(name) == name)
hosts = st.from_regex(r"[a-z]{1,12}\.example", fullmatch=True)
paths = st.from_regex(r"/[a-z0-9/?=&;+%_.~-]{0,40}", fullmatch=True)
addresses = st.builds(lambda host, path: f"https://{host}{path}", hosts, paths)
row_lists = st.lists(
    st.builds(
        Row,
        url=addresses,
        kind=st.sampled_from([*SourceKind, None]),
        name=names,
        homepage=st.none() | hosts.map(lambda host: f"https://{host}/"),
        language=st.sampled_from([None, "ar", "en-US"]),
        country=st.sampled_from([None, "SY"]),
        time_zone=st.sampled_from([None, "Asia/Damascus", "UTC"]),
    ),
    max_size=20,
    unique_by=lambda row: row.url,
)


@given(row_lists)
def test_what_is_written_is_read_back(rows: list[Row]) -> None:
    # A page whose sources are to be found is its own home page.
    rows = [replace(row, homepage=None) if row.kind is None else row for row in rows]
    read = read_opml(write_opml(rows, title="قائمتي & غيرها", now=NOW))
    assert read.title == "قائمتي & غيرها"
    assert read.bad == ()
    assert [replace(row, line=0) for row in read.rows] == rows


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: opml(text)))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(NotAListing):
        assert isinstance(read_opml(body), OutletList)
