"""Reading the phrases of a query: words side by side, their forms, names in braces, quotation marks."""

from __future__ import annotations

from math import prod

from monitors.query.language import limits
from monitors.query.language.mistakes import Mistake
from monitors.query.language.signs import Lexeme, Sign
from monitors.query.language.walking import Walker
from monitors.query.rewriting import with_form
from monitors.query.tree import Alias, Form, Near, Phrase, Query, Word, count_words

SIMPLE = frozenset({Sign.WORD, Sign.PREFIX, Sign.OPEN_BRACE})
"""What words side by side consist of, forms aside."""
PHRASE = SIMPLE | {Sign.FORM}

# Looking a member up in its enumeration costs more than all else that is done with it.
_FORM, _QUOTE, _CLOSE_QUOTE = frozenset({Sign.FORM}), frozenset({Sign.OPEN_QUOTE}), frozenset({Sign.CLOSE_QUOTE})
_PARTING, _CLOSE_BRACE = frozenset({Sign.LIST, Sign.OR}), frozenset({Sign.CLOSE_BRACE})


class PhraseReader(Walker):
    """Each method reads one rule of the grammar and raises QueryError."""

    def __init__(self, query: str, lexemes: list[Lexeme]) -> None:
        super().__init__(query, lexemes)
        self._wide = 0

    def _words(self) -> Word | Phrase | Alias:
        """words: those side by side, each with its form, and names in braces among them."""
        start = self._next
        parts: list[Word | Alias] = []
        while self._next.sign in SIMPLE or (self._next.sign in _FORM and self._lexemes[self._at + 1].sign in SIMPLE):
            parts.append(self._word(self._take(_FORM)))
        if len(parts) == 1:
            return parts[0]
        if prod(len(part.names) for part in parts if isinstance(part, Alias)) > limits.MAX_ALTERNATIVES:
            raise self._refusal(Mistake.TOO_MANY_ALTERNATIVES, start)
        return Phrase(tuple(parts))

    def _word(self, form: Lexeme | None) -> Word | Alias:
        if self._next.sign is Sign.OPEN_BRACE:
            names = self._names()
            return _simple(self._with_form(names, form)) if form else names
        word = self._step()
        if form is None:
            return Word(word.text, prefix=word.sign is Sign.PREFIX)
        if word.sign is Sign.PREFIX:
            raise self._refusal(Mistake.FORM_AND_STAR, form, self._text(form))
        return _simple(self._with_form(Word(word.text), form))

    def _names(self) -> Word | Alias:
        """braces: the names of one thing, with | or commas between them."""
        opening = self._step()
        names: list[Word | Phrase] = []
        while True:
            while self._take(_PARTING):
                pass
            if self._take(_CLOSE_BRACE):
                break
            names.append(self._name(opening))
        match names:
            case []:
                raise self._refusal(Mistake.MISSING_WORDS, opening, self._text(opening))
            case [Word() as only]:
                return only
            case [_]:
                raise self._refusal(Mistake.BAD_ALIAS, opening, self._text(opening))
        return Alias(tuple(names))

    def _name(self, opening: Lexeme) -> Word | Phrase:
        quote = self._take(_QUOTE)
        words: list[Word] = []
        while self._next.sign in (Sign.WORD, Sign.PREFIX, Sign.FORM):
            form = self._take(_FORM)
            if form and self._next.sign not in (Sign.WORD, Sign.PREFIX):
                raise self._refusal(Mistake.BAD_ALIAS, form, self._text(form))
            word = self._word(form)
            assert isinstance(word, Word)
            words.append(word)
        if self._next.sign in (Sign.CLOSE_QUOTE, Sign.END) and not quote:
            raise self._refusal(Mistake.UNCLOSED_BRACE, opening)
        if not words or (quote and not self._take(_CLOSE_QUOTE)):
            raise self._refusal(Mistake.BAD_ALIAS, sign=self._text(self._next))
        return words[0] if len(words) == 1 else Phrase(tuple(words))

    def _quoted(self) -> Word | Phrase | Alias | Near:
        opening = self._step()
        phrase = self._words() if self._next.sign in PHRASE else None
        closing = self._take(_CLOSE_QUOTE)
        if phrase is None or closing is None:
            mistake = Mistake.UNEXPECTED_BRACE if self._next.sign is Sign.CLOSE_BRACE else Mistake.BAD_FORM
            raise self._refusal(mistake, sign=self._text(self._next))
        if not closing.number:
            return phrase
        if not isinstance(phrase, Phrase):
            raise self._refusal(Mistake.NEAR_OPERAND, opening)
        return Near(phrase.parts, closing.number)

    def _with_form(self, part: Query, form: Lexeme) -> Query:
        """The part with the form for its words; those with a star or a form of their own keep what they have."""
        formed = with_form(part, Form(form.text))
        if form.text == Form.WIDE:
            self._count_wide(form, count_words(part))
        return formed

    def _count_wide(self, form: Lexeme, words: int) -> None:
        self._wide += words
        if self._wide > limits.MAX_WIDE:
            raise self._refusal(Mistake.TOO_MANY_WIDE, form)


def _simple(part: Query) -> Word | Alias:
    assert isinstance(part, Word | Alias)
    return part
