"""How words are used: what headlines have, how often, and how it is written there (pure)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from monitors.text.clitics import contained, is_arabic
from monitors.text.folding import bare, fold
from monitors.text.words import WORD


@dataclass(slots=True)
class KnownWords:
    """Words of headlines, and those in them, in their plain spelling: how many headlines have each, and the ways it is
    written by itself, with how often it is."""

    headlines: Counter[str] = field(default_factory=Counter)
    written: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def __contains__(self, folded: str) -> bool:
        return folded in self.headlines

    def usually(self, folded: str) -> str:
        """As it is written most often: with its hamzas. Capitals say nothing."""
        ways = self.written.get(folded) if is_arabic(folded) else None
        return max(ways, key=lambda way: (ways[way], way)) if ways else folded

    def alone(self, word: str) -> str:
        """The word without what is written onto its beginning, «سقوط» for «وسقوط», if that stands by itself more often;
        else the word as it is."""
        folded = [fold(way) for way in bare(word)]
        if len(folded) != 1 or not folded[0]:
            return word
        first, *others = contained(folded[0])
        best = max(others, key=self._stands, default=first)
        return self.usually(best) if self._stands(best) > self._stands(first) else word

    def _stands(self, folded: str) -> int:
        return self.written[folded].total() if folded in self.written else 0


def known_words(headlines: Iterable[str]) -> KnownWords:
    known = KnownWords()
    for headline in headlines:
        there: set[str] = set()
        for way in (way for word in WORD.findall(headline) for way in bare(word)):
            if folded := fold(way):
                known.written[folded][way] += 1
                there.update(contained(folded))
        known.headlines.update(there)
    return known
