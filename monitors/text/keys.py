"""Keys that say more than a word's plain spelling.

A key is what a word answers to and what a query asks for. The characters that mark these kinds are in no word and
stand first, so that none of them can be taken for a plain key, nor begins as one.
"""

from __future__ import annotations

_STEM = "\ue0f0"
_FIELD = "\ue0f1"
_MARKS = (_STEM, _FIELD)


def is_plain(key: str) -> bool:
    """Whether it is a word as it is spelled in title and text: neither a stem's nor a field's."""
    return key[0] not in _MARKS


def stem_key(language: str, stem: str) -> str:
    """What all words of this stem answer to in a text in this language (a code like "en")."""
    return f"{_STEM}{language}{_STEM}{stem}"


def stem_language(key: str) -> str | None:
    """The language of a stem's key; None for any other."""
    plain = key.rpartition(_FIELD)[2]
    return plain[1:].partition(_STEM)[0] if plain.startswith(_STEM) else None


def field_key(field: str, key: str) -> str:
    """What a word answers to that stands in a field which is only asked by its name."""
    return f"{_FIELD}{field}{_FIELD}{key}"


def key_field(key: str) -> str | None:
    """The field that a key looks in and no other; None for a plain key or a stem's."""
    return key[1:].partition(_FIELD)[0] if key.startswith(_FIELD) else None
