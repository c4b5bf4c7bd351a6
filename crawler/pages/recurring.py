"""Lines that come back in article after article of one source: invitations, notices, the outlet's address.

No list of words knows them all, but a source gives itself away: what stands in three of its last articles is no news.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from hashlib import blake2b

from crawler.documents.spelling import letters

ENOUGH_ARTICLES = 3
# Longer lines do not come back by habit; a quotation might.
_LONGEST = 400
_MOST = 0.5


def recurring_lines(texts: Iterable[str]) -> frozenset[int]:
    """The keys of the lines that three or more of a source's recent texts hold."""
    counts = Counter(key for text in texts for key in set(_keys(text)))
    return frozenset(key for key, count in counts.items() if count >= ENOUGH_ARTICLES)


def without_recurring(text: str, recurring: Collection[int]) -> str:
    """The text without those lines; as it is, when hardly anything would stay (a table that is published daily)."""
    if not recurring:
        return text
    lines = text.split("\n\n")
    kept = "\n\n".join(line for line in lines if len(line) > _LONGEST or _key(line) not in recurring)
    return kept if len(kept) >= _MOST * len(text) else text


def _keys(text: str) -> Iterable[int]:
    return (_key(line) for line in text.split("\n\n") if 0 < len(line) <= _LONGEST)


def _key(line: str) -> int:
    return int.from_bytes(blake2b(letters(line).encode(), digest_size=8).digest()[:7], "big")
