"""The longest that anything is kept waiting: articles and queries as large and as odd as may be, step by step.

    python -m benchmarks.hostile [--only NAME ...] [--seed 1] [--rounds 2] [--each]

Reading an article, asking it and working out what is shown of it is done in steps, between which the event loop serves
others (monitors/text/steps.py); parsing, describing and the like in one go. Of each part the longest steps are
printed, in ms of CPU time, each the shortest of the rounds: other work on the machine makes memory slow. Garbage is
collected apart, once for each article: when it would happen depends on all that a process has in memory. What the
articles and queries are like, standing/hostile.py says.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from random import Random
from typing import TypeAlias

from benchmarks.standing.hostile import articles, queries_of, typed
from benchmarks.standing.measuring import table
from monitors.errors import QueryError
from monitors.indexing import STEMS
from monitors.query.index import QueryIndex
from monitors.query.language.describing import describe
from monitors.query.language.grammar import parse
from monitors.query.language.printing import show
from monitors.query.question import Question
from monitors.query.reading import read
from monitors.query.tree import Query
from monitors.query.widening import widenings
from monitors.snippets import snippets
from monitors.text.steps import Steps, T

SHOWN = 5
"""The longest of each part."""

Fields: TypeAlias = Mapping[str, str]
Longest: TypeAlias = dict[tuple[str, str], float]
"""(part, what it was of) → ms of its longest step."""


def timed(steps: Steps[T]) -> tuple[float, T]:
    """The ms of the longest step, and what came of them all."""
    longest = 0.0
    while True:
        start = time.process_time()
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return max(longest, (time.process_time() - start) * 1000), result
        longest = max(longest, (time.process_time() - start) * 1000)


def whole(work: Callable[[], T]) -> tuple[float, T]:
    start = time.process_time()
    result = work()
    return (time.process_time() - start) * 1000, result


def of_article(name: str, fields: Fields, *, each: bool) -> Iterator[tuple[str, str, float]]:
    queries = dict(queries_of(fields["text"]))
    index = QueryIndex()
    for number, query in enumerate(queries.values()):
        index.add(number, query)
    taken, article = timed(index.reading_steps(fields, STEMS))
    yield "reading", name, taken
    taken, meeting = timed(index.asking_steps(article))
    yield "asking", name, taken
    taken, _ = timed(meeting.placing_steps())
    yield "places", name, taken
    yield "collecting garbage", name, whole(gc.collect)[0]
    for match in meeting.matches():
        for field, places in match.spans.items():
            yield "snippets", name, whole(partial(snippets, fields[field], places))[0]
    for asked, query in queries.items() if each else ():
        yield from _of_pair(f"{name}: {asked}", fields, query)


def _of_pair(name: str, fields: Fields, query: Query) -> Iterator[tuple[str, str, float]]:
    question = Question(query)
    article = read(fields, question.needs)
    if question.met_by(article):
        yield "places of one query", name, whole(partial(article.spans, question.plan))[0]


def of_typed(name: str, written: str) -> Iterator[tuple[str, str, float]]:
    taken, query = whole(partial(parsed, written))
    if query is None:
        yield "refusing", name, taken
        return
    yield "parsing", name, taken
    yield "showing", name, whole(partial(show, query))[0]
    yield "describing", name, whole(partial(describe, query))[0]
    yield "hanging up", name, whole(partial(QueryIndex().add, 1, query))[0]
    yield "widening", name, whole(partial(widenings, query))[0]


def parsed(written: str) -> Query | None:
    try:
        return parse(written)
    except QueryError as error:
        str(error)  # with what was probably meant, and what was understood
        return None


def measured(parts: Iterable[tuple[str, str, float]], longest: Longest) -> None:
    for part, name, taken in parts:
        longest[part, name] = min(taken, longest.get((part, name), taken))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=(), metavar="NAME", help="articles and queries with such names")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--each", action="store_true", help="the places of each query by itself, too; takes minutes")
    options = parser.parse_args()
    longest: Longest = {}
    gc.collect()
    gc.freeze()  # as the service does once its watches are loaded
    gc.disable()
    for number in range(options.rounds):
        for name, fields in articles(Random(options.seed + number)).items():
            if not options.only or any(wanted in name for wanted in options.only):
                measured(of_article(name, fields, each=options.each), longest)
        for name, written in typed().items():
            if not options.only or any(wanted in name for wanted in options.only):
                measured(of_typed(name, written), longest)
    rows = []
    for part in dict.fromkeys(part for part, _ in longest):
        times = sorted(((taken, name) for (kind, name), taken in longest.items() if kind == part), reverse=True)
        rows += [[f"{part}, {name}", f"{taken:.1f}"] for taken, name in times[:SHOWN]]
    print(table(("part, and what it was of", "ms"), rows))


if __name__ == "__main__":
    main()
