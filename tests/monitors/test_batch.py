"""Lines in, lines out: batches by themselves, without files."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors import json_lines
from monitors.batch import CHUNK_BYTES, Complaint, Matching, chunked, read_queries
from monitors.errors import RasidError
from monitors.forking import in_order
from monitors.json_lines import Line, read_lines
from monitors.matching import Matcher

Ids = str | int | float


def queries(*rows: object) -> tuple[Matcher[Ids], list[Complaint]]:
    matcher: Matcher[Ids] = Matcher()
    return matcher, list(read_queries(lines(*rows), matcher))


def lines(*rows: object) -> Iterator[Line]:
    encoded = (row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)
    return read_lines(io.BytesIO(b"\n".join(encoded)))


def matches(matcher: Matcher[Ids], *rows: object) -> list[dict[str, Any]]:
    chunk = Matching(matcher)(list(lines(*rows)))
    assert chunk.complaints == ()
    return [json.loads(line) for line in chunk.found.splitlines()]


def test_matches_carry_ids_and_places() -> None:
    matcher, _ = queries({"id": 7, "query": "مصر"}, {"id": "dam", "query": "سد النهضة"})
    article = {"id": "a-1", "title": "سدّ النهضة", "text": "حول سد النهضة، ولمصر"}
    assert matches(matcher, article) == [
        {"query_id": 7, "article_id": "a-1", "fields": {"title": [], "text": [[15, 20, "ولمصر"]]}},
        {
            "query_id": "dam",
            "article_id": "a-1",
            "fields": {"title": [[0, 10, "سدّ النهضة"]], "text": [[4, 13, "سد النهضة"]]},
        },
    ]


def test_articles_as_rasid_prints_them_can_be_asked() -> None:
    matcher, _ = queries({"id": 1, "query": "author:أحمد lang:ar"})
    assert matches(matcher, {"id": 1, "title": "خبر", "authors": ["سلمى", "أحمد"], "language": "ar"})


def test_ids_come_back_as_they_were() -> None:
    ids: list[Ids] = [1, "1", 2.5, "", -3, 10**30, "أ\ud800"]
    matcher, complaints = queries(*({"id": one, "query": "مصر"} for one in ids))
    assert complaints == []
    found = matches(matcher, {"id": 2.5, "text": "مصر"})
    assert [(match["query_id"], match["article_id"]) for match in found] == [(one, 2.5) for one in ids]


@pytest.mark.parametrize("text", ["\ud800 مصر \udfff", "\r\n\r\nمصر\r\n", "\0مصر\0", "😀ﻻ \u200fمصر", "مصر\u2028مصر"])
def test_places_are_right_in_texts_that_nobody_cleaned(text: str) -> None:
    matcher, _ = queries({"id": 1, "query": "مصر"})
    (match,) = matches(matcher, {"id": 1, "text": text})
    assert match["fields"]["text"]
    assert all(text[start:end] == surface for start, end, surface in match["fields"]["text"])
    assert all("مصر" in surface for _, _, surface in match["fields"]["text"])


def test_all_that_is_said_of_an_article_can_be_asked() -> None:
    matcher, _ = queries(
        {"id": 1, "query": "author:أحمد"},
        {"id": 2, "query": "tag:نفط"},
        {"id": 3, "query": "مصر", "lang": "ar"},
        {"id": 4, "query": "مصر", "match": "exact"},
        {"id": 5, "query": "outlet:البعث AND url:economy"},
    )
    about = {
        "lang": "ar",
        "tags": ["غاز", "نفط"],
        "author": "أحمد",
        "outlet": "البعث",
        "url": "https://a.example/economy",
    }
    found = matches(matcher, {"id": 1, "title": None, "text": "لمصر", **about}, {"id": 2, "text": "مصر", "lang": "fa"})
    assert [(match["article_id"], match["query_id"]) for match in found] == [(1, 1), (1, 2), (1, 3), (1, 5), (2, 4)]
    assert found[0]["fields"]["author"] == [[0, 4, "أحمد"]]
    assert found[1]["fields"]["tag"] == [[4, 7, "نفط"]]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (b"nonsense", "It is not JSON: Expecting value at position 1."),
        (b"[1]", 'It is not a JSON object: {"id": …}.'),
        (b'{"id": \xff}', "It is not UTF-8, from byte 8 on."),
        (b"[" * 100_000, "It is no JSON that can be read."),
        (b'{"id": NaN}', "It is no JSON that can be read."),
        (b'{"id": ' + b"9" * 5_000 + b"}", "It is no JSON that can be read."),
        ({"query": "مصر"}, 'Its "id" is missing, or neither a string nor a number.'),
        ({"id": True, "query": "مصر"}, 'Its "id" is missing, or neither a string nor a number.'),
        (b'{"id": 1e999, "query": "x"}', 'Its "id" is a number too large.'),
        ({"id": 1}, 'It has no "query".'),
        ({"id": 1, "query": ["مصر"]}, 'Its "query" is not a string.'),
        ({"id": 0, "query": "مصر"}, "Another query has the id 0."),
        ({"id": 1, "query": "مصر", "match": "sloppy"}, '"match" is one of exact, normal, wide.'),
        ({"id": 1, "query": "مصر", "lang": "عربي"}, '"lang" is the code of a language, such as "ar".'),
    ],
)
def test_a_query_that_cannot_be_used_is_complained_of_with_its_line(row: object, said: str) -> None:
    matcher, complaints = queries({"id": 0, "query": "القمح"}, b"", row, {"id": 9, "query": "مصر"})
    assert complaints == [Complaint(3, said)]
    assert list(matcher) == [0, 9]


def test_a_query_that_cannot_be_understood_is_explained_and_corrected() -> None:
    _, (complaint,) = queries({"id": 1, "query": "(مصر"})
    assert complaint.what.startswith("The parenthesis at position 1 is never closed.")
    assert "Did you mean: (مصر)" in complaint.what


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": 1}, 'It has neither a "title" nor a "text".'),
        ({"id": 1, "text": 7}, 'Its "text" is not a string.'),
        ({"id": 1, "text": "مصر", "tags": [1]}, 'Its "tags" is neither a string nor a list of strings.'),
        ({"text": "مصر"}, 'Its "id" is missing, or neither a string nor a number.'),
    ],
)
def test_an_article_that_cannot_be_used_costs_itself(row: object, said: str) -> None:
    matcher, _ = queries({"id": 0, "query": "مصر"})
    chunk = Matching(matcher)(list(lines({"id": 0, "text": "مصر"}, row, {"id": 2, "text": "مصر"})))
    assert (chunk.articles, chunk.matches, chunk.complaints) == (2, 2, (Complaint(2, said),))


def test_a_line_without_end_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "MAX_LINE", 20)
    file = io.BytesIO(b"x" * 100 + b"\n" + b"y" * 19 + b"\n" + b"z" * 50)
    assert list(read_lines(file)) == [Line(1, None), Line(2, b"y" * 19 + b"\n"), Line(3, None)]


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert list(read_lines(io.BytesIO(b"\xef\xbb\xbf{}\r\n\r\n{}"))) == [Line(1, b"{}\r\n"), Line(3, b"{}")]


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_no_line_raises_anything(rows: list[bytes]) -> None:
    file = b"\n".join(rows)
    matcher, _ = queries({"id": 0, "query": "مصر"})
    list(read_queries(read_lines(io.BytesIO(file)), matcher))
    for chunk in chunked(read_lines(io.BytesIO(file))):
        Matching(matcher)(chunk)


def test_portions_are_bounded_in_lines_and_bytes() -> None:
    many = [Line(number, b"x" * CHUNK_BYTES if number == 3 else b"x") for number in range(10)]
    assert [[line.number for line in chunk] for chunk in chunked(many, most=4)] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert [[line.number for line in chunk] for chunk in chunked(many)] == [[0, 1, 2, 3], [4, 5, 6, 7, 8, 9]]


def test_several_processes_answer_in_order_and_take_little_ahead() -> None:
    taken: list[int] = []

    def things() -> Iterator[int]:
        for number in range(40):
            taken.append(number)
            yield number

    results = in_order(lambda number: number * number, things(), processes=2)
    assert next(results) == 0
    assert len(taken) <= 7
    assert list(results) == [number * number for number in range(1, 40)]


def test_a_process_that_dies_is_told_of() -> None:
    import os

    with pytest.raises(RasidError, match="A process died at work"):
        list(in_order(lambda number: os._exit(3), range(4), processes=2))
