"""How rare words are in news: learned from the articles that pass by, and until then a guess.

Only the speed of matching depends on it, never what matches.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from monitors.query.tree import Field
from monitors.text.folding import fold
from monitors.text.keys import is_plain, key_field

_WORTH = 50
"""As many articles as the guess counts for beside those that were read."""

_MOST_KEYS = 100_000
"""Kept in all, some 15 MB; when there are more, all counts are halved and what is left with none is forgotten."""

_LEARN_ALL = 500
_THEN_EVERY = 16
"""Articles: learning from one takes about as long as a tenth of matching it."""

_MOST_LEARNT = 20_000
"""Keys; an article that has more is no news."""


def _table(*lines: str) -> frozenset[str]:
    return frozenset(fold(word) for line in lines for word in line.split())


_EVERYWHERE = _table(
    "في من على الى عن ان هذا هذه التي الذي ما لا لم مع او و قال كان بعد قبل خلال بين كما ذلك كل غير حيث وقد قد وكان",
    "اليوم عام منذ حتى لكن ايضا اي هو هي هم انه انها الا عند ضد حول تم يوم امس اول عدد رئيس",
    "the of to and in a is for on that with as it at by from was be are has have said an this not but its their he",
    "were which his will or who been they had more also after one about new over year up out would when",
)
_OFTEN = _table(
    "دولة الدولة حكومة الحكومة وزير الوزير وزارة مجلس المجلس الرئيس الوزراء محمد احمد علي عبد الله اكثر الاول الثاني",
    "العام الماضي المقبل الحالي الجاري الشعب المواطنين مدينة المدينة منطقة المنطقة",
    "العالم الدولي الدولية العربي العربية",
    "الوطني الوطنية العمل المشروع مشروع عملية العملية قوات القوات الجيش الامن",
    "اعلن اكد اضاف اشار اوضح مليون مليار دولار",
    "people government president minister state country world city million billion percent week month day two three",
    "first last years could can there while between against under than other some all no into before during",
)

_GUESSES: Mapping[str, float] = {**dict.fromkeys(_OFTEN, 0.15), **dict.fromkeys(_EVERYWHERE, 0.6)}

_COMMON_FIELDS: Mapping[str | None, float] = {Field.LANG: 0.5, Field.OUTLET: 0.05}

_LONG = 9
_BY_LENGTH = [0.5 ** (length + 1) for length in range(_LONG + 1)]  # frequent words are short


class Rarity:
    """Called with a key: about how large a part of all articles has a word that answers to it, more than 0."""

    def __init__(self) -> None:
        self._articles = 0
        self._counts: dict[str, int] = {}
        self._passed = 0

    def __call__(self, key: str) -> float:
        guess = _GUESSES.get(key) or _guess(key)
        return (self._counts.get(key, 0) + _WORTH * guess) / (self._articles + _WORTH)

    def learn(self, keys: Collection[str]) -> None:
        """Takes in the keys of an article, each once; of many articles, of a part of them."""
        self._passed += 1
        if len(keys) > _MOST_LEARNT or (self._passed > _LEARN_ALL and self._passed % _THEN_EVERY):
            return
        counts = self._counts
        for key in keys:
            counts[key] = counts.get(key, 0) + 1
        self._articles += 1
        while len(self._counts) > _MOST_KEYS:
            self._articles //= 2
            self._counts = {key: count // 2 for key, count in self._counts.items() if count > 1}


def _guess(key: str) -> float:
    if not is_plain(key) and (field := key_field(key)) in _COMMON_FIELDS:
        return _COMMON_FIELDS[field]
    return _BY_LENGTH[min(len(key), _LONG)]
