"""Fields put right: their names, and what is asked of them."""

from __future__ import annotations

import re

from monitors.query.language.fields import FIELDS, NOT_HERE, nearest_field
from monitors.query.language.language_names import nearest_language
from monitors.query.language.lexing import lex
from monitors.query.language.repairs.cutting import LABEL, phrase_beginning, without
from monitors.query.language.signs import QUOTES, Sign

_MEANT_AS_LABEL = re.compile(r"([^\W\d_]+)\s*[:=]\s*")


def fill_field(query: str, at: int) -> str | None:
    """What follows the blank belongs to the field, and so does a minus; a field of nothing is left out."""
    label = LABEL.match(query, at)
    if not label:
        return None
    rest = query[label.end() :]
    name = label[0].rstrip()
    if rest[:1] in ("-", "−") and rest[1:2].strip():
        return f"{query[:at]}-{name}{rest[1:]}"
    if re.match(rf"[^\W_]|[({{{QUOTES}]", rest) and label[0] != name:
        return f"{query[:at]}{name}{rest}"
    return without(query, at, label.end())


def rename_field(query: str, at: int) -> str | None:
    label = _MEANT_AS_LABEL.match(query, at)
    if not label:
        return None
    name = label[1].lower()
    if name in NOT_HERE:
        return without(query, at, label.end() + len(re.findall(r"\A\S*", query[label.end() :])[0]))
    meant = name if name in FIELDS else nearest_field(name)
    return f"{query[:at]}{meant}:{query[label.end() :]}" if meant else None


def drop_label(query: str, at: int) -> str | None:
    label = LABEL.match(query, at)
    return query[:at] + query[label.end() :] if label else None


def quote_outlet(query: str, at: int) -> str | None:
    lexemes = lex(query)
    here = next(number for number, one in enumerate(lexemes) if one.position == at)
    words = phrase_beginning(lexemes, here)
    start = next(one.position for one in reversed(lexemes[:here]) if one.sign is Sign.OPEN_QUOTE)
    return f'{query[:start]}"{query[start : words[1]]}"{query[words[1] :]}' if words else None


def rename_language(query: str, at: int) -> str | None:
    name = re.compile(r"[^\s(){}|,،;؛\"«»“”]+").match(query, at)
    meant = nearest_language(name[0]) if name else None
    return f"{query[:at]}{meant}{query[name.end() :]}" if name and meant else None
