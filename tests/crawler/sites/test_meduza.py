from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.entries import NotAListing
from crawler.sites.meduza import Meduza
from crawler.sites.registry import listing_spider

URL = "https://meduza.io/api/v3/search?chrono=news&locale=en&page=8&per_page=24"
FIELDS = st.sampled_from(["url", "title", "second_title", "published_at", "tag", "name", "image", "large_url"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5) | FIELDS, inner, max_size=5),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("url", "reads"),
    [
        (URL, True),
        ("https://www.meduza.io/api/v3/search", True),
        ("https://meduza.io/rss/all", False),
        ("https://meduza.io.example/api/v3/search", False),
        ("http://[x", False),
    ],
)
def test_only_the_list_is_the_spiders(url: str, reads: bool) -> None:
    assert (listing_spider(url) is not None) is reads


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"[]", b"null", b'{"documents": []}', b"[" * 100_000])
def test_what_is_no_list_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(NotAListing, match="Meduza's list of articles"):
        Meduza().listing(body, url=URL, content_type=None)


def test_the_last_page_has_no_older_one() -> None:
    body = json.dumps({"documents": {}, "has_next": False}).encode()
    assert Meduza().listing(body, url=URL, content_type=None).older is None


@given(st.dictionaries(st.text(max_size=9), JSON, max_size=4), st.none() | st.lists(st.text(max_size=9), max_size=5))
def test_no_document_breaks_it(documents: object, collection: object) -> None:
    body = json.dumps({"documents": documents, "collection": collection}).encode()
    Meduza().listing(body, url=URL, content_type=None)
