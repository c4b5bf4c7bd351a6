"""What makes articles of several outlets one report: that one says what the other says, word for word (pure).

News agencies' reports are printed by many outlets, under headlines of their own, shortened, and with a sentence more.
What only looks alike is other news: the rate of the next day, the same telegram to somebody else, a round-up that holds
all of it. Whoever is told too little loses more than whoever is told twice, so in doubt two articles are two reports.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

from monitors.text.clitics import is_arabic, stems
from monitors.text.folding import bare, fold
from monitors.text.steps import Steps
from monitors.text.words import WORD

RUN = 3
"""Words of a run."""
LEAST = 20
"""Runs of a text that can be compared; two short ones are alike by chance."""
SAME = 0.6
"""The part of the longer text's runs that the other has, from which on both are one text."""
SHORT, SAME_SHORT = 60, 0.8
"""A text of fewer runs is easily made of a template: more of it must be the same."""
BACKED = 0.5
"""The part of a headline's words that its own text has at least. Otherwise the text may be a notice that stands for
every article."""
LONGEST = 20_000
"""Code points. A longer text – a live report, a collection – is compared with none."""
SAMPLE = 16
"""The smallest runs of a text: a sample that is fair, and the same of the same text."""

_WORDS_AT_ONCE = 500
_SHORTEST = 3
"""Letters of a headline's word that is looked for; shorter ones stand in every text."""


@dataclass(frozen=True, slots=True)
class Gist:
    """What of an article is compared, as numbers of 32 bits: the headline's words, those of them that its text has as
    well, or that are numbers, all words with what they contain, the runs of words, and numbers, each with what stands
    around it."""

    headline: frozenset[int]
    backed: frozenset[int]
    words: frozenset[int]
    runs: frozenset[int]
    figures: frozenset[tuple[int, int]]

    @property
    def is_told_by_its_headline(self) -> bool:
        """What is short, or says something else than its headline, is another article under another headline."""
        return len(self.runs) < SHORT or len(self.backed) < BACKED * len(self.headline)

    @property
    def sample(self) -> list[int]:
        return sorted(self.runs)[:SAMPLE]

    def packed(self) -> bytes:
        figures = [number for figure in sorted(self.figures) for number in figure]
        parts = [*map(sorted, (self.headline, self.backed, self.words, self.runs)), figures]
        return array("I", [*map(len, parts), *(number for part in parts for number in part)]).tobytes()

    @classmethod
    def unpacked(cls, packed: bytes) -> Gist:
        numbers = array("I", packed)
        parts: list[array[int]] = []
        start = 5
        for length in numbers[:5]:
            parts.append(numbers[start : start + length])
            start += length
        headline, backed, words, runs, figures = parts
        pairs = frozenset(zip(figures[::2], figures[1::2], strict=True))
        return cls(frozenset(headline), frozenset(backed), frozenset(words), frozenset(runs), pairs)


def gist_steps(fields: Mapping[str, str], outlet_name: str = "") -> Steps[Gist | None]:
    """The gist of an article's title and text; None for what cannot be compared. What the outlet is called says nothing
    in its headlines."""
    title, text = fields.get("title", ""), fields.get("text", "")
    if len(title) + len(text) > LONGEST:
        return None
    own = set(_plain(outlet_name))
    headline = [word for word in _plain(title) if (len(word) >= _SHORTEST or word.isdecimal()) and word not in own]
    if not headline:
        return None
    told: list[str] = []
    words: set[int] = set()
    for some in _portions(WORD.findall(text)):
        for word in (folded for written in some for folded in _folded(written)):
            told.append(word)
            words.update(map(_number, _contained(word)))
        yield
    runs = frozenset(_number(" ".join(run)) for run in zip(*(told[start:] for start in range(RUN)), strict=False))
    if len(runs) < LEAST:
        return None
    meant = {_meant(word, words) for word in headline}
    backed = frozenset(meant & words) | {_number(word) for word in headline if word.isdecimal()}
    words.update(_number(part) for word in _plain(title) for part in _contained(word))
    return Gist(frozenset(meant), backed, frozenset(words), runs, frozenset(_figures(told)))


def is_same_report(mine: Gist, theirs: Gist) -> bool:
    """Whether both say the same: most of the runs of the longer one are the other's, no number stands where the other
    has another, and whatever a headline says of its text stands in the other article. Words that only the headline has
    are its author's; but where it alone tells one article from another, all of it must stand there."""
    shorter, longer = sorted((len(mine.runs), len(theirs.runs)))
    enough = SAME_SHORT if shorter < SHORT else SAME
    if len(mine.runs & theirs.runs) < enough * longer or _contradict(mine.figures, theirs.figures):
        return False
    whole = mine.is_told_by_its_headline or theirs.is_told_by_its_headline
    here, there = (mine.headline, theirs.headline) if whole else (mine.backed, theirs.backed)
    return here <= theirs.words and there <= mine.words


def _contradict(mine: Iterable[tuple[int, int]], theirs: Iterable[tuple[int, int]]) -> bool:
    here, there = _by_place(mine), _by_place(theirs)
    return any(here[place].isdisjoint(there[place]) for place in here.keys() & there.keys())


def _by_place(figures: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for place, number in figures:
        found[place].add(number)
    return found


def _figures(told: list[str]) -> Iterable[tuple[int, int]]:
    for (before, word), (_, after) in pairwise(pairwise(["", *told, ""])):
        if any(map(str.isdecimal, word)):
            yield _number(f"{before} {after}"), _number(word)


def _portions(written: list[str]) -> Iterable[list[str]]:
    return (written[start : start + _WORDS_AT_ONCE] for start in range(0, len(written), _WORDS_AT_ONCE))


def _plain(text: str) -> list[str]:
    return [word for written in WORD.findall(text) for word in _folded(written)]


def _folded(written: str) -> list[str]:
    return [fold(word) for word in bare(written)]


def _contained(folded: str) -> tuple[str, ...]:
    """The word and, of an Arabic one, the words in it. Its hamzas do not matter here."""
    return stems(folded, folded, fathatan=False) if is_arabic(folded) else (folded,)


def _meant(word: str, words: Set[int]) -> int:
    """The longest part of it that the text has: «الباخرة» of a headline is «باخرة» there. Else the word itself."""
    found = (number for number in map(_number, _contained(word)) if number in words)
    return next(found, _number(word))


def _number(words: str) -> int:
    return crc32(words.encode())
