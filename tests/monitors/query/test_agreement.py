"""The index, a single question and the slow evaluator agree about everything."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitors.query.index import QueryIndex
from monitors.query.needs import needs
from monitors.query.plan import plan_of
from monitors.query.question import Question
from monitors.query.tree import Query, Word
from monitors.text.analysis import analyse_fields, keys_of_watch
from monitors.text.steps import finish
from monitors.text.words import words
from tests.monitors.query.chance import WORDS, random_article, random_query
from tests.monitors.query.oracle import ReadArticle, evaluate

chances = st.integers(0, 2**32).map(Random)
queries = chances.map(random_query)
articles = chances.map(random_article)


def stemmed_for(*queries: Query) -> set[str]:
    """The languages in which the queries ask for stems."""
    return {language for query in queries for language in needs(plan_of(query)).languages}


@pytest.mark.parametrize("seed", range(8))
def test_the_index_agrees_with_the_slow_evaluator_on_thousands_of_pairs(seed: int) -> None:
    chance = Random(seed)
    asked = [random_query(chance) for _ in range(500)]
    index = QueryIndex()
    for number, query in enumerate(asked):
        index.add(number, query)
    stemmed = stemmed_for(*asked)
    met = 0
    for _ in range(26):
        fields = random_article(chance)
        article = ReadArticle(fields, stemmed=stemmed)
        slow = {n: spans for n, query in enumerate(asked) if (spans := article.evaluate(query)) is not None}
        assert {match.watch_id: match.spans for match in index.match(fields)} == slow
        met += len(slow)
    assert met > 3_000


@pytest.mark.parametrize("seed", range(3))
def test_the_index_agrees_on_long_articles(seed: int) -> None:
    chance = Random(seed)
    asked = [random_query(chance) for _ in range(300)]
    index = QueryIndex()
    for number, query in enumerate(asked):
        index.add(number, query)
    fields = random_article(chance, longest=80)
    article = ReadArticle(fields, stemmed=stemmed_for(*asked))
    slow = {n: spans for n, query in enumerate(asked) if (spans := article.evaluate(query)) is not None}
    assert {match.watch_id: match.spans for match in index.match(fields)} == slow


def test_the_index_asks_articles_that_take_many_steps_as_a_single_question_does() -> None:
    chance = Random(4)
    asked = [random_query(chance) for _ in range(80)]
    index = QueryIndex()
    for number, query in enumerate(asked):
        index.add(number, query)
    fields = random_article(chance, longest=30) | {"text": " ".join(chance.choices([*WORDS, "\n\n"], k=12_000))}
    meeting = index.ask(index.read(fields))
    finish(meeting.placing_steps())
    one_by_one = {number: Question(query).spans(fields) for number, query in enumerate(asked)}
    assert {match.watch_id: match.spans for match in meeting.matches()} == {
        number: spans for number, spans in one_by_one.items() if spans is not None
    }
    assert len(meeting.watch_ids) > 20


@settings(max_examples=200)
@given(queries, articles)
def test_a_question_agrees_with_the_slow_evaluator(query: Query, fields: dict[str, str]) -> None:
    slow = ReadArticle(fields, stemmed=stemmed_for(query)).evaluate(query)
    question = Question(query)
    assert question.spans(fields) == slow
    assert question.meets(fields) == (slow is not None)


@given(st.lists(st.tuples(st.integers(0, 4), st.none() | queries), max_size=20), articles)
def test_an_index_that_changed_is_like_one_built_anew(
    changes: list[tuple[int, Query | None]], fields: dict[str, str]
) -> None:
    changed, last = QueryIndex(), dict(changes)
    for number, query in changes:
        if query is None:
            changed.remove(number)
        else:
            changed.add(number, query)
    anew = QueryIndex()
    for number, query in last.items():
        if query is not None:
            anew.add(number, query)
    assert changed.match(fields) == anew.match(fields)


@given(queries, articles)
def test_spans_are_sorted_and_disjoint_and_within_their_field(query: Query, fields: dict[str, str]) -> None:
    for field, spans in (Question(query).spans(fields) or {}).items():
        assert spans
        assert all(0 <= start < end <= len(fields[field]) for start, end in spans)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


@given(st.sampled_from(WORDS), articles)
def test_a_word_s_spans_are_exactly_the_words_that_answer_to_it(watched: str, fields: dict[str, str]) -> None:
    keys, text = keys_of_watch(watched), fields.get("text", "")
    analysis = analyse_fields({"text": text})["text"]
    if len(keys) == 1:
        answering = {span for span, token in zip(analysis.spans, analysis.tokens, strict=True) if keys[0] in token}
        spans = (evaluate(Word(watched), {"text": text}) or {}).get("text", ())
        assert set(spans) == answering
        assert all(words(text[start:end]) == [text[start:end]] for start, end in spans)
