"""Names as people look for them: «البعث», «بعث», "baath", "Al-Baath", "albaath" and "Ba'ath" are one.

Wider than the folding of articles, because a person who looks for an outlet sees what was found and chooses.
"""

from __future__ import annotations

import re
from itertools import pairwise

from monitors.text.folding import bare, fold, without_accents
from monitors.text.words import words

_APOSTROPHE = re.compile("(?<=\\w)['’‘`´ʼʿʾ](?=\\w)")
_WIDER = str.maketrans({"ة": "ه", "ى": "ي"})
_ARTICLES = frozenset(("al", "el", "an", "ad", "as", "ar", "at", "az", "ash", "ech", "en", "es", "ez", "the"))


def name_words(name: str) -> list[str]:
    """The words of a name or of what somebody typed to find it, in their plainest spelling, in order.

    None of them holds a space, `%` or `_`, so they are safe in a LIKE pattern.
    """
    return [_plain(part) for word in words(_APOSTROPHE.sub("", name)) for part in bare(word)]


def search_words(*names: str) -> str:
    """What `name_words` of a query are looked for in, each after a space: ` al baath albaath بعث `.

    Besides the words themselves: words with their article, and names whole, both as they are written together.
    """
    found: dict[str, None] = {}
    for name in names:
        parts = name_words(name)
        found.update(dict.fromkeys(parts))
        found.update((one + other, None) for one, other in pairwise(parts) if one in _ARTICLES)
        found.setdefault("".join(parts))
    return f" {' '.join(filter(None, found))} "


def _plain(word: str) -> str:
    plain = without_accents(fold(word)).translate(_WIDER)
    return plain[2:] if plain.startswith("ال") and len(plain) > 4 else plain
