"""What a wide watch asks for: a word's forms, what is derived from it, and its other spellings."""

from __future__ import annotations

from monitors.text.analysis import Keys, keys_of_watch


def wide_keys(word: str) -> tuple[Keys, ...]:
    """For each token of the word the keys of which any will do, the token's own first."""
    return tuple((key,) for key in keys_of_watch(word))
