"""What one written word answers to: its tokens, each with its keys, for texts that are read one way."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import TypeAlias

from monitors.text import hebrew, korean, persian
from monitors.text.apostrophes import cores
from monitors.text.clitics import has_fathatan, is_arabic, stems
from monitors.text.folding import bare, fold, fold_plain_arabic, is_plain_arabic, typed_in_haste
from monitors.text.lexicon import ALEF_NOT_YEH
from monitors.text.readings import PLAIN, Reading, Spelling
from monitors.text.stemming import stem_keys_in

Keys: TypeAlias = tuple[str, ...]
"""What a word answers to; first its own key, the one a watch for this very word asks for."""

LONGEST_READ = 100
"""Of a longer word only the beginning counts, in characters: no language has them, and folding must stay cheap."""
_MOST_TOKENS = 20  # «ﷺ» has four; a word of a hundred of them is nobody's

# «عبدالرحمن» is as often written «عبد الرحمن», «نصرالله» «نصر الله»; both are read as two words.
_SERVANT_NAME = re.compile("([وف]?[بكل]?عبد)(ال..+)")
_OF_GOD = "الله"
_SHORTEST_OF_GOD = 7  # «عبدالله»; «فوالله» is one word


def tokens_of(surface: str, reading: Reading) -> tuple[Keys, ...]:
    """The tokens of a word as it stands in a text that is read so."""
    surface = surface[:LONGEST_READ]
    if reading is PLAIN and _is_one_plain_token(surface):  # as nearly every word, so in short
        return (tuple(map(sys.intern, stems(surface, fold_plain_arabic(surface), fathatan=False))),)
    words = (word for part in bare(surface)[:_MOST_TOKENS] for word in _split(part))
    tokens = (tuple(map(sys.intern, filter(None, dict.fromkeys(_keys(surface, word, reading))))) for word in words)
    return tuple(filter(None, tokens))


def key_of_plain(surface: str) -> str | None:
    """What `tokens_of` says first of a word that is one token of plain Arabic, in a tenth of the time; else None."""
    surface = surface[:LONGEST_READ]
    return sys.intern(fold_plain_arabic(surface)) if _is_one_plain_token(surface) else None


def _is_one_plain_token(surface: str) -> bool:
    return is_plain_arabic(surface) and "عبدا" not in surface and not surface.endswith(_OF_GOD)


def _split(part: str) -> tuple[str, ...]:
    if "عبدا" in part:
        servant = _SERVANT_NAME.fullmatch(part)
        return servant.groups() if servant else (part,)
    if part.endswith(_OF_GOD) and len(part) >= _SHORTEST_OF_GOD:
        return (part.removesuffix(_OF_GOD), _OF_GOD)
    return (part,)


def _keys(surface: str, word: str, reading: Reading) -> Iterator[str]:
    if reading.spelling is not Spelling.PERSIAN and is_plain_arabic(word):
        folded = fold_plain_arabic(word)
        found = stems(word, folded, fathatan=has_fathatan(surface))
        yield from found
        if reading.spelling is Spelling.DOTLESS:
            yield from _with_dots(found)
    else:
        yield from _keys_of_other(word, reading)
    yield from persian.parts(surface)
    if reading.stems is not None:
        for core in _stemmed_words(surface, word, reading.stems):
            yield from stem_keys_in(reading.stems, core)


def _stemmed_words(surface: str, word: str, language: str) -> tuple[str, ...]:
    """The words of which a word of a text in this language has stems."""
    if language == "he":
        return hebrew.keys(fold(word))
    if language == "fa":
        return (surface,)  # its stemmer looks for ZWNJs
    if language in ("ur", "ckb"):
        return tuple(persian.keys(fold(word)))
    return cores(word)


def _keys_of_other(word: str, reading: Reading) -> Iterator[str]:
    folded = fold(word)
    if not folded:
        return
    first = folded[0]
    if is_arabic(folded) or "ٱ" <= first <= "ە":
        if reading.spelling is Spelling.PERSIAN:
            yield from persian.keys(folded)
        else:
            found = stems(word, folded, fathatan=False) if len(folded) == len(word) and is_arabic(folded) else (folded,)
            yield from found
            yield from persian.plainer(folded)
            if reading.spelling is Spelling.DOTLESS:
                yield from _with_dots(found)
    elif "\u05d0" <= first <= "\u05ea":
        yield from hebrew.keys(folded)
    elif korean.is_hangul(first):
        yield from korean.keys(folded)
    else:
        yield folded
        yield from typed_in_haste(folded)
        for core in cores(word):
            if core != word:
                plain = fold(core)
                yield plain
                yield from typed_in_haste(plain)


def _with_dots(keys: Keys) -> Iterator[str]:
    return (f"{key[:-1]}ي" for key in keys if key.endswith("ى") and key not in ALEF_NOT_YEH)
