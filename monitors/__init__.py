"""Decide and remember. From Python: the matcher by itself, without a database or settings (docs/python.md).

    >>> from monitors import Matcher
    >>> matcher = Matcher({"dam": "سد النهضة", "grain": "القمح OR الشعير"})
    >>> [match.words for match in matcher.match("حول سدّ النهضة الإثيوبي")]
    [('سدّ النهضة',)]

The names are imported when they are first asked for: commands and child processes import parts of this package, and
start no later for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitors.errors import QueryError
    from monitors.matching import Match, Matcher, Token, explain, fields_of, find, words
    from monitors.query.language.grammar import parse
    from monitors.query.language.printing import show
    from monitors.query.reasons import Reason
    from monitors.query.tree import Form, Query

__all__ = [
    "Form",
    "Match",
    "Matcher",
    "Query",
    "QueryError",
    "Reason",
    "Token",
    "explain",
    "fields_of",
    "find",
    "parse",
    "show",
    "words",
]

if not TYPE_CHECKING:  # or every name would be one of this module
    _HOMES = {
        "monitors.errors": ("QueryError",),
        "monitors.matching": ("Match", "Matcher", "Token", "explain", "fields_of", "find", "words"),
        "monitors.query.language.grammar": ("parse",),
        "monitors.query.language.printing": ("show",),
        "monitors.query.reasons": ("Reason",),
        "monitors.query.tree": ("Form", "Query"),
    }

    def __getattr__(name):
        for module, names in _HOMES.items():
            if name in names:
                return getattr(import_module(module), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__():
        return sorted({*globals(), *__all__})
