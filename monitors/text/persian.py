"""What a word of Persian, Urdu, Kurdish, Pashto or Uyghur answers to besides itself.

These languages are written in the Arabic script but have none of Arabic's proclitics: «کتاب» is not "like تاب".
"""

from __future__ import annotations

import re

from monitors.text.folding import bare, fold

ZWNJ = "\u200c"

_SHORTEST_PART = 3

# Persian writes endings, the verb's «می» and the parts of compounds with a ZWNJ between. After these the other part
# says the opposite: «بی‌گناه» is not «گناه».
_TURNING = frozenset(map(fold, ("بی", "نا", "ضد", "غیر", "بلا", "پاد")))
_PLURALS = tuple(map(fold, ("هایی", "های", "ها")))  # also written without a ZWNJ

# Letters that people type in haste, or whose keyboards lack them, as the Arabic letter of the same shape.
_PLAIN = str.maketrans("ێېۆۊۇۈۋڕڵںڤۍڪ", "ييووووورلنفيك")
_ASPIRATED = str.maketrans("ھ", "ه")
_HAS_SPECIAL = re.compile("[ێېۆۊۇۈۋڕڵںڤۍڪھ]")


def plainer(folded: str) -> tuple[str, ...]:
    """The folded word as it is typed in haste or on an Arabic keyboard, if that differs."""
    if not _HAS_SPECIAL.search(folded):
        return ()
    plain = folded.translate(_ASPIRATED)
    return (plain, plain.translate(_PLAIN))


def parts(surface: str) -> tuple[str, ...]:
    """The words that a word as written consists of, folded, where ZWNJs part it: «کتاب‌ها» contains «کتاب»."""
    if ZWNJ not in surface:
        return ()
    pieces = [fold(part) for piece in surface.split(ZWNJ)[:8] for part in bare(piece)]
    if not pieces or pieces[0] in _TURNING:
        return ()
    short = pieces[:1] if len(pieces) > 1 and pieces[1] in _PLURALS else []
    return tuple(dict.fromkeys((*short, *(piece for piece in pieces if len(piece) >= _SHORTEST_PART))))


def keys(folded: str) -> tuple[str, ...]:
    """The words that a folded word of such a text is or contains, itself first. Its final ی may be ى or ي."""
    found = [folded, *plainer(folded)]
    for plural in _PLURALS:
        if folded.endswith(plural) and len(folded) - len(plural) >= _SHORTEST_PART:
            found.append(folded[: -len(plural)])
            break
    return tuple(key for word in found for key in (word, *_other_yeh(word)))


def _other_yeh(word: str) -> tuple[str, ...]:
    if word.endswith("ى"):
        return (f"{word[:-1]}ي",)
    return (f"{word[:-1]}ى",) if word.endswith("ي") else ()
