"""A feed as its document says it, before anything is cleaned, resolved or bounded: what the readers give."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class RawEntry:
    """One entry, every field as written; fields are None when the document has no such element.

    `modified` is there only beside `published`. Titles, summaries, contents and names are HTML.
    """

    guid: str | None = None
    link: str | None = None
    title: str | None = None
    published: str | None = None
    modified: str | None = None
    summary: str | None = None
    content: str | None = None
    captions: list[str] = field(default_factory=list)
    author: str | None = None
    image: str | None = None
    tags: list[str] = field(default_factory=list)


@dataclass(slots=True)
class RawFeed:
    """`ttl` is in minutes (RSS 2.0). `links` are the addresses of the feed's other documents by their relation.

    `cut` says that the document ends before its feed does.
    """

    title: str | None = None
    homepage: str | None = None
    language: str | None = None
    ttl: str | None = None
    links: dict[str, str] = field(default_factory=dict)
    entries: list[RawEntry] = field(default_factory=list)
    cut: bool = False


RELATIONS = frozenset({"hub", "self", "next", "prev-archive"})
"""What is kept in `RawFeed.links`: WebSub's hub and topic, RFC 5005's pages with older entries."""
