"""A query with what keyboards write differently made one: signs nobody sees, wide signs, quotation marks (pure)."""

from __future__ import annotations

import re

from monitors.query.language.signs import QUOTES

# What turns the direction of writing, and blanks of no width, say nothing wherever they are. The joiners are part of a
# word (Persian) where something of it stands on both sides.
_ASIDE = r"\s!-/:-@\[-^{-~"
_UNSEEN = re.compile(
    "[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+"
    rf"|(?<![^{_ASIDE}])[\u00ad\u200c\u200d]+|[\u00ad\u200c\u200d]+(?![^{_ASIDE}])"
)

# East Asian keyboards. Between letters ～ means “to” there, and ？ ends a question: no wildcard.
_WIDE = {chr(ord(sign) + 0xFEE0): sign for sign in "!\"#&'()*+,-/:;<=>@[]^{|}"}
_MARKS = dict.fromkeys("‹›「」『』｢｣《》〈〉〝〞〟❝❞﴾﴿", '"')
_PLAIN = {**_WIDE, **_MARKS, "、": ",", "～": "~"}
_ODD = rf"(?<![^\W_])～|[{''.join((*_WIDE, *_MARKS, '、'))}]"

# Single quotes hold a phrase where they stand around words, and are apostrophes elsewhere.
_SINGLE = "'‘’‚‛`´"
_HELD = (
    rf"(?<![^\s(){{}}|:=~+\-−!,،;؛{QUOTES}])[{_SINGLE}]{{1,2}}"
    rf"(?P<held>(?=[^\s{_SINGLE}])(?:[^{_SINGLE}{QUOTES}\n\r]|(?<=[^\W_])[{_SINGLE}](?=[^\W_]))+)[{_SINGLE}]{{1,2}}(?![^\W_])"
)
_REGEX = r"/(?!\s)(?:[^/\\\n\r]|\\[^\n\r])+/"  # in which every sign stands for itself
_ANY = re.compile(rf"[{_SINGLE}]|{_ODD}")
_OUTSIDE = re.compile(rf"{_REGEX}|[{QUOTES}][^{QUOTES}]*[{QUOTES}]|{_HELD}|{_ODD}")


def plainly_typed(query: str) -> str:
    """The query for the lexer, in whose offsets mistakes are told."""
    query = _UNSEEN.sub("", query)
    return _OUTSIDE.sub(_plain, query) if _ANY.search(query) else query


def _plain(found: re.Match[str]) -> str:
    return f'"{found["held"]}"' if found["held"] else _PLAIN.get(found[0], found[0])
