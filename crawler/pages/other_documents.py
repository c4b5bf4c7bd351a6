"""Documents that are no web page, whatever their address promised: pictures, programs, feeds, JSON, plain text.

HTML parsers and the ladder of encodings take any bytes for a page, and make words of them.
"""

from __future__ import annotations

import re

_SIGNATURES = (
    (b"\x89PNG\r\n", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image, a sound or a film"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "an archive or an office document"),
    (b"\x1f\x8b", "a compressed file"),
)
_CONTROL = re.compile("[\0-\x08\x0b\x0e-\x1a\x1c-\x1f]")
# Random bytes have more than 10 %; a page damaged on its way a few per mille.
_MAX_CONTROL_SHARE = 0.02
_SAMPLE = 8_192
_DOCUMENT = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF)[\s>]")
_JSON = re.compile(r"""\s*(?:\{\s*["}]|\[\s*[\[{"\]])""")
_TAG = re.compile(r"<[!/]?[a-zA-Z]")


class NotAPage(ValueError):
    """The document is no web page; the message says in words what it is."""


def refuse_other_bytes(body: bytes) -> None:
    """NotAPage for formats known by their first bytes, and for nothing at all."""
    for signature, kind in _SIGNATURES:
        if body.startswith(signature):
            raise NotAPage(f"This is {kind}, not a web page.")
    if not body.strip():
        raise NotAPage("The page is empty.")


def refuse_other_text(text: str) -> None:
    """NotAPage for what, decoded, is binary data, a feed, JSON or plain text."""
    sample = text[:_SAMPLE]
    if len(_CONTROL.findall(sample)) > _MAX_CONTROL_SHARE * len(sample):
        raise NotAPage("This is binary data, not a web page.")
    if not _TAG.search(text):
        kind = "JSON" if text.lstrip()[:1] in ("{", "[") else "plain text"
        raise NotAPage(f"This is {kind}, not a web page.")
    if _DOCUMENT.search(text):
        return
    if _FEED.search(sample):
        raise NotAPage("This is a feed, not a web page.")
    if _JSON.match(text):
        raise NotAPage("This is JSON, not a web page.")
