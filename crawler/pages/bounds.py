"""How much of a page is read at all: enough for any article, little enough for every parser.

A page of 8 MB without a single trap takes lxml, our own reading and the extractors we ask for a second opinion 12 s
together, and some shapes more: the parts that are quadratic in attributes, siblings or depth meet these bounds first.
The article of an honest page stands well before them.
"""

from __future__ import annotations

import re
from itertools import islice

from crawler.documents.bombs import Bomb, check_tags

# Of the 92 labelled pages we develop with, the largest has 190 kB without its scripts, and 3,000 tags.
MAX_HTML = 1_000_000
MAX_TAGS = 25_000
MAX_ATTRIBUTES = 400
# libxml2 reads nothing beyond 256 open elements; below that, depth costs nobody much.
MAX_DEPTH = 200

# Possessive throughout, and no match reaches beyond the next "<": linear on any input. A quoted value may hold ">".
# Four hundred attributes take more than 1,200 bytes.
_LONG_TAG = re.compile(rb"""<[a-zA-Z](?=[^<]{1200})(?:[^"'<>]++|"[^"<]*+"|'[^'<]*+')*+""")
_ATTRIBUTE = re.compile(rb"""[^\s"'=<>/]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'>]++)?+)?+""")
_TAG = re.compile(rb"<(/?+)([a-zA-Z][a-zA-Z0-9:-]*+)")
_VOID_NAMES = b"area base br col embed hr img input link meta param source track wbr"
_VOID = frozenset(_VOID_NAMES.split())


def bounded(html: bytes) -> bytes:
    """The beginning of a page that is too long, else the page. `Bomb` for tags no honest page has."""
    check_tags(html)
    _check_attributes(html)
    if len(html) > MAX_HTML:
        html = html[: html.rfind(b"<", 0, MAX_HTML) + 1 or MAX_HTML].removesuffix(b"<")
    if html.count(b"<") > MAX_TAGS:
        beyond = next(islice(re.finditer(b"<", html), MAX_TAGS, None))
        html = html[: beyond.start()]
    return html


def _check_attributes(html: bytes) -> None:
    for tag in _LONG_TAG.finditer(html):
        attributes = islice(_ATTRIBUTE.finditer(html, tag.start() + 1, tag.end()), MAX_ATTRIBUTES + 1)
        if sum(1 for _ in attributes) > MAX_ATTRIBUTES:
            raise Bomb(f"one tag of the page has more than {MAX_ATTRIBUTES} attributes")


def flattened(html: bytes) -> bytes:
    """The page without the tags that nest deeper than `MAX_DEPTH`; their words stay.

    End tags are counted, not matched: what is forgotten open makes the rest flatter than it was, never deeper.
    """
    kept: list[bytes] = []
    depth = dropped = position = 0
    for tag in _TAG.finditer(html):
        if tag[2].lower() in _VOID:
            continue
        if tag[1]:
            drop = dropped > 0
            dropped, depth = (dropped - 1, depth) if drop else (dropped, max(depth - 1, 0))
        else:
            drop = depth >= MAX_DEPTH
            dropped, depth = (dropped + 1, depth) if drop else (dropped, depth + 1)
        if drop:
            kept += (html[position : tag.start()], b" ")
            position = max(position, html.find(b">", tag.end()) + 1 or len(html))
    kept.append(html[position:])
    return b"".join(kept)
