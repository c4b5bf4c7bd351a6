"""Page bytes → one light tree: decoded, without scripts, styles and comments, JSON-LD kept aside."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawler.documents.bombs import without_inline_pictures
from crawler.documents.decoding import charset_of, declared_by_html, declared_by_xml, decode
from crawler.pages.bounds import bounded, flattened
from crawler.pages.other_documents import refuse_other_bytes, refuse_other_text

_OPENING = re.compile(rb"<(!--|(?:script|style|noscript|svg|template|iframe|math)(?=[\s/>]))")
_JSON_LD = b"application/ld+json"
_XML_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]{0,500}\?>")


@dataclass(frozen=True, slots=True)
class PageTree:
    """`html` is the stripped document in UTF-8; `json_ld` the contents of its JSON-LD scripts, unparsed.

    `scripts` counts what was stripped, to tell an empty page from one that its scripts would have filled.
    """

    root: HtmlElement
    html: bytes
    json_ld: tuple[str, ...]
    scripts: int


def build_tree(body: bytes, *, content_type: str | None) -> PageTree | None:
    """The page's tree; None when there is no element in it.

    `bombs.Bomb` when it would exhaust a parser, `other_documents.NotAPage` when it is something else.
    """
    refuse_other_bytes(body)
    label = declared_by_html(body) or declared_by_xml(body)
    text = decode(body, declared=label, http_charset=charset_of(content_type)).text
    refuse_other_text(text)
    utf8 = _XML_DECLARATION.sub("", text.replace("\0", "")).encode("utf-8", "replace")
    html, removed = _strip(without_inline_pictures(utf8))
    html = bounded(html)
    root, too_deep = _parse(html)
    if too_deep:
        html = flattened(html)
        root, _ = _parse(html)
    if root is None:
        return None
    scripts = [piece for piece in removed if piece[:7].lower() == b"<script"]
    return PageTree(root, html, tuple(_json_ld(scripts)), len(scripts))


def _parse(html: bytes) -> tuple[HtmlElement | None, bool]:
    """The tree, and whether the parser gave up half-way because elements nest too deep."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = document_fromstring(html, parser=parser)
    except etree.ParserError:
        return None, False
    except etree.XMLSyntaxError as error:
        # This parser takes anything as HTML; it only gives up, as "unknown error", when memory does.
        if error.msg and "empty" in error.msg:
            return None, False
        raise MemoryError from error
    return root, any("depth" in entry.message for entry in parser.error_log.filter_from_fatals())


def _strip(html: bytes) -> tuple[bytes, list[bytes]]:
    """The document without what holds no text, and what was taken out. One pass, linear.

    Of an element that is never closed only the opening goes: a browser would swallow the rest of the page, but the
    article may be in it.
    """
    lowered = html.lower()  # bytes: lower-cases ASCII only and keeps every offset
    kept, removed = [], []
    position = 0
    unclosed: set[bytes] = set()
    while opening := _OPENING.search(lowered, position):
        name = opening[1]
        closing = b"-->" if name == b"!--" else b"</" + name
        end = -1 if name in unclosed else lowered.find(closing, opening.end())
        kept.append(html[position : opening.start()])
        if end < 0:
            unclosed.add(name)
            position = opening.end() if name == b"!--" else lowered.find(b">", opening.end()) + 1 or len(html)
            continue
        if name != b"!--":
            end = max(lowered.find(b">", end), end)
            closing = b">"
        position = end + len(closing)
        removed.append(html[opening.start() : position])
    kept.append(html[position:])
    return b"".join(kept), removed


def _json_ld(scripts: list[bytes]) -> list[str]:
    found = []
    for script in scripts:
        head, _, rest = script.partition(b">")
        if _JSON_LD in head.lower():
            found.append(rest.rpartition(b"</")[0].decode("utf-8", "replace"))
    return found
