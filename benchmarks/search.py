"""Searching the archive: SQLite and PostgreSQL side by side, and beside looking for characters with LIKE.

    python -m benchmarks.search [--articles 100000] [--seed 1] [--backends sqlite postgresql] [--runs 3]

The articles are those of archive.py. What is measured is what `rasid search` does for a first page of 20 once it has
started and connected: candidates from the index, their outlines and rows, each verified, with spans, and how many there
are. Every run is in a process of its own, which has analysed nothing before; the best of some is told, as others share
the machine: CPU ms of that process, and all of it (wall), for PostgreSQL works in a process of its own. Where …
follows what was found, older articles were not searched for the first page.

LIKE finds other articles – characters, not words –, so its page is only a measure of effort; its queries go through the
table from the newest article on.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, select, text
from sqlalchemy.engine import URL

from benchmarks.archive import NOW, OUTLETS, articles
from benchmarks.standing.corpus import Corpus
from benchmarks.standing.measuring import table
from monitors.articles import Article, ArticleState
from monitors.indexing import STEMS, words_of
from monitors.outlets import NewOutlet
from monitors.query.language.grammar import parse
from monitors.query.reading import read
from monitors.searching import count_found, search
from monitors.storage import tables
from monitors.storage.articles import save
from monitors.storage.engine import Database, open_database
from monitors.storage.migrating import upgrade
from monitors.storage.outlets import add_outlet
from monitors.storage.traces import find_articles
from monitors.storage.words import IndexedWords, count_unread, put_words, unread_articles
from tests.databases import BACKENDS, fresh_database

AT_ONCE = 100
ALONE = 200
"""Articles that are written in a transaction each, as those that are decided are."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Taken:
    cpu_ms: float
    wall_ms: float
    said: str


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--articles", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--backends", nargs="+", choices=BACKENDS, default=BACKENDS)
    options = arguments.parse_args()
    corpus = Corpus(options.seed)
    for backend in options.backends:
        with tempfile.TemporaryDirectory() as folder, fresh_database(backend, Path(folder)) as url:
            print(f"\n{backend}, {options.articles:,} articles", flush=True)
            in_a_process(partial(fill, url, corpus, options.articles, options.seed))
            measure(url, corpus, options.runs)


def in_a_process(work: Callable[[], T]) -> T:
    """Done by a process of its own: what it remembers of words is gone with it."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(work)


def queries(corpus: Corpus) -> dict[str, tuple[str, str]]:
    """What is asked: the query, and the characters that LIKE looks for."""
    words = corpus.words
    asked = {
        "the commonest word": words[0],
        "a common word": words[100],
        "a word": words[3_000],
        "a rare word": words[50_000],
        "no such word": "كلمةغائبة",
        "very common words side by side": f'"{words[40]} {words[90]}"',
        "three of them": f'"{words[5]} {words[12]} {words[30]}"',
        "very common words near": f"{words[40]} NEAR/3 {words[90]}",
        "common words near": f"{words[200]} NEAR/20 {words[300]}",
        "AND": f"{words[300]} AND {words[700]}",
        "AND NOT": f"{words[700]} NOT {words[3]}",
        "OR": f"{words[3_000]} OR {words[5_000]}",
        "two of three": f"2 of ({words[300]}, {words[700]}, {words[900]})",
        "a beginning": f"{words[5_000][:3]}*",
        "all forms": f"~{words[1_000]}",
        "spelled so": f"={words[100]}",
        "both in the title": f"title:{words[60]} AND title:{words[80]}",
        "a tag and a word": f"tag:رياضة AND {words[3_000]}",
        "a word and an expression in vain": f"{words[100]} AND /zzz[0-9]+/",
        "an expression in vain": "/zzz[0-9]+/",
    }
    return {name: (query, query.strip('~="').partition(" ")[0]) for name, query in asked.items()}


def fill(url: URL, corpus: Corpus, count: int, seed: int) -> None:
    """Writes the articles and their words, and says what that took and takes."""
    with open_database(url, checkpoints=True) as database:
        upgrade(database)
        outlets = [
            database.write_now(add_outlet, NewOutlet(f"صحيفة {word}", f"https://{number}.example/"), [], now=NOW)[0].id
            for number, word in enumerate(corpus.words[:OUTLETS])
        ]
        begun = database.read_now(size)
        made = articles(corpus, outlets, count, seed=seed)
        taken_ms = {}
        for start in range(0, count, AT_ONCE):
            new = [next(made) for _ in range(min(AT_ONCE, count - start))]
            database.write_now(save, new, now=NOW, state=ArticleState.ARCHIVED)
            words = [(article, words_of_article(article)) for article in unread(database)]
            alone = start >= count - ALONE
            work = partial(put_alone, database, words) if alone else partial(database.write_now, put_all, words)
            taken_ms["one by one" if alone else "by the hundred"] = timed(work)[0] / len(words)
        kept = (database.read_now(size) - begun) / count
        if not database.is_sqlite:
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))  # as its own upkeep does within a minute
    ways = ", ".join(f"{taken:.2f} ms {way}" for way, taken in taken_ms.items())
    print(f"keeping an article's words takes {ways} (CPU of this process) and {kept:,.0f} B", flush=True)


def unread(database: Database) -> list[Article]:
    return sorted(database.read_now(unread_articles, limit=AT_ONCE), key=lambda article: article.dated)


def words_of_article(article: Article) -> IndexedWords:
    return words_of(article, read(article.fields | article.about, STEMS))


def put_all(connection: Connection, words: list[tuple[Article, IndexedWords]]) -> None:
    for article, found in words:
        put_words(connection, article, found)


def put_alone(database: Database, words: list[tuple[Article, IndexedWords]]) -> None:
    for article, found in words:
        database.write_now(put_words, article, found)


def size(connection: Connection) -> int:
    """What the words' index and the outlines take, in bytes."""
    if connection.dialect.name == "postgresql":
        parts = ["SELECT pg_total_relation_size('words') + pg_total_relation_size('outlines')"]
    else:
        parts = [
            "SELECT coalesce(sum(length(block)), 0) FROM words_data",
            "SELECT 12 * count(*) FROM words_docsize",
            "SELECT coalesce(sum(length(outline) + 12), 0) FROM outlines",
        ]
    return sum(int(connection.scalar(text(part)) or 0) for part in parts)


def measure(url: URL, corpus: Corpus, runs: int) -> None:
    rows = []
    for name, (query, characters) in queries(corpus).items():
        ours = best(runs, partial(taken, url, partial(first_page, query)))
        like = best(1, partial(taken, url, partial(looked_for, characters)))
        rows.append([name, ours.said, *cells(ours), f"{like.wall_ms:,.0f}"])
    print(table(["", "found", "CPU ms", "wall ms", "LIKE, wall ms"], rows))
    for name, ask in (
        ("articles at an address that nobody has", explained),
        ("articles not searchable yet", uncounted),
    ):
        print(f"{name}: {' CPU ms, '.join(cells(best(runs, partial(taken, url, ask))))} ms in all")


def cells(taken: Taken) -> list[str]:
    return [f"{taken.cpu_ms:,.0f}", f"{taken.wall_ms:,.0f}"]


def first_page(query: str, connection: Connection) -> str:
    tree = parse(query)
    page = search(connection, tree)
    count = count_found(connection, tree)
    of = f" of {count:,}" if count is not None else ""
    return f"{len(page.items)}{of}{' …' if page.stopped else ''}"


def looked_for(characters: str, connection: Connection) -> str:
    rows = tables.articles
    met = rows.c.title.contains(characters) | rows.c.text.contains(characters)
    return str(len(connection.execute(select(rows).where(met).order_by(rows.c.id.desc()).limit(20)).all()))


def explained(connection: Connection) -> str:
    return str(len(find_articles(connection, "https://nobody.example/1")))


def uncounted(connection: Connection) -> str:
    return str(count_unread(connection))


def best(runs: int, work: Callable[[], Taken]) -> Taken:
    return min((in_a_process(work) for _ in range(runs)), key=lambda taken: taken.cpu_ms)


def taken(url: URL, work: Callable[[Connection], str]) -> Taken:
    with open_database(url) as database:
        database.read_now(partial(first_page, "كلمةغائبة"))  # connects
        said: list[str] = []
        cpu_ms, wall_ms = timed(lambda: said.append(database.read_now(work)))
        return Taken(cpu_ms, wall_ms, said[0])


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """CPU and wall ms."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000


if __name__ == "__main__":
    main()
