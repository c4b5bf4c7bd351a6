"""Stems in languages that Snowball has no stemmer for, or none that serves alone, by tables of endings of ours.

The longest ending comes off that leaves enough of the word. Light on purpose: nouns and adjectives in number, case,
gender and definiteness, which is what watches ask about; verbs mostly stay as they are. All in folded spelling.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from monitors.text.folding import fold


class _Endings(NamedTuple):
    """Each leaves at least three letters. `times` is how many can follow each other."""

    endings: frozenset[str]
    longest: int
    times: int = 1


def _endings(*words: str, times: int = 1) -> _Endings:
    folded = frozenset(fold(word) for line in words for word in line.split())
    return _Endings(folded, max(map(len, folded)), times)


_TABLES: Mapping[str, _Endings] = {
    "he": _endings("ים יים ות יות ית ה ת י יה נו יו יהם תו תה תם יית ני ניים נית ניות"),
    "ur": _endings("وں یں یوں یاں ے ا ی ہ ات وؤں ؤں ئیں ئے"),
    # Besides Snowball's, which takes «ایرانی» for a form of «ایر».
    "fa": _endings("ها های هایی هایش هایشان ان انی ی یی ای مان شان تان تر ترین"),
    "ckb": _endings(
        "ەکە ەکەی ەکان ەکانی ان انی ێک ێکی ەکانیان ی ە ەی ەوە دا یدا ەکەدا ەکاندا ەکانیدا",
        "یش کە کەی کان کانی یە انە یەکە یەکان یەکانی ییەکان ییەکانی یەکی یەک ییەکە",
        times=2,
    ),
    "uk": _endings(
        "а я у ю и і ї є е о ь ою ею єю ом ем єм ам ям ами ями ах ях ів їв ей ові еві єві ий ій ого ому их ими им",
        "іх ім ії ією ія ію й ська ський ської ському ською ські ських ським ськими ість ості істю",
        "ець ці ців ця цю цем цям цями цях",
    ),
    "bg": _endings(
        "а я ът ят та то те ите ове овете и е о у ия ият ята ото ете ове ища ищата ист ският ски ска ско ските ската"
    ),
}
LANGUAGES = frozenset(_TABLES)


_SHORTEST_STEM = 3
# At the end of a word some Hebrew letters have a form of their own, which they lose when an ending follows.
_FINALS = str.maketrans("ךםןףץ", "כמנפצ")


def stem(language: str, folded: str) -> str:
    """The folded word without its ending."""
    table = _TABLES[language]
    for _ in range(table.times):
        lengths = range(min(table.longest, len(folded) - _SHORTEST_STEM), 0, -1)
        length = next((each for each in lengths if folded[-each:] in table.endings), 0)
        if not length:
            break
        folded = folded[:-length]
    return folded.translate(_FINALS) if language == "he" else folded
