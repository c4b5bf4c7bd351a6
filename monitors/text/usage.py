"""How words are used: what headlines have, how often, and how it is written there (pure)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import takewhile

from monitors.text.clitics import contained, is_arabic
from monitors.text.folding import bare, fold
from monitors.text.words import WORD


@dataclass(slots=True)
class KnownWords:
    """Words of headlines, and those in them, in their plain spelling: how many headlines have each, how often it stands
    by itself, and the ways in which Arabic ones are written."""

    headlines: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    written: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def __contains__(self, folded: str) -> bool:
        return folded in self.headlines

    def usually(self, folded: str) -> str:
        """As it is written most often: with its hamzas."""
        ways = self.written.get(folded)
        return max(ways, key=lambda way: (ways[way], way)) if ways else folded

    def by_itself(self, word: str) -> str:
        """The word without what is written onto its beginning, «سقوط» for «وسقوط», if that stands by itself more often;
        else the word as it is."""
        folded = [fold(way) for way in bare(word)]
        if len(folded) != 1 or not folded[0]:
            return word
        first, *others = contained(folded[0])
        best = max(others, key=lambda part: self.alone[part], default=first)
        return self.usually(best) if self.alone[best] > self.alone[first] else word


def known_words(headlines: Iterable[str]) -> KnownWords:
    known = KnownWords()
    for headline in headlines:
        there: set[str] = set()
        for way in (way for word in WORD.findall(headline) for way in bare(word)):
            if folded := fold(way):
                known.alone[folded] += 1
                for part in contained(folded):
                    there.add(part)
                    if is_arabic(folded) and len(way) == len(folded):
                        known.written[part][_as_in(way, folded, part)] += 1
        known.headlines.update(there)
    return known


def _as_in(way: str, folded: str, part: str) -> str:
    """The part of a word with the letters of the word as it is written: they end alike, if not always quite."""
    ends = zip(reversed(part), reversed(folded), strict=False)
    same = sum(1 for _ in takewhile(lambda letters: letters[0] == letters[1], ends))
    return part[: len(part) - same] + way[len(way) - same :]
