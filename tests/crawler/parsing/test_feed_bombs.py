"""Feeds that are quadratic for some parser are read, or refused, in a time that grows with their size.

Bounds are CPU seconds, thirty and more times what is needed, against minutes where a defence is missing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from crawler.entries import Listing, NotAListing
from crawler.feeds.reading import parse_feed

BOUND_S = 8.0
HEAD = "<title>يومية</title><link>https://daily.example/</link>"


def rss(item: str, *, broken: bool = False, head: str = "") -> bytes:
    """`broken` sends it to the tolerant reader."""
    first = f"<item><title>خبر{' &nbsp;' if broken else ''}</title><link>https://daily.example/1</link>{item}</item>"
    return f'<rss version="2.0"><channel>{HEAD}{head}{first}</channel></rss>'.encode()


def enclosures(number: int) -> str:
    return '<enclosure url="https://daily.example/a.mp3" type="audio/mpeg" length="1"/><category>س</category>' * number


BOMBS: dict[str, Callable[[], bytes]] = {
    "2,000 enclosures": lambda: rss(enclosures(2_000)),
    "2,000 enclosures, broken": lambda: rss(enclosures(2_000), broken=True),
    "100,000 attributes": lambda: rss("<a " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>"),
    "100,000 attributes, broken": lambda: rss(
        "<a " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>", broken=True
    ),
    "attributes in many tags": lambda: rss(("<a " + " ".join(f'a{n}="1"' for n in range(4_000)) + "/>") * 100),
    "100,000 namespaces": lambda: rss("".join(f'<n{n}:a xmlns:n{n}="urn:{n}"/>' for n in range(100_000))),
    "100,000 nested namespaces": lambda: rss("".join(f'<n{n}:a xmlns:n{n}="urn:{n}">' for n in range(100_000))),
    "100,000 namespaces on one tag": lambda: rss(
        "<a " + " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(100_000)) + "/>"
    ),
    "comments without end": lambda: rss(f"<description>{'&lt;!--' * 100_000}</description>"),
    "comments without end, in CDATA": lambda: rss(f"<description><![CDATA[{'<!--' * 100_000}]]></description>"),
    "comments without end, broken": lambda: rss(f"<description>{'&lt;!--' * 100_000}</description>", broken=True),
    "scripts without end": lambda: rss(f"<description><![CDATA[{'<script>' * 100_000}]]></description>"),
    "scripts and ends that do not fit": lambda: rss(
        f"<description>{'&lt;script&gt;&lt;/style&gt;' * 50_000}</description>"
    ),
    "tags without end": lambda: rss(f"<description><![CDATA[{'<a b=' * 100_000}]]></description>"),
    "quotes without end": lambda: rss(
        f"<description><![CDATA[{'<a b=' + chr(34)}{chr(34).join('x' * 100_000)}]]></description>"
    ),
    "less-than signs": lambda: rss(f"<description>{'&lt;' * 200_000}</description>"),
    "ampersands": lambda: rss(f"<description>{'&amp;' * 200_000}</description>"),
    "spaces": lambda: rss(f"<description>{' ' * 200_000}المزيد{' ' * 200_000}x</description>"),
    "brackets": lambda: rss(f"<description>{'[ ' * 100_000}]</description>"),
    "read more": lambda: rss(f"<description>{'Continue reading ' * 20_000}</description>"),
    "pictures without end": lambda: rss(f"<description>{'&lt;img ' * 100_000}</description>"),
    "a title of 9.5 MB": lambda: rss("").replace("خبر".encode(), b"&lt;b&gt;x&lt;/b&gt;" * 380_000),
    "a title of 9.5 MB, broken": lambda: rss("", broken=True).replace(
        "خبر".encode(), b"&lt;b&gt;x&lt;/b&gt;" * 380_000
    ),
    "marks piled on a letter": lambda: rss(f"<description>ا{'َ' * 200_000}</description>"),
    "a million empty elements": lambda: rss("<a/>" * 1_000_000),
    "deep elements": lambda: rss("<a>" * 500_000),
    "100,000 hubs": lambda: rss("", head='<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="x" href="/"/>' * 100_000),
    "JSON with a million items": lambda: (
        b'{"version":"https://jsonfeed.org/version/1","items":[' + b"{}," * 1_000_000 + b"{}]}"
    ),
    "JSON with a million tags": lambda: json.dumps(
        {"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "tags": ["x"] * 1_000_000}]}
    ).encode(),
}


@pytest.mark.parametrize("name", BOMBS)
def test_no_feed_costs_more_than_its_size_allows(name: str) -> None:
    body = BOMBS[name]()
    begun = time.process_time()
    try:
        outcome: Listing | str = parse_feed(body, url="https://daily.example/feed", content_type=None)
    except NotAListing as refusal:
        outcome = str(refusal)
    spent = time.process_time() - begun
    assert outcome
    assert spent < BOUND_S, f"{name}: {len(body)} bytes took {spent:.1f} s"
