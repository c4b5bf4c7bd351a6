"""The words of a message as it shows them, line by line, and the line by which it is called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from crawler.documents.fields import MAX_TEXT
from crawler.documents.fragments import BLOCK_TAGS, SILENT_TAGS
from monitors.text.cleaning import clean

MAX_TITLE = 200
# A first line of fewer words («عاجل», a row of hashtags) announces the next.
_MIN_WORDS = 3

_MORE_THAN_A_BLANK_LINE = re.compile(r"\n{3,}")
_SENTENCE_END = re.compile(r"[.!?؟۔…](?=\s|$)|[:؛;](?=\s)")
_WORD = re.compile(r"[^\W_]{2,}")
_LINK = re.compile(r"https?://\S+")
_HASHTAG_OR_LINK = re.compile(r"#\w+|https?://\S+|@\w+")


def lines_of(element: HtmlElement) -> str:
    """The text of an element with its line breaks; an empty line stays one, more become one."""
    text = "".join(_pieces(element))[: 2 * MAX_TEXT]
    lines = (" ".join(line.split()) for line in clean(text).split("\n"))
    return _MORE_THAN_A_BLANK_LINE.sub("\n\n", "\n".join(lines)).strip()[:MAX_TEXT]


def title_of(text: str) -> str:
    """The first line that says something, or of a long one its first sentence; at most `MAX_TITLE` characters."""
    title = ""
    for line in text.split("\n", 20)[:20]:
        title = f"{title} {line}".strip()
        if len(_WORD.findall(_HASHTAG_OR_LINK.sub("", title[:1_000]))) >= _MIN_WORDS:
            break
    title = " ".join(_LINK.sub("", title[:1_000]).split()) or title[:1_000]
    if not _WORD.search(title):
        return ""
    if len(title) <= MAX_TITLE:
        return title
    ends = [end.end() for end in _SENTENCE_END.finditer(title, 40, MAX_TITLE)]
    if ends:
        return title[: ends[0]].rstrip(" :؛;")
    return title[: MAX_TITLE - 1].rsplit(" ", 1)[0].rstrip(" ،,") + "…"


def _pieces(element: HtmlElement) -> Iterator[str]:
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        breaks = node.tag in BLOCK_TAGS and node is not element
        if event == "start":
            if node.tag in SILENT_TAGS and node is not element:
                walk.skip_subtree()
            elif breaks:
                yield "\n"
            if node.text and node.tag not in SILENT_TAGS:
                # A line break in the source is a space; those of `<pre>` are rare enough.
                yield node.text.replace("\n", " ")
        else:
            if breaks and node.tag != "br":
                yield "\n"
            if node.tail and node is not element:
                yield node.tail.replace("\n", " ")
