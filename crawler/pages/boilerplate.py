"""What stands around an article without belonging to it: share bars, related headlines, tags, comments.

All of it names other news or the outlet, so each line that leaks into a text is a false alert waiting.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from crawler.documents.dates import read_date
from crawler.documents.spelling import fold, letters
from crawler.pages.blocks import Block
from crawler.pages.furniture_words import (
    BYLINE,
    CLOSING,
    FURNITURE_CLASS,
    OTHER_NEWS,
    READ_ALSO,
    READERS,
    SHARE,
    SINGLE_LINE,
    STRONG_SHARE,
    TAGS,
)

_FURNITURE_TAGS = frozenset({"nav", "aside", "footer", "form", "figcaption", "label", "time"})
_WRAPPERS = frozenset({"html", "body", "main", "article"})
_TOO_MUCH = 0.5  # guessed
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_SECTION_NAMES = 60  # characters, guessed
_WORD = re.compile(r"[\w-]+")


class Furniture:
    """Tells which elements under a root are, by name, class or state, no part of an article's text.

    Themes put the same words on wrappers of everything (`<body class="single tag-…">`), so what holds the heading
    or most of the words is never furniture.
    """

    def __init__(self, root: HtmlElement) -> None:
        self._most = _TOO_MUCH * _length(root)

    def __call__(self, element: HtmlElement) -> bool:
        if element.tag in _FURNITURE_TAGS:
            return True
        attributes = element.attrib
        if not attributes or element.tag in _WRAPPERS:
            return False
        if "hidden" in attributes or _HIDDEN_STYLE.search(attributes.get("style", "").lower()):
            return True
        name = f"{attributes.get('class', '')} {attributes.get('id', '')}".lower()
        if len(name) == 1 or (found := FURNITURE_CLASS.search(name)) is None:
            return False
        if next(element.iter("h1", "main"), None) is not None:
            return False
        return "comment" in found[0] or _length(element) < self._most


def _length(element: HtmlElement) -> int:
    return sum(map(len, element.itertext()))


def without_furniture(blocks: Sequence[Block], *, title: str) -> list[Block]:
    """The blocks of an article's container that are the article, told by their words and their links alone."""
    kept: list[Block] = []
    among_other_news = False
    for block in blocks:
        words = fold(block.text) if len(block.text) <= 200 else ""
        if kept and words and READERS.fullmatch(words):
            break
        if words and OTHER_NEWS.fullmatch(words):
            among_other_news = True
        elif among_other_news and not _resumes(block):
            continue
        else:
            among_other_news = bool(words) and TAGS.fullmatch(words) is not None
            if not among_other_news and not _is_noise(block, words):
                kept.append(block)
    while kept and is_closing(kept[-1].text):
        kept.pop()
    return _from_the_start(kept, title)


def is_closing(line: str) -> bool:
    """Whether a line at the end of a text names its source, the outlet's channels or its rights."""
    return len(line) <= 200 and CLOSING.fullmatch(fold(line)) is not None


def _resumes(block: Block) -> bool:
    return block.is_prose or (block.link_share < 0.2 and block.ends_a_sentence) or len(block.text) > 200


def _is_noise(block: Block, words: str) -> bool:
    """Whether one line by itself is furniture: a share bar, a lone link, «اقرأ أيضاً: …»."""
    if not words:
        return block.link_share > 0.9
    if block.link_share > 0.8 and not block.ends_a_sentence:
        return True
    if not _WORD.search(words) or _is_share_bar(words):
        return True
    if SINGLE_LINE.fullmatch(words):
        return True
    return READ_ALSO.match(words) is not None or (TAGS.match(words) is not None and block.link_share > 0.4)


def is_noise_line(line: str) -> bool:
    """Whether a line whose links are not known is furniture, headings of other sections apart."""
    words = fold(line) if len(line) <= 200 else ""
    if not words:
        return False
    known = READ_ALSO.match(words) or SINGLE_LINE.fullmatch(words)
    return known is not None or not _WORD.search(words) or _is_share_bar(words)


def heads_another_section(line: str) -> bool:
    """Whether a line is the heading of related news or comments."""
    words = fold(line) if len(line) <= 100 else ""
    return bool(words) and (OTHER_NEWS.fullmatch(words) or READERS.fullmatch(words)) is not None


def _is_share_bar(words: str) -> bool:
    found = [word for word in _WORD.findall(words) if not word.isdigit()]
    return bool(found) and all(word in SHARE for word in found) and any(word in STRONG_SHARE for word in found)


def _from_the_start(blocks: list[Block], title: str) -> list[Block]:
    """Without the title, date, byline and section names that may precede the first sentence."""
    key = letters(title)
    start = 0
    for position, block in enumerate(blocks[:12]):
        # Section names without a space or break before the title make one line with it.
        if key and letters(block.text).endswith(key) and len(block.text) <= len(title) + _SECTION_NAMES:
            start = position + 1
        elif block.is_prose:
            break
    while start < len(blocks) and is_preamble(blocks[start]):
        start += 1
    return blocks[start:]


def is_preamble(block: Block) -> bool:
    """Whether a line is a date, a byline or a count of readers rather than a sentence."""
    if len(block.text) > 100 or block.ends_a_sentence:
        return False
    words = fold(block.text)
    return BYLINE.fullmatch(words) is not None or (len(words) <= 60 and read_date(words) is not None)
