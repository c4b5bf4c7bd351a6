"""What passes between the pool and its children: a length-prefixed JSON header and raw bytes in, JSON out.

JSON, for whoever takes over a child must not gain more than the say over one document; pickle would hand over the
parent.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, BinaryIO, TypeVar

from crawler.entries import Entry, Listing, NotAListing
from crawler.pages.extraction import Page
from crawler.pages.links import FeedLink, PageLinks, find_feed_links
from crawler.sites.reading import extract_article, read_listing
from monitors.articles import DateOrigin

Result = TypeVar("Result", Listing, Page, PageLinks)

PARSERS: dict[str, Callable[..., Listing | Page | PageLinks]] = {
    "read_listing": read_listing,
    "extract_article": extract_article,
    "find_feed_links": find_feed_links,
}
# What a child says first, once it has started.
READY = b"ready\n"
# Both ends hold to it: the parent must not choke on an answer, and does not trust the child to think of that.
MAX_ANSWER = 32 << 20
_LENGTHS = struct.Struct(">II")
_LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Refused:
    """A parser's exception as data: `kind` is "NotAListing" or "ParsingFailed", `reason` is in words."""

    kind: str
    reason: str

    @classmethod
    def by(cls, error: Exception) -> Refused:
        if isinstance(error, NotAListing):
            return cls("NotAListing", str(error))
        return cls("ParsingFailed", f"The document could not be read ({type(error).__name__}).")


def encode_request(task: str, body: bytes, arguments: dict[str, Any]) -> bytes:
    header = json.dumps({"task": task, "arguments": arguments}).encode()
    return _LENGTHS.pack(len(header), len(body)) + header + body


def read_request(stream: BinaryIO) -> tuple[str, dict[str, Any], bytes] | None:
    """The next request; None when the input has ended, even within one."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    header_length, body_length = _LENGTHS.unpack(lengths)
    header, body = stream.read(header_length), stream.read(body_length)
    if len(body) < body_length or len(header) < header_length:
        return None
    request = json.loads(header)
    return request["task"], request["arguments"], body


def write_answer(stream: BinaryIO, answer: Listing | Page | PageLinks | Refused) -> None:
    payload = _encode(answer)
    if len(payload) > MAX_ANSWER:
        payload = _encode(Refused("ParsingFailed", "The document holds more text than can be handled."))
    stream.write(_LENGTH.pack(len(payload)) + payload)
    stream.flush()


def answer_length(prefix: bytes) -> int:
    """The length a child announces; ValueError when it is absurd."""
    length: int = _LENGTH.unpack(prefix)[0]
    if length > MAX_ANSWER:
        raise ValueError(f"a parsing child announced an answer of {length} bytes")
    return length


def decode_answer(payload: bytes) -> Listing | Page | PageLinks | Refused:
    """The answer; KeyError, TypeError or ValueError when it is none of ours."""
    answer = json.loads(payload)
    return _BUILDERS[answer["type"]](answer["value"])


def _encode(answer: Listing | Page | PageLinks | Refused) -> bytes:
    tagged = {"type": type(answer).__name__, "value": asdict(answer)}
    return json.dumps(tagged, default=_plain, ensure_ascii=False).encode("utf-8", "replace")


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no plain form")


def _listing(value: dict[str, Any]) -> Listing:
    entries = tuple(_entry(entry) for entry in value["entries"])
    return Listing(**{**value, "entries": entries, "more": tuple(value["more"])})


def _entry(value: dict[str, Any]) -> Entry:
    times = {name: _time(value[name]) for name in ("published_at", "modified_at")}
    return Entry(**{**value, **times, "tags": tuple(value["tags"])})


def _page(value: dict[str, Any]) -> Page:
    origin = value["published_origin"]
    return Page(
        **{
            **value,
            "published_at": _time(value["published_at"]),
            "published_origin": DateOrigin(origin) if origin else None,
            "tags": tuple(value["tags"]),
        }
    )


def _links(value: dict[str, Any]) -> PageLinks:
    feeds = tuple(FeedLink(**feed) for feed in value["feeds"])
    return PageLinks(**{**value, "feeds": feeds, "sitemaps": tuple(value["sitemaps"])})


def _time(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


_BUILDERS: dict[str, Callable[[dict[str, Any]], Listing | Page | PageLinks | Refused]] = {
    "Listing": _listing,
    "Page": _page,
    "PageLinks": _links,
    "Refused": lambda value: Refused(**value),
}
