"""Page bytes → Page: title, text and everything else an article is remembered by."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import TypeVar
from zoneinfo import ZoneInfo

from crawler.documents.bombs import Bomb
from crawler.pages.article_text import article_text
from crawler.pages.blocks import joined, read_blocks
from crawler.pages.languages import language_of
from crawler.pages.metadata import authors, canonical_url, description, image_url, people, read_metadata, section, tags
from crawler.pages.missing import what_is_missing
from crawler.pages.other_documents import NotAPage
from crawler.pages.page_dates import DateHints, FoundDate, modified, published
from crawler.pages.page_tree import PageTree, build_tree
from crawler.pages.recurring import without_recurring
from crawler.pages.ruled import date_by_rule, drop_removed, line_by_rule, text_by_rule
from crawler.pages.site_rules import SiteRules
from crawler.pages.structured_data import read_structured_data
from crawler.pages.titles import choose_title
from monitors.articles import DateConfidence, DateOrigin
from monitors.text.cleaning import clean, one_line

MAX_TEXT = 200_000

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says about its article. Strings are plain clean text, empty or None when there is nothing.

    `text` has paragraphs separated by blank lines. Times are UTC; `modified_at` is None unless it is after
    `published_at`. `complete` is False when the text is missing or only a part; `note` then says why in words, and the
    feed entry's own text should serve. A note on a complete page tells of a rule that found nothing.
    """

    canonical_url: str
    title: str = ""
    text: str = ""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_origin: DateOrigin | None = None
    published_confidence: DateConfidence | None = None
    modified_at: datetime | None = None
    modified_origin: DateOrigin | None = None
    modified_confidence: DateConfidence | None = None
    language: str | None = None
    section: str | None = None
    image_url: str | None = None
    tags: tuple[str, ...] = ()
    description: str | None = None
    complete: bool = False
    note: str | None = None


def extract_article(
    html: bytes,
    *,
    url: str,
    content_type: str | None,
    rules: SiteRules | None = None,
    time_zone: str | None = None,
    seen_at: datetime | None = None,
    recurring: Collection[int] = (),
) -> Page:
    """The article on a page. Never fails: what cannot be read gives an incomplete Page with a note.

    `rules` are the outlet's own and win wherever they find something. `time_zone` (IANA) is for times without an
    offset, if the rules name none; an unknown one counts as UTC. `seen_at`: when the page was fetched; "two hours ago"
    is reckoned from there, and no article is published after it. `recurring`: see `recurring.recurring_lines`.
    """
    try:
        tree = build_tree(html, content_type=content_type)
    except Bomb as error:
        return Page(url, note=f"The page cannot be read safely: {error}.")
    except NotAPage as error:
        return Page(url, note=str(error))
    if tree is None:
        return Page(url, note="The page is empty.")
    rules = rules or SiteRules()
    zone = _zone(rules.time_zone or time_zone)
    return _read(tree, url, rules, DateHints(seen_at, zone, rules.day_first, rules.calendar), recurring)


def _read(tree: PageTree, url: str, rules: SiteRules, hints: DateHints, recurring: Collection[int]) -> Page:
    data = read_structured_data(tree.json_ld)
    metadata = read_metadata(tree.root, data, url=url)
    drop_removed(tree.root, rules)
    blocks = read_blocks(tree.root, skip=lambda element: False)
    ruled = _Ruled(tree, rules)
    title = one_line(ruled.line("title") or choose_title(metadata, data, blocks))
    text = clean(ruled.text(title) or article_text(tree, blocks, title=title))[:MAX_TEXT]
    text = without_recurring(text, recurring)
    date = ruled.date(hints) or published(tree, metadata, data, blocks, hints, title=title)
    change = modified(metadata, data, tree.root, hints, since=date)
    missing = what_is_missing(text, title, blocks, tree, paywalled=data.paywalled)
    return Page(
        canonical_url=canonical_url(metadata),
        title=title,
        text=text,
        authors=tuple(people(ruled.line("author") or "")) or authors(metadata, data, tree.root),
        published_at=date.at if date else None,
        published_origin=date.origin if date else None,
        published_confidence=date.confidence if date else None,
        modified_at=change.at if change else None,
        modified_origin=change.origin if change else None,
        modified_confidence=change.confidence if change else None,
        language=language_of(f"{title}\n{text}", hint=metadata.html_language),
        section=section(metadata, data),
        image_url=image_url(metadata, data),
        tags=tags(metadata, data, tree.root),
        description=description(metadata, data),
        complete=missing is None,
        note=missing or ruled.note,
    )


class _Ruled:
    """The outlet's rules on one page; remembers which of them found nothing."""

    def __init__(self, tree: PageTree, rules: SiteRules) -> None:
        self._root = tree.root
        self._rules = rules
        self._empty: list[str] = []

    def line(self, name: str) -> str | None:
        selector: str | None = getattr(self._rules, name)
        return self._kept(name, line_by_rule(self._root, selector)) if selector else None

    def text(self, title: str) -> str | None:
        selector = self._rules.text
        return self._kept("text", joined(text_by_rule(self._root, selector, title=title))) if selector else None

    def date(self, hints: DateHints) -> FoundDate | None:
        selector = self._rules.date
        return self._kept("date", date_by_rule(self._root, selector, hints)) if selector else None

    @property
    def note(self) -> str | None:
        if not self._empty:
            return None
        return f"The outlet's rules for {', '.join(self._empty)} find nothing on this page any more."

    def _kept(self, name: str, found: Found) -> Found:
        if not found:
            self._empty.append(name)
        return found


def _zone(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (KeyError, ValueError, OSError):
        return UTC
