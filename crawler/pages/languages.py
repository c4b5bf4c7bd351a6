"""The language of a text, from the text: pages in Arabic say `en-US` of themselves often enough."""

from __future__ import annotations

import re
from collections import Counter

_SAMPLE = 4_000
_ENOUGH_LETTERS = 20

# Ranges of the scripts news is written in; a script that serves one language names it.
_SCRIPTS = {
    "arabic": re.compile("[ء-ۿݐ-ݿ]"),
    "latin": re.compile("[A-Za-zÀ-ɏ]"),
    "cyrillic": re.compile("[Ѐ-ӿ]"),
    "he": re.compile("[֐-׿]"),
    "el": re.compile("[Ͱ-Ͽ]"),
    "hy": re.compile("[԰-֏]"),
    "ka": re.compile("[Ⴀ-ჿ]"),
    "hi": re.compile("[ऀ-ॿ]"),
    "bn": re.compile("[ঀ-৿]"),
    "th": re.compile("[฀-๿]"),
    "ko": re.compile("[가-힯]"),
    "ja": re.compile("[぀-ヿ]"),
    "zh": re.compile("[一-鿿]"),
}
# Letters Arabic does not have, by the language that does; each in well over 1 % of its own text.
_ARABIC_SCRIPT = {
    "ckb": re.compile("[ەێۆڕڵ]"),
    "ur": re.compile("[ٹڈڑںےہ]"),
    "fa": re.compile("[پچژگکی]"),
}
_FOREIGN_SHARE = 0.02

_MOST_LIKELY, _AS_NEAR = 10, 1.04
"""Languages of Latin or Cyrillic letters that are considered. What a document says of itself is believed of the three
nearest, and of others that are hardly farther: headlines without sentences are about as near to many."""
_FEW_LETTERS, _AS_NEAR_WITH_FEW = 500, 1.1
"""A handful of English headlines is up to 1.07 times as far from English as from Catalan; as many in French, German,
Spanish, Italian, Dutch or Turkish are 1.19 times as far from English and more."""


def language_of(text: str, *, hint: str | None) -> str | None:
    """The language as an ISO 639 code, or None when there is too little text and no hint.

    `hint` is what the document says of itself (`ar`, `ar-SY`, `en_US`); it only decides between languages the letters
    leave open.
    """
    claimed = re.split(r"[-_]", hint.strip().lower())[0] if hint else None
    sample = text[:_SAMPLE]
    counts = Counter({script: len(pattern.findall(sample)) for script, pattern in _SCRIPTS.items()})
    script, count = counts.most_common(1)[0]
    if count < _ENOUGH_LETTERS:
        return claimed or None
    if script == "arabic":
        return _in_arabic_script(sample, count)
    if counts["ja"] > _FOREIGN_SHARE * count and script == "zh":
        return "ja"
    return _by_words(sample, claimed) if script in ("latin", "cyrillic") else script


def _in_arabic_script(sample: str, letters: int) -> str:
    for language, pattern in _ARABIC_SCRIPT.items():
        if len(pattern.findall(sample)) > _FOREIGN_SHARE * letters:
            return language
    return "ar"


def _by_words(sample: str, claimed: str | None) -> str | None:
    from resiliparse.parse.lang import detect_fast

    found = detect_fast(sample, n_results=_MOST_LIKELY)
    near = found if isinstance(found, list) else [found]
    if not near or near[0][0] == "unknown":
        return claimed
    best, distance = near[0]
    as_near = distance * (_AS_NEAR_WITH_FEW if len(sample) < _FEW_LETTERS else _AS_NEAR)
    likely = [name for place, (name, far) in enumerate(near) if place < 3 or far <= as_near]
    return claimed if claimed in likely else best
