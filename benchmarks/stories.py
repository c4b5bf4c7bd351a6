"""Which reports of several outlets are found to be one, which news only looks like it, and what finding out costs.

    python -m benchmarks.stories [--told 20000] [--pairs 200] [--url postgresql://…]

An archive of articles that somebody was told of half a day ago at most is filled; then reports are printed by another
outlet, whole, shortened, and among sentences of its own, under headlines of its own, and news that shares a template.
Goals: 19 in 20 copies are found that leave out or add whole sentences and have most of the report, of other news none,
and with all the articles one costs at most 1.5 times as much as with a tenth of them. Texts are made of words by
chance, so that nothing is alike but what is meant to be.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random
from statistics import median

from sqlalchemy import Connection, select

from monitors.articles import Article, NewArticle, TextOrigin
from monitors.outlets import NewOutlet, NewSource
from monitors.storage.articles import get_articles, save
from monitors.storage.engine import Database, open_database, parse_url
from monitors.storage.migrating import upgrade
from monitors.storage.outlets import add_outlet
from monitors.storage.stories import begin, telling_of
from monitors.storage.tables import articles
from monitors.stories import Gist, gist_steps
from monitors.text.steps import finish

SENTENCES, WORDS = 18, 14
COPIES = {
    (1.0, 0): True,
    (0.8, 0): True,
    (0.6, 0): True,
    (1.0, 2): True,
    (0.8, 1): True,
    (0.4, 0): False,
    (0.6, 6): False,
}
"""Parts of a report's sentences that a copy keeps, how many it has of its own, and whether it is to be found."""
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
VOCABULARY = ["".join(letters) for letters in product("بتثجحخدر", "اويسعف", "لمنكقطهز", "رصضغشيمت")]

_random = Random(7)


@dataclass(frozen=True, slots=True)
class Report:
    title: str
    sentences: Sequence[str]

    def copied(self, kept: float, own: int = 0) -> Report:
        """Under a headline of its own words and of the report's, with so many sentences of its own in the middle."""
        staying = self.sentences[: round(len(self.sentences) * kept)]
        headline = " ".join([*staying[0].split()[:5], *sentence().split()[:3]])
        half = len(staying) // 2
        return Report(headline, [*staying[:half], *sentences(own), *staying[half:]])

    def reworded(self) -> Report:
        """With another word in the middle of one sentence."""
        words = self.sentences[5].split()
        words[6] = "سواه"
        return Report(self.title, [*self.sentences[:5], " ".join(words), *self.sentences[6:]])


@dataclass(slots=True)
class Archive:
    """What was told, by two outlets."""

    database: Database
    outlets: tuple[int, int]
    numbers: int = 0

    def prints(self, outlet: int, report: Report) -> tuple[bool, float]:
        """Whether it was found that somebody told it before, and the seconds of processor time that took."""
        self.numbers += 1
        address = f"https://outlet{outlet}.example/{self.numbers}"
        new = NewArticle(
            outlet_id=self.outlets[outlet],
            source_id=None,
            url=address,
            canonical_url=address,
            guid=address,
            fingerprints=(2 * self.numbers, 2 * self.numbers + 1),
            title=report.title,
            summary="",
            text=". ".join(report.sentences),
            text_origin=TextOrigin.PAGE,
            first_seen_at=NOW + timedelta(milliseconds=self.numbers),
        )
        (article_id,) = self.database.write_now(save, [new], now=NOW)
        (article,) = self.database.read_now(get_articles, [article_id])
        began = time.process_time()
        gist = finish(gist_steps(article.fields, article.outlet_name))
        again = self.database.write_now(_told, article, gist)
        return again, time.process_time() - began


def _told(connection: Connection, article: Article, gist: Gist | None) -> bool:
    telling = telling_of(connection, article, gist)
    row = connection.execute(select(articles).where(articles.c.id == article.id)).one()
    begin(connection, row, telling, now=NOW)
    return bool(telling.told)


def sentence() -> str:
    return " ".join(_random.choices(VOCABULARY, k=WORDS))


def sentences(count: int) -> list[str]:
    return [sentence() for _ in range(count)]


def a_report() -> Report:
    text = sentences(SENTENCES)
    return Report(" ".join(text[0].split()[:6]), text)


def a_rate() -> tuple[Report, Report]:
    """The same of two days: a number in the headline, and one in the text."""
    rest = sentences(SENTENCES)

    def on(rate: int) -> Report:
        return Report("سعر الدولار اليوم", [f"بلغ سعر الدولار {rate} ليرة في المصارف", *rest])

    return on(14500), on(14600)


def a_telegram() -> tuple[Report, Report]:
    """The same to two people, who are named in the headline and twice in the text."""
    rest = sentences(SENTENCES)

    def to(name: str) -> Report:
        return Report(f"برقية تهنئة إلى {name}", [f"تلقى {name} برقية", *rest, f"وشكر {name} المرسل"])

    return to("باسم"), to("سلمان")


def a_word() -> tuple[Report, Report]:
    """One word is another."""
    report = a_report()
    return report, report.reworded()


def a_headline() -> tuple[Report, Report]:
    """Two headlines above one text that says nothing of either, as where a page could not be read."""
    notice = sentences(SENTENCES)
    return Report(sentence(), notice), Report(sentence(), notice)


def a_notice() -> tuple[Report, Report]:
    """Short news above one long notice."""
    notice = sentences(SENTENCES)
    one, other = (sentences(2) for _ in range(2))
    return Report(one[0], [*one, *notice]), Report(other[0], [*other, *notice])


LOOK_ALIKES: dict[str, Callable[[], tuple[Report, Report]]] = {
    "the rate of another day": a_rate,
    "the report with another word": a_word,
    "the telegram to somebody else": a_telegram,
    "short news above one notice": a_notice,
    "other headlines, one notice": a_headline,
}


def fill(archive: Archive, count: int) -> float:
    """The milliseconds of processor time that half of the last thousand took at most."""
    costs = [archive.prints(0, a_report())[1] for _ in range(count)]
    return median(costs[-1000:]) * 1000


def judge(archive: Archive, pairs: int) -> bool:
    """Prints how many are found; whether the goals are reached."""
    reached = True
    for (kept, own), wanted in COPIES.items():
        found = 0
        for _ in range(pairs):
            report = a_report()
            archive.prints(0, report)
            found += archive.prints(1, report.copied(kept, own))[0]
        print(f"{kept:4.0%} of a report, {own} sentences more  {found / pairs:6.1%} found")
        reached &= found >= 0.95 * pairs if wanted else not found
    for name, make in LOOK_ALIKES.items():
        wrong = 0
        for _ in range(pairs):
            one, other = make()
            archive.prints(0, one)
            wrong += archive.prints(1, other)[0]
        print(f"{name:34} {wrong / pairs:6.1%} taken for it")
        reached &= not wrong
    return reached


def run(database: Database, told: int, pairs: int) -> bool:
    ids = [
        database.write_now(
            add_outlet,
            NewOutlet(f"Outlet {number}", f"https://outlet{number}.example/", language="ar"),
            [NewSource(f"https://outlet{number}.example/feed/")],
            now=NOW,
        )[0].id
        for number in range(2)
    ]
    archive = Archive(database, (ids[0], ids[1]))
    few = fill(archive, told // 10)
    many = fill(archive, told - told // 10)
    print(f"an article, with {told // 10} told  {few:6.2f} ms")
    print(f"an article, with {told} told {many:6.2f} ms, {many / few:.2f} times")
    return judge(archive, pairs) and many <= 1.5 * few


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--told", type=int, default=20_000, help="articles that somebody was told of")
    parser.add_argument("--pairs", type=int, default=200, help="of each sort")
    parser.add_argument("--url", help="of an empty database")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = parse_url(given.url or "sqlite:///stories.db", base=Path(folder))
        with open_database(url) as database:
            upgrade(database)
            raise SystemExit(0 if run(database, given.told, given.pairs) else 1)


if __name__ == "__main__":
    main()
