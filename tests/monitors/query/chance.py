"""Random queries and articles of few words with many relations, so that one often meets the other."""

from __future__ import annotations

from random import Random

from monitors.query.tree import (
    READ,
    Alias,
    AtLeast,
    Field,
    Form,
    InField,
    Near,
    Phrase,
    Query,
    Regex,
    Word,
    both,
    either,
    meets_nothing,
    negation,
)

# Clitics, look-alikes, joined names, marks, other scripts.
WORDS = ["سد", "والسد", "سدا", "علي", "على", "كرة", "فكرة", "عبدالله", "عبد", "الله", "وَكُرَة", "Café", "cafe", "中"]
SIGNS = [".", "\u200f", "👍", "ﷲ", "\ud800", "\n", "\n\n", "\n \n\n"]
STARTS = ["سد", "فك", "عب", "ca", "ا", "الل"]
# Such as Python's `re` and RE2 understand alike.
PATTERNS = ["سد", "كر[ةه] ", "c.f", "^.?على", "(?:علي|عبد).{0,9}كرة", "الله$", "عبد?الله", "\ud800|中", "[ا-ي]{7}"]
_FORMS = [Form.NORMAL] * 4 + [Form.EXACT, Form.WIDE]


def random_query(chance: Random) -> Query:
    """One that may stand."""
    while True:
        query = _query(chance, depth=3)
        if not meets_nothing(query):
            return query


def random_article(chance: Random, longest: int = 14) -> dict[str, str]:
    fields = {field.value: _text(chance, longest if field in READ else 4) for field in Field}
    fields["lang"] = chance.choice(["ar", "en", ""])
    return {name: text for name, text in fields.items() if chance.random() < 0.9}


def _text(chance: Random, longest: int) -> str:
    return " ".join(chance.choices(WORDS * 2 + SIGNS, k=chance.randint(0, longest)))


def _query(chance: Random, depth: int, *, named: bool = False) -> Query:
    if depth == 0 or chance.random() < 0.4:
        return _leaf(chance)
    kind = chance.choice(["both", "either", "either", "not", "some", "named"])
    if kind == "named" and not named:
        return InField(chance.choice(list(Field)), _query(chance, depth - 1, named=True))
    parts = [_query(chance, depth - 1, named=named) for _ in range(chance.choice([2, 2, 3]))]
    match kind:
        case "both":
            return both(parts)
        case "some":
            return AtLeast(chance.randint(1, len(parts)), tuple(parts))
        case "not":
            return negation(parts[0])
        case _:
            return either(parts)


def _leaf(chance: Random) -> Query:
    match chance.choice(["word", "word", "phrase", "alias", "near", "regex"]):
        case "phrase":
            return _phrase(chance)
        case "alias":
            return _alias(chance)
        case "near":
            parts = tuple(_part(chance) for _ in range(chance.choice([2, 2, 3])))
            return Near(parts, chance.choice([1, 1, 2, 3, 5, 100]), chance.random() < 0.5)
        case "regex":
            return Regex(chance.choice(PATTERNS))
        case _:
            return _word(chance)


def _part(chance: Random) -> Word | Phrase | Alias:
    match chance.choice(["word", "word", "phrase", "alias"]):
        case "phrase":
            return _phrase(chance)
        case "alias":
            return _alias(chance)
        case _:
            return _word(chance)


def _word(chance: Random) -> Word:
    if chance.random() < 0.15:
        return Word(chance.choice(STARTS), prefix=True)
    return Word(chance.choice(WORDS), chance.choice(_FORMS))


def _phrase(chance: Random) -> Phrase:
    return Phrase(tuple(_alias(chance) if chance.random() < 0.1 else _word(chance) for _ in range(2)))


def _alias(chance: Random) -> Alias:
    words = [_word(chance) for _ in range(2)]
    return Alias((*words, Phrase((_word(chance), _word(chance)))) if chance.random() < 0.3 else tuple(words))
