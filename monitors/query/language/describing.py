"""A query in words, to be shown back to whoever typed it: what will really be looked for.

The sentences are English and given to `say`, which may know them in another language (bot/words/queries.py). Each is
a piece of one line: "articles in Arabic with “سد” next to “النهضة”, without “رياضة”".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from monitors.query.language.language_names import ENGLISH
from monitors.query.language.lexing import RESERVED
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

Translate = Callable[[str], str]

_LOOK_LIKE_OPERATORS = frozenset(word.casefold() for word in RESERVED)


def is_plain(query: Query) -> bool:
    """Whether the query says just what it shows: a word or phrase that cannot be taken for anything else."""
    words = query.parts if isinstance(query, Phrase) else (query,)
    return all(
        isinstance(word, Word)
        and word.form is Form.NORMAL
        and not word.prefix
        and word.text.casefold() not in _LOOK_LIKE_OPERATORS
        for word in words
    )


def describe(query: Query, *, say: Translate = str, language: Translate = lambda code: ENGLISH.get(code, code)) -> str:
    """The query in words. `say` translates a sentence of this file, `language` names that of a code such as "ar"."""
    return _Describer(say, language).article(query)


class _Describer:
    def __init__(self, say: Translate, language: Translate) -> None:
        self.say = say
        self._language = language

    def article(self, query: Query) -> str:
        """What is asked of an article as a whole: its language, where it is from, what it has and has not."""
        parts = query.parts if isinstance(query, And) else (query,)
        origins = [part for part in parts if _is_origin(part.part if isinstance(part, Not) else part)]
        unwanted = [part.part for part in parts if isinstance(part, Not) and part not in origins]
        wanted = [part for part in parts if not isinstance(part, Not) and part not in origins]
        text = " ".join([self.say("articles"), *map(self._inner if len(origins) > 1 else self._clause, origins)])
        if wanted:
            text += self.say(" with {what}").format(what=self._and(wanted))
        if unwanted:
            text += self.say(", without {what}").format(what=self._or(unwanted))
        return text

    def _clause(self, query: Query) -> str:
        match query:
            case Word(text, form, prefix):
                return (
                    self.say("words that begin with “{words}”").format(words=text)
                    if prefix
                    else self._quote(text, form)
                )
            case Phrase():
                return self._phrase(query)
            case Alias(names):
                return self._or(names)
            case Near():
                return self._near(query)
            case Regex(pattern):
                return self.say("text that matches /{pattern}/").format(pattern=pattern)
            case InField(field, part):
                return self._in_field(field, part)
            case And(parts):
                return self._all(parts)
            case Or(parts):
                return self._or(parts)
            case AtLeast(count, parts):
                things = self.say("; ").join(map(self._clause, parts))
                return self.say("at least {n} of these: ({things})").format(n=count, things=things)
            case Not(part):
                return self.say("not {what}").format(what=self._inner(part))

    def _quote(self, words: str, form: Form) -> str:
        match form:
            case Form.EXACT:
                return self.say("“{words}” spelled exactly so").format(words=words)
            case Form.WIDE:
                return self.say("“{words}” in any of its forms").format(words=words)
            case Form.NORMAL:
                return self.say("“{words}”").format(words=words)

    def _phrase(self, phrase: Phrase) -> str:
        forms = {word.form for part in phrase.parts for word in _words(part)}
        form = forms.pop() if len(forms) == 1 else None
        words = " ".join(self._bare(part, signs=form is None) for part in phrase.parts)
        return self.say("the phrase {words}").format(words=self._quote(words, form or Form.NORMAL))

    def _bare(self, part: Word | Phrase | Alias, *, signs: bool) -> str:
        """A part of a phrase; words that differ in form carry the sign of theirs."""
        match part:
            case Word(text, form, prefix):
                sign = {Form.EXACT: "=", Form.NORMAL: "", Form.WIDE: "~"}[form] if signs else ""
                return f"{sign}{text}{'…' * prefix}"
            case Phrase(parts):
                return " ".join(self._bare(one, signs=signs) for one in parts)
            case Alias(names):
                return f"({'/'.join(self._bare(name, signs=signs) for name in names)})"

    def _near(self, near: Near) -> str:
        parts = [self._inner(part) for part in near.parts]
        if len(parts) > 2:
            things = self.say("; ").join(parts)
            text = self.say("these, each within {n} words of the one before it: ({things})")
            if near.ordered:
                text = self.say("these, in this order, each within {n} words of the one before it: ({things})")
            return text.format(n=near.distance, things=things)
        if near.distance == 1:
            text = self.say("{one} right before {other}") if near.ordered else self.say("{one} next to {other}")
        elif near.ordered:
            text = self.say("{one} within {n} words before {other}")
        else:
            text = self.say("{one} within {n} words of {other}")
        return text.format(one=parts[0], other=parts[1], n=near.distance)

    def _in_field(self, field: Field, part: Query) -> str:
        match field:
            case Field.TITLE:
                text = self.say("{what} in the title")
            case Field.TEXT:
                text = self.say("{what} in the text")
            case Field.AUTHOR:
                text = self.say("{what} as the author")
            case Field.TAG:
                text = self.say("{what} as a tag")
            case Field.URL:
                text = self.say("{what} in the address")
            case Field.OUTLET:
                text = self.say("from {what}")
            case Field.LANG:
                return self.say("in {languages}").format(languages=self._languages(part))
        return text.format(what=self._inner(part))

    def _languages(self, part: Query) -> str:
        match part:
            case Word(code):
                return self._language(code)
            case Or(parts):
                return self.say(" or ").join(map(self._languages, parts))
            case Not(inner):
                return self.say("not {what}").format(what=self._languages(inner))
            case _:
                return self._inner(part)

    def _all(self, parts: Sequence[Query]) -> str:
        wanted = [part for part in parts if not isinstance(part, Not)]
        unwanted = [part.part for part in parts if isinstance(part, Not)]
        if not wanted:
            return self._and(parts)
        text = self._and(wanted)
        return text + self.say(" but not {what}").format(what=self._or(unwanted)) if unwanted else text

    def _and(self, parts: Iterable[Query]) -> str:
        return self._joined(self.say(" and "), parts)

    def _or(self, parts: Iterable[Query]) -> str:
        return self._joined(self.say(" or "), parts)

    def _joined(self, word: str, parts: Iterable[Query]) -> str:
        parts = tuple(parts)
        return self._clause(parts[0]) if len(parts) == 1 else word.join(map(self._inner, parts))

    def _inner(self, query: Query) -> str:
        """As part of something longer: in parentheses when it is itself joined of several."""
        text = self._clause(query)
        return f"({text})" if isinstance(query, And | Or | Alias | Near) else text


def _is_origin(part: Query) -> bool:
    match part:
        case Or(parts):
            return all(map(_is_origin, parts))
        case InField(field):
            return field in (Field.LANG, Field.OUTLET)
        case _:
            return False


def _words(part: Word | Phrase | Alias) -> Iterable[Word]:
    match part:
        case Word():
            return (part,)
        case Phrase(parts) | Alias(parts):
            return [word for one in parts for word in _words(one)]
