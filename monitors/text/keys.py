"""Keys that say more than a word's plain spelling.

A key is what a word answers to and what a query asks for. The characters that mark these kinds are in no word, so
that none of them can be taken for a plain key.
"""

from __future__ import annotations

_STEM = "\ue0f0"
_FIELD = "\ue0f1"


def stem_key(language: str, stem: str) -> str:
    """What all words of this stem answer to in a text in this language (a code like "en")."""
    return f"{language}{_STEM}{stem}"


def stem_language(key: str) -> str | None:
    """The language of a stem's key; None for any other."""
    language, mark, _ = key.rpartition(_FIELD)[2].partition(_STEM)
    return language if mark else None


def field_key(field: str, key: str) -> str:
    """What a word answers to that stands in a field which is only asked by its name."""
    return f"{field}{_FIELD}{key}"
