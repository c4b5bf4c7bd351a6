"""One rough spelling, in which this package's lists of months and furniture words are written."""

from __future__ import annotations

import re
import unicodedata

_FOLD = str.maketrans(
    {**dict.fromkeys("أإآٱ", "ا"), "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": None}
    | {chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)}
)
_NO_LETTER = re.compile(r"[\W_]+")
_MARK = re.compile(r"[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]+")


def fold(text: str) -> str:
    """Lower case, digits 0-9, no marks, one shape per Arabic letter. Not for matching: it unites too much."""
    if text.isascii():
        return text.lower()
    return _MARK.sub("", unicodedata.normalize("NFKD", text.translate(_FOLD))).translate(_FOLD).lower()


def letters(text: str) -> str:
    """A text's letters and digits only: equal for titles that differ in quotes, spaces or marks."""
    return _NO_LETTER.sub("", fold(text))
