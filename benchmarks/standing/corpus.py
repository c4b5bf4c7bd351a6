"""Articles and watches over one made-up vocabulary, the same for the same seed.

An article has about 400 words, whose frequencies fall as 1/rank (Zipf) over 300,000; a tenth are names and set phrases
of two or three words, of which there are 200,000, as common as 1/rank. In articles as they are published a quarter of
the words carry clitics. 70 % of the watches are one word, 20 % one of the phrases, 10 % ask for two or three words
with AND, OR, NOT and NEAR. People watch names and topics, so what is watched is neither the commonest nor evenly
spread: it falls as rank to the power of -0.7, for words from the 100th. So more than 1 % of all watches meet an
article, and of a million watches four in ten ask what no other asks.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import accumulate

VOCABULARY = 300_000
PHRASES = 200_000
WATCHED = 0.7
COMMONEST = 100
WORDS_PER_ARTICLE = 400
DISTANCE = 5

_CLITICS = ("و", "ب", "ل", "ال", "وال", "بال")
# The first letter is no proclitic and none is an alef: engines that know no Arabic have to see the same words in
# articles without clitics.
_FIRST = "تثجحخدذرزشصضطظعغقمنه"
_LETTERS = "بتثجحخدذرزسشصضطظعغفقكلمنهوي"


class Kind(Enum):
    PHRASE = auto()  # of one word or more
    ALL = auto()
    ANY = auto()
    NEAR = auto()  # both, at most DISTANCE words apart


@dataclass(frozen=True, slots=True)
class Asked:
    """What a watch asks, in no engine's language."""

    kind: Kind
    words: tuple[str, ...]
    without: str | None = None

    def __str__(self) -> str:
        """In the language of watches."""
        match self.kind:
            case Kind.PHRASE:
                return " ".join(self.words) if len(self.words) == 1 else f'"{" ".join(self.words)}"'
            case Kind.ALL:
                return " AND ".join(self.words) + (f" NOT {self.without}" if self.without else "")
            case Kind.ANY:
                return " OR ".join(self.words)
            case Kind.NEAR:
                return f" NEAR/{DISTANCE} ".join(self.words)


class Corpus:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.words = list(self._vocabulary())
        self.commonness = {word: rank for rank, word in enumerate(self.words)}
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))
        self._watchable = self.words[COMMONEST:]
        self._watched_weights = list(accumulate(rank**-WATCHED for rank in range(COMMONEST, VOCABULARY)))
        self._phrases = [self._watched(self._random.choice((2, 2, 3))) for _ in range(PHRASES)]
        self._phrase_weights = list(accumulate(1 / (rank + 3) for rank in range(PHRASES)))
        self._watched_phrase_weights = list(accumulate((rank + 1) ** -WATCHED for rank in range(PHRASES)))

    def article(self, *, clitics: bool) -> str:
        words = self._words(WORDS_PER_ARTICLE * 9 // 10)
        for phrase in self._random.choices(self._phrases, cum_weights=self._phrase_weights, k=WORDS_PER_ARTICLE // 23):
            at = self._random.randrange(len(words))
            words[at:at] = phrase
        if clitics:
            words = [self._random.choice(_CLITICS) + word if self._random.random() < 0.25 else word for word in words]
        return f" {' '.join(words)} "  # a space on both sides of each word, for engines that look for characters

    def watches(self, count: int) -> Iterator[Asked]:
        return (self._watch() for _ in range(count))

    def _vocabulary(self) -> Iterator[str]:
        known: set[str] = set()
        while len(known) < VOCABULARY:
            # Frequent words are short, as in any language.
            length = 3 + min(4, int(self._random.expovariate(0.8)) + len(known) // (VOCABULARY // 5))
            word = "".join((self._random.choice(_FIRST), *self._random.choices(_LETTERS, k=length)))
            if word not in known:
                known.add(word)
                yield word

    def _words(self, count: int) -> list[str]:
        return self._random.choices(self.words, cum_weights=self._weights, k=count)

    def _watch(self) -> Asked:
        kind = self._random.random()
        if kind < 0.7:
            return Asked(Kind.PHRASE, self._watched(1))
        if kind < 0.9:
            (phrase,) = self._random.choices(self._phrases, cum_weights=self._watched_phrase_weights)
            return Asked(Kind.PHRASE, phrase)
        return self._random.choice(
            (
                Asked(Kind.ALL, self._watched(2)),
                Asked(Kind.ANY, self._watched(2)),
                Asked(Kind.ALL, self._watched(2), without=self._watched(1)[0]),
                Asked(Kind.NEAR, self._watched(2)),
            )
        )

    def _watched(self, count: int) -> tuple[str, ...]:
        """Different words that somebody watches together."""
        found: dict[str, None] = {}
        while len(found) < count:
            found |= dict.fromkeys(self._random.choices(self._watchable, cum_weights=self._watched_weights, k=count))
        return tuple(found)[:count]
