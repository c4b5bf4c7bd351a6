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
_INLINE_NAMES = "a abbr b cite code em font i img ins mark q s small source span strong sub sup time u"
_CELL_TAGS = frozenset({"td", "th"})

# Linear on hostile input: every branch is possessive and cannot cross a "<" outside quotes.
_TAG = re.compile(r"""</?([a-zA-Z][a-zA-Z0-9:_-]*+)(?:>|[^<>"']*+(?:"[^"]*+"[^<>"']*+|'[^']*+'[^<>"']*+)*+>)""")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_DECLARATION = re.compile(r"<!\[CDATA\[|\]\]>|<[!?][a-zA-Z][^<>]*+>")
_SILENT_START = re.compile(r"<(script|style|iframe|noscript|svg)\b[^<>]*+>", re.IGNORECASE)
_SILENT_END = {
    name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style", "iframe", "noscript", "svg")
}
# A quick look for whether those above have anything to do.
_UNUSUAL = re.compile(r"<(?:[!?]|[sS](?:[cC]|[tT][yY]|[vV])|[iI][fF]|[nN][oO])")

# WordPress closes every entry with the title and the name of the outlet, which would match watches on them.
_SYNDICATION = re.compile(
    r"^(?:The post .+ (?:appeared first|first appeared) on .+"
    r"|(?:ظهرت|ظهر|نُشرت|نشرت|نُشر|نشر) .+ أول(?:اً|ًا|ا)? (?:على|في) .+"
    r"|(?:L['’]article|Cet article) .+ est apparu en premier sur .+"
    r"|(?:El post|La entrada|El artículo) .+ (?:se publicó|apareció|aparece) primero en .+"
    r"|Der Beitrag .+ erschien zuerst auf .+)$",
    re.DOTALL,
)
_SYNDICATION_STARTS = ("The post ", "ظهر", "نُشر", "نشر", "L", "Cet article ", "El ", "La entrada ", "Der Beitrag ")
_CUT = ("…", "...")
_TEASER_LENGTH = 250
_TEASER_WORDS = ("Continue reading", "Read more", "Read the full story", "Lire la suite", "المزيد")
_TEASER_END = re.compile(
    r"\s*(?:…|\.\.\.)?\s*(?:(?:Continue reading|Read more|Read the full story|Lire la suite)"
    r"[^\n]{0,200}|[اإأ]قر[أا] المزيد|المزيد)\s*(?:…|\.\.\.|»|›|→|&raquo;)*\s*$"
)

# As `html.unescape` finds them.
_REFERENCE = re.compile(r"(&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?))")


class _Separators(dict[str, str]):
    """What stands for a tag in plain text; the commonest that leave nothing are at hand."""

    def __init__(self, paragraph: str) -> None:
        nothing = dict.fromkeys(_INLINE_NAMES.split(), "")
        super().__init__(nothing | dict.fromkeys(BLOCK_TAGS, paragraph) | dict.fromkeys(_CELL_TAGS, " "))

    def __missing__(self, tag: str) -> str:
        return self.get(tag.lower(), "")


_COMMON_REFERENCES = """
    &amp; &#038; &lt; &gt; &quot; &apos; &#039; &nbsp; &laquo; &raquo; &ndash; &mdash; &lsquo; &rsquo; &ldquo; &rdquo;
    &hellip;
"""


class _Characters(dict[str, str]):
    """What a character reference stands for; the commonest are at hand."""

    def __init__(self) -> None:
        numbers = (34, 38, 39, 60, 62, 160, 171, 187, *range(8206, 8208), 8211, 8212, *range(8216, 8222), 8230)
        common = [*(f"&#{number};" for number in numbers), *_COMMON_REFERENCES.split()]
        super().__init__({reference: html.unescape(reference) for reference in common})

    def __missing__(self, reference: str) -> str:
        return html.unescape(reference)


_CHARACTERS = _Characters()
_IN_TEXT, _IN_LINE = _Separators("\n\n"), _Separators(" ")


def line_of(fragment: str) -> str:
    """The words of a title, name or tag in one line."""
    return _one_line(_plain(fragment, _IN_LINE))


def text_of(fragment: str) -> str:
    """The words of a summary or article: paragraphs separated by a blank line, syndication footers gone."""
    paragraphs = []
    for piece in _plain(fragment, _IN_TEXT).split("\n\n"):
        if part := piece.strip():
            # Printable means that a space is the only white space in it.
            if not part.isprintable():
                part = one_line(part)
            elif "  " in part:
                part = " ".join(part.split())
            paragraphs.append(part)
    if not paragraphs:
        return ""
    last = paragraphs[-1]
    if last.startswith(_SYNDICATION_STARTS) and _SYNDICATION.match(last):
        paragraphs.pop()
    if paragraphs:
        paragraphs[-1] = _without_teaser(paragraphs[-1])
    text = "\n\n".join(filter(None, paragraphs))
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    return "\n\n".join(map(one_line, text.split("\n\n")))


def _one_line(plain: str) -> str:
    """Plain text as `one_line` gives it. Most needs nothing, and asking is 20 times cheaper than cleaning."""
    line = plain.strip()
    if line.isprintable() and "  " not in line and unicodedata.is_normalized("NFC", line):
        return line
    return one_line(line)


def _without_teaser(paragraph: str) -> str:
    """Without «[…]» or «Read more» at its end."""
    if paragraph.endswith("]"):
        start = paragraph.rfind("[", -_TEASER_LENGTH)
        if start >= 0 and paragraph[start + 1 : -1].strip() in _CUT:
            return paragraph[:start].rstrip()
    end = paragraph[-_TEASER_LENGTH:]
    if any(word in end for word in _TEASER_WORDS):
        return paragraph[:-_TEASER_LENGTH] + _TEASER_END.sub("", end)
    return paragraph


def _without_silent(fragment: str) -> str:
    """Without scripts and the like that end somewhere. Each name is given up at its first that does not: linear."""
    kept, kept_to, endless = [], 0, set()
    for start in _SILENT_START.finditer(fragment):
        name = start[1].lower()
        if start.start() < kept_to or name in endless:
            continue
        end = _SILENT_END[name].search(fragment, start.end())
        if end is None:
            endless.add(name)
            continue
        kept.append(fragment[kept_to : start.start()])
        kept_to = end.end()
    return "".join((*kept, fragment[kept_to:]))


def _without_comments(fragment: str) -> str:
    """Without those that end: they are looked for before the last end only, or each would look to the very end."""
    last = fragment.rfind("-->") + 3
    return _COMMENT.sub("", fragment[:last]) + fragment[last:] if last > 2 else fragment


def _plain(fragment: str, separators: _Separators) -> str:
    if "<" in fragment:
        if _UNUSUAL.search(fragment) or ("]" in fragment and "]]>" in fragment):
            fragment = _DECLARATION.sub("", _without_comments(_without_silent(fragment)))
        # Text and names of tags by turns: twice as quick as a function called for every tag.
        pieces = _TAG.split(fragment)
        pieces[1::2] = map(separators.__getitem__, pieces[1::2])
        fragment = "".join(pieces)
    if "&" in fragment:
        pieces = _REFERENCE.split(fragment)
        pieces[1::2] = map(_CHARACTERS.__getitem__, pieces[1::2])
        fragment = "".join(pieces)
    return fragment
