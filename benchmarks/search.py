"""Searching the archive: SQLite and PostgreSQL side by side, and beside looking for characters with LIKE.

    python benchmarks/search.py [--articles 20000] [--seed 1] [--backends sqlite postgresql]

The articles are those of `standing/corpus.py`, 400 words each, published over a hundred days. What is measured is
what `rasid search` does for a first page of 20: candidates from the index, their rows, each verified, spans included.
Times are the best of some runs, as others share the machine: CPU ms of this process, and all of it (wall), for
PostgreSQL works in a process of its own. LIKE finds other articles – characters, not words –, so its page is only
a measure of effort; its queries go through the table from the newest article on.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select, text

from benchmarks.standing.corpus import Corpus, Kind
from benchmarks.standing.measuring import table
from monitors.articles import Article, ArticleState, NewArticle, TextOrigin
from monitors.indexing import STEMS, words_of
from monitors.outlets import NewOutlet
from monitors.query.language.grammar import parse
from monitors.query.reading import read
from monitors.searching import search
from monitors.storage.articles import save
from monitors.storage.engine import Database, open_database
from monitors.storage.migrating import upgrade
from monitors.storage.outlets import add_outlet
from monitors.storage.tables import articles
from monitors.storage.words import IndexedWords, put_words, unread_articles
from tests.databases import BACKENDS, fresh_database

AT_ONCE = 100
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
RUNS = 3
ALONE = 200
"""Articles that are written in a transaction each, as those that are decided are."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--articles", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--backends", nargs="+", choices=BACKENDS, default=BACKENDS)
    options = arguments.parse_args()
    for backend in options.backends:
        with (
            tempfile.TemporaryDirectory() as folder,
            fresh_database(backend, Path(folder)) as url,
            open_database(url, checkpoints=True) as database,
        ):
            upgrade(database)
            corpus = Corpus(options.seed)
            print(f"\n{backend}, {options.articles:,} articles")
            fill(database, corpus, options.articles)
            measure(database, questions(corpus))


def questions(corpus: Corpus) -> dict[str, tuple[str, str]]:
    """What is asked: the query, and the characters that LIKE looks for."""
    words = corpus.words
    phrases = [asked.words for asked in corpus.watches(2_000) if asked.kind is Kind.PHRASE and len(asked.words) == 2]
    common, *_, rare = sorted(phrases, key=lambda phrase: sum(corpus.commonness[word] for word in phrase))
    return {
        "the commonest word": (words[0], words[0]),
        "a common word": (words[100], words[100]),
        "a word": (words[3_000], words[3_000]),
        "a rare word": (words[50_000], words[50_000]),
        "no such word": ("كلمةغائبة", "كلمةغائبة"),
        "a common phrase": (f'"{" ".join(common)}"', " ".join(common)),
        "a rare phrase": (f'"{" ".join(rare)}"', " ".join(rare)),
        "common words side by side": (f'"{words[40]} {words[90]}"', f"{words[40]} {words[90]}"),
        "two words near": (f"{words[200]} NEAR/5 {words[300]}", words[300]),
        "AND": (f"{words[300]} AND {words[700]}", words[700]),
        "AND NOT": (f"{words[700]} NOT {words[3]}", words[700]),
        "a beginning": (f"{words[5_000][:3]}*", words[5_000][:3]),
        "all forms": (f"~{words[1_000]}", words[1_000]),
    }


def fill(database: Database, corpus: Corpus, count: int) -> None:
    """Writes the articles and their words, and says what that took and takes."""
    outlet, _ = database.write_now(
        add_outlet, NewOutlet("صحيفة الأفق", "https://a.example/", language="ar"), [], now=NOW
    )
    begun = database.read_now(size)
    made = _articles(corpus, outlet.id, count)
    taken_ms: dict[str, float] = {}
    for start in range(0, count, AT_ONCE):
        new = [next(made) for _ in range(min(AT_ONCE, count - start))]
        database.write_now(save, new, now=NOW, state=ArticleState.ARCHIVED)
        if start == 0:
            begun = database.read_now(size)
        unread = sorted(database.read_now(unread_articles, limit=AT_ONCE), key=lambda article: article.dated)
        words = [(article, words_of(article, read(article.fields | article.about, STEMS))) for article in unread]
        alone = start >= count - ALONE
        work = partial(put_alone, database, words) if alone else partial(database.write_now, put_all, words)
        taken_ms["one by one" if alone else "by the hundred"] = timed(work)[0] / len(words)
    kept = (database.read_now(size) - begun) / count
    texts = database.read_now(lambda connection: connection.scalar(select(func.avg(func.length(articles.c.text))))) or 0
    print(
        f"words kept: {taken_ms.get('one by one', 0):.2f} ms an article in transactions of their own, "
        f"{taken_ms.get('by the hundred', 0):.2f} by the hundred (CPU of this process); "
        f"{kept:,.0f} B an article, whose text has {texts:,.0f} characters"
    )


def _articles(corpus: Corpus, outlet_id: int, count: int) -> Iterator[NewArticle]:
    for number in range(count):
        words = corpus.article(clitics=True).split()
        url = f"https://a.example/{number}"
        yield NewArticle(
            outlet_id=outlet_id,
            source_id=None,
            url=url,
            canonical_url=url,
            guid=url,
            fingerprints=(number * 2, number * 2 + 1),
            title=" ".join(words[:8]),
            summary="",
            text=" ".join(words[8:]),
            text_origin=TextOrigin.PAGE,
            first_seen_at=NOW,
            published_at=NOW - timedelta(days=100) * (1 - number / count),
            language="ar",
            tags=("سياسة",),
        )


def put_all(connection: Connection, words: list[tuple[Article, IndexedWords]]) -> None:
    for article, found in words:
        put_words(connection, article, found)


def put_alone(database: Database, words: list[tuple[Article, IndexedWords]]) -> None:
    for article, found in words:
        database.write_now(put_words, article, found)


def size(connection: Connection) -> int:
    """What the words' index takes, in bytes."""
    if connection.dialect.name == "postgresql":
        return int(connection.scalar(text("SELECT pg_total_relation_size('words')")) or 0)
    parts = ("SELECT sum(length(block)) FROM words_data", "SELECT 12 * count(*) FROM words_docsize")
    return sum(int(connection.scalar(text(part)) or 0) for part in parts)


def measure(database: Database, asked: dict[str, tuple[str, str]]) -> None:
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))  # as its own upkeep does within a minute
    rows = []
    for name, (query, characters) in asked.items():
        tree = parse(query)
        ours = best(partial(database.read_now, search, tree))
        like = best(partial(database.read_now, looked_for, characters))
        found = len(database.read_now(search, tree).items)
        cells = [f"{ours[0]:.1f}", f"{ours[1]:.1f}", f"{like[1]:,.1f}", f"{like[1] / ours[1]:,.1f} ×"]
        rows.append([name, str(found), *cells])
    print(table(["", "found", "CPU ms", "wall ms", "LIKE, wall ms", "ratio"], rows))


def looked_for(connection: Connection, characters: str) -> list[Any]:
    met = articles.c.title.contains(characters) | articles.c.text.contains(characters)
    return list(connection.execute(select(articles).where(met).order_by(articles.c.id.desc()).limit(20)))


def best(work: Callable[[], object]) -> tuple[float, float]:
    runs = [timed(work) for _ in range(RUNS)]
    return min(cpu for cpu, _ in runs), min(wall for _, wall in runs)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall ms."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000


if __name__ == "__main__":
    main()
