from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.demand.archives import archives_of, first_address, is_within, next_addresses
from crawler.entries import Entry, Listing
from monitors.outlets import NewSource, Source, SourceKind
from tests.rows import NOW

SINCE = NOW - timedelta(days=30)


def a_source(kind: SourceKind, url: str = "https://alofoq.example/feed/") -> Source:
    return Source(
        id=1,
        outlet_id=1,
        kind=kind,
        url=url,
        next_poll_at=NOW,
        active=True,
    )


def an_entry(published: timedelta | None, modified: timedelta | None = None) -> Entry:
    return Entry(
        guid=None,
        url="https://alofoq.example/1",
        title="خبر",
        summary="",
        text="",
        author=None,
        published_at=NOW - published if published is not None else None,
        image_url=None,
        tags=(),
        modified_at=NOW - modified if modified is not None else None,
    )


def a_listing(*entries: Entry, **more: object) -> Listing:
    return Listing(None, None, None, None, entries, **more)  # type: ignore[arg-type]  # its own fields


def test_a_collection_is_asked_for_the_days_that_are_wanted() -> None:
    url = "https://alofoq.example/?rest_route=/wp/v2/posts&per_page=20&_fields=id,link&_embed=author,wp:term"
    address = first_address(a_source(SourceKind.WORDPRESS, url), SINCE)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert asked == {
        "rest_route": "/wp/v2/posts",
        "per_page": "100",
        "_fields": "id,link",
        "_embed": "author,wp:term",
        "after": "2026-02-18T12:00:00+00:00",
    }
    assert first_address(a_source(SourceKind.FEED), SINCE) == "https://alofoq.example/feed/"


DAY, LONG_AGO = timedelta(days=1), timedelta(days=90)


@pytest.mark.parametrize(
    ("entry", "within"),
    [
        (an_entry(DAY), True),
        (an_entry(LONG_AGO), False),
        (an_entry(None, LONG_AGO), False),  # nothing was published after its last change
        (an_entry(None, DAY), True),
        (an_entry(None), True),  # its page will tell
        (an_entry(LONG_AGO, DAY), False),  # an old article that was edited
    ],
)
def test_what_belongs_to_the_days_that_are_wanted(entry: Entry, within: bool) -> None:
    assert is_within(entry, SINCE) is within


def test_the_past_goes_on_until_all_is_older() -> None:
    further = {
        "more": ("https://a.example/new.xml",),
        "past": ("https://a.example/old.xml",),
        "older": "https://a.example/2",
    }
    everywhere = ["https://a.example/new.xml", "https://a.example/old.xml", "https://a.example/2"]
    assert next_addresses(a_listing(**further), SINCE) == everywhere
    assert next_addresses(a_listing(an_entry(LONG_AGO), an_entry(DAY), **further), SINCE) == everywhere
    assert next_addresses(a_listing(an_entry(LONG_AGO), **further), SINCE) == []


def test_what_holds_most_of_the_past_comes_first_and_is_entered_as_a_source_that_has_a_row() -> None:
    feed = a_source(SourceKind.FEED)
    posts = NewSource("https://alofoq.example/wp-json/wp/v2/posts", SourceKind.WORDPRESS)
    again = NewSource(feed.url, SourceKind.FEED)
    deep, shallow = archives_of([feed], [again, posts])
    assert (deep.kind, deep.url, deep.id) == (posts.kind, posts.url, feed.id)
    assert shallow == feed
