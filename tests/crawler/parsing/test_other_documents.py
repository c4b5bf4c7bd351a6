from __future__ import annotations

import random

import pytest

from crawler.pages.extraction import extract_article
from crawler.pages.links import find_feed_links

URL = "https://daily.example/a"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "an image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "an image"),
        (b"GIF89a<p>", "an image"),
        (b"%PDF-1.7\n<</Type/Page>>", "a PDF document"),
        (random.Random(7).randbytes(20_000), "binary data"),
        (b"\0\x01\x02<p>", "binary data"),
        ("خبر بلا وسوم, 2 < 3".encode(), "plain text"),
        (b'{"html": "<p>News</p>"}', "JSON"),
        (b"[]", "JSON"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "a feed"),
    ],
)
def test_other_documents_are_named_and_give_neither_text_nor_language(body: bytes, kind: str) -> None:
    page = extract_article(body, url=URL, content_type="text/html")
    assert (page.title, page.text, page.language) == ("", "", None)
    assert page.note == f"This is {kind}, not a web page."
    links = find_feed_links(body, url=URL, content_type="text/html")
    assert (links.site_name, links.language, links.feeds, links.problem) == (None, None, (), page.note)


@pytest.mark.parametrize(
    "body",
    [
        "<h1>سدّ الرستن</h1><p>خبر</p>".encode(),
        "[ad]<html><h1>سدّ الرستن</h1>".encode(),
        "\ufeff<html><h1>سدّ الرستن</h1>".encode("utf-16-le"),
        "<html><h1>سدّ الرستن</h1>".encode("utf-16-le"),
        "<html><h1>سدّ الرستن</h1>\0<p>استقبل السد أول واردات الموسم من مياه النهر.</p>".encode(),
        "<html><h1>سد الرستن</h1><p>استقبل السد أول واردات الموسم.</p>".encode("cp1256"),
    ],
)
def test_untidy_pages_are_pages_all_the_same(body: bytes) -> None:
    assert "الرستن" in extract_article(body, url=URL, content_type=None).title
