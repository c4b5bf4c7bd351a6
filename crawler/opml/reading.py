"""OPML bytes → the rows in it. Read as a stream, within bounds, in a parsing child.

Files in the wild have bare ampersands, outlines as deep as somebody's folders, and titles in any attribute; what is not
well-formed is read as far as it makes sense. Bombs are refused before a parser sees them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from lxml import etree

from crawler.documents.addresses import web_address
from crawler.documents.bombs import Bomb
from crawler.documents.fragments import line_of
from crawler.documents.xml_text import legal_xml, xml_bytes
from crawler.entries import NotAListing
from crawler.opml.outlines import MAX_BYTES, MAX_DEPTH, MAX_ROWS, BadRow, OutletList
from monitors.outlet_lists import NAMESPACE, Row
from monitors.outlets import SourceKind

MAX_NAME = 200
_DECLARES = re.compile(r"<!(?:DOCTYPE[^>]*\[|ENTITY)", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")
_CODE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def read_opml(body: bytes) -> OutletList:
    """The outlets an OPML file lists. NotAListing says in words why it is none, or why it is refused."""
    if len(body) > MAX_BYTES:
        raise NotAListing(f"The file is larger than {MAX_BYTES >> 20} MB.")
    text, lines_before = _text(body)
    reading = _Reading(lines_before)
    for event, element in _events(text):
        if event == "start":
            reading.enter(element)
        else:
            reading.leave(element)
    if not reading.is_opml:
        raise NotAListing(_what_it_is(text))
    return OutletList(reading.title, tuple(reading.rows.values()), tuple(reading.bad))


def _text(body: bytes) -> tuple[str, int]:
    """The document for the parser, and how many lines of it the parser does not see."""
    try:
        written = xml_bytes(body, content_type=None).decode("utf-8").removeprefix("\ufeff")
    except Bomb as error:
        raise NotAListing(f"This cannot be read safely: {error}.") from error
    if _DECLARES.search(written):
        raise NotAListing("This cannot be read safely: it defines entities.")
    text = _BARE_AMPERSAND.sub("&amp;", legal_xml(written))
    return text, written.count("\n") - text.count("\n")


def _events(text: str) -> Iterator[tuple[str, etree._Element]]:
    events = etree.iterparse(
        BytesIO(text.encode("utf-8")),
        events=("start", "end"),
        recover=True,  # one bad outline must not cost the rest
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        yield from events
    except etree.XMLSyntaxError:  # nothing at all could be recovered
        return


@dataclass(slots=True)
class _Reading:
    """What has been read so far. `folders` are the outlines around the present one."""

    lines_before: int
    is_opml: bool = False
    title: str | None = None
    depth: int = 0
    folders: list[str] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)
    bad: list[BadRow] = field(default_factory=list)

    def enter(self, element: etree._Element) -> None:
        name = _local(element)
        self.is_opml = self.is_opml or (self.depth == 0 and name == "opml")
        self.depth += 1
        if self.depth > MAX_DEPTH + 2:  # below <opml> and <body>
            raise NotAListing(f"Its folders are nested more than {MAX_DEPTH} deep.")
        if name == "outline" and self.is_opml:
            self._take(element)
            self.folders.append(_title(_attributes(element)))

    def leave(self, element: etree._Element) -> None:
        name = _local(element)
        self.depth -= 1
        if name == "outline" and self.folders:
            self.folders.pop()
        elif name == "title" and self.title is None:
            self.title = line_of(element.text or "")[:MAX_NAME] or None
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:  # what has been read is let go of
            del parent[0]

    def _take(self, element: etree._Element) -> None:
        attributes = _attributes(element)
        address = attributes.get("rasid:url") or attributes.get("xmlurl") or ""
        home = attributes.get("htmlurl") or ""
        is_link = attributes.get("type", "").lower() == "link"
        if not address and not home and not is_link:
            return  # a folder
        line = self.lines_before + _line(element)
        if len(self.rows) + len(self.bad) >= MAX_ROWS:
            raise NotAListing(f"It lists more than {MAX_ROWS} outlets. Split it into several files.")
        name = _title(attributes)
        row = _row(attributes, address or home or attributes.get("url", ""), home, bool(address))
        if isinstance(row, str):
            self.bad.append(BadRow(line, name or (address or home)[:MAX_NAME], row))
        elif row.url in self.rows:
            first = self.rows[row.url].line
            self.bad.append(BadRow(line, name or row.url, f"It repeats the address of line {first}."))
        else:
            folders = tuple(filter(None, self.folders))
            self.rows[row.url] = _named(row, name or None, folders, line)


def _row(attributes: dict[str, str], address: str, home: str, is_source: bool) -> Row | str:
    """The row, or in words why it is none."""
    kind = attributes.get("rasid:kind") or SourceKind.FEED
    if kind not in list(SourceKind):
        return f"“{kind[:40]}” is no kind of source; there are {', '.join(SourceKind)}."
    if not address:
        return "It has no address."
    url = web_address("", address)
    if url is None or "@" in url.split("/")[2]:
        return "Its address is not one on the web (http or https), or has a password in it."
    return Row(
        url=url,
        kind=SourceKind(kind) if is_source else None,
        homepage=web_address("", home),
        language=_if(_CODE, attributes.get("language")),
        country=_if(_CODE, attributes.get("rasid:country")),
        time_zone=_if(_ZONE, attributes.get("rasid:timezone")),
    )


def _named(row: Row, name: str | None, folders: tuple[str, ...], line: int) -> Row:
    return Row(row.url, row.kind, name, row.homepage, row.language, row.country, row.time_zone, folders, line)


def _if(shape: re.Pattern[str], value: str | None) -> str | None:
    return value if value and len(value) <= 60 and shape.fullmatch(value) else None


def _title(attributes: dict[str, str]) -> str:
    return line_of((attributes.get("title") or attributes.get("text") or "")[: 4 * MAX_NAME])[:MAX_NAME]


def _attributes(element: etree._Element) -> dict[str, str]:
    """By lower-case name, for not all writers follow the specification; ours with a prefix."""
    return {
        str(name).replace(f"{{{NAMESPACE}}}", "rasid:").lower(): str(value).strip()
        for name, value in element.attrib.items()
    }


def _line(element: etree._Element) -> int:
    line: Any = element.sourceline  # typed as an ellipsis in lxml-stubs
    return int(line or 0)


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _what_it_is(text: str) -> str:
    start = text.lstrip()[:1_000].lower()
    if not start:
        return "The file is empty."
    if start.startswith(("<!doctype html", "<html")):
        return "This is a web page, not a list of outlets (OPML)."
    if start.startswith(("<rss", "<feed", "<rdf")):
        return "This is one feed, not a list of outlets (OPML)."
    return "This is not a list of outlets (OPML)."
