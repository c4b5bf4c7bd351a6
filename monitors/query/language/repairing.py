"""One mistake in a query put right, as it was probably meant. The result may have further mistakes."""

from __future__ import annotations

import re
from collections.abc import Callable

from monitors.errors import QueryError
from monitors.query.language.fields import nearest_field
from monitors.query.language.languages import nearest_language
from monitors.query.language.lexing import is_regex, lex
from monitors.query.language.limits import MAX_DISTANCE
from monitors.query.language.mistakes import Mistake
from monitors.query.language.signs import Lexeme, Sign

_QUOTES = '"«»“”„‟'
_CLOSING = {"«": "»", "»": "«", "“": "”", "„": "“"}
_END_OF_OPEN = re.compile(r"\s+(?:AND|OR|NOT|O?NEAR|أو|و|بدون|ليس)(?=[\s/(])|[)}|,،;؛\n\r]|\s*\Z")
_TOKEN = re.compile(r"O?NEAR(?:/\d+)?|[^\W_]+(?:/\d+)?|\S")
_LABEL = re.compile(r"[^\W\d_]+:\s*")
_WITH_STARS = re.compile(r"[^\W_]+(?:\*+[^\W_]+)+")
_WORDS = (Sign.WORD, Sign.PREFIX)


def repaired(error: QueryError) -> str | None:
    """The error's query without this mistake; None when there is no good guess."""
    repair = _REPAIRS.get(error.code)
    return repair(error.query, error.position) if repair else None


def _without(query: str, start: int, end: int) -> str:
    """The query without this piece, a blank in its place if words would meet."""
    before, after = query[:start].rstrip(), query[end:].lstrip()
    return f"{before} {after}" if before and after else before + after


def _drop_sign(query: str, at: int) -> str:
    return query[:at] + query[at + 1 :]


def _drop_token(query: str, at: int) -> str | None:
    """For an operator without anything beside it, and for brackets without anything in them."""
    empty = re.compile(r"\(\s*\)|\{[\s|,،;؛]*\}").search(query, max(0, query.rfind("(", 0, at + 1)))
    if empty and empty.start() <= at < empty.end():
        return _without(query, *empty.span())
    found = _TOKEN.match(query, at)
    return _without(query, *found.span()) if found else None


def _close_quote(query: str, at: int) -> str:
    end = _END_OF_OPEN.search(query, at + 1)
    stop = end.start() if end else len(query)
    if not re.search(r"[^\W_]", query[at:stop]):
        return _without(query, at, at + 1)
    return query[:stop] + _CLOSING.get(query[at], '"') + query[stop:]


def _drop_quotes(query: str, at: int) -> str:
    closing = next((end for end in range(at + 1, len(query)) if query[end] in _QUOTES), at)
    return _without(query, at, closing + 1)


def _close_parenthesis(query: str, at: int) -> str:
    return f"{query.rstrip()})"


def _close_brace(query: str, at: int) -> str:
    if _is_quoted(query, at):
        return _drop_sign(query, at)
    end = re.compile(r"\s+(?:AND|OR|NOT|O?NEAR|أو)(?=[\s/(])|[)\n\r]|\s*\Z").search(query, at)
    stop = end.start() if end else len(query)
    return query[:stop] + "}" + query[stop:]


def _names_to_group(query: str, at: int) -> str | None:
    """Braces that hold more than names were meant as parentheses."""
    opening, closing = query.rfind("{", 0, at + 1), query.find("}", at)
    if opening < 0:
        return None
    inner, after = (query[opening + 1 :], "") if closing < 0 else (query[opening + 1 : closing], query[closing + 1 :])
    return f"{query[:opening]}({inner.strip('{}')}){after}"


def _join_negations(query: str, at: int) -> str:
    """What is not wanted was meant of all that is: «كرة، -سلة»."""
    return re.sub(r"\s*(?:[|,،;؛\n\r]|\s(?:OR|أو)\s)\s*(?=NOT\s|[-−][^\s])", " ", query)


def _join(query: str, at: int) -> str | None:
    """Two phrases side by side become one; anything else gets an AND."""
    if re.match(r"~\d", query[at:]) and query[:at].rstrip().endswith(tuple(_QUOTES)):
        return query[:at].rstrip() + query[at:]
    lexemes = lex(query)
    here = next((number for number, one in enumerate(lexemes) if one.position == at), None)
    if here:
        before, after = _phrase_ending(lexemes, here - 1), _phrase_beginning(lexemes, here)
        if before and after:
            start, end = before[0], after[1]
            words = query[start:end].translate(str.maketrans("", "", _QUOTES))
            return f'{query[:start]}"{words}"{query[end:]}'
    return f"{query[:at].rstrip()} AND {query[at:]}"


def _phrase_ending(lexemes: list[Lexeme], last: int) -> tuple[int, int] | None:
    first = last
    if lexemes[last].sign is Sign.CLOSE_QUOTE and not lexemes[last].number:
        while lexemes[first].sign is not Sign.OPEN_QUOTE:
            first -= 1
    elif lexemes[last].sign in _WORDS:
        while first and lexemes[first - 1].sign in _WORDS:
            first -= 1
    else:
        return None
    if first and lexemes[first - 1].sign in (Sign.FORM, Sign.FIELD):
        return None
    return lexemes[first].position, lexemes[last].end


def _phrase_beginning(lexemes: list[Lexeme], first: int) -> tuple[int, int] | None:
    last = first
    if lexemes[first].sign is Sign.OPEN_QUOTE:
        while lexemes[last].sign is not Sign.CLOSE_QUOTE:
            last += 1
        return None if lexemes[last].number else (lexemes[first].position, lexemes[last].end)
    if lexemes[first].sign in _WORDS:
        while lexemes[last + 1].sign in _WORDS:
            last += 1
        return lexemes[first].position, lexemes[last].end
    return None


def _say_sign(query: str, at: int) -> str:
    """C++ and C# as expressions; a plus between two words is an AND; `word~` the wide form."""
    fuzzy = re.compile(r"~\d*").match(query, at)
    if fuzzy:
        start = len(query[:at]) - len(re.findall(r"[^\W_]*\Z", query[:at])[0])
        sign = "" if _is_quoted(query, at) else "~"
        return f"{query[:start]}{sign}{query[start:at]}{query[fuzzy.end() :]}"
    signs = re.compile(r"[+#]+").match(query, at)
    end = signs.end() if signs else at + 1
    word = re.search(r"[^\W_]+\Z", query[:at])
    if query[end : end + 1].isalnum():
        return f"{query[:at]} +{query[end:]}"
    if not word or not word[0].isascii() or _is_quoted(query, at):
        return query[:at] + query[end:]
    return f"{query[: word.start()]}/\\b{re.escape(word[0] + query[at:end])}/{query[end:]}"


def _drop_star(query: str, at: int) -> str:
    """A star within a word becomes an expression; elsewhere it is left out."""
    if not _is_quoted(query, at):
        for found in _WITH_STARS.finditer(query):
            if found.start() < at < found.end():
                pattern = re.sub(r"\*+", r"\\pL*", found[0])
                before = query[: found.start()].rstrip("=~")  # expressions have no forms
                return f"{before}/{pattern}/{query[found.end() :].removeprefix('*')}"
    return _drop_sign(query, at)


def _is_quoted(query: str, at: int) -> bool:
    return sum(sign in _QUOTES for sign in query[:at]) % 2 == 1


def _drop_form(query: str, at: int) -> str | None:
    """The sign goes behind the name of a field, or is left out."""
    if query[at : at + 1] not in ("=", "~"):
        return None
    label = _LABEL.match(query, at + 1)
    if label and label[0].endswith(":"):
        return f"{query[:at]}{label[0]}{query[at]}{query[label.end() :]}"
    return _drop_sign(query, at)


def _fill_field(query: str, at: int) -> str | None:
    """What follows the blank belongs to the field, and so does a minus; a field of nothing is left out."""
    label = _LABEL.match(query, at)
    if not label:
        return None
    rest = query[label.end() :]
    name = label[0].rstrip()
    if rest[:1] in ("-", "−") and rest[1:2].strip():
        return f"{query[:at]}-{name}{rest[1:]}"
    if re.match(rf"[^\W_]|[({{{_QUOTES}]", rest) and label[0] != name:
        return f"{query[:at]}{name}{rest}"
    return _without(query, at, label.end())


def _rename_field(query: str, at: int) -> str | None:
    label = _LABEL.match(query, at)
    meant = nearest_field(label[0].rstrip(": ")) if label else None
    return f"{query[:at]}{meant}:{query[label.end() :]}" if label and meant else None


def _drop_label(query: str, at: int) -> str | None:
    label = _LABEL.match(query, at)
    return query[:at] + query[label.end() :] if label else None


def _quote_outlet(query: str, at: int) -> str | None:
    lexemes = lex(query)
    here = next(number for number, one in enumerate(lexemes) if one.position == at)
    words = _phrase_beginning(lexemes, here)
    start = next(one.position for one in reversed(lexemes[:here]) if one.sign is Sign.OPEN_QUOTE)
    return f'{query[:start]}"{query[start : words[1]]}"{query[words[1] :]}' if words else None


def _rename_language(query: str, at: int) -> str | None:
    name = re.compile(r"[^\s(){}|,،;؛\"«»“”]+").match(query, at)
    meant = nearest_language(name[0]) if name else None
    return f"{query[:at]}{meant}{query[name.end() :]}" if name and meant else None


def _attach_number(query: str, at: int) -> str | None:
    found = re.compile(r"([^\W\d_]+)(?:\s*[/~:=]?\s*(\d+)|/)").match(query, at)
    if not found:
        return None
    number = f"/{found[2]}" if found[2] else ""
    rest = query[found.end() :]
    return f"{query[:at]}{found[1]}{number}{' ' if rest[:1].isalnum() else ''}{rest}"


def _bring_into_range(query: str, at: int) -> str | None:
    number = re.compile(r"\d+").search(query, at)
    if not number:
        return None
    return f"{query[: number.start()]}{min(max(int(number[0]), 1), MAX_DISTANCE)}{query[number.end() :]}"


def _near_to_and(query: str, at: int) -> str | None:
    """Beside what cannot be near something NEAR was meant as AND, or as nothing."""
    nears = [one for one in lex(query) if one.sign in (Sign.NEAR, Sign.ONEAR)]
    alone = re.compile(rf"[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}](~\d+)").match(query, at)
    if alone:
        return query[: alone.start(1)] + query[alone.end(1) :]
    if not nears:
        return None
    near = next((one for one in reversed(nears) if one.position <= at), nears[0])
    if near.position == at:
        return _without(query, near.position, near.end)
    return f"{query[: near.position]}AND{query[near.end :]}"


def _repeat_near(query: str, at: int) -> str | None:
    nears = [one for one in lex(query) if one.sign in (Sign.NEAR, Sign.ONEAR)]
    this = next(number for number, one in enumerate(nears) if one.position == at)
    return f"{query[:at]}{nears[this - 1].text}{query[nears[this].end :]}" if this else None


def _count_fewer(query: str, at: int) -> str | None:
    found = re.compile(r"(\d+)\s+\S+\s*(?=\()").match(query, at)
    if not found:
        return None
    count = int(found[1])
    if count in (1, 2):
        return query[:at] + query[found.end() :]
    return f"{query[:at]}{2 if count else 1}{query[found.end(1) :]}"


def _escape_regex(query: str, at: int) -> str | None:
    """Without the flags behind it, with a slash at its end, or as the signs themselves that it consists of."""
    ended = re.compile(r"(/[^\s/]+/)[gimsux]{1,3}(?=\s|\Z)").match(query, at)
    if ended:
        return query[:at] + ended[1] + query[ended.end() :]
    if not is_regex(query, at):
        end = re.compile(r"\S+").match(query, at)
        return f"{query[: end.end()]}/{query[end.end() :]}" if end else None
    found = re.compile(r"/((?:[^/\\\n\r]|\\[^\n\r])+)/").match(query, at)
    return f"{query[:at]}/{re.escape(found[1])}/{query[found.end() :]}".replace("\\ ", " ") if found else None


def _ask_for_one(query: str, at: int) -> str | None:
    found = re.compile(r"/((?:[^/\\\n\r]|\\[^\n\r])+)/").match(query, at)
    if not found:
        return None
    return f"{query[:at]}/{found[1].replace('*', '+').replace('?', '')}/{query[found.end() :]}"


_REPAIRS: dict[str, Callable[[str, int], str | None]] = {
    Mistake.ONLY_NEGATIVE: _join_negations,
    Mistake.MISSING_OPERATOR: _join,
    Mistake.MISSING_WORDS: _drop_token,
    Mistake.UNCLOSED_PARENTHESIS: _close_parenthesis,
    Mistake.UNEXPECTED_PARENTHESIS: _drop_sign,
    Mistake.UNCLOSED_QUOTE: _close_quote,
    Mistake.EMPTY_QUOTES: _drop_quotes,
    Mistake.UNCLOSED_BRACE: _close_brace,
    Mistake.UNEXPECTED_BRACE: _drop_sign,
    Mistake.BAD_ALIAS: _names_to_group,
    Mistake.UNKNOWN_SIGN: _say_sign,
    Mistake.MISPLACED_STAR: _drop_star,
    Mistake.SHORT_PREFIX: _drop_sign,
    Mistake.FORM_AND_STAR: _drop_form,
    Mistake.BAD_FORM: _drop_form,
    Mistake.TOO_MANY_WIDE: _drop_form,
    Mistake.EMPTY_FIELD: _fill_field,
    Mistake.UNKNOWN_FIELD: _rename_field,
    Mistake.NESTED_FIELD: _drop_label,
    Mistake.UNCLEAR_OUTLET: _quote_outlet,
    Mistake.UNKNOWN_LANGUAGE: _rename_language,
    Mistake.NEAR_NUMBER: _attach_number,
    Mistake.NEAR_DISTANCE: _bring_into_range,
    Mistake.NEAR_OPERAND: _near_to_and,
    Mistake.MIXED_NEAR: _repeat_near,
    Mistake.BAD_COUNT: _count_fewer,
    Mistake.BAD_REGEX: _escape_regex,
    Mistake.EMPTY_REGEX: _ask_for_one,
}
