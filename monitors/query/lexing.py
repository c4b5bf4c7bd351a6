"""A typed query cut into the signs the grammar knows, each with its position."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from monitors.errors import QueryError
from monitors.text.analysis import keys_of_watch
from monitors.text.words import WORD

_QUOTES = '"«»“”„‟'


class Sign(Enum):
    WORDS = auto()  # words side by side, or in quotes
    AND = auto()
    OR = auto()
    NOT = auto()
    LIST = auto()  # between the items of a pasted list
    OPEN = auto()
    CLOSE = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Lexeme:
    """`position` and `end` are offsets in code points of the query; `words` is empty but for WORDS."""

    sign: Sign
    position: int
    end: int
    words: tuple[str, ...] = ()
    quoted: bool = False


_OPERATORS = {
    "AND": Sign.AND,
    "OR": Sign.OR,
    "NOT": Sign.NOT,
    "أو": Sign.OR,
    "|": Sign.OR,
    "||": Sign.OR,
    "&": Sign.AND,
    "&&": Sign.AND,
    "-": Sign.NOT,
    "(": Sign.OPEN,
    ")": Sign.CLOSE,
}

OPERATOR_WORDS = frozenset(operator for operator in _OPERATORS if operator.isalpha())

_FIELDS = "title|text|author|tag|outlet|source|lang|url|عنوان|مصدر"

# In the order they are tried. A minus negates only what it is written onto («كرة -سلة»; «كوفيد-19» and « - » are not
# negations); & is an operator only between spaces (AT&T); a comma between digits belongs to the number. Reserved is
# what Google, Lucene or Rasid's own plans give a meaning that this grammar does not have: read as a word or passed
# over, it would make a watch that silently looks for something else.
_SIGN = re.compile(
    rf"""
    (?P<quote>[{_QUOTES}])
  | (?P<list>[,،;؛\n\r](?!(?<=\d.)\d))
  | (?P<operator>[()]|\|\|?|(?<!\S)&&?(?!\S)|(?<![^\s(|])-(?=[^\W_]|[({_QUOTES}]))
  | (?P<reserved>
        (?<![^\s(|])[=~+](?=[^\W_]|[({_QUOTES}])
      | (?<=[^\W_])[*+\#]
      | [{{}}]
      | (?<![^\s(|])/(?=\S.*/)
      | (?<![^\W_])(?:{_FIELDS}):(?=\S)
      | (?<![^\W_])O?NEAR/(?=\d)
    )
  | (?P<word>{WORD.pattern})
    """,
    re.VERBOSE,
)


def lex(query: str) -> list[Lexeme]:
    """The query's signs in order, ended by END. Whatever is neither word nor sign parts words and says nothing.

    Raises QueryError for an open or empty pair of quotes, and for signs that mean something elsewhere but not here.
    """
    lexemes: list[Lexeme] = []
    at = 0
    while found := _SIGN.search(query, at):
        at = found.end()
        match found.lastgroup:
            case "quote":
                lexeme = _quoted(query, found.start())
                at = lexeme.end
                lexemes.append(lexeme)
            case "list":
                lexemes.append(Lexeme(Sign.LIST, found.start(), at))
            case "reserved":
                raise _reserved(query, found)
            case _:
                _add(lexemes, found[0], found.start())
    lexemes.append(Lexeme(Sign.END, len(query), len(query)))
    return lexemes


def _add(lexemes: list[Lexeme], text: str, position: int) -> None:
    """Append an operator, or a word: to the words before it, if it stands beside them."""
    end = position + len(text)
    if text in _OPERATORS:
        lexemes.append(Lexeme(_OPERATORS[text], position, end))
    elif keys_of_watch(text):
        last = lexemes[-1] if lexemes else None
        if last and last.sign is Sign.WORDS and not last.quoted:
            lexemes[-1] = Lexeme(Sign.WORDS, last.position, end, (*last.words, text))
        else:
            lexemes.append(Lexeme(Sign.WORDS, position, end, (text,)))


def _quoted(query: str, opening: int) -> Lexeme:
    """What stands in the quotes. Any quotation mark closes: keyboards mix them, and «» turn around beside Latin."""
    closing = next((at for at in range(opening + 1, len(query)) if query[at] in _QUOTES), None)
    if closing is None:
        raise QueryError(
            f"The quotation mark at position {opening + 1} is never closed.",
            query=query,
            position=opening,
            code="unclosed_quote",
            hint='Put a second one where the phrase ends, for example "سد النهضة".',
        )
    words = tuple(word for word in WORD.findall(query[opening + 1 : closing]) if keys_of_watch(word))
    if not words:
        raise QueryError(
            f"There is no word in the quotation marks at position {opening + 1}.",
            query=query,
            position=opening,
            code="empty_quotes",
            hint="Write the phrase between them, or leave them out.",
        )
    return Lexeme(Sign.WORDS, opening, closing + 1, words, quoted=True)


def _reserved(query: str, found: re.Match[str]) -> QueryError:
    return QueryError(
        f"“{found[0]}” at position {found.start() + 1} means nothing in a watch.",
        query=query,
        position=found.start(),
        code="unknown_sign",
        hint="Leave it out, or put the words in quotation marks. A watch is words, phrases, AND, OR, NOT and ( ).",
    )
