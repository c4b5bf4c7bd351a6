"""Reading a query by the grammar (grammar.py): recursive descent over its signs, one method for each rule."""

from __future__ import annotations

from collections.abc import Callable

from monitors.query.language import limits
from monitors.query.language.expressions import mistake_in
from monitors.query.language.fields import ONE_VALUE
from monitors.query.language.language_names import language_named
from monitors.query.language.lexing import lex
from monitors.query.language.mistakes import Mistake, refusal
from monitors.query.language.phrases import PHRASE, SIMPLE, PhraseReader
from monitors.query.language.signs import STARTS, Lexeme, Sign
from monitors.query.language.typed import plainly_typed
from monitors.query.language.walking import NEARS
from monitors.query.tree import (
    Alias,
    AtLeast,
    Field,
    InField,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Regex,
    Word,
    both,
    either,
    meets_nothing,
    negation,
)

_LIST, _OR, _AND = frozenset({Sign.LIST}), frozenset({Sign.OR}), frozenset({Sign.AND})
_SIGNED = frozenset({Sign.NOT, Sign.MUST})
_JOINED_ANYWAY = _SIGNED | {Sign.FIELD}
_CLOSE = frozenset({Sign.CLOSE})
_FORM = frozenset({Sign.FORM})
_ENDS = frozenset({Sign.END, Sign.CLOSE})
_ENDS_NAMES = frozenset({Sign.CLOSE_BRACE, Sign.END})
_LAST_OF_PART = frozenset({Sign.WORD, Sign.PREFIX, Sign.CLOSE_BRACE})
_NOTHING = frozenset({Sign.LIST, Sign.END})
_COUNTED = (
    (frozenset({Sign.WORD, Sign.PREFIX, Sign.REGEX}), limits.MAX_WORDS, Mistake.TOO_MANY_WORDS),
    (frozenset({Sign.PREFIX}), limits.MAX_PREFIXES, Mistake.TOO_MANY_PREFIXES),
    (frozenset({Sign.REGEX}), limits.MAX_REGEXES, Mistake.TOO_MANY_REGEXES),
)


def read(query: str) -> Query:
    """What the query says. Raises QueryError without a suggestion."""
    if len(query) > limits.MAX_LENGTH:
        raise refusal(Mistake.TOO_LONG, query, limits.MAX_LENGTH, len(query))
    query = plainly_typed(query)
    lexemes = lex(query)
    _refuse_too_many(query, lexemes)
    tree = _Reader(query, lexemes).read()
    if meets_nothing(tree):
        raise refusal(Mistake.ONLY_NEGATIVE, query, 0)
    return tree


def _refuse_too_many(query: str, lexemes: list[Lexeme]) -> None:
    for signs, most, mistake in _COUNTED:
        if len(lexemes) > most:
            found = [lexeme.position for lexeme in lexemes if lexeme.sign in signs]
            if len(found) > most:
                raise refusal(mistake, query, found[most])


class _Reader(PhraseReader):
    def __init__(self, query: str, lexemes: list[Lexeme]) -> None:
        super().__init__(query, lexemes)
        self._field: Lexeme | None = None  # the one we are in
        self._after_field = False  # whether the last thing read was in a field

    def read(self) -> Query:
        if all(lexeme.sign in _NOTHING for lexeme in self._lexemes):
            raise self._refusal(Mistake.EMPTY)
        tree = _either(self._items())
        if self._next.sign is not Sign.END:
            raise self._unread()
        return tree

    def _items(self) -> list[Query]:
        """list: the parts of a pasted list; empty ones do not count."""
        items: list[Query] = []
        while True:
            while self._take(_LIST):
                pass
            if items and self._next.sign in _ENDS:
                return items
            items.append(self._or_query())
            if self._next.sign not in _LIST:
                return items

    def _or_query(self) -> Query:
        parts = [self._and_query()]
        while self._take(_OR):
            parts.append(self._and_query())
        return _either(parts)

    def _and_query(self) -> Query:
        parts = [self._not_query()]
        while self._is_joined():
            parts.append(self._not_query())
        if self._next.sign in STARTS:
            raise self._refusal(Mistake.MISSING_OPERATOR)
        return parts[0] if len(parts) == 1 else both(parts)

    def _is_joined(self) -> bool:
        """Whether AND follows. Beside a field it may be left out: no phrase goes from one field to another."""
        if self._take(_AND):
            return True
        sign = self._next.sign
        return sign in _JOINED_ANYWAY or (self._after_field and sign in STARTS)

    def _not_query(self) -> Query:
        """Negations are read in a loop, groups by descending; both count as depth."""
        before = self._depth
        negated = False
        while sign := self._take(_SIGNED):
            if sign.sign is Sign.NOT:
                negated = not negated
                self._descend()
                self._refuse_unclear_end(sign)
        tree = self._near_query()
        self._depth = before
        return negation(tree) if negated else tree

    def _refuse_unclear_end(self, sign: Lexeme) -> None:
        """After a minus one word: others take the next ones for wanted, and here they would be a phrase."""
        if sign.end == sign.position + 1 and self._next.position == sign.end:
            last = self._at + (self._next.sign is Sign.FORM)
            if self._lexemes[last].sign is Sign.OPEN_BRACE:
                while self._lexemes[last].sign not in _ENDS_NAMES:
                    last += 1
            if self._lexemes[last].sign in _LAST_OF_PART and self._lexemes[last + 1].sign in PHRASE:
                raise self._refusal(Mistake.MISSING_OPERATOR, self._lexemes[last + 1])

    def _near_query(self) -> Query:
        start = self._next
        tree = self._operand()
        near = self._next
        if near.sign not in NEARS:
            return tree
        parts = [self._named(tree, start)]
        while again := self._take(NEARS):
            if (again.sign, again.number) != (near.sign, near.number):
                raise self._refusal(Mistake.MIXED_NEAR, again, again.text)
            start = self._next
            parts.append(self._named(self._operand(), start))
        return Near(tuple(parts), near.number, near.sign is Sign.ONEAR)

    def _named(self, tree: Query, start: Lexeme) -> Word | Phrase | Alias:
        """What can be near something: words, phrases, and groups of them."""
        match tree:
            case Word() | Phrase() | Alias():
                return tree
            case Or(parts):
                names: list[Word | Phrase] = []
                for part in parts:
                    match part:
                        case Alias(inner):
                            names += inner
                        case Word():
                            names.append(part)
                        case Phrase(words) if not any(isinstance(word, Alias) for word in words):
                            names.append(part)
                        case _:
                            raise self._refusal(Mistake.NEAR_OPERAND, start)
                return Alias(tuple(names))
            case _:
                raise self._refusal(Mistake.NEAR_OPERAND, start)

    def _operand(self) -> Query:
        self._after_field = False
        read = _OPERANDS.get(self._next.sign)
        if read is None:
            raise self._missing()
        return read(self)

    def _parenthesised(self) -> Query:
        return _either(self._group())

    def _formed(self) -> Query:
        """form: what the sign stands before; quotes and groups give it to each of their words."""
        if self._lexemes[self._at + 1].sign in SIMPLE:
            return self._words()
        form = self._step()
        match self._next.sign:
            case Sign.OPEN_QUOTE:
                return self._with_form(self._quoted(), form)
            case Sign.OPEN:
                return self._with_form(either(self._group()), form)
            case _:
                raise self._refusal(Mistake.BAD_FORM, form, self._text(form))

    def _in_field(self) -> Query:
        name = self._next
        if self._field:
            raise self._refusal(Mistake.NESTED_FIELD, sign=self._text(name))
        self._step()
        self._field = name
        if self._next.sign not in STARTS:
            raise self._refusal(Mistake.EMPTY_FIELD, name, self._text(name))
        start = self._next
        field = Field(name.text)
        part = self._value() if field in ONE_VALUE else self._operand()
        if field is Field.LANG:
            part = self._languages(part, start)
        typed = self._query[name.end : self._next.position].strip(" .")
        is_host = "." in typed  # which ends where it ends, while names have several words
        if field is Field.OUTLET and start.position == start.end and not is_host and self._next.sign in PHRASE:
            raise self._refusal(Mistake.UNCLEAR_OUTLET)
        self._field = None
        self._after_field = True
        return InField(field, part)

    def _value(self) -> Query:
        """Of an address, outlet or language: names in braces end it, whatever stands beside them."""
        sign, after = self._next.sign, self._lexemes[self._at + 1].sign
        if Sign.OPEN_BRACE in (sign, after) and sign in PHRASE:
            return self._word(self._take(_FORM))
        return self._operand()

    def _languages(self, part: Query, start: Lexeme) -> Query:
        """The part with the codes of its languages."""
        match part:
            case Word() | Phrase():
                words = part.parts if isinstance(part, Phrase) else (part,)
                name = " ".join(word.text for word in words if isinstance(word, Word))
                code = language_named(name)
                if code is None:
                    at = self._query.find(name, start.position)
                    raise refusal(Mistake.UNKNOWN_LANGUAGE, self._query, max(at, start.position), name)
                return Word(code)
            case Alias(parts) | Or(parts):
                return either([self._languages(one, start) for one in parts])
            case Not(inner):
                return negation(self._languages(inner, start))
            case _:
                raise self._refusal(Mistake.UNKNOWN_LANGUAGE, start, self._text(start))

    def _group(self) -> list[Query]:
        opening = self._step()
        self._descend()
        items = self._items()
        if not self._take(_CLOSE):
            if self._next.sign is not Sign.END:
                raise self._unread()
            raise self._refusal(Mistake.UNCLOSED_PARENTHESIS, opening)
        self._after_field = False
        self._depth -= 1
        return items

    def _at_least(self) -> Query:
        count = self._step()
        items = self._group()
        match items:
            case [Or(parts)]:
                items = list(parts)
        if len(items) < 2 or not 1 <= count.number <= len(items):
            raise self._refusal(Mistake.BAD_COUNT, count, count.text.strip())
        return AtLeast(count.number, tuple(items))

    def _regex(self) -> Regex:
        lexeme = self._step()
        wrong = mistake_in(lexeme.text)
        if wrong:
            mistake, reason = wrong
            raise self._refusal(mistake, lexeme, reason)
        return Regex(lexeme.text)


def _either(parts: list[Query]) -> Query:
    return parts[0] if len(parts) == 1 else either(parts)


_OPERANDS: dict[Sign, Callable[[_Reader], Query]] = {
    Sign.WORD: _Reader._words,
    Sign.PREFIX: _Reader._words,
    Sign.OPEN_BRACE: _Reader._words,
    Sign.OPEN_QUOTE: _Reader._quoted,
    Sign.FORM: _Reader._formed,
    Sign.FIELD: _Reader._in_field,
    Sign.OPEN: _Reader._parenthesised,
    Sign.COUNT: _Reader._at_least,
    Sign.REGEX: _Reader._regex,
}
