"""The forms of an Arabic noun: its endings, and the families in which forms and derived words belong together.

All words here are in plain spelling (folding.py), where the hamzas before an ending no longer differ («رؤساؤه» and
«رؤسائه» are both «رءساءه»). Nothing is written with its article or another proclitic: texts answer without them, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from monitors.text import families
from monitors.text.folding import fold
from monitors.text.lexicon import ALEF_NOT_YEH, NAMES
from monitors.text.places import PLACES


class Form(NamedTuple):
    rank: int
    """How readily it may be left out where forms are too many: 0 never, 4 first."""
    word: str


Endings = tuple[Form, ...]


def _endings(*ranks: str) -> Endings:
    """Endings by rank; `-` is none. How often each occurs is our judgement of news."""
    return tuple(Form(rank, ending.strip("-")) for rank, of_rank in enumerate(ranks) for ending in of_rank.split())


# «حرب»: حربي, حربها, حربين …
_NOUN = _endings("-", "ي ية ه ها هم ات", "ين يين يون نا", "ان اته اتها اتهم يات يا", "هما كم هن ك اتنا")
# «لاعب»: besides these لاعبة, لاعبون, لاعبيه …
_PERSON = _endings(
    "- ة", "ين ون ي و ية ه ها هم ات", "ان يه يها يهم ته نا يين يون", "وه وها ينا تين تان تها", "يات يا هن كم"
)
# «رؤساء», which has its number already.
_PLURAL = _endings("-", "ه ها هم", "نا ي", "", "هما كم هن ك")
# «حكومة», without its ة.
_FEMININE = _endings(
    "ة", "ات ته تها تهم", "ي ية تين تنا تان", "اته اتها اتهم يين يون تي", "يات يا تهما تكم تك تهن اتنا"
)
_FEMININE_ONLY = _endings("ة", "ات ته تها تهم", "تين تنا تان", "اته اتها اتهم تي", "تهما تكم تك تهن اتنا")
# «مباراة», without its اة.
_IN_AT = _endings("اة", "يات اته اتها اتهم", "اتين اتان اتي اتنا", "ياته ياتها ياتهم", "اتكم اتك")
# «مصري», without its ي; «شعبية» has pronouns.
_ADJECTIVE = _endings("ي ية", "يين يون يات", "يا يان يه", "يتين يتان يو يها يهم يته يتها يتهم", "ينا")
# «مستشفى», without its ى.
_IN_ALEF = _endings("ى", "يات اه اها اهم", "يين يان انا", "ياته ياتها ياتهم", "اي")

_SHORTEST_ADJECTIVE = 4  # by its shape: «نبي» is none, «صحي» stands in a family


@dataclass(frozen=True, slots=True)
class Member:
    """One word of a family and how it is inflected."""

    word: str
    written: str = ""
    """As the tables write it, with its hamzas."""
    person: bool = False
    head: bool = False
    name: bool = False

    def forms(self) -> Iterator[Form]:
        if self.name:
            return iter((Form(0, self.word),))
        stem, endings = self._shape()
        return (Form(rank, stem + ending) for rank, ending in endings)

    def _shape(self) -> tuple[str, Endings]:
        word = self.word
        if word.endswith("اة"):
            return word[:-2], _IN_AT
        if word.endswith("ة"):
            derives = self.head and len(word) > _SHORTEST_ADJECTIVE
            return word[:-1], _FEMININE if derives else _FEMININE_ONLY
        if word.endswith("ى"):
            return word[:-1], _IN_ALEF
        if word.endswith("ي") and (self.person or not self.head or len(word) >= _SHORTEST_ADJECTIVE):
            return word[:-1], _ADJECTIVE
        if self.person:
            return word, _PERSON
        return word, _NOUN if self.head else _PLURAL


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    members: tuple[Member, ...]

    @property
    def names_a_place(self) -> bool:
        return self.members[0].name

    def has(self, word: str) -> bool:
        return any(member.word == word for member in self.members)


@cache
def families_by_word() -> dict[str, tuple[Family, ...]]:
    """The families that a word is a member of. Read when first asked for: it takes some milliseconds."""
    found: dict[str, tuple[Family, ...]] = {}
    for family in chain(_places(), _families()):
        for member in family.members:
            found[member.word] = (*found.get(member.word, ()), family)
    return found


@lru_cache(maxsize=1_024)  # reading a million watches at the start, many of which are wide for the same words
def family_forms(family: Family) -> tuple[Form, ...]:
    """All forms of a family's words that are no other word: «مكتبة» is none of «مكتب», nor «بحرين» of «بحر»."""
    own, taken = _standing(family), _taken()
    forms = chain.from_iterable(member.forms() for member in family.members)
    return tuple(form for form in forms if form.word in own or form.word not in taken)


def patterned_plurals(noun: str) -> Iterator[str]:
    """The plurals that a noun's shape suggests. What is not one is seldom a word at all, or stands in a table."""
    match tuple(noun):
        case ("م", a, b, c) | ("م", a, b, c, "ة") if not {a, b, c} & set("اويىةء"):
            yield f"م{a}ا{b}{c}"  # مجلس، معركة
        case ("م", a, b, "و", c):
            yield f"م{a}ا{b}ي{c}"  # مشروع
        case (a, "ا", b, "و", c):
            yield f"{a}وا{b}ي{c}"  # قانون
        case ("ت", a, b, "ي", c):
            yield f"ت{a}ا{b}ي{c}"  # تقرير
        case (a, b, "ي" | "ا" | "و", c, "ة"):
            yield f"{a}{b}اء{c}"  # جريمة
        case (a, "ا", b, c, "ة"):
            yield f"{a}وا{b}{c}"  # قاعدة
        case (a, "ا", b, c):
            yield f"{a}{b}ا{c}"  # حاكم
        case (a, b, "ي", c):
            yield f"{a}{b}{c}اء"  # سفير
        case (a, b, c) if not {a, b, c} & set("اويىةء"):
            yield f"{a}{b}و{c}"  # حرب
            yield f"ا{a}{b}ا{c}"  # فكر


def doers(noun: str) -> Iterator[str]:
    """Who does what a noun of action says, by its shape."""
    match tuple(noun):
        case ("ا", "س", "ت", a, b, "ا", c):
            yield f"مست{a}{b}{c}"  # استثمار
        case ("ا", "س", "ت", a, "ا", b, "ة"):
            yield f"مست{a}ي{b}"  # استفادة
        case ("ا", a, "ت", b, "ا", c):
            yield f"م{a}ت{b}{c}"  # اكتشاف
        case ("ا", "ن", a, b, "ا", c):
            yield f"من{a}{b}{c}"  # انسحاب
        case ("ت", a, b, c) | ("ت", a, "ا", b, c) if not {a, b, c} & set("اوىيةء"):
            yield f"م{noun}"  # تطوع، تضامن


def _families() -> Iterator[Family]:
    for table in (families.STATE, families.WAR, families.MONEY, families.SOCIETY, families.EVENTS):
        for line in table.replace("\n", ",").split(","):
            words = line.split()
            yield Family(
                tuple(
                    Member(fold(word.rstrip("+")), word.rstrip("+"), person=word.endswith("+"), head=place == 0)
                    for place, word in enumerate(words)
                )
            )


def _places() -> Iterator[Family]:
    for entry in PLACES.replace("\n", ";").split(";"):
        names, _, adjectives = entry.partition("|")
        called = (Member(fold(name), name, name=True) for name in names.split())
        yield Family((*called, *(Member(fold(adjective), adjective) for adjective in adjectives.split())))


def _standing(family: Family) -> set[str]:
    """A family's words as they stand, and a name that has an article («البحرين») as it answers without."""
    words = {member.word for member in family.members}
    return words | {member.word.removeprefix("ال") for member in family.members if member.name}


@cache
def _taken() -> frozenset[str]:
    """The words that are no form of another, though an ending might make them."""
    standing = map(_standing, chain(_places(), _families()))
    return frozenset().union(NAMES, ALEF_NOT_YEH, *standing)
