"""Texts as matching sees them: their words in order, and for each the keys it answers to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping
from functools import cached_property
from itertools import accumulate, chain
from typing import TypeVar

from monitors.text.folding import bare
from monitors.text.memory import Memory, Tokens, memory_of
from monitors.text.readings import PLAIN, reading_of
from monitors.text.steps import Steps, finish
from monitors.text.tokens import Keys, key_of_plain
from monitors.text.words import APOSTROPHES, PIECE, WORD, Piece, pieces

__all__ = ["Analysis", "Keys", "analyse", "analyse_fields", "analysis_steps", "keys_of_watch", "spelling"]

T = TypeVar("T")

_ONE_APOSTROPHE = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))


class Analysis:
    """A text's tokens. Most words are one token; «عبدالله» and «ﷺ» are several, which share the word's span."""

    __slots__ = ("__dict__", "_by_word", "_pieces", "text")

    def __init__(self, text: str, pieces: list[Piece], by_word: list[list[Tokens]]) -> None:
        self.text = text
        self._pieces = pieces
        self._by_word = by_word

    @cached_property
    def tokens(self) -> list[Keys]:
        return list(chain.from_iterable(chain.from_iterable(self._by_word)))

    @cached_property
    def breaks(self) -> list[int]:
        """The numbers of the tokens that have a blank line, or several, and a token before them."""
        opening = (first for piece, first in zip(self._pieces, self._firsts, strict=False) if piece.opens)
        return [first for first in dict.fromkeys(opening) if 0 < first < self._firsts[-1]]

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """The span of every token; `span` is much faster for a few."""
        return [span for number in range(len(self._pieces)) for span in self._spans_in(number)]

    @cached_property
    def surfaces(self) -> list[str]:
        """The word of every token, as it stands in the text."""
        found = (WORD.findall(self.text, piece.start, piece.end) for piece in self._pieces)
        each = map(_for_each_token, found, self._by_word)
        return list(chain.from_iterable(each))

    def span(self, token: int) -> tuple[int, int]:
        """The (start, end) of the token's word, in code points of the text. Found when first asked for."""
        number = bisect_right(self._firsts, token) - 1
        spans = self._found.get(number)
        if spans is None:
            spans = self._found[number] = self._spans_in(number)
        return spans[token - self._firsts[number]]

    @cached_property
    def _firsts(self) -> list[int]:
        """The number of each piece's first token, and at the end how many there are."""
        return [0, *accumulate(sum(map(len, words)) for words in self._by_word)]

    @cached_property
    def _found(self) -> dict[int, list[tuple[int, int]]]:
        return {}

    def _spans_in(self, number: int) -> list[tuple[int, int]]:
        piece = self._pieces[number]
        found = [match.span() for match in WORD.finditer(self.text, piece.start, piece.end)]
        return _for_each_token(found, self._by_word[number])


def _for_each_token(words: list[T], tokens: list[Tokens]) -> list[T]:
    """What is known of each word, for each of its tokens."""
    if set(map(len, tokens)) == {1}:  # as in most texts
        return words
    return [word for word, its_tokens in zip(words, tokens, strict=True) for _ in its_tokens]


def analyse(text: str) -> Analysis:
    return analyse_fields({"text": text})["text"]


def analyse_fields(
    fields: Mapping[str, str], *, language: str | None = None, stemmed: Collection[str] = frozenset()
) -> dict[str, Analysis]:
    """The fields of one article. They are read together: the spelling of a text shows in a headline too rarely.

    `language` is what the article says of itself, like "en-US". If it is among `stemmed` (or the text's language,
    when the article says none), every token answers to the key of its stem in that language too.
    """
    return finish(analysis_steps(fields, language=language, stemmed=stemmed))


def analysis_steps(
    fields: Mapping[str, str], *, language: str | None = None, stemmed: Collection[str] = frozenset()
) -> Steps[dict[str, Analysis]]:
    """`analyse_fields` in steps, for those who must not be kept from other work; a short article takes none."""
    cut: dict[str, list[Piece]] = {name: [] for name in fields}
    found: dict[str, list[list[str]]] = {name: [] for name in fields}
    work = 0
    for name, text in fields.items():
        for piece in pieces(text):
            cut[name].append(piece)
            found[name].append(WORD.findall(text, piece.start, piece.end))
            if (work := work + _effort(piece)) > 4 * PIECE:
                work = 0
                yield
    words = chain.from_iterable(found.values())
    memory = memory_of(reading_of(fields.values(), words, language, stemmed))
    work = 0
    analysed: dict[str, Analysis] = {}
    for name, text in fields.items():
        by_word: list[list[Tokens]] = []
        for piece, surfaces in zip(cut[name], found[name], strict=True):
            by_word.append([memory[surface] for surface in surfaces])
            if (work := work + _effort(piece)) > PIECE:
                work = 0
                yield
        analysed[name] = Analysis(text, cut[name], by_word)
    return analysed


def _effort(piece: Piece) -> int:
    """About how long a piece takes, in characters of a long one."""
    return piece.end - piece.start + 20


def keys_of_watch(text: str) -> Keys:
    """What a watch for these words asks for: one key per token, side by side. Empty when there is no word in it."""
    memory: Memory = memory_of(PLAIN)
    found: list[str] = []
    for word in WORD.findall(text):
        tokens = memory.get(word)
        key = key_of_plain(word) if tokens is None else None
        found += [keys[0] for keys in tokens or memory[word]] if key is None else [key]
    return tuple(found)


def spelling(word: str) -> str:
    """The word letter for letter, with its case, hamzas and accents but without silent signs."""
    return "".join(bare(word)).translate(_ONE_APOSTROPHE)
