"""The fast reader: well-formed RSS, RDF and Atom of the usual make, and nothing else.

It refuses whatever it could read differently from feedparser: what it accepts, the two must read alike, and the tests
compare them. A prototype needed a twentieth of feedparser's time on real feeds, and showed that without the gate, or
with a parser that recovers, a fast reader does not agree with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from lxml import etree

from crawler.feeds.elements import (
    ATOM,
    ATOM_FIELDS,
    BASE,
    DC,
    IN_RSS_NAMESPACE,
    ITEM_FIELDS,
    MEDIA,
    ONCE,
    RDF,
    RSS1,
    XML,
    Doubtful,
    Take,
    ignore,
    is_alternate,
    plain_text,
    refuse,
)
from crawler.feeds.raw import RELATIONS, RawEntry, RawFeed

_PROLOGUE = 4_000

# Elements of these names in a namespace we do not know might be what feedparser takes for the field.
_DECISIVE_NAMES = "title link guid id pubdate date published updated modified issued created origlink"
_DECISIVE = frozenset(_DECISIVE_NAMES.split())
_HARMLESS = frozenset({f"{MEDIA}title", "{http://www.itunes.com/dtds/podcast-1.0.dtd}title"})


def read_strictly(utf8: bytes, limit: int) -> RawFeed:
    """At most `limit` entries of the feed in `utf8`, which carries no XML declaration. Doubtful at the least doubt."""
    # A document type stands before anything else; one that is hidden behind long comments is found below.
    if b"<!DOCTYPE" in utf8[:_PROLOGUE]:
        raise Doubtful("it defines a document type")
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=False,
        huge_tree=False,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(utf8, parser)
    except etree.XMLSyntaxError as error:
        raise Doubtful(str(error)) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Doubtful("it defines a document type")
    feed = _read_root(root, limit)
    if not feed.entries:
        raise Doubtful("it lists nothing")
    return feed


def _read_root(root: etree._Element, limit: int) -> RawFeed:
    if BASE in root.attrib:
        raise Doubtful("it moves its base address")
    if root.tag == "rss":
        channel = root.find("channel")
        if channel is None or root.find("item") is not None:
            raise Doubtful("the items are not in a channel")
        return _read_channel(channel, islice(channel.iterchildren("item"), limit), "")
    if root.tag == f"{RDF}RDF":
        channel = root.find(f"{RSS1}channel")
        if channel is None:
            raise Doubtful("it has no channel")
        return _read_channel(channel, islice(root.iterchildren(f"{RSS1}item"), limit), RSS1)
    if root.tag == f"{ATOM}feed":
        return _read_atom(root, limit)
    raise Doubtful(f"its root is {root.tag}")


def _read_channel(channel: etree._Element, items: Iterator[etree._Element], ns: str) -> RawFeed:
    if BASE in channel.attrib:
        raise Doubtful("it moves its base address")
    takes = {f"{ns}{name}" if name in IN_RSS_NAMESPACE else name: take for name, take in ITEM_FIELDS.items()}
    return RawFeed(
        title=channel.findtext(f"{ns}title"),
        homepage=channel.findtext(f"{ns}link"),
        language=channel.findtext(f"{ns}language") or channel.findtext(f"{DC}language"),
        ttl=channel.findtext("ttl"),
        links=_other_documents(channel),
        entries=[_read_item(item, takes, about=bool(ns)) for item in items],
    )


def _read_atom(root: etree._Element, limit: int) -> RawFeed:
    takes = dict(ATOM_FIELDS)
    return RawFeed(
        title=root.findtext(f"{ATOM}title"),
        homepage=next((link.get("href") for link in root.iterchildren(f"{ATOM}link") if is_alternate(link)), None),
        language=root.get(f"{XML}lang"),
        links=_other_documents(root),
        entries=[_read_atom_entry(entry, takes) for entry in islice(root.iterchildren(f"{ATOM}entry"), limit)],
    )


def _other_documents(channel: etree._Element) -> dict[str, str]:
    """The first address of each relation that matters."""
    found: dict[str, str] = {}
    for link in channel.iterchildren(f"{ATOM}link"):
        relation, address = link.get("rel", ""), link.get("href")
        if relation in RELATIONS and address:
            found.setdefault(relation, address)
    return found


def _read_item(item: etree._Element, takes: dict[str, Take], *, about: bool) -> RawEntry:
    entry = RawEntry()
    _take_fields(entry, item, takes)
    if about and not entry.guid:
        entry.guid = item.get(f"{RDF}about")
    if entry.link is None:
        entry.link = _permalink(item)
    return _checked(entry)


def _read_atom_entry(element: etree._Element, takes: dict[str, Take]) -> RawEntry:
    entry = RawEntry()
    _take_fields(entry, element, takes)
    if entry.published is None:
        entry.published, entry.modified = entry.modified, None
    return _checked(entry)


def _take_fields(entry: RawEntry, item: etree._Element, takes: dict[str, Take]) -> None:
    """Does with each child of an entry what is to be done; `takes` learns the names it did not know."""
    if item.get(BASE) is not None:
        raise Doubtful("an entry moves its base address")
    once: set[Take] = set()
    for child in item:
        tag = child.tag
        take = takes.get(tag)
        if take is None:
            if not isinstance(tag, str):  # a processing instruction, different each time
                continue
            take = takes[tag] = refuse if _is_decisive(tag) else ignore
        if take is ignore:
            continue
        if take in ONCE:
            if take in once or len(child):
                raise Doubtful(f"an entry has more than one plain {tag}")
            once.add(take)
        take(entry, child)


def _is_decisive(tag: str) -> bool:
    return tag not in _HARMLESS and tag.rpartition("}")[2].lower() in _DECISIVE


def _permalink(item: etree._Element) -> str | None:
    guid = item.find("guid")
    if guid is None or guid.get("isPermaLink", "true").strip().lower() != "true":
        return None
    return plain_text(guid)


def _checked(entry: RawEntry) -> RawEntry:
    if entry.title is None or not entry.link:
        raise Doubtful("an entry has no title or link")
    return entry
