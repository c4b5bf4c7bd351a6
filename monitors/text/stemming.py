"""Stems: what a word of a wide watch and the inflected words of an article have in common.

Snowball's stemmers (snowballstem.org) in every language they know that news is written in, but Arabic, whose wide
forms wide.py spells out; in some others endings.py. A text's words are stemmed in its own language alone; a watch does
not say which that will be, so it asks for its word's stem in all languages of its script.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from itertools import chain

import Stemmer

from monitors.text import endings
from monitors.text.apostrophes import cores
from monitors.text.folding import bare, fold, without_accents
from monitors.text.keys import stem_key
from monitors.text.languages import script_of

_SNOWBALL: Mapping[str, Mapping[str, str]] = {
    "latin": {
        "en": "english",
        "fr": "french",
        "de": "german",
        "es": "spanish",
        "it": "italian",
        "pt": "portuguese",
        "nl": "dutch",
        "tr": "turkish",
        "sv": "swedish",
        "no": "norwegian",
        "da": "danish",
        "fi": "finnish",
        "ro": "romanian",
        "hu": "hungarian",
        "ca": "catalan",
        "id": "indonesian",
        "pl": "polish",
        "cs": "czech",
        "lt": "lithuanian",
        "et": "estonian",
        "eu": "basque",
        "ga": "irish",
        "sr": "serbian",
    },
    "cyrillic": {"ru": "russian", "sr": "serbian"},
    "greek": {"el": "greek"},
    "armenian": {"hy": "armenian"},
    "devanagari": {"hi": "hindi", "ne": "nepali"},
    "tamil": {"ta": "tamil"},
    "arabic": {"fa": "persian"},
}
_ENDINGS: Mapping[str, frozenset[str]] = {
    "cyrillic": frozenset(("uk", "bg")),
    "arabic": frozenset(("ur", "ckb")),
    "hebrew": frozenset(("he",)),
}
_ALGORITHMS = {language: name for languages in _SNOWBALL.values() for language, name in languages.items()}
_LANGUAGES = {
    script: (*_SNOWBALL.get(script, ()), *sorted(_ENDINGS.get(script, ()))) for script in (*_SNOWBALL, *_ENDINGS)
}
_SCRIPTS = {
    language: frozenset(script for script, languages in _LANGUAGES.items() if language in languages)
    for language in chain.from_iterable(_LANGUAGES.values())
}

STEMMED = frozenset(_SCRIPTS)
"""The languages we stem, by their codes."""

_SHORTEST_STEM = 2
# Snowball takes one ending too few off some words and one too many off others («seçimler» is "seçim", «seçim» is
# "seç"); what is stemmed until nothing more goes agrees.
_AGAIN = frozenset(("tr", "el"))
# It leaves some plurals: «años» is "años", «gobiernos» is "gobi".
_PLURALS_IN_S = frozenset(("es", "pt", "ca"))
_MOST_TIMES = 4

_TURKISH_CAPITALS = str.maketrans("Iİ", "ıi")
_COMMA_BELOW = str.maketrans("şţ", "șț")


class _Stemmers(threading.local):
    """One of each language for every thread: they are not safe to share."""

    def __init__(self) -> None:
        self._by_language: dict[str, Stemmer.Stemmer] = {}

    def __getitem__(self, language: str) -> Stemmer.Stemmer:
        stemmer = self._by_language.get(language)
        if stemmer is None:
            # Without its own cache: who asks remembers the answers.
            stemmer = self._by_language[language] = Stemmer.Stemmer(_ALGORITHMS[language], 0)
        return stemmer


_stemmers = _Stemmers()


def scripts_stemmed(language: str | None) -> frozenset[str]:
    """The scripts (languages.py) in which we stem the language."""
    return _SCRIPTS.get(language or "", frozenset())


def stem_keys(word: str) -> tuple[str, ...]:
    """What a wide watch for this one word asks for: its stem's key in every language of its script that we stem.

    Accents count as they are typed, except where the stemmer itself drops them: «schön» asks for «schon» too.
    """
    part = next(iter(bare(word)), "")
    core = cores(part)[0]
    languages = _LANGUAGES.get(script_of(core) or "", ())
    return tuple(dict.fromkeys(stem_key(language, stem) for language in languages for stem in _stems(language, core)))


def stem_keys_in(language: str, core: str) -> tuple[str, ...]:
    """The keys of its stem that a word of a text in this language answers to, typed with its accents or without.

    `core` is the word without what is written onto it; none when its script is not the language's.
    """
    if script_of(core) not in scripts_stemmed(language):
        return ()
    stems = _stems(language, core)
    stems += (*map(without_accents, stems), *_stem_of_plain(language, core))
    if language in _PLURALS_IN_S and core.endswith("s") and len(core) > 3:
        stems += tuple(_stem(language, word) for word in (core[:-1], without_accents(fold(core))[:-1]))
    return tuple(dict.fromkeys(stem_key(language, each) for each in stems))


def _stems(language: str, core: str) -> tuple[str, ...]:
    if language not in endings.LANGUAGES:
        return (_stem(language, core),)
    of_endings = endings.stem(language, "".join(map(fold, bare(core))))
    return (of_endings, _stem(language, core)) if language in _ALGORITHMS else (of_endings,)


def _stem_of_plain(language: str, core: str) -> tuple[str, ...]:
    folded = fold(core)
    plain = without_accents(folded)
    return () if plain == folded and language != "tr" else _stems(language, plain)


def _stem(language: str, core: str) -> str:
    """The stem in its plain spelling; the word itself when nothing is left of it."""
    word = core.translate(_TURKISH_CAPITALS).lower() if language == "tr" else core.lower()
    if language == "ro":
        word = word.translate(_COMMA_BELOW)
    stemmer = _stemmers[language]
    for _ in range(_MOST_TIMES if language in _AGAIN else 1):
        stem = stemmer.stemWord(word)
        if stem == word or len(stem) < _SHORTEST_STEM:
            break
        word = stem
    folded = "".join(map(fold, bare(word)))
    return folded or fold(core)
