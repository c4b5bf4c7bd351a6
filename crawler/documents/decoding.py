"""Bytes → text, by a ladder that believes bytes before it believes labels.

Servers, XML declarations and meta tags are wrong often enough that a single invalid byte or a forgotten label
must not turn a whole Arabic page into mojibake: every watch on it would be lost without a word.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

# What a label may select. Python's own registry also holds zlib_codec, hex, rot13 and the like: no text.
# Labels and their meaning follow https://encoding.spec.whatwg.org/#names-and-labels (latin1 is windows-1252).
_CODECS = {
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8"), "utf-8"),
    **dict.fromkeys(("utf-16", "utf-16le"), "utf-16-le"),
    "utf-16be": "utf-16-be",
    **{f"windows-{page}": f"cp{page}" for page in (874, *range(1250, 1259))},
    **{f"cp{page}": f"cp{page}" for page in (874, *range(1250, 1259))},
    **{f"iso-8859-{part}": f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **{f"iso8859-{part}": f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("iso-8859-9", "iso8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("iso-8859-11", "tis-620"), "cp874"),
    **dict.fromkeys(("asmo-708", "ecma-114", "arabic"), "iso8859-6"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5"), "big5hkscs"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "windows-31j", "x-sjis"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "korean"), "cp949"),
    "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp",
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
    "macintosh": "mac_roman",
}
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BARE_UTF16 = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_OTHER_STARTS = tuple(start for start, codec in (*_BOMS, *_BARE_UTF16) if codec != "utf-8")

# Every byte is a character in these, so decoding without an error proves nothing.
_ACCEPT_ANYTHING = frozenset({"cp1252", "cp1254", "iso8859-15"})

# Legacy text hardly ever holds a well-formed multi-byte sequence by chance (a handful per million characters), so
# four good ones for each bad one mean damaged UTF-8, however short the document is.
_MAX_BAD_SHARE = 0.02
_MIN_GOOD_PER_BAD = 4

_NON_ASCII_LETTER = re.compile(r"[^\W\d_a-zA-Z]")
# Western letters read as Arabic ones stand alone between Latin letters; Arabic stands in words.
_ARABIC_RUN = re.compile(r"[ء-غف-يپچژگکیھہے]{2,}")
_ARABIC_SHARE = 0.8
_SAMPLE = 200_000
_BEGINNING = 1_000
_WORDS = 1_500
_ASCII_TO_SPACE = bytes([32] * 128 + [*range(128, 256)])

_XML_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{2,40})["']""")
_HTML_DECLARED = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{2,40})""", re.IGNORECASE)
_HTTP_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{2,40})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decoded:
    """`encoding` is the Python codec that was used; `text` has no byte-order mark."""

    text: str
    encoding: str


def decode(body: bytes, *, declared: str | None, http_charset: str | None) -> Decoded:
    """The text of a document. Never fails: what cannot be read becomes U+FFFD.

    `declared` is the document's own label (XML declaration, meta tag), `http_charset` the server's. Order:
    byte-order mark; valid UTF-8; nearly valid UTF-8 (≤ 2 % bad); a label that decodes cleanly; Arabic legacy code
    pages when the result is Arabic; charset-normalizer.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(codec, "replace"), codec)
    for start, codec in _BARE_UTF16:
        if body.startswith(start):
            return Decoded(body.decode(codec, "replace"), codec)
    try:
        return Decoded(body.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _decode_damaged_or_legacy(body, [declared, http_charset])


def as_utf8(body: bytes, *, declared: str | None, http_charset: str | None) -> bytes:
    """The document in UTF-8 without a byte-order mark; as `decode`, and nearly free for what is in UTF-8 already."""
    if body.startswith(codecs.BOM_UTF8):
        body = body[len(codecs.BOM_UTF8) :]
    elif body.startswith(_OTHER_STARTS):
        return decode(body, declared=declared, http_charset=http_charset).text.encode("utf-8", "replace")
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return decode(body, declared=declared, http_charset=http_charset).text.encode("utf-8", "replace")
    return body


def declared_by_xml(body: bytes) -> str | None:
    """The label in an XML declaration."""
    return _first_ascii(_XML_DECLARED, body[:512])


def declared_by_html(body: bytes) -> str | None:
    """The label in the first meta tag that has one (HTML looks at 1,024 bytes; sites need more)."""
    return _first_ascii(_HTML_DECLARED, body[:8192])


def charset_of(content_type: str | None) -> str | None:
    """The charset parameter of a Content-Type header."""
    found = _HTTP_CHARSET.search(content_type or "")
    return found[1] if found else None


def _first_ascii(pattern: re.Pattern[bytes], head: bytes) -> str | None:
    found = pattern.search(head)
    return found[1].decode("ascii") if found else None


def _decode_damaged_or_legacy(body: bytes, labels: list[str | None]) -> Decoded:
    if (text := _as_damaged_utf8(body)) is not None:
        return Decoded(text, "utf-8")
    arabic = _as_arabic(body)
    for label in labels:
        codec = _CODECS.get((label or "").strip().lower())
        if codec is None or codec == "utf-8" or (arabic and codec in _ACCEPT_ANYTHING):
            continue
        # Some windows-125x code points are undefined in Python but not in browsers: no reason to drop a label.
        legible = body.decode(codec, "replace")
        if legible.count("�") <= _MAX_BAD_SHARE * len(legible) and not (arabic and "�" in legible):
            return Decoded(legible, codec)
    return arabic or _guess(body) or Decoded(body.decode("utf-8", "replace"), "utf-8")


def _as_damaged_utf8(body: bytes) -> str | None:
    """Reading as UTF-8 with a few bad bytes; None when there are too many of them."""
    # Replacing is slow, and the beginning usually tells: a document has no more characters than bytes.
    beginning = body[: max(_BEGINNING, len(body) // 12)].decode("utf-8", "replace")
    honest = body.count("�".encode())
    if beginning.count("�") - honest > _MAX_BAD_SHARE * len(body):
        return None
    text = body.decode("utf-8", "replace")
    bad = text.count("�") - honest
    if bad > _MAX_BAD_SHARE * len(text):
        return None
    good = sum(1 for char in text if char > "\x7f") - bad
    return text if good >= _MIN_GOOD_PER_BAD * bad else None


def _as_arabic(body: bytes) -> Decoded | None:
    """Reading as windows-1256 or ISO 8859-6, if that gives Arabic; «ال» tells the two apart."""
    # Only what is not ASCII says anything, and a few hundred words of it are enough.
    words = b" ".join(body[:_SAMPLE].translate(_ASCII_TO_SPACE).split())[:_WORDS]
    readings = []
    for codec in ("cp1256", "iso8859-6"):
        sample = words.decode(codec, "replace")
        letters = len(_NON_ASCII_LETTER.findall(sample))
        in_words = sum(map(len, _ARABIC_RUN.findall(sample)))
        if letters and in_words > _ARABIC_SHARE * letters:
            readings.append((sample.count("ال") - sample.count("�"), codec))
    if not readings:
        return None
    codec = max(readings)[1]
    return Decoded(body.decode(codec, "replace"), codec)


def _guess(body: bytes) -> Decoded | None:
    # Slow to import and to run, and needed for one document in thousands.
    from charset_normalizer import from_bytes

    best = from_bytes(body[:_SAMPLE], cp_isolation=sorted({*_CODECS.values()} - {"utf-8"})).best()
    if best is None:
        return None
    return Decoded(body.decode(best.encoding, "replace"), best.encoding)
