"""Words with an apostrophe: what they answer to besides themselves written together.

«l'Iran», «Iran's» and «İran'dan» answer to «Iran»; «Ma'rib» and «п'ять» to nothing but «Marib» and «пять».
"""

from __future__ import annotations

import re

from monitors.text.words import APOSTROPHES

_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")

# What French, Italian and Catalan write before a vowel.
_ELIDED_WORDS = (
    "l d j m n s t c qu jusqu lorsqu puisqu quoiqu quelqu presqu "
    "un dell all nell sull dall coll quell quest bell sant anch cent tutt mezz senz gl com dov quant"
)
_ELIDED = frozenset(_ELIDED_WORDS.split())
_ENGLISH_ENDINGS = frozenset(("s", "t", "d", "m", "ll", "re", "ve", "em"))
# What Turkish and Azeri write after the apostrophe of a name: plural, possessive, case, in this order, and the endings
# that make adjectives and adverbs. Vowels agree with the name's; `ı` may be typed as `i`.
_TURKISH_ENDING = re.compile(
    "(?:l[aeə]r)?(?:[ıiuü]m[ıiuü]z|[ıiuü]n[ıiuü]z|[yns]?[ıiuüaeə]|[ıiuü]m)?"
    "(?:[yn]?[ıiuüaeə]|n?[ıiuü]n|[yn]?[dt][aeə]n?|n?[cç][aeə]|y?l[aeə]|l[ıiuü](?:k|ğ|la?r|l[aeə]r)?"
    "|s[ıiuü]z|c[ıiuü]|[yn]?[dt][aeə]n?[yd]?[dt][ıiuü]|[yn]?[dt][aeə]k[ıi](?:l[aeə]r)?|ki|y?[dt][ıiuü]r?)?"
)


def cores(word: str) -> tuple[str, ...]:
    """The words that a word with apostrophes is a form of; itself when it has none, or none can be told."""
    parts = _APOSTROPHE.split(word)
    if len(parts) == 1:
        return (word,)
    first, last = parts[0].lower(), parts[-1].lower()
    if first in _ELIDED and (last != "s" or len(first) == 1):  # not «UN's»
        return cores(word[len(parts[0]) + 1 :])
    if last in _ENGLISH_ENDINGS or (len(parts) == 2 and len(first) > 1 and _TURKISH_ENDING.fullmatch(last)):
        return ("".join(parts[:-1]), "".join(parts))
    return ("".join(parts),)
