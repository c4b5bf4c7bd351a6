"""What reading a feed costs: our whole way from bytes to a Listing with clean text, beside feedparser's.

    python -m benchmarks.feeds [--rounds 3] [--profile]

Both read the same made-up feeds (`benchmarks.sample_feeds`), turn by turn in one run; times are CPU ms, the best of
the rounds for each feed and reader. "whole" is what a poll does: everything cleaned, HTML made plain text. "parsed" is
as far as feedparser goes: ids, links, titles and dates, and texts as the HTML they are. feedparser is called as its
documentation shows it, on bytes, and once more without the two steps we do not want of it (sanitising HTML, resolving
addresses). Ratios are given as the median over the feeds and for all bytes together. Where our fast reader accepts a
feed, the two must agree on every id, link, title and date; differences are counted and printed. Goal: 20 times as fast
as feedparser, and no difference.
"""

from __future__ import annotations

import argparse
import calendar
import cProfile
import gc
import pstats
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import feedparser

from benchmarks.sample_feeds import Sample, sample_feeds
from crawler.documents.addresses import web_address
from crawler.documents.dates import parse_date
from crawler.documents.decoding import as_utf8, declared_by_xml
from crawler.documents.fields import line_field, link_field
from crawler.documents.fragments import line_of
from crawler.documents.xml_text import without_declaration
from crawler.entries import MAX_ENTRIES, Listing
from crawler.feeds.elements import Doubtful
from crawler.feeds.mending import Beyond, with_mended_ampersands
from crawler.feeds.reading import read_fast
from crawler.feeds.strict import read_strictly
from crawler.listings.reading import read_listing
from monitors.outlets import SourceKind


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds for one feed."""

    sample: Sample
    fast: bool
    whole: float
    parsed: float
    default: float
    lenient: float


def whole(sample: Sample) -> Listing:
    return read_listing(sample.body, kind=SourceKind.FEED, url=sample.url, content_type=sample.content_type)


def parsed(sample: Sample) -> list[tuple[Any, ...]]:
    utf8 = without_declaration(as_utf8(sample.body, declared=declared_by_xml(sample.body), http_charset=None))
    try:
        feed = read_strictly(utf8, MAX_ENTRIES)
    except Doubtful:
        feed = read_strictly(with_mended_ampersands(utf8.decode()).encode(), MAX_ENTRIES)
    return [
        (
            line_field(entry.guid),
            link_field(sample.url, entry.link),
            line_field(entry.title),
            parse_date(entry.published or ""),
            entry.summary,
            entry.content,
        )
        for entry in feed.entries
    ]


def default(sample: Sample) -> Any:
    return feedparser.parse(BytesIO(sample.body))


def lenient(sample: Sample) -> Any:
    return feedparser.parse(BytesIO(sample.body), sanitize_html=False, resolve_relative_uris=False)


def measure(sample: Sample, rounds: int) -> Cost:
    costs: dict[Callable[[Sample], Any], float] = {}
    for _ in range(rounds):
        for reader in (whole, parsed, default, lenient):
            costs[reader] = min(costs.get(reader, float("inf")), _cpu_s(reader, sample))
    return Cost(sample, _is_fast(sample), costs[whole], costs[parsed], costs[default], costs[lenient])


def _is_fast(sample: Sample) -> bool:
    """Whether the fast reader takes it, once it is in UTF-8 and its ampersands are mended."""
    utf8 = as_utf8(sample.body, declared=declared_by_xml(sample.body), http_charset=None)
    try:
        read_fast(with_mended_ampersands(utf8.decode()).encode(), url=sample.url)
    except (Doubtful, Beyond):
        return False
    return True


def _cpu_s(reader: Callable[[Sample], Any], sample: Sample) -> float:
    """Of one reading, repeated until it lasts long enough for the clock."""
    repeats = 1
    while True:
        gc.collect()
        begun = time.process_time()
        for _ in range(repeats):
            reader(sample)
        spent = time.process_time() - begun
        if spent > 0.02:
            return spent / repeats
        repeats *= 4


def differences(sample: Sample) -> list[str]:
    """Where our reading of a feed is not feedparser's."""
    mine, theirs = whole(sample).entries, lenient(sample).entries
    if len(mine) != len(theirs):
        return [f"{sample.name}: {len(mine)} entries, feedparser {len(theirs)}"]
    found = []
    for number, (a, b) in enumerate(zip(mine, theirs, strict=True)):
        parsed = b.get("published_parsed") or b.get("updated_parsed")
        expected = {
            "id": line_of(b.get("id") or "") or None,
            "link": web_address(sample.url, line_of(b.get("link") or "")),
            "title": line_of(b.get("title") or ""),
            "date": datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None,
        }
        got = {"id": a.guid, "link": a.url, "title": a.title, "date": a.published_at}
        found += [
            f"{sample.name}[{number}] {name}: {got[name]!r}, feedparser {expected[name]!r}"
            for name in got
            if got[name] != expected[name]
        ]
    return found


def report(costs: list[Cost]) -> None:
    columns = ("kB", "way", "whole", "parsed", "default", "lenient", "whole x", "parsed x")
    print(f"{'feed':<18}" + "".join(f"{column:>10}" for column in columns))
    for cost in costs:
        times = (cost.whole, cost.parsed, cost.default, cost.lenient)
        print(
            f"{cost.sample.name:<18}{len(cost.sample.body) / 1000:10.0f}{'fast' if cost.fast else 'slow':>10}"
            + "".join(f"{seconds * 1000:10.2f}" for seconds in times)
            + f"{cost.default / cost.whole:10.1f}{cost.default / cost.parsed:10.1f}"
        )
    sizes = [len(cost.sample.body) for cost in costs]
    median, mean = statistics.median(sizes) / 1000, statistics.mean(sizes) / 1000
    print(f"\n{len(costs)} feeds, median {median:.0f} kB, mean {mean:.0f} kB")
    for ours in ("whole", "parsed"):
        for theirs in ("default", "lenient"):
            ratios = [getattr(cost, theirs) / getattr(cost, ours) for cost in costs]
            total = sum(getattr(cost, theirs) for cost in costs) / sum(getattr(cost, ours) for cost in costs)
            print(
                f"{ours:<7} feedparser {theirs:<8} median {statistics.median(ratios):5.1f} x, "
                f"lowest {min(ratios):5.1f} x, total throughput {total:5.1f} x"
            )


def main(rounds: int, profile: bool) -> None:
    samples = sample_feeds()
    if profile:
        profiler = cProfile.Profile()
        profiler.enable()
        for _ in range(10):
            for sample in samples:
                whole(sample)
        profiler.disable()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(25)
        return
    costs = [measure(sample, rounds) for sample in samples]
    report(costs)
    found = [line for cost in costs if cost.fast for line in differences(cost.sample)]
    print(f"differing ids, links, titles, dates where the fast way is taken: {len(found)}", *found[:10], sep="\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", action="store_true", help="show where our own time goes instead")
    given = parser.parse_args()
    main(given.rounds, given.profile)
