"""Where the words of a text are, as written and in its own offsets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

# Where Unicode has marks and format characters, hieroglyphs and church notation aside; looking through all of it
# would cost every start tens of milliseconds more.
_WITH_MARKS = (
    *range(0xAD, 0x3100),
    *range(0xA660, 0xAC00),
    *range(0xFB1E, 0x10000),
    *range(0x101FD, 0x12000),
    *range(0x16AF0, 0x17000),
    *range(0x1BC9D, 0x1BCB0),
    *range(0x1D165, 0x1D250),
    *range(0x1DA00, 0x1E950),
    *range(0xE0000, 0xE01F0),
)


def _of_categories(*categories: str) -> str:
    """The characters of these general categories, as the inside of a character class."""
    ranges: list[list[int]] = []
    for code in _WITH_MARKS:
        if unicodedata.category(chr(code)) in categories:
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


# Scripts written without spaces: every character is a word of its own, and longer words are phrases.
_UNSPACED = (
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46"  # Thai letters
    "\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf"  # Lao letters
    "\u1000-\u102a\u103f\u1050-\u1055"  # Myanmar letters
    "\u1780-\u17b3"  # Khmer letters
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U000323af"  # ideographs, half-width kana
)
MARK = _of_categories("Mn", "Mc", "Me")
"""Combining marks, as the inside of a character class."""
_FORMAT = _of_categories("Cf")
_LETTER = f"[^\\W_{_UNSPACED}]"

APOSTROPHES = "'’‘`´＇"
"""Signs that stand inside words of the Latin and Cyrillic scripts; ʼ and its like are letters anyway."""
GERSHAYIM = f'{APOSTROPHES}׳"״”“„'
"""Signs that stand inside Hebrew words: ג'ורג', צה\"ל."""
_WITH_APOSTROPHES = "0-9A-Za-zªºÀ-ÖØ-öø-ʯʻ-ʿЀ-ҁҊ-ԯḀ-ỿ"
_HEBREW = "\u05d0-\u05ea\u05ef-\u05f2\ufb1d-\ufb4f"


_ENDED = f"(?![{MARK}{_FORMAT}]*+{_LETTER})"


def _run(letters: str) -> str:
    """Letters with whatever marks and invisible characters stand between them; a mark may end it."""
    return f"{letters}++(?:[{MARK}{_FORMAT}]++{letters}++)*+[{MARK}]*+"


# First what nearly every word is, for speed (four times that of the rest alone): common letters up to a sign that
# ends any word. Then the rule: letters with whatever marks and invisible characters stand between them; a mark may
# end a word, an invisible character may not. `\w` alone ends a word at every vowel sign. The underscore parts words:
# «#سد_النهضة». An apostrophe is inside a word where letters are on both sides of it; a word has few, so that a text
# full of them does not take quadratic time.
WORD = re.compile(
    "[0-9A-Za-zÀ-ÖØ-öø-ʯЀ-ҁҊ-ԯء-غف-يٱ-ۓە]++(?![^\\s!-&(-/:-@\\[-^{-~،؛؟۔«»“”…–—])"
    f"|{_run(f'[{_WITH_APOSTROPHES}]')}(?:[{APOSTROPHES}](?!\\d){_run(f'[{_WITH_APOSTROPHES}]')}){{0,4}}+{_ENDED}"
    f"|{_run(f'[{_HEBREW}]')}(?:[{GERSHAYIM}]{{1,2}}{_run(f'[{_HEBREW}]')}){{0,4}}+{_ENDED}"
    f"|[{_UNSPACED}][{MARK}\uff9e\uff9f]*"
    f"|{_run(_LETTER)}"
)
_SPACE = re.compile("\\s")
_BLANK_LINES = re.compile("\n\\s*\n")

PIECE = 2_500
"""How many characters of a text are looked at in one go: a page."""


def words(text: str) -> list[str]:
    """The words of a text as they stand there, in order."""
    return WORD.findall(text)


class Piece(NamedTuple):
    """A part of a text, from `start` up to `end`; `opens` when it begins a paragraph."""

    start: int
    end: int
    opens: bool


def pieces(text: str) -> Iterator[Piece]:
    """A text cut so that its pieces have the words of the whole: at blank lines, and long paragraphs at white space.

    None is longer than twice `PIECE` but one that is a single word to its end.
    """
    start = 0
    for blank in _BLANK_LINES.finditer(text):
        yield from _pieces_of_paragraph(text, start, blank.start())
        start = blank.end()
    yield from _pieces_of_paragraph(text, start, len(text))


def _pieces_of_paragraph(text: str, start: int, end: int) -> Iterator[Piece]:
    opens = True
    while end - start > 2 * PIECE:
        space = _SPACE.search(text, start + PIECE, start + 2 * PIECE)
        cut = space.start() if space else _end_of_word(text, start, end)
        yield Piece(start, cut, opens)
        start, opens = cut, False
    if start < end:
        yield Piece(start, end, opens)


def _end_of_word(text: str, start: int, end: int) -> int:
    """Where the first word ends that ends more than `PIECE` after `start`."""
    found = WORD.finditer(text, start, end)
    return next((match.end() for match in found if match.end() > start + PIECE), end)
