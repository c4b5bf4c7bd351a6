"""What standing watches cost: our index beside the two loops most bots run, same articles, same watches.

    python benchmarks/match.py [--watches 1000 10000 100000] [--articles 40] [--seed 1]

Articles are generated: 400 Arabic words each, their frequencies falling as 1/rank (Zipf) over 60,000 words, a quarter
of them with clitics. 70 % of the watches are one word, 20 % phrases of two or three words standing in some article,
10 % AND/OR/NOT. Nobody watches the commonest words: watched ones fall as 1/√rank from the 300th, so that about 1 %
of all watches meet an article. Times are CPU ms per article, its analysis and the spans included. On watches and
articles reduced to literal words the same run checks that the index agrees with both loops, which know nothing of
Arabic; that it agrees with a slow evaluator on all others is the tests' business.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import random
import re
import resource
import time
from collections.abc import Callable, Iterable

from monitors.query.grammar import parse
from monitors.query.index import QueryIndex
from monitors.query.tree import Query
from monitors.text.analysis import analyse_fields

VOCABULARY = 60_000
COMMONEST = 300
WORDS_PER_ARTICLE = 400
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
CLITICS = ("و", "ب", "ل", "ال", "وال", "بال")


class Corpus:
    """Articles and watches over one made-up vocabulary, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        known: dict[str, None] = {}
        while len(known) < VOCABULARY:
            # Frequent words are short, as in any language.
            length = 3 + min(4, int(self._random.expovariate(0.8)) + len(known) // 12_000)
            # The first letter is no proclitic: what the loops compare has to be the same word for all engines.
            known[
                "".join((self._random.choice("تثجحخدذرزشصضطظعغقمنه"), *self._random.choices(LETTERS[1:], k=length)))
            ] = None
        self._words = list(known)
        self._weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))
        self._watched = self._words[COMMONEST:]
        self._watched_weights = list(itertools.accumulate(rank**-0.5 for rank in range(COMMONEST, VOCABULARY)))

    def words(self, count: int) -> list[str]:
        return self._random.choices(self._words, cum_weights=self._weights, k=count)

    def watched_words(self, count: int) -> list[str]:
        return self._random.choices(self._watched, cum_weights=self._watched_weights, k=count)

    def article(self, *, clitics: bool) -> str:
        return " ".join(
            self._random.choice(CLITICS) + word if clitics and self._random.random() < 0.25 else word
            for word in self.words(WORDS_PER_ARTICLE)
        )

    def watches(self, count: int, articles: list[str]) -> list[str]:
        return [self._watch(articles) for _ in range(count)]

    def _watch(self, articles: list[str]) -> str:
        kind = self._random.random()
        if kind < 0.7:
            return self.watched_words(1)[0]
        if kind < 0.9:
            words = self._random.choice(articles).split()
            start = self._random.randrange(len(words) - 3)
            return f'"{" ".join(words[start : start + self._random.choice((2, 2, 3))])}"'
        one, two, three = self.watched_words(3)
        return self._random.choice((f"{one} AND {two}", f"{one} OR {two}", f"{one} AND {two} NOT {three}"))


def cpu_ms(action: Callable[[], object], times: int) -> float:
    gc.collect()
    gc.freeze()  # what stands is no garbage; a service does the same once its watches are loaded
    start = time.process_time()
    action()
    return (time.process_time() - start) * 1000 / times


def substring_loop(words: list[str], articles: Iterable[str]) -> list[set[int]]:
    return [{number for number, word in enumerate(words) if word in article} for article in articles]


def regex_loop(patterns: list[re.Pattern[str]], articles: Iterable[str]) -> list[set[int]]:
    return [{number for number, pattern in enumerate(patterns) if pattern.search(article)} for article in articles]


def standing(queries: Iterable[Query]) -> QueryIndex:
    index = QueryIndex()
    add_all(index, queries)
    return index


def add_all(index: QueryIndex, queries: Iterable[Query]) -> None:
    for number, query in enumerate(queries):
        index.add(number, query)


def remove_all(index: QueryIndex, count: int) -> None:
    for number in range(count):
        index.remove(number)


def measure_index(count: int, corpus: Corpus, source: list[str], articles: list[str]) -> float:
    queries = [parse(watch) for watch in corpus.watches(count, source)]
    index = QueryIndex()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    adding = cpu_ms(lambda: add_all(index, queries), count)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / count
    removing = cpu_ms(lambda: remove_all(index, 1000), 1000)
    add_all(index, queries[:1000])
    for article in articles:
        analyse_fields({"text": article})  # forms seen before, as in a service that has run for a day
    analysing = cpu_ms(
        lambda: [analyse_fields({"text": article})["text"].tokens for article in articles], len(articles)
    )
    found: list[int] = []
    whole = cpu_ms(lambda: found.extend(len(index.match({"text": article})) for article in articles), len(articles))
    met = sum(found) / len(articles)
    print(
        f"{count:>9,} watches: match {whole:.2f} ms, of that {analysing:.2f} analysis; "
        f"{met:,.0f} matches/article; add {adding * 1000:.0f} µs, remove {removing * 1000:.0f} µs, "
        f"{grown:,.0f} B/watch"
    )
    return whole


def compare_with_loops(count: int, corpus: Corpus) -> None:
    """One-word watches and articles without clitics, spaces around every word: the job all three can do alike."""
    words = corpus.watched_words(count)
    plain = [f" {corpus.article(clitics=False)} " for _ in range(3)]
    index = standing(map(parse, words))
    spaced = [f" {word} " for word in words]
    # Compiled once for all, past the 512 that `re` remembers by itself; a million would not fit in memory.
    patterns = [re.compile(rf"\b{word}\b") for word in words[:10_000]]
    for text in plain:
        analyse_fields({"text": text})  # as above: forms seen before
    found: list[set[int]] = []

    def matched(text: str) -> set[int]:
        return {match.watch_id for match in index.match({"text": text})}

    ours = cpu_ms(lambda: found.extend(map(matched, plain)), len(plain))
    loop: list[set[int]] = []
    substring = cpu_ms(lambda: loop.extend(substring_loop(spaced, plain)), len(plain))
    regexes: list[set[int]] = []
    regex = cpu_ms(lambda: regexes.extend(regex_loop(patterns, plain)), len(plain)) * len(words) / len(patterns)
    if loop != found or regexes != [{n for n in numbers if n < len(patterns)} for numbers in found]:
        raise SystemExit("the index and the loops disagree on literal words")
    scaled = " (scaled up from 10,000)" if len(words) > len(patterns) else ""
    print(
        f"{'':>9} literal words, same matches: index {ours:.2f} ms, substring loop {substring:,.1f} ms "
        f"({substring / ours:,.0f} ×), regex per watch {regex:,.0f} ms ({regex / ours:,.0f} ×){scaled}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--watches", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    corpus = Corpus(options.seed)
    articles = [corpus.article(clitics=True) for _ in range(options.articles)]
    source = [corpus.article(clitics=False) for _ in range(2_000)]
    taken = {count: measure_index(count, corpus, source, articles) for count in options.watches}
    smallest, largest = min(taken), max(taken)
    if smallest != largest:
        print(
            f"from {smallest:,} to {largest:,} watches a match costs {taken[largest] / taken[smallest]:.1f} × as much"
        )
    for count in options.watches:
        compare_with_loops(count, corpus)


if __name__ == "__main__":
    main()
