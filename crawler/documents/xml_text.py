"""The bytes of an XML document → text that an XML parser can take: decoded by our ladder, nothing illegal in it."""

from __future__ import annotations

import re

from crawler.documents.bombs import check_tags, without_inline_pictures
from crawler.documents.decoding import charset_of, declared_by_xml, decode

_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]{0,500}\?>\s*")
_ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# The same characters by number; strict parsers refuse them, feedparser makes lone surrogates of some.
_ILLEGAL_REFERENCE = re.compile(
    r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef])"
    r"|0*(?:[0-8]|1[124-9]|2\d|3[01]|5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3]));",
    re.IGNORECASE,
)


def xml_bytes(body: bytes, *, content_type: str | None) -> bytes:
    """The document in UTF-8, whatever it was in, without inline pictures. `bombs.Bomb` when one tag is too large."""
    decoded = decode(body, declared=declared_by_xml(body), http_charset=charset_of(content_type))
    utf8 = without_inline_pictures(decoded.text.encode("utf-8", "replace"))
    check_tags(utf8)
    return utf8


def legal_xml(text: str) -> str:
    """The document without its XML declaration and without characters, or references to them, that XML forbids."""
    return _ILLEGAL_REFERENCE.sub("", _ILLEGAL_IN_XML.sub("", _DECLARATION.sub("", text)))
