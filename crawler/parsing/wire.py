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
from crawler.opml.outlines import BadRow, OutletList
from crawler.opml.reading import read_opml
from crawler.pages.extraction import Page
from crawler.pages.links import FeedLink, PageLinks, find_feed_links
from crawler.sites.reading import extract_article, read_listing
from monitors.articles import DateConfidence, DateOrigin
from monitors.outlet_lists import Row
from monitors.outlets import SourceKind

Result = TypeVar("Result", Listing, Page, PageLinks, OutletList)

PARSERS: dict[str, Callable[..., Listing | Page | PageLinks | OutletList]] = {
    "read_listing": read_listing,
    "extract_article": extract_article,
    "find_feed_links": find_feed_links,
    "read_opml": read_opml,
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


Answer = Listing | Page | PageLinks | OutletList | Refused


def encode_request(task: str, arguments: dict[str, Any], *, size: int, cpu_s: float) -> bytes:
    """What goes before a body of `size` bytes. `cpu_s` is the CPU time after which the child is ended."""
    header = json.dumps({"task": task, "arguments": arguments, "cpu_s": cpu_s}).encode()
    return _LENGTHS.pack(len(header), size) + header


@dataclass(frozen=True, slots=True)
class Request:
    task: str
    arguments: dict[str, Any]
    cpu_s: float
    body: bytes


def read_request(stream: BinaryIO) -> Request | None:
    """The next request; None when the input has ended, even within one."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    header_length, body_length = _LENGTHS.unpack(lengths)
    header, body = stream.read(header_length), stream.read(body_length)
    if len(body) < body_length or len(header) < header_length:
        return None
    return Request(**json.loads(header), body=body)


def write_answer(stream: BinaryIO, answer: Answer) -> None:
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


def decode_answer(payload: bytes) -> Answer:
    """The answer; KeyError, TypeError or ValueError when it is none of ours."""
    answer = json.loads(payload)
    return _BUILDERS[answer["type"]](answer["value"])


def _encode(answer: Answer) -> bytes:
    tagged = {"type": type(answer).__name__, "value": asdict(answer)}
    return json.dumps(tagged, default=_plain, ensure_ascii=False).encode("utf-8", "replace")


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no plain form")


def _listing(value: dict[str, Any]) -> Listing:
    entries = tuple(_entry(entry) for entry in value["entries"])
    return Listing(**{**value, "entries": entries, "more": tuple(value["more"]), "past": tuple(value["past"])})


def _entry(value: dict[str, Any]) -> Entry:
    times = {name: _time(value[name]) for name in ("published_at", "modified_at")}
    return Entry(**{**value, **times, "tags": tuple(value["tags"])})


def _page(value: dict[str, Any]) -> Page:
    built = dict(value)
    for name in ("published", "modified"):
        at, origin, confidence = (value[f"{name}_{part}"] for part in ("at", "origin", "confidence"))
        built[f"{name}_at"] = _time(at)
        built[f"{name}_origin"] = DateOrigin(origin) if origin else None
        built[f"{name}_confidence"] = DateConfidence(confidence) if confidence else None
    return Page(**{**built, "authors": tuple(value["authors"]), "tags": tuple(value["tags"])})


def _links(value: dict[str, Any]) -> PageLinks:
    feeds = tuple(FeedLink(**feed) for feed in value["feeds"])
    return PageLinks(**{**value, "feeds": feeds, "sitemaps": tuple(value["sitemaps"])})


def _outlets(value: dict[str, Any]) -> OutletList:
    rows = tuple(_row(row) for row in value["rows"])
    return OutletList(value["title"], rows, tuple(BadRow(**row) for row in value["bad"]))


def _row(value: dict[str, Any]) -> Row:
    kind = value["kind"]
    return Row(**{**value, "kind": SourceKind(kind) if kind else None, "folders": tuple(value["folders"])})


def _time(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


_BUILDERS: dict[str, Callable[[dict[str, Any]], Answer]] = {
    "Listing": _listing,
    "Page": _page,
    "PageLinks": _links,
    "OutletList": _outlets,
    "Refused": lambda value: Refused(**value),
}
