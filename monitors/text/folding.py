"""One written word in its plain spelling: what is left when only the ways of writing it differ.

Folding is per word, never on a whole text, so that offsets stay those of the text (NFKC makes four letters of «ﷲ»).
"""

from __future__ import annotations

import re
import unicodedata

from monitors.text.words import WORD

# Signs a reader skips: tashkeel and Quranic signs, tatweel, Hebrew points, invisible and variation characters.
_SILENT = re.compile(
    "[\u0610-\u061a\u061c\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0890-\u089f\u08c9-\u08ff"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u00ad\u034f\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]+"
)

# ى is never folded to ي («على» is not «علي»), nor ة to ه («مكتبة» is not «مكتبه»): on the news articles
# at hand during development both made far more false matches than they found.
_SAME_LETTER = str.maketrans(
    {
        **dict.fromkeys("أإآٱٲٳ", "ا"),
        **dict.fromkeys("ؤئ", "ء"),
        "ک": "ك",
        "ی": "ي",  # in the middle of a word; at its end it is ى, see below
        "\u0307": None,  # what casefold leaves of the Turkish İ, and its dot above i
    }
)
_DIGITS = str.maketrans(
    {chr(zero + value): str(value) for zero in (0x0660, 0x06F0) for value in range(10)}  # ٠–٩, ۰–۹
)

# Latin letters whose stroke or form is no combining mark in Unicode.
_PLAIN_LATIN = str.maketrans("ıłøđħŧ", "ilodht")
_ACCENT = re.compile("[\u0300-\u036f]+")
_HAS_LATIN_OR_GREEK = re.compile("[a-z\u00df-\u024f\u0370-\u03ff\u1e00-\u1fff]")


def bare(word: str) -> list[str]:
    """The written word without its silent signs, its letters otherwise untouched; hamza still tells أ from ا.

    Usually one; several for a sign that stands for several words («ﷺ»), none for one that stands for nothing («ـــ»).
    """
    if word.isascii():
        return [word]
    plain = unicodedata.normalize("NFKC", word)
    stripped = unicodedata.normalize("NFC", _SILENT.sub("", plain))
    return WORD.findall(stripped)


def fold(bare_word: str) -> str:
    """The bare word in its plain spelling, accents kept; as long as the bare word when that is Arabic."""
    if bare_word.isascii():
        return bare_word.lower()
    folded = unicodedata.normalize("NFC", bare_word.casefold()).translate(_SAME_LETTER).translate(_DIGITS)
    # «علی» in Arabic news is mostly «على»; a Persian keyboard writes both ى and ي as ی.
    return f"{folded[:-1]}ى" if bare_word.endswith("ی") else folded


def without_accents(folded: str) -> str:
    """The folded word as people type it in haste: «café» as «cafe», «ё» as «е»; й stays, it is another letter."""
    if folded.isascii():
        return folded
    if _HAS_LATIN_OR_GREEK.search(folded):
        letters = _ACCENT.sub("", unicodedata.normalize("NFD", folded))
        return unicodedata.normalize("NFC", letters).translate(_PLAIN_LATIN)
    return folded.replace("ё", "е")
