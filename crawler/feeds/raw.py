"""A feed as its document says it, before anything is cleaned, resolved or bounded: what the readers give."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class RawEntry:
    """One entry, every field as written; fields are None when the document has no such element."""

    guid: str | None = None
    link: str | None = None
    title: str | None = None
    published: str | None = None
    summary: str | None = None
    content: str | None = None
    captions: list[str] = field(default_factory=list)
    author: str | None = None
    image: str | None = None
    tags: list[str] = field(default_factory=list)


@dataclass(slots=True)
class RawFeed:
    """`ttl` is in minutes (RSS 2.0)."""

    title: str | None = None
    homepage: str | None = None
    language: str | None = None
    ttl: str | None = None
    entries: list[RawEntry] = field(default_factory=list)
