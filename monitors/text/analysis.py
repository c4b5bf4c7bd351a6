"""Texts as matching sees them: their words in order, and for each the keys it answers to."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, pairwise, repeat

from monitors.text.folding import bare
from monitors.text.memory import Memory, Tokens, memory_of
from monitors.text.readings import PLAIN, reading_of
from monitors.text.steps import Steps, finish
from monitors.text.tokens import Keys, key_of_plain
from monitors.text.words import APOSTROPHES, PIECE, WORD, Piece, pieces

__all__ = ["Analysis", "Keys", "analyse", "analyse_fields", "analysis_steps", "keys_of_watch", "spelling"]


_CUT_AT_ONCE = 2 * PIECE
_WORDS_AT_ONCE = 32
_MANY = 10_000  # words; to see how they are to be read takes some milliseconds
_BREAKS_AT_ONCE = 10_000
_WORK_AT_ONCE = 800
_UNKNOWN, _STEMMED = 8, 60
"""What a word takes that is not remembered, in words that are: at worst some 40 µs, and 130 with its stem."""

_ONE_APOSTROPHE = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))


class Analysis:
    """A text's tokens. Most words are one token; «عبدالله» and «ﷺ» are several, which share the word's span.

    What is known of each word stands in one row for the whole text: lists of lists, where somebody makes a paragraph
    of every word, would keep the garbage collector busy for tens of milliseconds at a time.
    """

    __slots__ = ("__dict__", "_firsts", "_opened", "_starts", "_words", "_words_before", "text", "tokens")

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Keys] = []
        self._words: list[str] = []  # as they stand in the text
        self._firsts = array("i")  # of each word, the number of its first token
        self._starts = array("i")  # of each piece, where it begins
        self._words_before = array("i")  # of each piece, the number of its first word
        self._opened = array("i")  # the numbers of the words with which paragraphs begin

    def cut(self, piece: Piece) -> None:
        """Takes in the words of the next piece."""
        self._starts.append(piece.start)
        self._words_before.append(len(self._words))
        if piece.opens:
            self._opened.append(len(self._words))
        self._words += WORD.findall(self.text, piece.start, piece.end)

    @property
    def words(self) -> Sequence[str]:
        """As they stand in the text. Their tokens come later."""
        return self._words

    def read(self, tokens_of_words: Iterable[Tokens]) -> None:
        """Takes in the tokens of the next words."""
        for tokens in tokens_of_words:
            self._firsts.append(len(self.tokens))
            self.tokens += tokens

    @property
    def breaks(self) -> Sequence[int]:
        """The numbers of the tokens that have a blank line, or several, and a token before them."""
        return finish(self.break_steps())

    def break_steps(self) -> Steps[list[int]]:
        """`breaks` in steps."""
        found: list[int] = []
        for number, word in enumerate(self._opened, 1):
            first = self._firsts[word] if word < len(self._words) else 0
            if 0 < first < len(self.tokens) and found[-1:] != [first]:
                found.append(first)
            if not number % _BREAKS_AT_ONCE:
                yield
        return found

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """The span of every token; `span` is much faster for a few."""
        found = chain.from_iterable(map(self._spans_in, range(len(self._starts))))
        return list(chain.from_iterable(map(repeat, found, self._counts)))

    @property
    def surfaces(self) -> Iterator[str]:
        """The word of every token, as it stands in the text."""
        return chain.from_iterable(map(repeat, self._words, self._counts))

    def span(self, token: int) -> tuple[int, int]:
        """The (start, end) of the token's word, in code points of the text. Found when first asked for."""
        word = bisect_right(self._firsts, token) - 1
        number = bisect_right(self._words_before, word) - 1
        spans = self._found.get(number)
        if spans is None:
            spans = self._found[number] = self._spans_in(number)
        return spans[word - self._words_before[number]]

    @property
    def _counts(self) -> Iterator[int]:
        """How many tokens each word has."""
        return (after - first for first, after in pairwise(chain(self._firsts, [len(self.tokens)])))

    @cached_property
    def _found(self) -> dict[int, list[tuple[int, int]]]:
        return {}

    def _spans_in(self, number: int) -> list[tuple[int, int]]:
        """Where the words of the piece are. Between words is no letter, so each is found first where it stands."""
        first, *after = self._words_before[number : number + 2]
        at = self._starts[number]
        spans = []
        for word in self._words[first : after[0] if after else None]:
            start = self.text.index(word, at)
            at = start + len(word)
            spans.append((start, at))
        return spans


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
    analysed = {name: Analysis(text) for name, text in fields.items()}
    work = 0
    for analysis in analysed.values():
        for piece in pieces(analysis.text):
            if (work := work + _effort(piece)) > _CUT_AT_ONCE:
                work = 0
                yield
            analysis.cut(piece)
    if sum(len(analysis.words) for analysis in analysed.values()) > _MANY:
        yield
    words = (analysis.words for analysis in analysed.values())
    reading = reading_of(fields.values(), words, language, stemmed)
    memory, unknown = memory_of(reading), _STEMMED if reading.stems else _UNKNOWN
    work = 0
    for analysis in analysed.values():
        for start in range(0, len(analysis.words), _WORDS_AT_ONCE):
            missed = memory.missed
            analysis.read([memory[word] for word in analysis.words[start : start + _WORDS_AT_ONCE]])
            work += _WORDS_AT_ONCE + (memory.missed - missed) * unknown
            if work > _WORK_AT_ONCE:
                work = 0
                yield
    return analysed


def _effort(piece: Piece) -> int:
    """About how long a piece takes, in characters of a long one."""
    return piece.end - piece.start + 20


def keys_of_watch(text: str) -> Keys:
    """What a watch for these words asks for: one key per token, side by side. Empty when there is no word in it."""
    key = key_of_plain(text)
    if key is not None:  # most words of most watches
        return (key,)
    memory: Memory = memory_of(PLAIN)
    return tuple([keys[0] for word in WORD.findall(text) for keys in memory[word]])


def spelling(word: str) -> str:
    """The word letter for letter, with its case, hamzas and accents but without silent signs."""
    return "".join(bare(word)).translate(_ONE_APOSTROPHE)
