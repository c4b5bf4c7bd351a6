from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.text.names import name_words, search_words


def finds(query: str, *names: str) -> bool:
    """As the search in the catalogue does it: every word begins one of the names'."""
    words = name_words(query)
    return bool(words) and all(f" {word}" in search_words(*names) for word in words)


@pytest.mark.parametrize(
    "query", ["البعث", "بعث", "البَعْث", "baath", "Al-Baath", "al baath", "albaath", "Ba'ath", "Ba’ath", "BAA"]
)
def test_a_name_is_found_however_it_is_written(query: str) -> None:
    assert finds(query, "Al-Baath", "البعث")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("skynews", "Sky News Arabia"),
        ("القاهره", "القاهرة 24"),
        ("24", "القاهرة 24"),
        ("٢٤", "القاهرة 24"),
        ("اخبار", "الأخبار"),
        ("hurriyet", "Hürriyet"),
        ("الفجيري", "الفجيرى"),
        ("annahar", "An-Nahar"),
        ("peninsula", "The Peninsula"),
    ],
)
def test_spelling_is_forgiven(query: str, name: str) -> None:
    assert finds(query, name)


@pytest.mark.parametrize(("query", "name"), [("thawra", "Al-Baath"), ("hara", "Bahara"), ("%", "Al-Baath"), ("_", "x")])
def test_what_does_not_begin_a_word_does_not_find_it(query: str, name: str) -> None:
    assert not finds(query, name)


@given(st.text(max_size=40))
def test_no_word_can_be_mistaken_for_a_pattern(text: str) -> None:
    for word in name_words(text):
        assert word
        assert not set("%_ \\") & set(word)


@given(st.text(max_size=40))
def test_every_name_finds_itself(name: str) -> None:
    if name_words(name):
        assert finds(name, name)
