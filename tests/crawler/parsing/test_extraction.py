"""Each page in pages/ gives what the JSON beside it says; what is not mentioned there is not looked at."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.pages.extraction import extract_article

PAGES = Path(__file__).parent / "pages"
CASES = sorted(page.stem for page in PAGES.glob("*.html"))


@pytest.mark.parametrize("name", CASES)
def test_a_page_gives_exactly_its_article(name: str) -> None:
    case = json.loads((PAGES / f"{name}.json").read_text("utf-8"))
    page = extract_article((PAGES / f"{name}.html").read_bytes(), url=case["url"], content_type="text/html")
    found = asdict(page)
    assert {field: plain(found[field]) for field in case["expected"]} == case["expected"]


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("body", [b"", b"   ", b"\0\0\0", b"<!-- only this", b"plain words", b"\xff\xfe", b"<<<<>>>>"])
def test_what_is_no_page_is_incomplete_and_says_so(body: bytes) -> None:
    page = extract_article(body, url="https://daily.example/a", content_type=None)
    assert not page.complete
    assert page.note
    assert page.canonical_url == "https://daily.example/a"


def test_a_tag_of_a_hundred_kilobytes_is_refused_in_words() -> None:
    body = b"<p " + b'a="1" ' * 20_000 + b">words</p>"
    page = extract_article(body, url="https://daily.example/a", content_type=None)
    assert page.note == "The page cannot be read safely: one tag of the document is larger than 64 kB."


def test_a_picture_within_the_page_is_no_bomb() -> None:
    picture = b"data:image/png;base64," + b"iVBORw0KGgo" * 20_000
    body = (
        b'<img src="'
        + picture
        + b'"><div class="entry-content">'
        + b"<p>Rain fell on the harbour.</p>" * 10
        + b"</div>"
    )
    page = extract_article(body, url="https://daily.example/a", content_type=None)
    assert page.complete


@pytest.mark.parametrize(
    ("claimed", "canonical"),
    [
        ("https://daily.example/2024/story/?utm_source=x", "https://daily.example/2024/story/"),
        ("https://www.daily.example/story", "https://www.daily.example/story"),
        ("https://other.example/story", "https://daily.example/a?id=7"),
        ("https://daily.example/", "https://daily.example/a?id=7"),
        ("javascript:alert(1)", "https://daily.example/a?id=7"),
    ],
)
def test_only_an_address_of_the_same_site_can_be_canonical(claimed: str, canonical: str) -> None:
    body = f'<head><link rel="canonical" href="{claimed}"></head><body><p>x</p></body>'.encode()
    page = extract_article(body, url="https://daily.example/a?id=7&fbclid=zz", content_type=None)
    assert page.canonical_url == canonical


def test_a_broken_link_in_the_page_hurts_nobody() -> None:
    body = b'<p><a href="http://[x">Harbour Post</a></p><link rel="canonical" href="http://[x"><h1>Ferry</h1>'
    assert extract_article(body, url="https://daily.example/a", content_type=None).title == "Ferry"
