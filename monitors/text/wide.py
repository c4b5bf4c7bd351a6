"""What a wide watch asks for: a word's forms, what is derived from it, and its other spellings.

An Arabic word's forms are generated as plain keys, so that articles are read as they always are. With its article a
word stays definite («~الرياض» is not «رياض»); what is derived from it is found with and without («سعودي»).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitors.text.analysis import Keys, keys_of_watch, spelling
from monitors.text.clitics import is_arabic
from monitors.text.forms import Family, Form, Member, doers, families_by_word, family_forms, patterned_plurals
from monitors.text.lexicon import CAUSATIVE, NAMES, NOT_DEFINITE
from monitors.text.stemming import stem_keys
from monitors.text.variants import suggestions, variants_of

MOST_KEYS = 150


def wide_keys(word: str) -> tuple[Keys, ...]:
    """For each token of the word the keys of which any will do, the token's own first; at most `MOST_KEYS` each."""
    tokens = keys_of_watch(word)
    if len(tokens) != 1:
        return tuple((key,) for key in tokens)
    key = tokens[0]
    found = _arabic(key, spelling(word)) if is_arabic(key) else (key, *variants_of(key))
    return (tuple(dict.fromkeys((*found, *stem_keys(word))))[:MOST_KEYS],)


def also_finds(word: str) -> tuple[str, ...]:
    """The words a wide watch for this Arabic word finds besides it, as they are written, without their endings.

    Those that stand in our tables: «وزراء», «وزارة» and «وزاري» for «وزير». Empty for words of other scripts, for
    several words, and for one that stands in no table.
    """
    tokens = keys_of_watch(word)
    if len(tokens) != 1 or not is_arabic(tokens[0]):
        return ()
    key = tokens[0]
    noun = key[2:] if _is_definite(key, spelling(word)) else key
    members = (member for family in _families_of(key, noun) for member in family.members)
    found = dict.fromkeys(member.written for member in members if member.written and member.word not in (key, noun))
    return tuple(dict.fromkeys((*found, *(other for other in suggestions(word) if " " not in other))))


def _arabic(key: str, written: str) -> Keys:
    spellings = variants_of(key)
    found = (form for one in (key, *spellings) for form in _forms(one, definite=_is_definite(one, written)))
    ranked = sorted(found, key=lambda form: form.rank)
    return (key, *spellings, *(form.word for form in ranked))


def _is_definite(key: str, written: str) -> bool:
    return written.startswith("ال") and key.startswith("ال") and len(key) > 4 and key not in NOT_DEFINITE


def _forms(key: str, *, definite: bool) -> Iterator[Form]:
    noun = key[2:] if definite else key
    for family in _families_of(key, noun):
        stays_definite = definite and family.has(noun) and not family.has(key)
        for form in family_forms(family):
            if not (stays_definite and form.word == noun):
                yield form


def _families_of(key: str, noun: str) -> Iterable[Family]:
    known = families_by_word()
    families = known.get(key) or known.get(noun, ())
    if noun in NAMES:  # people's, unless it is a place's
        return tuple(family for family in families if family.names_a_place)
    if families:
        return tuple(family for family in families if family.members[0].word == noun) or families
    inflected = tuple(dict.fromkeys(_known_by_form(noun)))
    return inflected or (_unknown(noun),)


def _known_by_form(noun: str) -> Iterator[Family]:
    """The families of the words that this may be a form of: «استثماراتها» is one of «استثمار»."""
    known = families_by_word()
    adjective = noun.endswith(("ي", "ية"))
    for lemma in _possible_lemmas(noun):
        if adjective and len(lemma.removesuffix("ة")) < _SHORTEST_OF_ADJECTIVES and not lemma.endswith("ي"):
            continue
        for family in known.get(lemma, ()):
            if any(form.word == noun for form in family_forms(family)):
                yield family


_SHORTEST_OF_ADJECTIVES = (
    5  # «المالكي» is a name, not "of the owner"; shorter words have their adjectives in the tables
)
_PRONOUNS = ("", "هما", "ها", "هم", "هن", "نا", "كم", "ه", "ي", "ك")
_ENDINGS = (
    ("اتي", "اة"),
    ("ات", ""), ("ات", "ة"), ("يات", "ى"), ("يات", "اة"), ("يات", "ي"), ("تين", "ة"), ("تان", "ة"), ("ت", "ة"),
    ("يتين", "ي"), ("يين", "ي"), ("يون", "ي"), ("يان", "ي"), ("ية", "ي"), ("يا", "ي"), ("ية", ""), ("ية", "ة"),
    ("يين", ""), ("يون", ""), ("ين", ""), ("ون", ""), ("ان", ""), ("ة", ""), ("ي", ""), ("ي", "ة"), ("و", ""), ("", ""),
)  # fmt: skip


def _possible_lemmas(noun: str) -> Iterator[str]:
    for pronoun in _PRONOUNS:
        if noun.endswith(pronoun):
            rest = noun.removesuffix(pronoun)
            for ending, instead in _ENDINGS:
                if rest.endswith(ending) and len(rest) - len(ending) > 1:
                    yield rest.removesuffix(ending) + instead


def _unknown(noun: str) -> Family:
    return Family(tuple(_members_by_shape(noun)))


def _members_by_shape(noun: str) -> Iterator[Member]:
    """The family of a word that stands in no table."""
    if noun.endswith("ات") and len(noun) > 5:
        single = noun[:-2]
        yield from (Member(single, head=True), Member(f"{single}ة"))
    elif noun.endswith("ية") and len(noun) > 5:
        yield from (Member(noun), Member(noun[:-1]))
    elif noun.startswith("م") and noun.endswith(("ين", "ون")) and len(noun) > 6:
        yield Member(noun[:-2], head=True, person=True)
    elif noun.endswith("ا") and len(noun) > 4:
        yield from (Member(noun, name=True), Member(f"{noun[:-1]}ي"))
    elif noun.endswith(("و", "ا")) or len(noun) < 3:
        yield Member(noun, name=True)
    else:
        person = (len(noun) == 4 and noun[1] == "ا") or (len(noun) > 4 and noun.startswith("م"))
        yield Member(noun, head=True, person=person)
        yield from map(Member, patterned_plurals(noun))
        yield from (Member(doer, person=True) for doer in doers(noun))
        yield from (Member(person, name=True) for person in _persons(noun))


_SHORTEST_VERB = 4


def _persons(verb: str) -> Iterator[str]:
    """The persons and tenses of what is a verb by its shape. What is none makes words that are not written."""
    past = verb[0] == "ا" and "ا" not in verb[1:]
    if len(verb) < _SHORTEST_VERB or verb.endswith(("ي", "ى", "و", "ة", "ء")) or not (past or verb[0] == "ي"):
        return
    stem = verb[1:]
    causes = f"ا{stem}" in CAUSATIVE
    if causes:
        yield from (f"ا{stem[:2]}ا{stem[2:]}", f"م{stem}")
    if not past or causes or len(verb) > _SHORTEST_VERB:  # «أحدث» is mostly "newer"
        yield from (first + stem for first in "يتنا")
        yield from (first + stem + ending for first in "يت" for ending in ("ون", "وا", "ان", "ه", "ها", "هم"))
    yield from (f"ا{stem}{ending}" for ending in ("ت", "وا", "ته", "تها", "تهم", "نا", "ناه", "ناها"))
