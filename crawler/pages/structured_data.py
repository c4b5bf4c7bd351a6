"""What a page says of itself in JSON-LD (schema.org): the most trustworthy metadata there is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from crawler.documents.fragments import line_of

_ARTICLE_TYPES = re.compile(r"(?:Article|BlogPosting|SocialMediaPosting|LiveBlogPosting|Report|Review)$")
_PUBLISHER_TYPES = re.compile(r"(?:Organization|WebSite)$")
_WRAPPING = re.compile(r"^\s*(?://)?\s*(?:<!--|<!\[CDATA\[)+|(?:(?://)?\s*(?:-->|\]\]>)|;)+\s*$")
_MAX_NODES = 2_000
_MAX_CHARS = 500_000
_MAX_NAMES = 20


@dataclass(frozen=True, slots=True)
class StructuredData:
    """Fields are None or empty when the page does not say. Names are plain text, dates as written."""

    headline: str | None = None
    published: str | None = None
    modified: str | None = None
    section: str | None = None
    authors: tuple[str, ...] = ()
    image_url: str | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    paywalled: bool = False


def read_structured_data(scripts: Iterable[str]) -> StructuredData:
    """The article's data from the contents of a page's JSON-LD scripts; broken scripts are passed over."""
    nodes = [node for script in scripts for node in _nodes(_load(script))]
    article = next((node for node in nodes if _is_a(node, _ARTICLE_TYPES) and node.get("headline")), None)
    article = article or next((node for node in nodes if _is_a(node, _ARTICLE_TYPES)), {})
    page = next((node for node in nodes if _is_a(node, re.compile("WebPage$"))), {})
    publishers = [*_names(article.get("publisher"), nodes)]
    publishers += [name for node in nodes if _is_a(node, _PUBLISHER_TYPES) for name in _names(node, nodes)]
    return StructuredData(
        headline=_line(article.get("headline")) or _line(article.get("name")),
        published=_line(article.get("datePublished") or page.get("datePublished") or article.get("dateCreated")),
        modified=_line(article.get("dateModified") or page.get("dateModified")),
        section=_line(article.get("articleSection")),
        authors=tuple(dict.fromkeys(_names(article.get("author"), nodes))),
        image_url=_address(article.get("image"), nodes) or _address(article.get("thumbnailUrl"), nodes),
        description=_line(article.get("description")),
        tags=tuple(_tags(article)),
        publishers=tuple(dict.fromkeys(publishers)),
        paywalled=str(article.get("isAccessibleForFree", "")).lower() == "false",
    )


def _load(script: str) -> Any:
    try:
        return json.loads(_WRAPPING.sub("", script[:_MAX_CHARS]), strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """Every object at the top, in @graph and as the main entity of another."""
    waiting = [data]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        current = waiting.pop(0)
        if isinstance(current, list):
            waiting += current
        elif isinstance(current, dict):
            yield current
            waiting += [current[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in current]


def _is_a(node: dict[str, Any], types: re.Pattern[str]) -> bool:
    kinds = node.get("@type")
    return any(isinstance(kind, str) and types.search(kind) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _line(value: Any) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    return line_of(value[:5_000]) or None if isinstance(value, str) else None


def _names(value: Any, nodes: list[dict[str, Any]]) -> Iterator[str]:
    """The names of people or organisations, given by name, as objects or by reference."""
    for item in value[:_MAX_NAMES] if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            named = item if "name" in item else _referred(item, nodes)
            name = _line(named.get("name"))
        else:
            name = _line(item)
        if name:
            yield name


def _referred(reference: dict[str, Any], nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """The object an `@id` stands for; empty when it is nowhere."""
    key = reference.get("@id")
    return next((node for node in nodes if key and node is not reference and node.get("@id") == key), {})


def _address(value: Any, nodes: list[dict[str, Any]]) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        referred = _referred(value, nodes)
        value = value.get("url") or value.get("contentUrl") or referred.get("url") or referred.get("contentUrl")
    return value.strip() if isinstance(value, str) and value.strip() else None


def _tags(article: dict[str, Any]) -> Iterator[str]:
    for key in ("articleSection", "keywords"):
        value = article.get(key)
        items = value if isinstance(value, list) else re.split(r"[,،;]", value) if isinstance(value, str) else []
        yield from (tag for item in items if (tag := _line(item)))
