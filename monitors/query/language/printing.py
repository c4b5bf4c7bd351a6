"""Writing a query back, so that reading it gives the same query."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from monitors.query.language.fields import ONE_VALUE
from monitors.query.language.lexing import RESERVED
from monitors.query.language.limits import DEFAULT_DISTANCE, MAX_LENGTH
from monitors.query.tree import (
    Alias,
    And,
    AtLeast,
    Field,
    Form,
    InField,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Regex,
    Word,
)

_SIGNS = {Form.EXACT: "=", Form.NORMAL: "", Form.WIDE: "~"}
_SHORT_FIELDS = {
    Field.TITLE: "title",
    Field.TEXT: "نص",
    Field.AUTHOR: "كاتب",
    Field.TAG: "tag",
    Field.OUTLET: "مصدر",
    Field.URL: "url",
    Field.LANG: "lang",
}
_WORTH_A_GROUP = 3  # words: from then on `=(a|b|c)` is no longer than `=a|=b|=c`


def show(query: Query) -> str:
    """The query in its plainest spelling, or in a short one if that were too long to be read again."""
    plain = _Plain().show(query)
    return plain if len(plain) <= MAX_LENGTH else _Short().show(query)


class _Plain:
    """Operators in capitals, phrases in quotation marks."""

    disjunction = " OR "
    near = "NEAR"
    onear = "ONEAR"
    comma = ", "
    negation = "NOT "

    def __init__(self, given: Form = Form.NORMAL) -> None:
        self.given = given  # by a sign that stands before all of it

    def show(self, query: Query) -> str:
        match query:
            case Word():
                return self._word(query)
            case Phrase():
                return self.phrase(query)
            case Alias(names):
                return f"{{{'|'.join(self._name(name) for name in names)}}}"
            case Near():
                return self.chain(query)
            case Regex(pattern):
                return f"/{_escaped(pattern)}/"
            case InField(field, part):
                inner = type(self)() if field in ONE_VALUE else self  # signs before do not reach into those
                return f"{self.field(field)}:{inner._value(field, part)}"
            case And(parts):
                return self.conjunction(parts)
            case Or(parts):
                return self.disjunction.join(map(self.show, parts))
            case AtLeast(count, parts):
                return f"{count} of ({self.comma.join(map(self.show, parts))})"
            case Not(part):
                return f"{self.negation}{self.operand(part)}"

    def operand(self, query: Query) -> str:
        text = self.show(query)
        return f"({text})" if isinstance(query, And | Or) else text

    def phrase(self, phrase: Phrase) -> str:
        form = _common_form(phrase)
        sign = "" if form is None or form is self.given else _SIGNS[form]
        return f'{sign}"{_inside(phrase, form or self.given)}"'

    def chain(self, near: Near) -> str:
        name = self.onear if near.ordered else self.near
        return f" {name}/{near.distance} ".join(map(self.show, near.parts))

    def field(self, field: Field) -> str:
        return field

    def conjunction(self, parts: Sequence[Query]) -> str:
        return " AND ".join(map(self.operand, parts))

    def _word(self, word: Word) -> str:
        text = f'"{word.text}"' if word.text in RESERVED and not word.prefix else word.text
        return f"{_sign(word, self.given)}{text}{'*' * word.prefix}"

    def _name(self, name: Word | Phrase) -> str:
        words = list(_words(name)) if isinstance(name, Phrase) else [name]
        mixed = not all(word.text.isascii() for word in words)  # there an operator is one in small letters, too
        reserved = any((word.text.upper() if mixed else word.text) in RESERVED for word in words)
        return f'"{_inside(name, self.given)}"' if reserved else _inside(name, self.given)

    def _value(self, field: Field, part: Query) -> str:
        match part:
            case Phrase() if field in ONE_VALUE:
                return _Plain.phrase(self, part)
            case Word(text) if field in ONE_VALUE and not text.isalnum():
                return f'"{_inside(part, self.given)}"'
            case Word() | Phrase() | Alias() | Regex():
                return self.show(part)
            case _:
                return f"({self.show(part)})"


class _Short(_Plain):
    """As few characters as it takes."""

    disjunction = "|"
    near = "قرب"
    onear = "قبل"
    comma = ";"  # a comma between digits is part of a number
    negation = "-"

    def show(self, query: Query) -> str:
        form = _common_form(query)
        if form and form is not self.given and isinstance(query, And | Or | AtLeast) and _is_worth_a_group(query):
            return f"{_SIGNS[form]}({_Short(form).show(query)})"
        match query:
            case Or(parts):
                return self.disjunction.join(self._grouped(parts))
            case Not(Phrase() as phrase):
                return f"{self.negation}{super().phrase(phrase)}"  # a minus is for one word, or for quotes
            case Not(Near((Phrase(), *_)) as near):
                return f"{self.negation}({self.chain(near)})"
        return super().show(query)

    def phrase(self, phrase: Phrase) -> str:
        words = list(_words(phrase))
        form = _common_form(phrase)
        if any(word.text.upper() in RESERVED for word in words) or (
            form and form is not self.given and _is_worth_a_group(phrase)
        ):
            return super().phrase(phrase)
        return _inside(phrase, self.given)

    def chain(self, near: Near) -> str:
        if near.ordered or any(isinstance(part, Phrase) for part in near.parts):
            texts = [self.show(part) for part in near.parts]
            if near.distance == DEFAULT_DISTANCE and not any(text[0].isdecimal() for text in texts):
                return f" {'ONEAR' if near.ordered else 'NEAR'} ".join(texts)
            return super().chain(near)
        parts = tuple(part for part in near.parts if isinstance(part, Word | Alias))
        return f"{super().phrase(Phrase(parts))}~{near.distance}"

    def field(self, field: Field) -> str:
        return _SHORT_FIELDS[field]

    def conjunction(self, parts: Sequence[Query]) -> str:
        """Nothing before a part that is in a field, and after some; a plus or minus elsewhere."""
        text = ""
        for index, (before, part) in enumerate(zip((None, *parts), parts, strict=False)):
            if index:
                ended = isinstance(before, InField) and before.field in (Field.LANG, Field.URL)
                text += " " if ended or isinstance(part, InField | Not) else " +"
            text += self.operand(part)
        return text

    def _grouped(self, parts: Sequence[Query]) -> Iterator[str]:
        """The parts; those with the same form side by side are one, as they may have been typed."""
        for form, run in groupby(parts, _common_form):
            same = tuple(run)
            if form and form is not self.given and len(same) > 1 and _is_worth_a_group(Or(same)):
                yield self.show(Or(same))
            else:
                yield from map(self.show, same)


def _sign(word: Word, given: Form) -> str:
    return "" if word.form is given else _SIGNS[word.form]


def _inside(part: Word | Phrase | Alias, given: Form) -> str:
    """As it stands in quotation marks, where no word is an operator."""
    match part:
        case Word(text, _, prefix):
            return f"{_sign(part, given)}{text}{'*' * prefix}"
        case Phrase(parts):
            return " ".join(_inside(one, given) for one in parts)
        case Alias(names):
            return f"{{{'|'.join(_inside(name, given) for name in names)}}}"


def _escaped(pattern: str) -> str:
    return re.sub(r"\\.|/", lambda found: "\\/" if found[0] == "/" else found[0], pattern)


def _words(query: Query) -> Iterator[Word]:
    """The words that a form before the query would reach."""
    match query:
        case Word():
            yield query
        case Regex():
            return
        case InField(field, part):
            yield from _words(part) if field not in ONE_VALUE else ()
        case Not(part):
            yield from _words(part)
        case Alias(names):
            for name in names:
                yield from _words(name)
        case Phrase(parts) | Near(parts) | And(parts) | Or(parts) | AtLeast(_, parts):
            for one in parts:
                yield from _words(one)


def _common_form(query: Query) -> Form | None:
    """The form that all words have, if it is not the normal one."""
    forms = {word.form for word in _words(query)}
    return forms.pop() if len(forms) == 1 and Form.NORMAL not in forms else None


def _is_worth_a_group(query: Query) -> bool:
    return sum(1 for _ in _words(query)) >= _WORTH_A_GROUP
