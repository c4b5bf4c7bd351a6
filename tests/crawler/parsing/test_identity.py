from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.identity import canonicalise, guid_fingerprint, url_fingerprint


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Daily.Example:443/a?utm_source=rss&utm_medium=x#top", "https://daily.example/a"),
        ("http://daily.example:80", "http://daily.example/"),
        ("http://daily.example:8080/a", "http://daily.example:8080/a"),
        ("https://daily.example/?p=790787", "https://daily.example/?p=790787"),
        ("https://daily.example/?b=2&fbclid=zz&a=1", "https://daily.example/?a=1&b=2"),
        ("https://daily.example/%d8%b3%d8%af/", "https://daily.example/%D8%B3%D8%AF/"),
        ("https://daily.example/سد/", "https://daily.example/%D8%B3%D8%AF/"),
        (" https://daily.example/a b ", "https://daily.example/a%20b"),
        ("https://daily.example/a/../b/./c", "https://daily.example/b/c"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_an_address_has_one_spelling(url: str, canonical: str) -> None:
    assert canonicalise(url) == canonical


@given(st.text(max_size=60).map(lambda path: f"https://daily.example/{path}"))
def test_canonicalising_twice_changes_nothing(url: str) -> None:
    assert canonicalise(canonicalise(url)) == canonicalise(url)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://daily.example/articles/cp81#0", "https://daily.example/articles/cp81#3"),
        ("http://daily.example/?p=12", "https://daily.example/?p=12"),
        ("https://daily.example/a?utm_source=x", "https://daily.example/a"),
        ("https://daily.example/a/", "https://daily.example/a"),
        (" daily-12 ", "daily-12"),
    ],
)
def test_a_revision_scheme_or_campaign_makes_no_new_article(one: str, other: str) -> None:
    assert guid_fingerprint(one) == guid_fingerprint(other)


def test_a_guid_that_is_the_address_is_one_identity() -> None:
    assert guid_fingerprint("http://daily.example/a/") == url_fingerprint("https://daily.example/a")
    assert guid_fingerprint("daily-12") != url_fingerprint("https://daily.example/a")


def test_different_articles_differ() -> None:
    assert url_fingerprint("https://daily.example/?p=1") != url_fingerprint("https://daily.example/?p=11")
    assert guid_fingerprint("a#b1") != guid_fingerprint("a#b2")


@given(st.text(max_size=50))
def test_fingerprints_fit_a_signed_64_bit_column(guid: str) -> None:
    assert -(2**63) <= guid_fingerprint(guid) < 2**63


def test_fingerprints_are_the_same_in_every_process() -> None:
    code = "from crawler.identity import url_fingerprint; print(url_fingerprint('https://daily.example/سد'))"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == str(url_fingerprint("https://daily.example/سد"))
