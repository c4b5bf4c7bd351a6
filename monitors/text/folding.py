"""One written word in its plain spelling: what is left when only the ways of writing it differ.

Folding is per word, never on a whole text, so that offsets stay those of the text (NFKC makes four letters of «ﷲ»).
"""

from __future__ import annotations

import re
import unicodedata

from monitors.text.words import GERSHAYIM, WORD

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
        **dict.fromkeys("ہۀۂە", "ه"),
        "ۓ": "ے",
        "ۃ": "ة",
        "ګ": "گ",
        "ı": "i",  # capitals do not tell them apart: «DIYARBAKIR» is Diyarbakır
        "\u0307": None,  # what casefold leaves of the Turkish İ, and its dot above i
        **dict.fromkeys("\u0300\u0301", None),  # stress in Russian; where it makes a letter, NFC has joined it
        "ș": "ş",  # Romanian is written with either
        "ț": "ţ",
        **dict.fromkeys(f"{GERSHAYIM}ʼʻ", None),
    }
)
# Urdu's aspirated letters are letters of their own; anywhere else ھ is how some write ه.
_PLAIN_HE = re.compile("(?<![بپتٹجچدڈرڑكگلمن])ھ")

_PLAIN_ARABIC = re.compile("[ء-غف-ي]+")
_HAMZA = re.compile("[آ-إئ]")
_ACCENTED_GREEK = re.compile("[\u0384-\u03ce\u1f00-\u1fff]")

# Latin letters whose stroke or form is no combining mark in Unicode, as they are typed without.
_PLAIN_LATIN = str.maketrans(
    {**dict(zip("łøđħŧðəŋ", "lodhtden", strict=True)), "æ": "ae", "œ": "oe", "þ": "th"} | dict.fromkeys("ʹʺʽʾʿˈ")
)
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_ACCENT = re.compile("[\u0300-\u036f]+")
_HAS_LATIN = re.compile("[a-z\u00df-\u024f\u02b9-\u02c8\u1e00-\u1fff]")
_PLAIN_CYRILLIC = str.maketrans("ёґ", "ег")


def is_plain_arabic(word: str) -> bool:
    """Whether the word has nothing but the letters of Arabic: then it is bare as it stands."""
    return _PLAIN_ARABIC.fullmatch(word) is not None


def bare(word: str) -> list[str]:
    """The written word without its silent signs, its letters otherwise untouched; hamza still tells أ from ا.

    Usually one; several for a sign that stands for several words («ﷺ»), none for one that stands for nothing («ـــ»).
    """
    if word.isascii():
        return [word]
    plain = unicodedata.normalize("NFKC", word).replace("ی\u0654", "ئ")  # as NFC does with ي
    stripped = unicodedata.normalize("NFC", _SILENT.sub("", plain))
    return WORD.findall(stripped)


def fold(bare_word: str) -> str:
    """The bare word in its plain spelling, accents kept; as long as the bare word when that is Arabic."""
    if bare_word.isascii():
        folded = bare_word.lower()
        return folded if folded.isalnum() else folded.translate(_SAME_LETTER)
    folded = unicodedata.normalize("NFC", bare_word.casefold()).translate(_SAME_LETTER)
    if "ھ" in folded:
        folded = _PLAIN_HE.sub("ه", folded)
    if not folded.isalpha():
        folded = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in folded)
    if _ACCENTED_GREEK.search(folded):  # capitals have none: «ΑΘΗΝΑ» is Αθήνα
        return unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", folded)))
    # «علی» in Arabic news is mostly «على»; a Persian keyboard writes both ى and ي as ی.
    return f"{folded[:-1]}ى" if bare_word.endswith("ی") else folded


def fold_plain_arabic(word: str) -> str:
    """`fold` of a word that has nothing but the letters of Arabic, many times as fast."""
    return word.translate(_SAME_LETTER) if _HAMZA.search(word) else word


def without_accents(folded: str) -> str:
    """The folded word as people type it in haste: «café» as «cafe», «ё» as «е»; й stays, it is another letter."""
    if folded.isascii():
        return folded
    if _HAS_LATIN.search(folded):
        letters = _ACCENT.sub("", unicodedata.normalize("NFD", folded))
        return unicodedata.normalize("NFC", letters).translate(_PLAIN_LATIN)
    return folded.translate(_PLAIN_CYRILLIC)


def typed_in_haste(folded: str) -> tuple[str, ...]:
    """The ways to type the folded word with plain letters, where they differ from it: «münchen», «muenchen»."""
    if folded.isascii():
        return ()
    plain = without_accents(folded)
    if plain == folded:
        return ()
    spelled_out = without_accents(folded.translate(_SPELLED_OUT))
    return (plain,) if spelled_out == plain else (plain, spelled_out)
