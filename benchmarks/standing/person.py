"""The watches of somebody who wants to slow down everybody else: as many as a person may have, of each kind.

All is made of the commonest words, so that every article has them and little can be told without looking closer. Of
what burdens every article (monitors/query/burdens.py) a person may have less than of plain watches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, product

from benchmarks.standing.corpus import Corpus
from monitors.query.burdens import Burdens
from monitors.query.language.limits import MIN_ARABIC_PREFIX

QUOTA = 1_000


def made_to_slow(corpus: Corpus) -> Mapping[str, Sequence[str]]:
    common = corpus.words[:100]
    pairs = list(combinations(common[:50], 2))
    starts = [word[:MIN_ARABIC_PREFIX] for word in corpus.words]
    kinds = {
        "common words": corpus.words[:QUOTA],
        "prefixes": [f"{start}*" for start in dict.fromkeys(starts)],
        "NEARs": [f"{one} NEAR/{distance} {other}" for distance, (one, other) in product((2, 9), pairs)],
        "phrases": [f'"{one} {other} {one}"' for one, other in pairs],
        "phrases and words": [
            f"{one} {other} OR {third} {one}" for (one, other), third in product(pairs[:100], common[:20])
        ],
        "negations": [f"{one} AND {other} NOT {third}" for (one, other), third in product(pairs[:100], common[:20])],
        "expressions": [f"/{word[:3]}.?[{word}]/" for word in common],
    }
    of_each = QUOTA // len(kinds)
    kinds["of every kind"] = [query for queries in kinds.values() for query in queries[:of_each]]
    return {name: _admitted(queries) for name, queries in kinds.items()}


def _admitted(queries: Sequence[str]) -> Sequence[str]:
    """As many as one chat may have."""
    burdens = Burdens([])
    return [query for query in queries[:QUOTA] if burdens.excess(query) is None]
