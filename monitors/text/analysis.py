"""Texts as matching sees them: their words in order, and for each the keys it answers to."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import accumulate, chain

from monitors.text.clitics import has_fathatan, is_arabic, stems
from monitors.text.folding import bare, fold, without_accents
from monitors.text.lexicon import ALEF_NOT_YEH
from monitors.text.words import word_spans, words

Keys = tuple[str, ...]
"""What a word answers to; first its own key, the one a watch for this very word asks for."""

_LONGEST_READ = 100  # of a longer word only the beginning counts: no language has them, and folding must stay cheap
_LONGEST_REMEMBERED = 40  # longer words are rare, and somebody could send many
_REMEMBERED = 32_768  # surface forms per generation; a guess at what a day's news mostly repeats

_ZWNJ = "\u200c"

_BLANK_LINES = re.compile("\n\\s*\n")

# «عبدالله» is as often written «عبد الله»; both are read as two words.
_SERVANT_NAME = re.compile("([وف]?[بكل]?عبد)(ال..+)")

# Egyptian spelling writes final ي without dots. These words tell: none of them has a twin.
_DOTTED = ("في", "التي", "الذي")
_DOTLESS = ("فى", "التى", "الذى")


class Analysis:
    """A text's tokens. Most words are one token; «عبدالله» and «ﷺ» are several, which share the word's span."""

    __slots__ = ("__dict__", "_paragraphs", "text")

    def __init__(self, text: str, paragraphs: list[list[tuple[Keys, ...]]]) -> None:
        self.text = text
        self._paragraphs = paragraphs

    @cached_property
    def tokens(self) -> list[Keys]:
        return list(chain.from_iterable(chain.from_iterable(self._paragraphs)))

    @property
    def breaks(self) -> list[int]:
        """The numbers of the tokens that have a blank line, or several, and a token before them."""
        lengths = (sum(map(len, paragraph)) for paragraph in self._paragraphs)
        return list(accumulate(filter(None, lengths)))[:-1]

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """For each token the (start, end) of its word, in code points of the text. Found when first asked for."""
        spans = word_spans(self.text)
        by_word = chain.from_iterable(self._paragraphs)
        return [span for span, tokens in zip(spans, by_word, strict=True) for _ in range(len(tokens))]


def analyse(text: str) -> Analysis:
    return analyse_fields({"text": text})["text"]


def analyse_fields(fields: Mapping[str, str]) -> dict[str, Analysis]:
    """The fields of one article. They are read together: the spelling of a text shows in a headline too rarely."""
    surfaces = {name: [words(paragraph) for paragraph in _BLANK_LINES.split(text)] for name, text in fields.items()}
    read = _EGYPTIAN if _writes_without_dots(fields.values(), surfaces.values()) else _STANDARD
    return {
        name: Analysis(fields[name], [[read[word] for word in found] for found in paragraphs])
        for name, paragraphs in surfaces.items()
    }


def keys_of_watch(text: str) -> Keys:
    """What a watch for these words asks for: one key per token, side by side. Empty when there is no word in it."""
    return tuple(keys[0] for keys in analyse(text).tokens)


def spelling(word: str) -> str:
    """The word letter for letter, with its case, hamzas and accents but without silent signs."""
    return "".join(bare(word))


def _writes_without_dots(texts: Iterable[str], surfaces: Iterable[list[list[str]]]) -> bool:
    if not any("فى" in text or "ذى" in text or "تى" in text for text in texts):
        return False
    found = list(chain.from_iterable(chain.from_iterable(surfaces)))
    return sum(map(found.count, _DOTLESS)) > sum(map(found.count, _DOTTED))


class _Memory(dict[str, tuple[Keys, ...]]):
    """Surface form → its tokens, computed once. Holds the forms seen lately, at most twice `_REMEMBERED`."""

    def __init__(self, *, egyptian: bool) -> None:
        self._egyptian = egyptian
        self._older: dict[str, tuple[Keys, ...]] = {}

    def __missing__(self, surface: str) -> tuple[Keys, ...]:
        tokens = self._older.get(surface)
        if tokens is None:
            tokens = _tokens(surface[:_LONGEST_READ], egyptian=self._egyptian)
        if len(surface) <= _LONGEST_REMEMBERED:
            if len(self) >= _REMEMBERED:
                self._older = dict(self)
                self.clear()
            self[surface] = tokens
        return tokens


_STANDARD = _Memory(egyptian=False)
_EGYPTIAN = _Memory(egyptian=True)


def _tokens(surface: str, *, egyptian: bool) -> tuple[Keys, ...]:
    tokens = []
    for part in bare(surface):
        servant = _SERVANT_NAME.fullmatch(part)
        for word in servant.groups() if servant else (part,):
            keys = _keys(surface, word)
            tokens.append(_with_dots(keys) if egyptian else keys)
    return tuple(tokens)


def _keys(surface: str, word: str) -> Keys:
    folded = fold(word)
    if is_arabic(folded) and len(folded) == len(word):
        found = stems(word, folded, fathatan=has_fathatan(surface))
    else:
        found = (folded, without_accents(folded))
    if _ZWNJ in surface:
        # Persian writes endings after a ZWNJ: «کتاب‌ها» answers to «کتاب».
        found += tuple(fold(part) for piece in surface.split(_ZWNJ) for part in bare(piece) if len(part) > 2)
    return tuple(map(sys.intern, dict.fromkeys(found)))


def _with_dots(keys: Keys) -> Keys:
    dotted = (f"{key[:-1]}ي" for key in keys if key.endswith("ى") and key not in ALEF_NOT_YEH)
    return tuple(dict.fromkeys((*keys, *map(sys.intern, dotted))))
