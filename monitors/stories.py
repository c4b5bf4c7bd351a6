"""What makes articles of several outlets one story: runs of words that their texts share (pure).

News agencies' reports are printed by many outlets, under other headlines, shortened, and with a sentence of their own.
Of each text the runs of three words are numbers; the smallest of these are a sample that is fair, and the same of the
same text, by which others are found that are worth comparing. A run that many articles have belongs to a template, a
name or a saying, and tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from hashlib import blake2b

from monitors.text.folding import bare, fold
from monitors.text.words import WORD

RUN = 3
"""Words of a run."""
KEPT, ASKED, MET = 32, 16, 2
"""The smallest runs of a story's first article are kept. Of as many of another's as are asked for so many must be among
them for both to be compared. More are kept than asked for: so all who have a run that is asked for are counted, but for
texts more than twice as long."""
COMMON = 25
"""A run that more stories have is no rare one."""
LEAST = 8
"""So many runs must be shared, for shorter texts are alike by chance."""
SAME = 0.5
"""The part of the shorter text that stands in the longer one, from which on both are one text."""
LONGER = 3
"""A text so many times as long as another tells of more than it: a round-up."""
LOOKED_AT = 12_000
"""Code points of a text."""


def runs_of(fields: Mapping[str, str]) -> tuple[int, ...]:
    """The runs of an article's title and text, each once, in ascending order, of 63 bits; the first are its sample."""
    return tuple(sorted({_number(run) for name in ("title", "text") for run in _runs(fields.get(name, ""))}))


def likeness(mine: Sequence[int], theirs: Sequence[int], common: Set[int]) -> float:
    """How much of the shorter text stands in the longer one, of 0 to 1, by their runs; 0 for a round-up, and where
    there is too little to tell."""
    here, there = set(mine) - common, set(theirs) - common
    shared, shorter, longer = len(here & there), min(len(here), len(there)), max(len(here), len(there))
    return shared / shorter if shared >= LEAST and longer <= LONGER * shorter else 0.0


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = [fold(word) for written in WORD.findall(text[:LOOKED_AT]) for word in bare(written)]
    return (tuple(words[first : first + RUN]) for first in range(len(words) - RUN + 1))


def _number(run: tuple[str, ...]) -> int:
    return int.from_bytes(blake2b(" ".join(run).encode(), digest_size=8).digest()) >> 1
