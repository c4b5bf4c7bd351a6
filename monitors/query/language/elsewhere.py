"""What other search languages write and this one does not: refused, as each would pass for a word or for nothing."""

from __future__ import annotations

import re

_NEARBY = ("NEAR", "ONEAR", "ADJ")

NAMES = frozenset({"ADJ", "XOR", "ANDNOT", *(f"{name}{number}" for name in _NEARBY for number in range(100))})
"""Operators that look like words; words that must stand in quotes to be looked for beside others."""

SMALL = frozenset({"and", "or", "not", "And", "Or", "Not"})
"""What may be meant as an operator: between words of another script, and `not` after AND or OR."""

_OTHER_SCRIPT = "[\u0370-\uffff]"
_WORD_AFTER = r"\s+(?!(?:AND|OR|NOT|O?NEAR)\b)[^\W_]"

OPERATOR = (
    r"(?:(?i:w|n|p|pre|adj)/\d+|(?:AROUND|NEAR)\s?\(\d+\)|/\d{1,2}(?=\s)"
    r"|XOR|ANDNOT|ADJ\d{0,2}|O?NEAR\d{1,2}"  # the same as in NAMES
    rf"|(?:[Aa]nd|[Oo]r|[Nn]ot)(?=\s+{_OTHER_SCRIPT})|(?:(?<=AND )|(?<=OR ))[Nn]ot(?={_WORD_AFTER})"
    r"|AND[-−–]NOT|(?:AND|OR|NOT)(?=[-−–/!+=~]\S)(?:/\d+)?)(?![^\W_])"
)
"""Where a word may begin; it is one only after something that is looked for, or if it begins with NOT."""

ADDRESS = r"(?:(?i:https?|ftp)://|www\.)\S+"

_PARTS = re.compile(r"([A-Za-z]*)\D*(\d*)")


def as_ours(operator: str) -> str:
    """The operator of ours that comes nearest."""
    found = _PARTS.match(operator.upper())
    assert found is not None  # every part of it may be missing
    name, number = found.groups()
    match name:
        case "AND" | "ANDNOT" if "NOT" in operator:
            return "NOT"
        case "AND" | "OR" | "NOT":
            return name
        case "XOR":
            return "OR"
        case "ADJ" if not number:
            return "ONEAR/1"
        case "P" | "PRE" | "ONEAR":
            return f"ONEAR/{number}"
    return f"NEAR/{number}"
