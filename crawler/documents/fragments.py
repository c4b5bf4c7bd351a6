"""HTML fragments of feeds and metadata → plain text. The one place where titles and summaries are cleaned."""

from __future__ import annotations

import html
import re
import unicodedata

from monitors.text.cleaning import one_line

# What begins and ends a paragraph; everything else flows within one.
_BLOCKS = """
    address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol option
    p pre section summary table tbody tfoot thead tr ul
"""
BLOCK_TAGS = frozenset(_BLOCKS.split())
# What holds no prose.
_SILENT_NAMES = """
    applet audio button canvas datalist embed frame frameset head iframe map math meter noembed
    noframes noscript object picture progress script select style svg template textarea title video
"""
SILENT_TAGS = frozenset(_SILENT_NAMES.split())
_CELL_TAGS = frozenset({"td", "th"})

# Linear on hostile input: every branch is possessive and cannot cross a "<" outside quotes.
_TAG = re.compile(r"""</?([a-zA-Z][a-zA-Z0-9:_-]*+)[^<>"']*+(?:"[^"]*+"[^<>"']*+|'[^']*+'[^<>"']*+)*+>""")
_COMMENT = re.compile(r"<!--.*?-->|<!\[CDATA\[|\]\]>|<[!?][a-zA-Z][^<>]*+>", re.DOTALL)
_SILENT = re.compile(r"<(script|style|iframe|noscript|svg)\b[^>]*+>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)

# WordPress closes every entry with the title and the name of the outlet, which would match watches on them.
_SYNDICATION = re.compile(
    r"^(?:The post .+ (?:appeared first|first appeared) on .+"
    r"|(?:ظهرت|ظهر|نُشرت|نشرت|نُشر|نشر) .+ أول(?:اً|ًا|ا)? (?:على|في) .+"
    r"|(?:L['’]article|Cet article) .+ est apparu en premier sur .+"
    r"|(?:El post|La entrada|El artículo) .+ (?:se publicó|apareció|aparece) primero en .+"
    r"|Der Beitrag .+ erschien zuerst auf .+)$",
    re.DOTALL,
)
_TEASER_LENGTH = 250
_TEASER_END = re.compile(
    r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]|(?:…|\.\.\.)?\s*(?:(?:Continue reading|Read more|Read the full story|Lire la suite)"
    r"[^\n]{0,200}|[اإأ]قر[أا] المزيد|المزيد)\s*(?:…|\.\.\.|»|›|→|&raquo;)*)\s*$"
)


def line_of(fragment: str) -> str:
    """The words of a title, name or tag in one line."""
    return _safe(" ".join(_plain(fragment, paragraph=" ").split()))


def text_of(fragment: str) -> str:
    """The words of a summary or article: paragraphs separated by a blank line, syndication footers gone."""
    parts = _plain(fragment, paragraph="\n\n").split("\n\n")
    paragraphs = [line for part in parts if (line := " ".join(part.split()))]
    if paragraphs and _SYNDICATION.match(paragraphs[-1]):
        paragraphs.pop()
    if paragraphs:
        last = paragraphs[-1]
        paragraphs[-1] = last[:-_TEASER_LENGTH] + _TEASER_END.sub("", last[-_TEASER_LENGTH:])
    return "\n\n".join(map(_safe, paragraphs))


def _safe(line: str) -> str:
    """The line as `clean` gives it. Most lines need nothing, and asking them is 20 times cheaper than cleaning."""
    if line.isprintable() and unicodedata.is_normalized("NFC", line):
        return line
    return one_line(line)


def _plain(fragment: str, *, paragraph: str) -> str:
    if "<" in fragment:
        fragment = _SILENT.sub("", fragment)
        fragment = _COMMENT.sub("", fragment)
        fragment = _TAG.sub(lambda tag: _separator(tag[1].lower(), paragraph), fragment)
    if "&" in fragment:
        fragment = html.unescape(fragment)
    return fragment


def _separator(tag: str, paragraph: str) -> str:
    if tag in BLOCK_TAGS:
        return paragraph
    return " " if tag in _CELL_TAGS else ""
