"""How well a text agrees with the truth, as the public benchmark of article extraction counts it.

Per page over multisets of shingles of four words; precision and recall are averaged over pages, F1 comes from the
averages (https://github.com/scrapinghub/article-extraction-benchmark).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_WIDTH = 4
_WORD = re.compile(r"\w+")
# Some extractors delete these, which fuses Persian words; that says nothing about what they take for the article.
_INVISIBLE = re.compile("[\u200b-\u200f\u061c\ufeff]")


@dataclass(frozen=True, slots=True)
class Score:
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score(text: str, truth: str) -> Score:
    """Of one page."""
    found, wanted = _shingles(text), _shingles(truth)
    agreed = (found & wanted).total()
    if found == wanted:
        return Score(1.0, 1.0)
    return Score(
        agreed / found.total() if found else 0.0,
        agreed / wanted.total() if wanted else 0.0,
    )


def mean(scores: Iterable[Score]) -> Score:
    listed = list(scores)
    return Score(
        sum(one.precision for one in listed) / len(listed),
        sum(one.recall for one in listed) / len(listed),
    )


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(_INVISIBLE.sub("", text))
    width = min(_WIDTH, len(words))
    return Counter(zip(*(words[start:] for start in range(width)), strict=False))
