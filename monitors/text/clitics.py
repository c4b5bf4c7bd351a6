"""What an Arabic word in a text answers to besides itself: the words its clitics are written onto.

The rules apply to texts alone; a watch keeps the one word that was typed. So typing more means stricter: «القوات»
is found in «والقوات» and «للقوات» but not in «قوات», which finds them all. Pronouns written at the end («قواته») are
left on: taking them off finds little and confuses much. While this was developed, on some 2,500 forms from news that
were judged by hand and are not part of the project, it made 0.12 false matches per true one, against 0.02 without.
"""

from __future__ import annotations

from collections.abc import Iterator

from monitors.text.lexicon import ALEF_NOT_YEH, JOINING_ALEF, NAMES, NOT_DEFINITE, SHORT, WHOLE

_SHORTEST_STEM = 3
_SHORTEST_IN_HAMZA = 5
_SHORTEST_NOUN = 2  # after the article, which is a surer sign than a single letter: «السد», «بالدم»

_PROCLITICS = frozenset("وفبكلسا")
"""What a word begins with that may have proclitics or the article."""

_FATHATAN = "\u064b"
_HAMZA_ON_ALEF = ("أ", "إ", "آ")
_WRITTEN_ON = ("هما", "ها", "هم", "نا", "ه", "ا")
"""What may stand at a whole word's end without making another: pronouns, a case ending."""
_SHORTEST_WRITTEN_ON = 4


def is_arabic(folded: str) -> bool:
    return "ء" <= folded[0] <= "ي"


def has_fathatan(surface: str) -> bool:
    """Whether the word as written shows the ending of an indefinite accusative."""
    return _FATHATAN in surface


def stems(bare: str, folded: str, *, fathatan: bool) -> tuple[str, ...]:
    """The words that `folded` consists of or contains, itself first; each once.

    `bare` is the same word with its hamzas, letter by letter: the article never has one, so «ألمانيا» is not
    definite. Words that were joined by the writer must be separated before (analysis.py).
    """
    if folded[-1] == "ء" and (folded[-2:] == "ىء" or (folded[-2:] == "يء" and len(folded) >= _SHORTEST_IN_HAMZA)):
        # «الطوارىء» and «الطواريء» are «الطوارئ», but «بريء» is a word of its own.
        return (folded, *stems(f"{bare[:-2]}ئ", f"{folded[:-2]}ء", fathatan=fathatan))
    if folded[0] not in _PROCLITICS and folded[-1] != "ا":
        return (folded,)
    found = dict.fromkeys((folded, *_after_conjunction(bare, folded, fathatan)))
    if folded[0] in "وف" and not _is_whole(bare, folded) and _may_follow(bare[1:], folded[1:]):
        found |= dict.fromkeys((folded[1:], *_after_conjunction(bare[1:], folded[1:], fathatan)))
    return tuple(found)


def contained(folded: str) -> tuple[str, ...]:
    """The word and, of an Arabic one, the words in it, where its hamzas and endings do not matter."""
    return stems(folded, folded, fathatan=False) if is_arabic(folded) else (folded,)


def _after_conjunction(bare: str, word: str, fathatan: bool) -> Iterator[str]:
    """What a word contains that has no «و» or «ف» before it: preposition, «س» of the future, article, noun."""
    if _stands_whole(bare, word):
        return
    yield from _nouns(bare, word, fathatan)
    if _is_whole(bare, word):
        return
    first, rest = word[0], word[1:]
    if rest in WHOLE and first in "بكل":
        yield rest
    elif first in "بكل" and _may_follow(bare[1:], rest):
        yield rest
        yield from _nouns(bare[1:], rest, fathatan)
    elif first == "س" and len(rest) > _SHORTEST_STEM and bare[1] in "يتنأ":
        yield rest
    if word.startswith("لل"):
        yield from _after_li(rest)


def _stands_whole(bare: str, word: str) -> bool:
    # A hamza after the first letter begins what follows: «لازمة» is whole, «لأزمة» is not.
    return word in WHOLE and bare[1:2] not in _HAMZA_ON_ALEF


def _is_whole(bare: str, word: str) -> bool:
    """Whether nothing is written onto the beginning of this word, whatever is written onto its end («بطاقتها»)."""
    if _stands_whole(bare, word):
        return True
    if not word.endswith(_WRITTEN_ON) or bare[1:2] in _HAMZA_ON_ALEF:
        return False
    stem = next(word.removesuffix(ending) for ending in _WRITTEN_ON if word.endswith(ending))
    if len(stem) < _SHORTEST_WRITTEN_ON:
        return False
    return stem in WHOLE or (stem[-1] == "ت" and f"{stem[:-1]}ة" in WHOLE)


def _after_li(rest: str) -> Iterator[str]:
    """What «لل…» contains, where «ل» has swallowed the article's alef: «للرياض» is for «الرياض».

    The article's lam has merged with one that begins the noun too, so that «للجنة» is for «اللجنة» or «الجنة», and
    «للبنان» may be for «لبنان».
    """
    noun = rest[1:]
    if len(noun) >= _SHORTEST_NOUN:
        yield from _definite(noun)
    elif noun == "ه":
        yield "الله"
    if len(rest) >= _SHORTEST_STEM:
        yield from _definite(rest)


def _nouns(bare: str, word: str, fathatan: bool) -> Iterator[str]:
    """What is left of a word without prepositions: the noun without its article or its case ending."""
    if bare.startswith("ال") and word not in NOT_DEFINITE and len(word) - 2 >= _SHORTEST_NOUN:
        noun = word[2:]
        yield from _dotted(noun)
    elif bare.endswith("ا") and len(word) > _SHORTEST_STEM and (fathatan or word[-2] not in "يه"):
        # Without the ending's sign, ـيا is mostly a country («سوريا» is not «سوري») and ـها mostly "her".
        noun = word[:-1]
    else:
        return
    if noun not in NAMES:
        yield noun


def _definite(noun: str) -> Iterator[str]:
    yield f"ال{noun}"
    if noun not in NAMES:
        yield noun
    yield from _dotted(noun)


def _dotted(noun: str) -> Iterator[str]:
    """What a definite noun is in full spelling if its last dots were left out: «الحكومه», «السيسى».

    A noun with an article has no pronoun that this «ه» could be, and few have a twin in «ى».
    """
    if len(noun) > _SHORTEST_STEM:
        if noun[-1] == "ه":
            yield from (f"ال{noun[:-1]}ة", f"{noun[:-1]}ة")
        elif noun[-1] == "ى" and noun not in ALEF_NOT_YEH:
            yield from (f"ال{noun[:-1]}ي", f"{noun[:-1]}ي")


def _may_follow(bare: str, word: str) -> bool:
    """Whether a word can be what a one-letter proclitic was written onto.

    A bare alef is the article, or begins a longer noun («اقتصاد»); in three letters, a case ending not counted, it
    mostly belongs to the letter before it: «واحد» is not «و» and «احد», which carries a hamza.
    """
    if len(word) < _SHORTEST_STEM:
        return word in SHORT and bare[0] != "ا"
    return bare[0] != "ا" or len(word.removesuffix("ا")) > _SHORTEST_STEM or word in JOINING_ALEF
