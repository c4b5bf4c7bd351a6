from __future__ import annotations

import pytest

from crawler.documents.sites import same_site, site_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.daily.example/a", "http://daily.example:8080/b"),
        ("https://news.daily.example/", "https://m.daily.example/"),
        ("https://sana.gov.sy/", "https://archive.sana.gov.sy/"),
        ("https://www.bbc.co.uk/", "https://bbc.co.uk./"),
        ("https://a.wadi.blogspot.com/", "https://wadi.blogspot.com/"),
        ("http://127.0.0.1:81/", "http://127.0.0.1:82/"),
        ("https://DAILY.example/", "https://daily.EXAMPLE/"),
    ],
)
def test_hosts_of_one_registered_name_are_one_site(one: str, other: str) -> None:
    assert same_site(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://daily.example/", "https://daily.other.example/"),
        ("https://moi.gov.sy/", "https://sana.gov.sy/"),
        ("https://wadi.blogspot.com/", "https://jabal.blogspot.com/"),
        ("http://127.0.0.1/", "http://10.0.0.1/"),
        ("http://[::1]/", "http://[::2]/"),
        ("mailto:a@daily.example", "mailto:a@daily.example"),
        ("http://[", "http://["),
        ("", ""),
    ],
)
def test_hosts_of_different_registered_names_are_different_sites(one: str, other: str) -> None:
    assert not same_site(one, other)


def test_a_site_is_named_by_its_registered_name() -> None:
    assert site_of("https://arabic.news.daily.com.sy/a?b") == "daily.com.sy"
