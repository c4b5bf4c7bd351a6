"""Page bytes → Page: title, text and everything else an article is remembered by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from crawler.documents.bombs import Bomb
from crawler.pages.article_text import MIN_TEXT, article_text
from crawler.pages.blocks import Block, read_blocks
from crawler.pages.languages import language_of
from crawler.pages.metadata import author, canonical_url, description, image_url, read_metadata, tags
from crawler.pages.other_documents import NotAPage
from crawler.pages.page_dates import published
from crawler.pages.page_tree import PageTree, build_tree
from crawler.pages.structured_data import read_structured_data
from crawler.pages.titles import choose_title
from monitors.articles import DateOrigin
from monitors.text.cleaning import clean, one_line

MAX_TEXT = 200_000

_ROBOT_CHECK = re.compile(
    r"^(?:just a moment|attention required|access denied|are you a robot|please wait|verify(?:ing)? you are human"
    r"|403 forbidden|checking your browser|one moment, please|security check)\b",
    re.IGNORECASE,
)
# Below this even a breaking-news line is more likely a page that shows nothing.
_SHORTEST_NEWS = 60


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says about its article. Strings are plain clean text, empty or None when there is nothing.

    `text` has paragraphs separated by blank lines. `published_at` is UTC. `complete` is False when the text is
    missing or only a part; `note` then says why in words, and the feed entry's own text should serve.
    """

    canonical_url: str
    title: str
    text: str
    author: str | None
    published_at: datetime | None
    published_origin: DateOrigin | None
    language: str | None
    image_url: str | None
    tags: tuple[str, ...]
    description: str | None
    complete: bool
    note: str | None


def extract_article(html: bytes, *, url: str, content_type: str | None) -> Page:
    """The article on a page. Never fails: what cannot be read gives an incomplete Page with a note."""
    try:
        tree = build_tree(html, content_type=content_type)
    except Bomb as error:
        return _empty(url, f"The page cannot be read safely: {error}.")
    except NotAPage as error:
        return _empty(url, str(error))
    if tree is None:
        return _empty(url, "The page is empty.")
    return _read(tree, url)


def _read(tree: PageTree, url: str) -> Page:
    data = read_structured_data(tree.json_ld)
    metadata = read_metadata(tree.root, data, url=url)
    blocks = read_blocks(tree.root, skip=lambda element: False)
    title = one_line(choose_title(metadata, data, blocks))
    text = clean(article_text(tree, blocks, title=title))[:MAX_TEXT]
    date = published(tree, metadata, data, blocks, title=title)
    note = _what_is_missing(text, title, blocks, scripts=tree.scripts, paywalled=data.paywalled)
    return Page(
        canonical_url=canonical_url(metadata),
        title=title,
        text=text,
        author=author(metadata, data, tree.root),
        published_at=date.at if date else None,
        published_origin=date.origin if date else None,
        language=language_of(f"{title}\n{text}", hint=metadata.html_language),
        image_url=image_url(metadata, data),
        tags=tags(metadata, data, tree.root),
        description=description(metadata, data),
        complete=note is None,
        note=note,
    )


def _what_is_missing(text: str, title: str, blocks: list[Block], *, scripts: int, paywalled: bool) -> str | None:
    if _ROBOT_CHECK.match(title):
        return "The outlet answered with a check for robots instead of the article."
    if paywalled and len(text) < 5 * MIN_TEXT:
        return "The page shows only the beginning of the article; the rest is for subscribers."
    if len(text) >= MIN_TEXT or (len(text) >= _SHORTEST_NEWS and text.rstrip("”»\"'")[-1:] in ".!؟?…"):
        return None
    if scripts and sum(len(block.text) for block in blocks) < 2 * MIN_TEXT:
        return "The page is filled in by scripts, so its text could not be read."
    return "No article text was found on the page."


def _empty(url: str, note: str) -> Page:
    return Page(
        canonical_url=url,
        title="",
        text="",
        author=None,
        published_at=None,
        published_origin=None,
        language=None,
        image_url=None,
        tags=(),
        description=None,
        complete=False,
        note=note,
    )
