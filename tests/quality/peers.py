"""What others do to find a word, written from their descriptions: each says whether a text holds a keyword."""

from __future__ import annotations

import re
import unicodedata

import Stemmer

_MARKS = re.compile("[\u064b-\u0652\u0640]")
_SAME_LETTER = str.maketrans("أإآىة", "ااايه")

_LIGHT10_PREFIXES = ("ال", "وال", "بال", "كال", "فال", "لل", "و")
_LIGHT10_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")


def substring(keyword: str, text: str) -> bool:
    return keyword in text


def word_regex(keyword: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(keyword)}\b", text) is not None


def arabic_normalizer(keyword: str, text: str) -> bool:
    """Lucene's ArabicNormalizer alone: no marks or tatweel, one alef, ى as ي and ة as ه."""
    return _side_by_side(_normalized(keyword), _normalized(text))


def light10(keyword: str, text: str) -> bool:
    """Lucene's ArabicAnalyzer without stop words: ArabicNormalizer, then light10 (Larkey and others, 2007)."""
    return _side_by_side([*map(_light10, _normalized(keyword))], [*map(_light10, _normalized(text))])


def snowball(keyword: str, text: str) -> bool:
    """Snowball's Arabic stemmer, which does its own normalizing."""
    return _side_by_side(_SNOWBALL.stemWords(_words(keyword)), _SNOWBALL.stemWords(_words(text)))


_SNOWBALL = Stemmer.Stemmer("arabic")


def _words(text: str) -> list[str]:
    return unicodedata.normalize("NFKC", text).split()


def _normalized(text: str) -> list[str]:
    return [_MARKS.sub("", word).translate(_SAME_LETTER) for word in _words(text)]


def _light10(word: str) -> str:
    for prefix in _LIGHT10_PREFIXES:
        # «و» needs three letters after it, the others two.
        if word.startswith(prefix) and len(word) >= (4 if len(prefix) == 1 else len(prefix) + 2):
            word = word.removeprefix(prefix)
            break
    for suffix in _LIGHT10_SUFFIXES:  # one after the other, each once
        if word.endswith(suffix) and len(word) >= len(suffix) + 2:
            word = word.removesuffix(suffix)
    return word


def _side_by_side(keyword: list[str], text: list[str]) -> bool:
    return any(text[first : first + len(keyword)] == keyword for first in range(len(text) - len(keyword) + 1))
