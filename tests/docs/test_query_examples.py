from __future__ import annotations

import re
from pathlib import Path

import pytest

from monitors.query.grammar import parse
from monitors.query.index import QueryIndex

PAGE = Path(__file__).parents[2] / "docs" / "queries.md"
ROWS = re.findall(r"^\| `(.+?)` \| (.+?) \| (.+?) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def finds(query: str, text: str) -> bool:
    index = QueryIndex()
    index.add(1, parse(query.replace("\\|", "|")))
    return bool(index.match({"title": "", "text": text}))


def test_there_are_examples() -> None:
    assert len(ROWS) > 15


@pytest.mark.parametrize(("query", "found", "not_found"), ROWS)
def test_the_example_is_true(query: str, found: str, not_found: str) -> None:
    assert finds(query, found)
    assert not finds(query, not_found)
