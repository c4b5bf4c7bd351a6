"""Walking along the signs of a query, and refusing the one that cannot stand where it does."""

from __future__ import annotations

from monitors.errors import QueryError
from monitors.query.language import limits
from monitors.query.language.mistakes import Mistake, refusal
from monitors.query.language.signs import Lexeme, Sign

NEARS = frozenset({Sign.NEAR, Sign.ONEAR})

_OPERATORS = NEARS | {Sign.AND, Sign.OR, Sign.NOT, Sign.MUST}


class Walker:
    """The signs of a query one by one; the last one, its end, is never read."""

    def __init__(self, query: str, lexemes: list[Lexeme]) -> None:
        self._query = query
        self._lexemes = lexemes
        self._at = 0
        self._next = lexemes[0]
        self._depth = 0

    def _step(self) -> Lexeme:
        """The next lexeme, which is now read; never called at the end."""
        lexeme = self._next
        self._at += 1
        self._next = self._lexemes[self._at]
        return lexeme

    def _take(self, signs: frozenset[Sign]) -> Lexeme | None:
        """The next lexeme, if it is one of these; then it is read."""
        return self._step() if self._next.sign in signs else None

    def _descend(self) -> None:
        self._depth += 1
        if self._depth > limits.MAX_DEPTH:
            raise self._refusal(Mistake.TOO_DEEP, self._lexemes[self._at - 1])

    def _text(self, lexeme: Lexeme) -> str:
        return self._query[lexeme.position : lexeme.end].strip()

    def _refusal(self, mistake: Mistake, at: Lexeme | None = None, sign: str = "") -> QueryError:
        return refusal(mistake, self._query, (at or self._next).position, sign)

    def _missing(self) -> QueryError:
        """Nothing that is looked for stands where it must."""
        before = self._lexemes[self._at - 1] if self._at else None
        if before and before.sign in _OPERATORS:
            return self._refusal(Mistake.MISSING_WORDS, before, self._text(before))
        if self._next.sign is Sign.CLOSE and before and before.sign is Sign.OPEN:
            return self._refusal(Mistake.MISSING_WORDS, sign=self._text(self._next))
        return self._unread()

    def _unread(self) -> QueryError:
        """Here something else should stand, or nothing."""
        match self._next.sign:
            case Sign.CLOSE if not self._depth:
                return self._refusal(Mistake.UNEXPECTED_PARENTHESIS)
            case Sign.CLOSE_BRACE:
                return self._refusal(Mistake.UNEXPECTED_BRACE)
            case Sign.END:
                return self._refusal(Mistake.UNCLOSED_PARENTHESIS, self._last_open())
            case sign if sign in NEARS:
                return self._refusal(Mistake.NEAR_OPERAND, sign=self._text(self._next))
        return self._refusal(Mistake.MISSING_WORDS, sign=self._text(self._next))

    def _last_open(self) -> Lexeme:
        return next((one for one in reversed(self._lexemes) if one.sign is Sign.OPEN), self._next)
