"""What documents say in their fields → clean values of bounded size, for every kind of source alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from crawler.documents.addresses import MAX_URL, is_plain, web_address
from crawler.documents.fragments import line_of, text_of
from monitors.text.cleaning import one_line

# Code points. Far beyond honest documents, far below what hurts.
MAX_LINE = 1_000
MAX_SUMMARY = 10_000
MAX_TEXT = 200_000
MAX_TAGS = 50
_MAX_TAG = 200
_ESCAPED_AMPERSAND = re.compile(r"&(?:amp|#0{0,5}38|#[xX]0{0,5}26);")


def line_field(fragment: str | None) -> str | None:
    """A title, name or identifier; None when there are no words in it."""
    return line_of(fragment[: 4 * MAX_LINE])[:MAX_LINE] or None if fragment else None


def text_field(fragment: str | None) -> str:
    """A summary or text, its paragraphs separated by blank lines; empty when there are no words in it."""
    return text_of(fragment[:MAX_TEXT])[:MAX_TEXT] if fragment else ""


def tag_fields(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags that say something, each once."""
    cleaned = (line_of(tag[: 5 * _MAX_TAG])[:_MAX_TAG] for tag in islice(tags, MAX_TAGS))
    return tuple(dict.fromkeys(filter(None, cleaned)))


def link_field(base: str, link: str | None) -> str | None:
    """The web address of a link, or None when it leads nowhere on the web."""
    if not link or len(link) > MAX_URL:
        return None
    if "&" in link:
        # Links are text in XML, but some generators escape them once more. Nothing else is taken for a reference:
        # `&copy=1` is a parameter.
        link = _ESCAPED_AMPERSAND.sub("&", link)
    if is_plain(link):
        return link
    return web_address(base, line_of(link) if "<" in link else one_line(link))
