"""Documents that would cost a parser far more than they cost their sender: found, or cut, in one linear look.

What slips through meets the clock and the memory limit of the parsing children; this keeps the common ones
cheap.
"""

from __future__ import annotations

import re

# Both lxml and feedparser are quadratic in the attributes of one tag: 1 MB of them takes over a minute.
MAX_TAG_BYTES = 64 * 1024
_TAG_START = re.compile(rb"<[a-zA-Z]")
_DATA_URI = re.compile(rb"""data:[a-zA-Z0-9/+.;=-]{0,100},[A-Za-z0-9+/=%\s]{512,}""")
_ITEM_START = re.compile(rb"<(?:item|entry)[\s>]")
_CLOSING_TAGS = re.compile(rb"(?:</(?!item|entry)[\w:]+\s*>\s*){1,2}\Z")


# Honest feeds declare a dozen namespaces, some of them with each entry, and leave open paragraphs and line breaks.
_MAX_NAMESPACES = 5_000
_MAX_OPEN = 20_000


class Bomb(Exception):
    """The document would exhaust a parser; the message says how in words."""


def without_inline_pictures(body: bytes) -> bytes:
    """The document with `data:` addresses emptied: they are the one good reason for a huge tag."""
    return _DATA_URI.sub(b"", body) if b"data:" in body else body


def check_tags(body: bytes) -> None:
    """Bomb, if a tag is larger than any honest one."""
    start, length = 0, len(body)
    while length - start > MAX_TAG_BYTES:
        # The last ">" within reach: everything before it comes in short pieces.
        end = body.rfind(b">", start, start + MAX_TAG_BYTES + 1)
        if end < 0:
            end = body.find(b">", start)
            end = length if end < 0 else end
            tag = _TAG_START.search(body, start, end)
            if tag and end - tag.start() > MAX_TAG_BYTES:
                raise Bomb(f"one tag of the document is larger than {MAX_TAG_BYTES // 1024} kB")
        start = end + 1


def first_entries(body: bytes, limit: int) -> bytes:
    """The feed cut after `limit` entries and closed again."""
    for number, start in enumerate(_ITEM_START.finditer(body)):
        if number == limit:
            tail = _CLOSING_TAGS.search(body[-200:].rstrip())
            return body[: start.start()] + (tail[0] if tail else b"")
    return body


def check_nesting(text: str) -> None:
    """Bomb, if elements may be nested, or namespaces declared, so often that feedparser is lost in them."""
    if text.count("xmlns") > _MAX_NAMESPACES:
        raise Bomb("it declares too many namespaces")
    if text.count("<") - 2 * text.count("</") - text.count("/>") - text.count("<!") > _MAX_OPEN:
        raise Bomb("its elements are nested too deeply")


def shortened_texts(text: str, limit: int) -> str:
    """The document with no more than `limit` characters between two tags."""
    pieces = text.split("<")
    if max(map(len, pieces)) <= limit:
        return text
    return "<".join(piece[:limit] for piece in pieces)
