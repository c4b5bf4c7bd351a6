from __future__ import annotations

from monitors.query.index import QueryIndex
from monitors.query.language.grammar import parse
from monitors.query.meeting import Meeting
from monitors.text.steps import finish


def meeting(text: str, *queries: str) -> Meeting:
    index = QueryIndex()
    for number, query in enumerate(queries):
        index.add(number, parse(query))
    return index.ask(index.read({"title": "سد", "text": text}))


def test_places_worked_out_before_are_those_that_are_found_when_asked() -> None:
    queries = ("سد", "سد OR نهر", '"سد نهر"', "=سد", "غزة", "سد")
    text = "سد نهر والسد " * 50
    at_once, before = meeting(text, *queries), meeting(text, *queries)
    finish(before.placing_steps())
    assert before.matches() == at_once.matches()
    assert [match.watch_id for match in before.matches()] == [0, 1, 2, 3, 5]


def test_what_was_worked_out_is_not_worked_out_again() -> None:
    met = meeting("سد نهر", "سد", "سد OR نهر")
    finish(met.placing_steps({1}))
    (first,), (again,) = met.matches({1}), met.matches({1})
    assert again.spans is first.spans


def test_somebody_who_was_not_expected_is_told_the_places_too() -> None:
    met = meeting("سد نهر", "سد", "سد OR نهر")
    finish(met.placing_steps({0}))
    assert [dict(match.spans) for match in met.matches({0, 1})] == [
        {"title": ((0, 2),), "text": ((0, 2),)},
        {"title": ((0, 2),), "text": ((0, 2), (3, 6))},
    ]


def test_the_longer_an_article_the_fewer_places_are_worked_out_in_one_go() -> None:
    queries = [f"سد OR غزة{number}" for number in range(50)]
    short, long = (meeting("سد " * count, *queries) for count in (10, 50_000))
    assert sum(1 for _ in short.placing_steps()) <= 1
    assert sum(1 for _ in long.placing_steps()) >= 25
