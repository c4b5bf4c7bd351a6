"""What stands between words put right: AND, NEAR and its number, minus, n-of."""

from __future__ import annotations

import re

from monitors.query.language.lexing import lex
from monitors.query.language.limits import MAX_DISTANCE
from monitors.query.language.repairs.cutting import WORDS, phrase_beginning, phrase_ending, without
from monitors.query.language.signs import QUOTES, Lexeme, Sign

_BEFORE_WORDS = frozenset({Sign.FORM, Sign.FIELD})
_ALTERNATIVES = frozenset({Sign.OR, Sign.LIST})
_JOINING = frozenset({Sign.AND, Sign.MUST, Sign.NEAR, Sign.ONEAR}) | _ALTERNATIVES


def join_negations(query: str, at: int) -> str | None:
    """What is not wanted was meant of all that is: «كرة، -سلة»; or of the first word alone: «-سلة كرة»."""
    joined = re.sub(r"\s*(?:[|,،;؛\n\r]|\s(?:OR|أو)\s)\s*(?=NOT\s|[-−][^\s])", " ", query)
    if joined != query:
        return joined
    lexemes = lex(query)
    last = max(number for number, one in enumerate(lexemes) if one.sign is Sign.NOT)
    first = next(number for number in range(last + 1, len(lexemes)) if lexemes[number].sign not in _BEFORE_WORDS)
    return _wanted_first(query, lexemes, first + 1) if lexemes[first].sign in WORDS else None


def _wanted_first(query: str, lexemes: list[Lexeme], first: int) -> str | None:
    """The query with what begins with this lexeme before all that is not wanted; None if there is anything else."""
    unwanted, wanted = lexemes[:first], lexemes[first:-1]
    if not wanted or unwanted[0].sign is not Sign.NOT or any(one.sign in _JOINING for one in unwanted):
        return None
    start = wanted[0].position
    text = query[start:].strip()
    if any(one.sign in _ALTERNATIVES for one in wanted):
        text = f"({text})"
    return f"{text} {query[:start].strip()}"


def join(query: str, at: int) -> str | None:
    """Two phrases side by side become one, unless one is not wanted; anything else gets an AND."""
    if re.match(r"~\d", query[at:]) and query[:at].rstrip().endswith(tuple(QUOTES)):
        return query[:at].rstrip() + query[at:]
    if query[at] in "#@":
        return f"{query[:at].rstrip()} AND {query[at:]}"
    if query[at] in ",،|":
        return _values_in_group(query, at)
    lexemes = lex(query)
    here = next((number for number, one in enumerate(lexemes) if one.position == at), None)
    if here and (moved := _wanted_first(query, lexemes, here)):
        return moved
    if here:
        before, after = phrase_ending(lexemes, here - 1), phrase_beginning(lexemes, here)
        if before and after:
            start, end = before[0], after[1]
            words = " ".join(re.sub(rf"\\?[{QUOTES}]", " ", query[start:end]).split())
            return f'{query[:start]}"{words}"{query[end:]}'
    return f"{query[:at].rstrip()} AND {query[at:]}"


def _values_in_group(query: str, at: int) -> str:
    """`lang:ar,en` with parentheses around its values; an address with quotation marks around it."""
    start = max(found.end() for found in re.finditer(r"[^\W\d_]:(?!//)", query[:at]))
    end = at + len(re.findall(r"\A\S+", query[at:])[0])
    opening, closing = '""' if "//" in query[start:at] else "()"
    return f"{query[:start]}{opening}{query[start:end]}{closing}{query[end:]}"


def attach_number(query: str, at: int) -> str | None:
    found = re.compile(r"([^\W\d_]+)(?:\s*[/~:=]?\s*(\d+)|/)").match(query, at)
    if not found:
        return None
    number = f"/{found[2]}" if found[2] else ""
    rest = query[found.end() :]
    return f"{query[:at]}{found[1]}{number}{' ' if rest[:1].isalnum() else ''}{rest}"


def bring_into_range(query: str, at: int) -> str | None:
    number = re.compile(r"\d+").search(query, at)
    if not number:
        return None
    return f"{query[: number.start()]}{min(max(int(number[0]), 1), MAX_DISTANCE)}{query[number.end() :]}"


def near_to_and(query: str, at: int) -> str | None:
    """Beside what cannot be near something NEAR was meant as AND, or as nothing."""
    nears = [one for one in lex(query) if one.sign in (Sign.NEAR, Sign.ONEAR)]
    alone = re.compile(rf"[{QUOTES}][^{QUOTES}]*[{QUOTES}](~\d+)").match(query, at)
    if alone:
        return query[: alone.start(1)] + query[alone.end(1) :]
    if not nears:
        return None
    near = next((one for one in reversed(nears) if one.position <= at), nears[0])
    if near.position == at:
        return without(query, near.position, near.end)
    return f"{query[: near.position]}AND{query[near.end :]}"


def repeat_near(query: str, at: int) -> str | None:
    nears = [one for one in lex(query) if one.sign in (Sign.NEAR, Sign.ONEAR)]
    this = next(number for number, one in enumerate(nears) if one.position == at)
    return f"{query[:at]}{nears[this - 1].text}{query[nears[this].end :]}" if this else None


def count_fewer(query: str, at: int) -> str | None:
    found = re.compile(r"(\d+)\s+\S+\s*(?=\()").match(query, at)
    if not found:
        return None
    count = int(found[1])
    if count in (1, 2):
        return query[:at] + query[found.end() :]
    return f"{query[:at]}{2 if count else 1}{query[found.end(1) :]}"
