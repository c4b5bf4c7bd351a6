"""Articles that a search found, as people read them (pure).

1. the title, linked, matches underlined
   the outlet · when
> the words around the first match
"""

from __future__ import annotations

from bot.words.addresses import host_of, linkable
from bot.words.language import Voice
from bot.words.text import TextBuilder, direction_mark, shorten
from monitors.articles import Article
from monitors.searching import MOST_COUNTED, Found
from monitors.snippets import Segment, segments, snippets, united

MAX_TITLE = 160
MAX_QUOTE = 260
MAX_MARKS = 5
"""Code points of a title and of a quotation, and marked words in each: five articles stay within 4,096 and 100."""


def add_result(builder: TextBuilder, number: int, found: Found, speech: Voice) -> None:
    article = found.article
    _add_title(builder, number, found, speech)
    builder.start_line().add_foreign(shorten(article.outlet_name, 60)).add(" · ")
    builder.add_foreign(host_of(article.url)).add(" · ")
    builder.add_time(article.dated)
    _add_quote(builder, found)


def title_of(article: Article, speech: Voice) -> str:
    return article.title if article.title.strip() else speech.say("(no title)")


def how_many(total: int, speech: Voice) -> str:
    """So many articles; counting ends at MOST_COUNTED."""
    if total >= MOST_COUNTED:
        return speech.say("{n} articles or more").replace("{n}", f"{MOST_COUNTED:,}")
    return speech.count("{n} article", "{n} articles", total).replace("{n}", str(total))


def _add_title(builder: TextBuilder, number: int, found: Found, speech: Voice) -> None:
    shown = shorten(title_of(found.article, speech), MAX_TITLE)
    places = united([found.spans.get("title", ())], len(shown))[:MAX_MARKS]
    builder.start_line(direction_mark(shown) or None).add(f"{number}. ")
    start = builder.here
    for piece in segments(shown, places):
        builder.add_quoted(piece.text, *(("underline",) if piece.matched else ()))
    builder.enclose(start, "bold").link(start, linkable(found.article.url))


def _add_quote(builder: TextBuilder, found: Found) -> None:
    text = found.article.fields.get("text", "")
    places = united([found.spans.get("text", ())], len(text))[:MAX_MARKS]
    quotes = snippets(text, places)
    if not quotes:
        return
    builder.start_line("")
    start = builder.here
    builder.add(direction_mark(text))
    for piece in _within(quotes[0], MAX_QUOTE):
        builder.add_quoted(piece.text, *(("bold",) if piece.matched else ()))
    builder.enclose(start, "blockquote")


def _within(pieces: list[Segment], limit: int) -> list[Segment]:
    """The first pieces, the last of them cut, that are so long together."""
    kept: list[Segment] = []
    for piece in pieces:
        if len(piece.text) >= limit:
            return [*kept, Segment(shorten(piece.text, max(limit, 1)), piece.matched)]
        kept.append(piece)
        limit -= len(piece.text)
    return kept


def add_unread(builder: TextBuilder, unread: int, speech: Voice) -> None:
    """How much of the archive nothing can be found in yet."""
    words = speech.count(
        "{n} article of the archive has not been read for searching yet.",
        "{n} articles of the archive have not been read for searching yet.",
        unread,
    )
    builder.line(words, n=unread)
