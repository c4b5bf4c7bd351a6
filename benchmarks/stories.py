"""Which reports are found to be one story, and what that costs.

    python -m benchmarks.stories [--told 20000] [--pairs 400] [--url postgresql://…]

An archive of articles that somebody was told of is filled; then reports are printed by another outlet, whole, shortened
and among sentences of its own, and news that shares only a template with others. Goals: of copies that keep two thirds
of their sentences 19 in 20 join, of other news none does, and with all the articles one costs at most 1.5 times as much
as with a tenth of them. Texts are made of words by chance, so that nothing is alike but what is meant to be.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median

from sqlalchemy import Connection

from monitors.articles import Article, NewArticle, TextOrigin
from monitors.outlets import NewOutlet, NewSource
from monitors.storage.articles import get_articles, save
from monitors.storage.engine import Database, open_database, parse_url
from monitors.storage.migrating import upgrade
from monitors.storage.outlets import add_outlet
from monitors.storage.stories import tell, telling_of
from monitors.stories import runs_of

SENTENCES, WORDS = 18, 14
KEPT = (1.0, 0.8, 0.67, 0.5, 0.33)
"""Parts of a report's sentences that a copy keeps; as many of its own come to those that it leaves out."""
TEMPLATE = 8
"""Sentences that news of one template share."""
NOW = datetime(2026, 3, 18, 9, tzinfo=UTC)
VOCABULARY = [f"{first}{second}{third}" for first in "بتثجحخدر" for second in "اويسعف" for third in "لمنكقطهز"]

_random = Random(7)


@dataclass(slots=True)
class Archive:
    """What was told, by two outlets."""

    database: Database
    outlets: tuple[int, int]
    numbers: int = 0

    def print(self, outlet: int, sentences: Sequence[str]) -> Article:
        self.numbers += 1
        address = f"https://outlet{outlet}.example/{self.numbers}"
        new = NewArticle(
            outlet_id=self.outlets[outlet],
            source_id=None,
            url=address,
            canonical_url=address,
            guid=address,
            fingerprints=(2 * self.numbers, 2 * self.numbers + 1),
            title=sentence(),
            summary="",
            text=". ".join(sentences),
            text_origin=TextOrigin.PAGE,
            first_seen_at=NOW + timedelta(milliseconds=self.numbers),
        )
        (article_id,) = self.database.write_now(save, [new], now=NOW)
        (article,) = self.database.read_now(get_articles, [article_id])
        return article

    def story(self, article: Article) -> tuple[int, bool, float]:
        """Its story, whether it was there already, and the seconds of processor time that it took."""
        began = time.process_time()
        story, joined = self.database.write_now(_told, article, runs_of(article.fields))
        return story, joined, time.process_time() - began


def _told(connection: Connection, article: Article, runs: Sequence[int]) -> tuple[int, bool]:
    telling = telling_of(connection, article, runs)
    return tell(connection, article.id, telling, now=NOW), telling.story_id is not None


def sentence() -> str:
    return " ".join(_random.choices(VOCABULARY, k=WORDS))


def sentences(count: int) -> list[str]:
    return [sentence() for _ in range(count)]


def copy_of(report: Sequence[str], kept: float) -> list[str]:
    """With sentences of its own in the place of those that it leaves out."""
    staying = round(len(report) * kept)
    return [*sentences(len(report) - staying), *report[:staying]]


def fill(archive: Archive, articles: int) -> float:
    """The milliseconds of processor time that the last thousand took, half of them less."""
    costs = [archive.story(archive.print(0, sentences(SENTENCES)))[2] for _ in range(articles)]
    return median(costs[-1000:]) * 1000


def judge(archive: Archive, pairs: int) -> bool:
    """Prints how many join; whether the goals are reached."""
    reached = True
    for kept in KEPT:
        right = 0
        for _ in range(pairs):
            report = sentences(SENTENCES)
            story = archive.story(archive.print(0, report))[0]
            right += archive.story(archive.print(1, copy_of(report, kept)))[0] == story
        print(f"copies that keep {kept:4.0%} of the report    {right / pairs:6.1%} join")
        reached &= kept < 0.6 or right >= 0.95 * pairs
    template = sentences(TEMPLATE)
    wrong = sum(
        archive.story(archive.print(number % 2, [*sentences(SENTENCES - TEMPLATE), *template]))[1]
        for number in range(pairs)
    )
    print(f"other news of one template            {wrong / pairs:6.1%} join")
    return reached and wrong == 0


def run(database: Database, told: int, pairs: int) -> bool:
    outlets = [
        database.write_now(
            add_outlet,
            NewOutlet(f"Outlet {number}", f"https://outlet{number}.example/", language="ar"),
            [NewSource(f"https://outlet{number}.example/feed/")],
            now=NOW,
        )[0].id
        for number in range(2)
    ]
    archive = Archive(database, (outlets[0], outlets[1]))
    few = fill(archive, told // 10)
    many = fill(archive, told - told // 10)
    print(f"an article, with {told // 10} told  {few:6.2f} ms")
    print(f"an article, with {told} told {many:6.2f} ms, {many / few:.2f} times")
    return judge(archive, pairs) and many <= 1.5 * few


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--told", type=int, default=20_000, help="articles that somebody was told of")
    parser.add_argument("--pairs", type=int, default=400, help="reports and their copies, of each sort")
    parser.add_argument("--url", help="of an empty database")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = parse_url(given.url or "sqlite:///stories.db", base=Path(folder))
        with open_database(url) as database:
            upgrade(database)
            raise SystemExit(0 if run(database, given.told, given.pairs) else 1)


if __name__ == "__main__":
    main()
