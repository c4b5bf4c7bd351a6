"""The bytes of an XML document → text that an XML parser can take: decoded by our ladder, nothing illegal in it."""

from __future__ import annotations

import codecs
import re

from crawler.documents.bombs import check_tags, without_inline_pictures
from crawler.documents.decoding import as_utf8, charset_of, declared_by_xml

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,500}\?>\s*")
_ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# The same characters by number; strict parsers refuse them, feedparser makes lone surrogates of some.
_ILLEGAL_REFERENCE = re.compile(
    r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef])"
    r"|0*(?:[0-8]|1[124-9]|2\d|3[01]|5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3]));",
    re.IGNORECASE,
)


def xml_bytes(body: bytes, *, content_type: str | None) -> bytes:
    """The document in UTF-8, whatever it was in, without inline pictures. `bombs.Bomb` when one tag is too large."""
    utf8 = as_utf8(body, declared=declared_by_xml(body), http_charset=charset_of(content_type))
    utf8 = without_inline_pictures(utf8)
    check_tags(utf8)
    return utf8


def without_declaration(body: bytes) -> bytes:
    """The document after its mark and XML declaration, which may name another encoding or stand after blank lines."""
    body = body.removeprefix(codecs.BOM_UTF8)
    declaration = _DECLARATION.match(body[:1000].decode("ascii", "replace"))
    return body[declaration.end() :] if declaration else body


def legal_xml(text: str) -> str:
    """The document without its XML declaration and without characters, or references to them, that XML forbids."""
    declaration = _DECLARATION.match(text)
    text = text[declaration.end() :] if declaration else text
    return _ILLEGAL_REFERENCE.sub("", _ILLEGAL_IN_XML.sub("", text))
