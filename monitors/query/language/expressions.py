"""Which regular expressions may be watched for: those RE2 reads, small ones, and none that is found in nothing."""

from __future__ import annotations

import re

import re2

from monitors.query.language import limits
from monitors.query.language.mistakes import Mistake
from monitors.query.patterns import expression

_PROBES = tuple(text.encode() for text in ("", "a", "س", "1", " ", ".", "\n"))
"""Where `\\b`, `^` and `x*` are found without covering anything."""

_BYTE = re.compile(r"(?<!\\)(?:\\\\)*\\C")  # half a character, where offsets are those of characters


def mistake_in(pattern: str) -> tuple[Mistake, str] | None:
    """What is wrong with the expression, and what RE2 says about it; None when it can be watched for."""
    if len(pattern) > limits.MAX_REGEX_LENGTH:
        return Mistake.LONG_REGEX, ""
    if _BYTE.search(pattern):
        return Mistake.BAD_REGEX, "\\C is no character"
    try:
        found = expression(pattern)
    except re2.error as error:
        reason = error.args[0]
        reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        return (Mistake.LONG_REGEX if "too l" in reason else Mistake.BAD_REGEX), reason
    if any(found.found_in(probe) and not found.places(probe) for probe in _PROBES):
        return Mistake.EMPTY_REGEX, ""
    return None
