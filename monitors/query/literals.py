"""Characters that a text must have for an expression to be found in it.

Looking for them first spares most texts the expression. Of an expression that has parts not understood here nothing
is asked: it may be tried in vain, but never left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product
from typing import NamedTuple

from monitors.query.patterns import readable

SHORTEST = 3
"""Code points; fewer are in too many texts."""

_MOST = 16  # alternatives; with more it is as well to try the expression

_ATOM = re.compile(
    r"""(?P<open>\((?:\?:|\?P?<\w+>|\?[imsU-]+:)?(?!\?))
      | (?P<nothing>\^|\$|\\[bBAz]|\(\?[imsU-]+\))
      | (?P<any>\.|\\[dDwWsS]|\\[pP](?:\w|\{\^?\w+\}))
      | \[(?P<choice>[^]\\^[-][^]\\[-]*)\]
      | (?P<class>\[\^?\]?(?:[^]\\[]|\\[^QEpP]|\\[pP](?:\w|\{\^?\w+\})|\[:\^?\w+:\])*\])
      | \\(?P<escaped>[^\w\s])
      | (?P<plain>[^][(){}*+?|^$.\\]|\{(?!\d+(?:,\d*)?\})|\})
    """,
    re.VERBOSE | re.DOTALL,
)
_QUANTIFIER = re.compile(r"([*+?]|\{(\d+)(?:,(\d*))?\})\??")


class _Part(NamedTuple):
    """What a part of an expression matches, when that is one of few strings; else one of which is in what it matches.

    Both empty when nothing is known.
    """

    exactly: frozenset[str]
    needed: frozenset[str] = frozenset()


_UNKNOWN = _Part(frozenset())
_EMPTY = _Part(frozenset([""]))


class _Unclear(Exception):
    """The expression has something in it that is not understood."""


def literals_of(pattern: str) -> tuple[str, ...]:
    """Strings of which `casefold()` of every text has one that the expression is found in; () when none are known."""
    pattern = readable(pattern)
    try:
        part, end = _alternatives(pattern, 0)
        if end < len(pattern):
            return ()
    except (_Unclear, RecursionError):
        return ()
    return tuple(sorted({literal.casefold() for literal in _needed(part)}))


def _alternatives(pattern: str, at: int) -> tuple[_Part, int]:
    """What is there up to the end or a parenthesis that closes, and where that is."""
    part, at = _sequence(pattern, at)
    parts = [part]
    while pattern.startswith("|", at):
        part, at = _sequence(pattern, at + 1)
        parts.append(part)
    return _either(parts), at


def _sequence(pattern: str, at: int) -> tuple[_Part, int]:
    parts: list[_Part] = []
    while at < len(pattern) and pattern[at] not in "|)":
        part, at = _atom(pattern, at)
        quantifier = _QUANTIFIER.match(pattern, at)
        if quantifier:
            at = quantifier.end()
            parts += _repeated(part, quantifier)
            if _QUANTIFIER.match(pattern, at):
                raise _Unclear
        else:
            parts.append(part)
    return _one_after_the_other(parts), at


def _atom(pattern: str, at: int) -> tuple[_Part, int]:
    found = _ATOM.match(pattern, at)
    if not found:
        raise _Unclear
    at = found.end()
    match found.lastgroup:
        case "open":
            part, at = _alternatives(pattern, at)
            if not pattern.startswith(")", at):
                raise _Unclear
            return part, at + 1
        case "nothing":
            return _EMPTY, at
        case "choice":
            return _exactly(found["choice"]), at
        case "escaped" | "plain":
            return _exactly([found[found.lastgroup]]), at
        case _:
            return _UNKNOWN, at


def _repeated(part: _Part, quantifier: re.Match[str]) -> Sequence[_Part]:
    sign, least, most = quantifier.groups()
    if sign == "?":
        return [_either([part, _EMPTY])]
    if sign == "*" or (least and int(least) == 0):
        return [_UNKNOWN]
    return [part] if least and int(least) == 1 and most is None else [part, _UNKNOWN]


def _exactly(strings: Iterable[str]) -> _Part:
    few = frozenset(strings)
    return _Part(few) if len(few) <= _MOST else _UNKNOWN


def _either(parts: Sequence[_Part]) -> _Part:
    if len(parts) == 1:
        return parts[0]
    if all(part.exactly for part in parts):
        exactly = _exactly(frozenset().union(*(part.exactly for part in parts)))
        if exactly.exactly:
            return exactly
    needed = [_needed(part) for part in parts]
    together = frozenset[str]().union(*needed)
    return _Part(frozenset(), together if all(needed) and len(together) <= _MOST else frozenset())


def _one_after_the_other(parts: Iterable[_Part]) -> _Part:
    run = _EMPTY
    needed: list[frozenset[str]] = []
    whole = True
    for part in parts:
        if part.exactly and len(run.exactly) * len(part.exactly) <= _MOST:
            run = _Part(frozenset(map("".join, product(run.exactly, part.exactly))))
        else:
            needed += [_needed(run), _needed(part)]
            run = _Part(part.exactly) if part.exactly else _EMPTY
            whole = False
    if whole:
        return run
    needed.append(_needed(run))
    return _Part(frozenset(), max(needed, key=_worth))


def _needed(part: _Part) -> frozenset[str]:
    """Strings long enough to be looked for."""
    if part.exactly:
        return part.exactly if min(map(len, part.exactly)) >= SHORTEST else frozenset()
    return part.needed


def _worth(literals: frozenset[str]) -> tuple[int, int]:
    return min(map(len, literals), default=0), -len(literals)
