"""Parentheses, braces and quotation marks put right."""

from __future__ import annotations

import re

from monitors.query.language.repairs.cutting import drop_sign, is_quoted, without
from monitors.query.language.signs import QUOTES

_CLOSING = {"«": "»", "»": "«", "“": "”", "„": "“"}
_END_OF_OPEN = re.compile(r"\s+(?:AND|OR|NOT|O?NEAR|أو|و|بدون|ليس)(?=[\s/(])|[)}|,،;؛\n\r]|\s*\Z")
_TOKEN = re.compile(r"O?NEAR(?:/\d+)?|[^\W_]+(?:/\d+)?|\S")


def drop_token(query: str, at: int) -> str | None:
    """For an operator without anything beside it, and for brackets without anything in them."""
    empty = re.compile(r"\(\s*\)|\{[\s|,،;؛]*\}").search(query, max(0, query.rfind("(", 0, at + 1)))
    if empty and empty.start() <= at < empty.end():
        return without(query, *empty.span())
    found = _TOKEN.match(query, at)
    return without(query, *found.span()) if found else None


def close_quote(query: str, at: int) -> str:
    end = _END_OF_OPEN.search(query, at + 1)
    stop = end.start() if end else len(query)
    if not re.search(r"[^\W_]", query[at:stop]):
        return without(query, at, at + 1)
    return query[:stop] + _CLOSING.get(query[at], '"') + query[stop:]


def drop_quotes(query: str, at: int) -> str:
    closing = next((end for end in range(at + 1, len(query)) if query[end] in QUOTES), at)
    return without(query, at, closing + 1)


def close_parenthesis(query: str, at: int) -> str:
    return f"{query.rstrip()})"


def close_brace(query: str, at: int) -> str:
    if is_quoted(query, at):
        return drop_sign(query, at)
    end = re.compile(r"\s+(?:AND|OR|NOT|O?NEAR|أو)(?=[\s/(])|[)\n\r]|\s*\Z").search(query, at)
    stop = end.start() if end else len(query)
    return query[:stop] + "}" + query[stop:]


def names_to_group(query: str, at: int) -> str | None:
    """Braces that hold more than names were meant as parentheses."""
    opening, closing = query.rfind("{", 0, at + 1), query.find("}", at)
    if opening < 0:
        return None
    inner, after = (query[opening + 1 :], "") if closing < 0 else (query[opening + 1 : closing], query[closing + 1 :])
    return f"{query[:opening]}({inner.strip('{}')}){after}"
