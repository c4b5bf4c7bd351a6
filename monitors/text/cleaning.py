"""The one place where text from outside becomes safe text."""

from __future__ import annotations

import re
import unicodedata

from monitors.text.words import MARK

_LINE_BREAK = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")

# What may not pass, and why:
# - NUL and the other control characters: PostgreSQL refuses NUL, terminals obey the rest;
# - lone surrogates: cannot be encoded as UTF-8, so neither stored nor sent;
# - bidi embeddings, overrides and isolates: one that is left open turns around, or hides, what is written after
#   it, and a stray U+2069 closes the isolates we put around names ourselves (UAX #9 §2);
# - zero-width space, word joiner, byte order mark: invisible, and only good for hiding a word from a watch.
# Tab, newline, ZWNJ/ZWJ (Persian spelling, emoji) and LRM/RLM/ALM (order of mixed lines) carry meaning and stay.
_UNSAFE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]+"
)

# No language stacks as many marks on a letter; piles of them cover the lines around, and normalising a long run takes
# quadratic time (40,000 marks: over a second). The limit is that of stream-safe text, UAX #15 §13.
_PILED_MARKS = re.compile(f"([{MARK}]{{30}})[{MARK}]+")


def clean(text: str) -> str:
    """The text without anything unsafe to store, print or send; in NFC, lines ended by `\\n`. Idempotent."""
    safe = _PILED_MARKS.sub(r"\1", _UNSAFE.sub("", _LINE_BREAK.sub("\n", text)))
    if unicodedata.is_normalized("NFC", safe):
        return safe
    # Again, because NFC takes some marks apart (U+0344 is two).
    return _PILED_MARKS.sub(r"\1", unicodedata.normalize("NFC", safe))


def one_line(text: str) -> str:
    """The text cleaned and on one line: every run of white space is one space, none at the ends."""
    return " ".join(clean(text).split())
