"""Where the words of a text are, as written and in its own offsets."""

from __future__ import annotations

import re
import unicodedata

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
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fd-\u30ff\u31f0-\u31ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U000323af"  # ideographs, half-width kana
)
MARK = _of_categories("Mn", "Mc", "Me")
"""Combining marks, as the inside of a character class."""
_FORMAT = _of_categories("Cf")
_LETTER = f"[^\\W_{_UNSPACED}]"

# First what nearly every word is, for speed (four times that of the rest alone): common letters up to a sign that
# ends any word. Then the rule: letters with whatever marks and invisible characters stand between them; a mark may
# end a word, an invisible character may not. `\w` alone ends a word at every vowel sign. The underscore parts words:
# «#سد_النهضة».
WORD = re.compile(
    "[0-9A-Za-zء-غف-ي]++(?![^\\s!-/:-@\\[-`{-~،؛؟«»“”])"
    f"|[{_UNSPACED}][{MARK}]*"
    f"|{_LETTER}++(?:[{MARK}{_FORMAT}]++{_LETTER}++)*[{MARK}]*"
)


def words(text: str) -> list[str]:
    """The words of a text as they stand there, in order."""
    return WORD.findall(text)


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where the words of `words(text)` are: (start, end) in code points of the text."""
    return [match.span() for match in WORD.finditer(text)]
