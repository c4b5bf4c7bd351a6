"""Which regular expressions may be watched for: those RE2 reads, small ones, and none that is found in nothing."""

from __future__ import annotations

import re

import re2

from monitors.query import limits
from monitors.query.mistakes import Mistake
from monitors.query.patterns import Expression

_OPTIONS = re2.Options()
_OPTIONS.max_mem = limits.MAX_REGEX_MEMORY
_OPTIONS.log_errors = False
_OPTIONS.case_sensitive = False

_SOMETHING = "a\n س 1."  # `\b`, `^` and `x*` are found here without covering any of it

_BYTE = re.compile(r"(?<!\\)(?:\\\\)*\\C")  # half a character, where offsets are those of characters


def mistake_in(pattern: str) -> tuple[Mistake, str] | None:
    """What is wrong with the expression, and what RE2 says about it; None when it can be watched for."""
    if len(pattern) > limits.MAX_REGEX_LENGTH:
        return Mistake.LONG_REGEX, ""
    if _BYTE.search(pattern):
        return Mistake.BAD_REGEX, "\\C is no character"
    try:
        found = re2.compile(pattern, _OPTIONS)
    except UnicodeEncodeError:
        return Mistake.BAD_REGEX, "it holds half a character"
    except re2.error as error:
        reason = error.args[0].decode("utf-8", "replace")
        return (Mistake.LONG_REGEX if "too large" in reason else Mistake.BAD_REGEX), reason
    try:
        Expression(pattern)
    except re2.error:
        return Mistake.LONG_REGEX, ""
    if found.search("") or any(match.start() == match.end() for match in found.finditer(_SOMETHING)):
        return Mistake.EMPTY_REGEX, ""
    return None
