"""RE2's expressions read as people mean them who write in other scripts than the Latin.

To RE2 only ASCII letters are `\\w` and ASCII digits `\\d`, so that `\\b` is never at the edge of an Arabic word.
Here `\\w`, `\\d` and `\\s` are those of all scripts, with the vowel signs inside words, and so is a `\\b` with which an
expression begins or ends. Any other `\\b` stays RE2's.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Letters, digits, marks and joiners, roughly: telling all of Unicode's would make each `\w` twenty times as long.
# What is left out are blocks of punctuation and signs.
_WORD = (
    ("0", "9"),
    ("A", "Z"),
    ("_", "_"),
    ("a", "z"),
    ("\u00aa", "\u00aa"),
    ("\u00b5", "\u00b5"),
    ("\u00ba", "\u00ba"),
    ("\u00c0", "\u00d6"),
    ("\u00d8", "\u00f6"),
    ("\u00f8", "\u055a"),
    ("\u0560", "\u0588"),
    ("\u0591", "\u05bd"),
    ("\u05bf", "\u05bf"),
    ("\u05c1", "\u05f2"),
    ("\u0610", "\u061a"),
    ("\u0620", "\u0669"),
    ("\u066e", "\u06d3"),
    ("\u06d5", "\u0963"),
    ("\u0966", "\u1fff"),
    ("\u200c", "\u200d"),
    ("\u2c00", "\u2dff"),
    ("\u3005", "\u3007"),
    ("\u3031", "\ufd3d"),
    ("\ufd50", "\ufe0f"),
    ("\ufe20", "\ufe2f"),
    ("\ufe70", "\ufefe"),
    ("\uff10", "\uff19"),
    ("\uff21", "\uff3a"),
    ("\uff41", "\uff5a"),
    ("\uff66", "\uffdc"),
    ("\U00010000", "\U0001cfff"),
    ("\U0001e000", "\U0001efff"),
    ("\U00020000", "\U000323af"),
)
_DIGITS = (("0", "9"), ("\u0660", "\u0669"), ("\u06f0", "\u06f9"))


def _listed(ranges: tuple[tuple[str, str], ...]) -> str:
    return "".join(f"\\x{{{ord(first):x}}}-\\x{{{ord(last):x}}}" for first, last in ranges)


_CLASSES = {r"\w": _listed(_WORD), r"\d": _listed(_DIGITS), r"\s": r"\s\pZ"}
_CHARACTERS = {
    **{short: f"[{listed}]" for short, listed in _CLASSES.items()},
    **{short.upper(): f"[^{listed}]" for short, listed in _CLASSES.items()},
}
_NO_WORD = _CHARACTERS[r"\W"]
_BEFORE = rf"(?:\A|{_NO_WORD})"
_AFTER = rf"(?:\z|{_NO_WORD})"

_ESCAPED = r"\\[pP](?:\{[^}]*\}|.)|\\."
_OUTSIDE = re.compile(rf"{_ESCAPED}|\[\^?\]?|.", re.DOTALL)
_INSIDE = re.compile(rf"{_ESCAPED}|\[:\^?\w+:\]|.", re.DOTALL)
_FIRST_EDGE = re.compile(r"((?:\(\?[imsU-]+\))*)\\b(?![*+?{])")
_LAST_EDGE = re.compile(r"(?<!\\)(?:\\\\)*(\\b)\Z")
_IS_WORD = re.compile(f"[{''.join(f'{first}-{last}' for first, last in _WORD)}]")


class Dialect(NamedTuple):
    """An expression for RE2; with the edge of a word before or after it, it finds what is beyond the edge, too."""

    pattern: str
    edge_before: bool = False
    edge_after: bool = False


def translated(pattern: str) -> Dialect:
    if r"\Q" in pattern:  # what follows means itself
        return Dialect(pattern)
    before, after = _FIRST_EDGE.match(pattern), _LAST_EDGE.search(pattern)
    if before and after and before.end() > after.start(1):
        return Dialect(pattern)
    flags, start = (before[1], before.end()) if before else ("", 0)
    written, has_alternatives = _written_out(pattern[start : after.start(1) if after else None])
    if has_alternatives:  # the edges are those of the first and of the last
        return Dialect(_written_out(pattern)[0])
    inner = f"{flags}{_BEFORE if before else ''}{written}{_AFTER if after else ''}"
    return Dialect(inner, before is not None, after is not None)


def is_word(character: str) -> bool:
    return _IS_WORD.fullmatch(character) is not None


def _written_out(pattern: str) -> tuple[str, bool]:
    """The expression with its classes written out, and whether it has alternatives that are in no parentheses."""
    written: list[str] = []
    depth = at = 0
    inside = has_alternatives = False
    while at < len(pattern):
        found = (_INSIDE if inside else _OUTSIDE).match(pattern, at)
        assert found
        at, sign = found.end(), found[0]
        written.append((_CLASSES if inside else _CHARACTERS).get(sign, sign))
        if inside:
            inside = sign != "]"
        else:
            inside = sign.startswith("[")
            depth += (sign == "(") - (sign == ")")
            has_alternatives |= sign == "|" and depth == 0
    return "".join(written), has_alternatives
