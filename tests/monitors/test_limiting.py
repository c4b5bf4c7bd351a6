from __future__ import annotations

import pytest

from monitors.errors import UsageError
from monitors.limiting import asked_of, exclusions
from monitors.query.question import Question

CASES = [
    ("غزة", "رياضة", "مباراة في غزة", True),
    ("غزة", "رياضة", "رياضة في غزة", False),
    ("غزة, نفط", "رياضة, كرة القدم", "نفط وكرة القدم", False),
    ("غزة NOT نفط", "رياضة", "غزة", True),
    ("غزة NOT نفط", "رياضة", "غزة والرياضة", False),
]


@pytest.mark.parametrize(("query", "excluding", "title", "met"), CASES)
def test_what_a_list_excludes_is_asked_with_each_of_its_watches(
    query: str, excluding: str, title: str, met: bool
) -> None:
    assert Question(asked_of(query, excluding)).meets({"title": title}) is met


def test_without_exclusions_a_watch_asks_what_it_says() -> None:
    assert Question(asked_of("غزة", None)).meets({"title": "غزة"})


def test_lines_and_commas_part_what_is_excluded() -> None:
    assert exclusions("رياضة\n\nكرة القدم، فن,\n") == "رياضة, كرة القدم، فن"


@pytest.mark.parametrize("written", ["", "/غز.*/", "ري*", "غزة AND نفط", "NOT غزة", "lang:ar", "غزة NEAR نفط"])
def test_only_words_and_phrases_can_be_excluded(written: str) -> None:
    with pytest.raises(UsageError):
        exclusions(written)
