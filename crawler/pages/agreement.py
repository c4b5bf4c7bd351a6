"""How far two extractions of one page say the same, in shingles of four words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"\w+")
_WIDTH = 4


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(zip(*(words[start:] for start in range(min(_WIDTH, len(words)))), strict=False))


def similarity(one: str, other: str) -> float:
    """Twice what both hold over what each holds (the F1 of one against the other), 0-1."""
    ours, theirs = shingles(one), shingles(other)
    total = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / total if total else 1.0


def medoid(texts: Sequence[str]) -> str:
    """The text that is most like all the others; the earlier one when two are equally so."""
    return max(texts, key=lambda text: sum(similarity(text, other) for other in texts), default="")
