"""What a page writes about an article it links to → the headline among it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from crawler.documents.spelling import letters

_MAX_HEADLINE = 300
_FEWEST_WORDS = 3
# As `letters` writes them: what stands on buttons.
_BUTTON = re.compile(
    r"(?:اقرا|المزيد|قراءه|تابع|التفاصيل|شاهد|للمزيد|readmore|more|continuereading|comments?|تعليق|\d+)\w{0,20}"
)


_LETTER = re.compile(r"[^\W\d_]")
# "10:05", before or after the headline that it belongs to.
_CLOCK = re.compile(r"\A\d{1,2}:\d\d(?: ?[ap]m)?\s*[|–-]?\s+|\s+[|–-]?\s*\d{1,2}:\d\d(?: ?[ap]m)?\Z", re.IGNORECASE)


class Headline(NamedTuple):
    """`words` counts those that a link itself shows, 0 when it shows a picture or a button."""

    text: str
    words: int


NO_HEADLINE = Headline("", 0)


def headline_of(texts: Sequence[str], headings: Sequence[str]) -> Headline:
    """Of the `texts` of the links to an article the one that is, or holds, one of the `headings` around them.

    Without such a heading the longest text that is no button's; where no text says anything, the longest heading.
    Empty when there is nothing at all.
    """
    said = [_CLOCK.sub("", text) for text in texts if not _BUTTON.fullmatch(letters(text))]
    short = [heading for heading in headings if 0 < len(heading) <= _MAX_HEADLINE]
    linked = [letters(text) for text in said]
    agreed = [heading for heading in short if any(letters(heading) in text for text in linked)]
    found = agreed or [text for text in said if len(text) <= _MAX_HEADLINE] or [text[:_MAX_HEADLINE] for text in said]
    shown = max(found, key=len, default="")
    words = sum(1 for word in shown.split() if _LETTER.search(word))
    return Headline(max([shown, *short], key=len) if words < _FEWEST_WORDS else shown, words)
