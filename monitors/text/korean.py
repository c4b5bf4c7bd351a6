"""What a Korean word in a text answers to besides itself: the noun its particles are written onto.

Most particles have two forms, one after a vowel and one after a consonant. A syllable shows which it ends in, so
that much of what only looks like a particle is told from one: «학교» keeps its «교», «서울은» is «서울».
"""

from __future__ import annotations

_SHORTEST_NOUN = 2

_AFTER_VOWEL = "는 가 를 와 로 나 라 랑 라고 라는 라도 로서 로써 로는 로도 였다 여서 든지 란 며"
_AFTER_CONSONANT = (
    "은 이 을 과 으로 이나 이라 이랑 이라고 이라는 이라도 으로서 으로써 으로는 으로도 이었다 이어서 이든지 이란 이며"
)
_AFTER_ANY = (
    "의 에 도 만 에서 에게 께 께서 한테 부터 까지 보다 처럼 마다 조차 마저 밖에 같이 에는 에도 에만 에서는 에서도 "
    "에서의 에게는 에게서 에게도 으로부터 로부터 까지는 까지도 까지의 부터는 부터의 만의 만이 만을 만은 과의 와의 "
    "과는 와는 과도 와도 들 들이 들은 들을 들의 들에 들에게 들도 들과 이다 입니다 인 이고 에선 에겐"
)


def _table() -> dict[str, frozenset[bool]]:
    """Each particle, and after which syllables it stands: those that end in a consonant (True) or a vowel (False)."""
    table: dict[str, frozenset[bool]] = {}
    for line, after in (
        (_AFTER_VOWEL, {False}),
        (_AFTER_CONSONANT, {True}),
        (_AFTER_ANY, {True, False}),
    ):
        for particle in line.split():
            table[particle] = table.get(particle, frozenset()) | after
    return table


_PARTICLES = _table()
_LONGEST_PARTICLE = max(map(len, _PARTICLES))
_RIEUL = 8  # ㄹ counts as a vowel before 로: «서울로»


def is_hangul(letter: str) -> bool:
    return "가" <= letter <= "힣"


def keys(folded: str) -> tuple[str, ...]:
    """The words that a folded word is or contains, itself first; each once."""
    found = [folded]
    for length in range(1, min(_LONGEST_PARTICLE, len(folded) - _SHORTEST_NOUN) + 1):
        noun, particle = folded[:-length], folded[-length:]
        if _may_follow(noun[-1], particle):
            found.append(noun)
    return tuple(found)


def _may_follow(syllable: str, particle: str) -> bool:
    after = _PARTICLES.get(particle)
    if after is None:
        return False
    if not is_hangul(syllable):
        return True
    final = (ord(syllable) - ord("가")) % 28  # Unicode 3.12: the number of the final consonant, 0 for none
    if final == _RIEUL and particle.startswith("로"):
        return True
    return bool(final) in after
