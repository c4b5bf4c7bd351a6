"""A typed query cut into the signs the grammar knows, each with its position."""

from __future__ import annotations

import re

from monitors.query.language.elsewhere import NAMES, SMALL
from monitors.query.language.fields import FIELDS, NOT_HERE, ONE_VALUE, nearest_field
from monitors.query.language.language_names import language_named
from monitors.query.language.limits import DEFAULT_DISTANCE, MAX_DISTANCE, MIN_ARABIC_PREFIX, MIN_PREFIX
from monitors.query.language.mistakes import Mistake, refusal
from monitors.query.language.signs import STARTS, Lexeme, Sign
from monitors.query.language.spelling import (
    IS_REGEX,
    MAY_FOLLOW_FIELD,
    NUMBER_APART,
    PARTING,
    SLOP,
    VALUE,
    in_quotes,
    outside,
)
from monitors.query.tree import Field, Form
from monitors.text.analysis import keys_of_watch, spelling
from monitors.text.words import WORD

_ENDS = frozenset({Sign.WORD, Sign.PREFIX, Sign.REGEX, Sign.CLOSE_QUOTE, Sign.CLOSE_BRACE, Sign.CLOSE})
_OPENING = frozenset({Sign.OPEN_QUOTE, Sign.OPEN_BRACE})
_CLOSING = frozenset({Sign.CLOSE_QUOTE, Sign.CLOSE_BRACE})
_JOINING = frozenset({Sign.AND, Sign.OR, Sign.NEAR, Sign.ONEAR, Sign.NOT})

_OPERATORS = {"AND": Sign.AND, "OR": Sign.OR, "NOT": Sign.NOT, "أو": Sign.OR}
_BETWEEN = {"و": Sign.AND, "او": Sign.OR, "بدون": Sign.NOT, "ليس": Sign.NOT, "وليس": Sign.NOT}
"""Arabic words that are operators only between two things that are looked for; elsewhere they are words."""
_BRACKETS = {
    "(": Sign.OPEN,
    ")": Sign.CLOSE,
    "{": Sign.OPEN_BRACE,
    "}": Sign.CLOSE_BRACE,
    "|": Sign.OR,
    "||": Sign.OR,
    "&": Sign.AND,
    "&&": Sign.AND,
    "+": Sign.AND,
}
_ORDERED = ("ONEAR", "قبل")
_FORMS = {"=": Form.EXACT, "~": Form.WIDE}

RESERVED = frozenset(_OPERATORS) | frozenset(_BETWEEN) | {"NEAR", "ONEAR"} | NAMES
"""Words that may be read as operators, or refused, where they stand by themselves and not in quotes."""

_NEXT_VALUE = re.compile(r"[,،|]([^\W_][^\s(){}|,،;؛:]*)(?!:)")
_PLAIN = re.compile("[0-9A-Za-zء-غف-ي]+")


def lex(query: str) -> list[Lexeme]:
    """The query's signs in order, ended by END. Whatever is none of them parts words and says nothing.

    Raises QueryError for quotes that stay open, and for signs that mean something elsewhere but not where they stand:
    read as a word or passed over, they would make a watch that silently looks for something else.
    """
    lexer = _Lexer(query)
    lexemes = lexer.lex()
    lexemes.append(Lexeme(Sign.END, len(query), len(query)))
    return _settled(query, lexemes) if lexer.unsettled else lexemes


def is_regex(query: str, at: int) -> bool:
    """Whether a regular expression stands there, with both its slashes."""
    return IS_REGEX.match(query, at) is not None


def _is_apart(query: str, start: int, end: int) -> bool:
    """Whether what stands there is parted from its surroundings, as operator words must be."""
    before, after = query[start - 1 : start], query[end : end + 1]
    return (not before or before.isspace() or before in PARTING) and (not after or after.isspace() or after in PARTING)


def _settled(query: str, lexemes: list[Lexeme]) -> list[Lexeme]:
    """The lexemes with what only their neighbours tell: Arabic operators, and line breaks that say nothing."""
    settled: list[Lexeme] = []
    inside = 0  # of quotes and braces, where no word is an operator
    for lexeme, after in zip(lexemes, [*lexemes[1:], lexemes[-1]], strict=True):
        sign, before = lexeme.sign, settled[-1].sign if settled else Sign.OPEN
        inside += (sign in _OPENING) - (sign in _CLOSING)
        if sign is Sign.LIST and lexeme.text in "\n\r" and (before in _JOINING or after.sign in _JOINING):
            continue
        if sign is Sign.WORD and lexeme.text in _BETWEEN and inside <= 0 and _is_between(query, before, lexeme, after):
            settled.append(lexeme._replace(sign=_BETWEEN[lexeme.text]))
        else:
            settled.append(lexeme)
    return settled


def _is_between(query: str, before: Sign, lexeme: Lexeme, after: Lexeme) -> bool:
    negates = _BETWEEN[lexeme.text] is Sign.NOT
    return (
        (before in _ENDS or (negates and before is Sign.AND))
        and (after.sign in STARTS or (not negates and (after.sign is Sign.NOT or after.text in _BETWEEN)))
        and _is_apart(query, lexeme.position, lexeme.end)
    )


class _Lexer:
    """Each method reads one kind of sign, named like its group in the patterns, and says where it ends."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._lexemes: list[Lexeme] = []
        self._opening: int | None = None  # of the quotes we are in
        self._braces = 0
        self.unsettled = False  # whether there are signs that their neighbours tell

    def lex(self) -> list[Lexeme]:
        query, at = self._query, 0
        while found := (outside() if self._opening is None else in_quotes()).search(query, at):
            at = getattr(self, f"_{found.lastgroup}")(found)
        if self._opening is not None:
            raise refusal(Mistake.UNCLOSED_QUOTE, query, self._opening)
        return self._lexemes

    def _add(self, sign: Sign, start: int, end: int, text: str = "", number: int = 0) -> int:
        self._lexemes.append(Lexeme(sign, start, end, text, number))
        return end

    def _word(self, found: re.Match[str]) -> int:
        text, (start, end) = found[0], found.span()
        if self._query.startswith("*", end):
            return self._prefix(text, start, end)
        if text in _OPERATORS and self._opening is None and _is_apart(self._query, start, end):
            return self._add(_OPERATORS[text], start, end)
        if text in _BETWEEN:
            self.unsettled = True
        if _PLAIN.fullmatch(text) or keys_of_watch(text):
            self._add(Sign.WORD, start, end, text)
        return end

    def _prefix(self, text: str, start: int, star: int) -> int:
        after = self._query[star + 1 : star + 2]
        if after == "*" or after.isalnum():
            raise refusal(Mistake.MISPLACED_STAR, self._query, star)
        letters = spelling(text)
        arabic = any("\u0621" <= letter <= "\u06d3" for letter in letters)
        if len(letters) < (MIN_ARABIC_PREFIX if arabic else MIN_PREFIX) or not keys_of_watch(text):
            raise refusal(Mistake.SHORT_PREFIX, self._query, star)
        return self._add(Sign.PREFIX, start, star + 1, text)

    def _quote(self, found: re.Match[str]) -> int:
        """Any quotation mark closes any other: keyboards mix them, and «» turn around beside Latin."""
        start, end = found.span()
        if self._opening is None:
            self._opening = start
            return self._add(Sign.OPEN_QUOTE, start, end)
        opening, self._opening = self._opening, None
        if self._lexemes[-1].sign is Sign.OPEN_QUOTE:
            raise refusal(Mistake.EMPTY_QUOTES, self._query, opening)
        slop = SLOP.match(self._query, end)
        if not slop:
            return self._add(Sign.CLOSE_QUOTE, start, end)
        return self._add(Sign.CLOSE_QUOTE, start, slop.end(), number=self._distance(slop[1], end, slop[0]))

    def _list(self, found: re.Match[str]) -> int:
        self.unsettled = True
        return self._add(Sign.LIST, *found.span(), text=found[0])

    def _bracket(self, found: re.Match[str]) -> int:
        self._braces = max(0, self._braces + (found[0] == "{") - (found[0] == "}"))
        return self._add(_BRACKETS[found[0]], *found.span())

    def _inner(self, found: re.Match[str]) -> int:
        """In quotes these signs part only the names in braces."""
        return self._add(Sign.OR, *found.span()) if self._braces else found.end()

    def _minus(self, found: re.Match[str]) -> int:
        return self._add(Sign.NOT, *found.span())

    def _plus(self, found: re.Match[str]) -> int:
        return self._add(Sign.MUST, *found.span())

    def _form(self, found: re.Match[str]) -> int:
        return self._add(Sign.FORM, *found.span(), text=_FORMS[found[0]])

    def _lone(self, found: re.Match[str]) -> int:
        raise refusal(Mistake.BAD_FORM, self._query, found.start(), found[0])

    def _star(self, found: re.Match[str]) -> int:
        raise refusal(Mistake.MISPLACED_STAR, self._query, found.start())

    def _reserved(self, found: re.Match[str]) -> int:
        raise refusal(Mistake.UNKNOWN_SIGN, self._query, found.start(), found[0])

    def _regex(self, found: re.Match[str]) -> int:
        pattern = re.sub(r"\\(.)", lambda pair: "/" if pair[1] == "/" else pair[0], found[0][1:-1])
        return self._add(Sign.REGEX, *found.span(), text=pattern)

    def _broken(self, found: re.Match[str]) -> int:
        """What begins like a regular expression and looks like one, but has no end, or flags after it."""
        raise refusal(Mistake.BAD_REGEX, self._query, found.start(), "no slash is at its end")

    def _count(self, found: re.Match[str]) -> int:
        start, end = found.span()
        return self._add(Sign.COUNT, start, end, found[0], int(found[0].split()[0]))

    def _near(self, found: re.Match[str]) -> int:
        name, slash, number = found[0].partition("/")
        start, end = found.span()
        if not slash and NUMBER_APART.match(self._query, end):
            raise refusal(Mistake.NEAR_NUMBER, self._query, start, name)
        sign = Sign.ONEAR if name.upper() in _ORDERED else Sign.NEAR
        distance = self._distance(number, start, found[0]) if slash else DEFAULT_DISTANCE
        return self._add(sign, start, end, found[0], distance)

    def _foreign(self, found: re.Match[str]) -> int:
        """An operator of other search languages, if there is something for it to join; else a word."""
        if self._is_meant_to_join(found[0]):
            raise refusal(Mistake.FOREIGN_OPERATOR, self._query, found.start(), found[0])
        word = WORD.match(self._query, found.start())
        return self._word(word) if word else found.end()

    def _is_meant_to_join(self, operator: str) -> bool:
        before = self._lexemes[-1] if self._lexemes else None
        if operator in SMALL:  # «غزة or رفح», but not «rock or roll»
            joined = before is not None and before.sign in (Sign.AND, Sign.OR) and operator.lower() == "not"
            return joined or (before is not None and before.text[:1] > "\u036f")
        return self._follows_something() or operator.startswith("NOT")

    def _address(self, found: re.Match[str]) -> int:
        raise refusal(Mistake.BARE_ADDRESS, self._query, found.start())

    def _tag(self, found: re.Match[str]) -> int:
        """A sign that says nothing, but that no phrase goes on here."""
        if self._follows_something():
            raise refusal(Mistake.MISSING_OPERATOR, self._query, found.start())
        return found.end()

    def _follows_something(self) -> bool:
        return bool(self._lexemes) and self._lexemes[-1].sign in _ENDS

    def _distance(self, number: str, position: int, sign: str) -> int:
        distance = int(number)
        if not 1 <= distance <= MAX_DISTANCE:
            raise refusal(Mistake.NEAR_DISTANCE, self._query, position, sign)
        return distance

    def _label(self, found: re.Match[str]) -> int:
        """A word and a colon: a field, a slip of the pen for one, or just a word («عاجل: غزة»)."""
        start, end = found.span()
        name = found[0].rstrip(":= \t")
        field = FIELDS.get(name.lower()) if found[0] == f"{name}:" else None
        if field is None:
            if self._is_meant_as_field(name, found):
                raise refusal(Mistake.UNKNOWN_FIELD, self._query, start, found[0])
            word = WORD.match(self._query, start)
            return self._word(word) if word else start + 1
        if not MAY_FOLLOW_FIELD.match(self._query, end):
            raise refusal(Mistake.EMPTY_FIELD, self._query, start, found[0])
        self._add(Sign.FIELD, start, end, field)
        return self._value(field, end) if field in ONE_VALUE else end

    def _is_meant_as_field(self, name: str, found: re.Match[str]) -> bool:
        """Whether `titel:x`, `title :x` or `title=x` was meant as a field; not so «عاجل: غزة»."""
        if found[0] == f"{name}:":
            known = name.lower() in NOT_HERE or nearest_field(name) is not None
            return known and bool(self._query[found.end() : found.end() + 1].strip())
        return name.lower() in FIELDS or (found[0].endswith("=") and nearest_field(name) is not None)

    def _value(self, field: Field, at: int) -> int:
        """An address, outlet or language: all up to the next blank, as if it were in quotes."""
        value = VALUE.match(self._query, at)
        if value is None or is_regex(self._query, at):
            return at
        if self._query[at] in _FORMS:
            self._add(Sign.FORM, at, at + 1, _FORMS[self._query[at]])
        words = [found for found in WORD.finditer(self._query, at, value.end()) if keys_of_watch(found[0])]
        if words:
            self._add(Sign.OPEN_QUOTE, at, at)
            for found in words:
                self._word(found)  # a star counts here too
            self._add(Sign.CLOSE_QUOTE, value.end(), value.end())
        if self._goes_on(field, value.end()):
            raise refusal(Mistake.MISSING_OPERATOR, self._query, value.end())
        return value.end()

    def _goes_on(self, field: Field, at: int) -> bool:
        """Whether `lang:ar,en` or `outlet:a.example|b.example` names several without parentheses."""
        after = _NEXT_VALUE.match(self._query, at)
        return after is not None and (field != Field.LANG or language_named(after[1]) is not None)
