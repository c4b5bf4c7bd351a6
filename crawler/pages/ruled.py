"""What an outlet's own rules find on a page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from crawler.documents.fragments import line_of
from crawler.pages.blocks import Block, read_blocks
from crawler.pages.boilerplate import without_furniture
from crawler.pages.page_dates import DateHints, FoundDate
from crawler.pages.site_rules import SiteRules
from monitors.articles import DateConfidence, DateOrigin

_MAX_LINE = 500


def drop_removed(root: HtmlElement, rules: SiteRules) -> None:
    """Take what the rules remove out of the tree; the words behind an element stay."""
    for selector in rules.remove:
        for element in _matches(root, selector):
            if element.getparent() is not None:
                element.drop_tree()


def text_by_rule(root: HtmlElement, selector: str, *, title: str) -> list[Block]:
    """The lines of all matches, furniture apart; a match within a match counts once."""
    matches = _matches(root, selector)
    inner = {descendant for match in matches for descendant in match.iterdescendants()} if len(matches) > 1 else set()
    blocks = [
        block
        for match in matches
        if match not in inner
        for block in read_blocks(match, skip=lambda element: element.tag in ("form", "nav", "figcaption"))
    ]
    return without_furniture(blocks, title=title)


def line_by_rule(root: HtmlElement, selector: str) -> str | None:
    """The words of the first match that holds any."""
    return next(_lines(root, selector), None)


def date_by_rule(root: HtmlElement, selector: str, hints: DateHints) -> FoundDate | None:
    """The date in the first match that holds one: in its attributes, else in its words."""
    for element in _matches(root, selector):
        for attribute in ("datetime", "content"):
            if (written := element.get(attribute)) and (found := hints.read_timestamp(written)):
                exact = found.has_time and found.has_zone
                confidence = DateConfidence.HIGH if exact else DateConfidence.MEDIUM
                return FoundDate(found.at, DateOrigin.MARKUP, confidence)
        if found := hints.read(line_of(element.text_content()[:_MAX_LINE])):
            # The place is certain, which makes up for the words.
            return FoundDate(found.at, DateOrigin.TEXT, DateConfidence.MEDIUM if found.certain else DateConfidence.LOW)
    return None


def _lines(root: HtmlElement, selector: str) -> Iterator[str]:
    for element in _matches(root, selector):
        if line := line_of((element.get("content") or element.text_content())[:_MAX_LINE]):
            yield line


def _matches(root: HtmlElement, selector: str) -> list[HtmlElement]:
    found = _compiled(selector)(root)
    return [element for element in found if isinstance(element, HtmlElement)] if isinstance(found, list) else []


@lru_cache(maxsize=256)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")
