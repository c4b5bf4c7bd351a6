"""The bytes of a page that lists something → its tree, or in words why it is no page."""

from __future__ import annotations

from crawler.documents.bombs import Bomb
from crawler.entries import NotAListing
from crawler.pages.other_documents import NotAPage
from crawler.pages.page_tree import PageTree, build_tree


def page_of(body: bytes, *, content_type: str | None) -> PageTree:
    """The page. NotAListing when it cannot be read, or is none."""
    try:
        tree = build_tree(body, content_type=content_type)
    except Bomb as error:
        raise NotAListing(f"The page cannot be read safely: {error}.") from error
    except NotAPage as error:
        raise NotAListing(str(error)) from error
    if tree is None:
        raise NotAListing("The page is empty.")
    return tree
