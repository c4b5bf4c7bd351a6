"""The fast reader: well-formed RSS, RDF and Atom of the usual make, and nothing else.

It refuses whatever it could read differently from feedparser: what it accepts, the two must read alike, and the tests
compare them. A prototype needed a twentieth of feedparser's time on real feeds, and showed that without the gate, or
with a parser that recovers, a fast reader does not agree with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from lxml import etree

from crawler.feeds.raw import RELATIONS, RawEntry, RawFeed

_ATOM = "{http://www.w3.org/2005/Atom}"
_RSS1 = "{http://purl.org/rss/1.0/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_BASE = f"{_XML}base"
_PROLOGUE = 4_000

# Elements of these names in a namespace we do not know might be what feedparser takes for the field.
_DECISIVE_NAMES = "title link guid id pubdate date published updated modified issued created origlink"
_DECISIVE = frozenset(_DECISIVE_NAMES.split())
_HARMLESS = frozenset({f"{_MEDIA}title", "{http://www.itunes.com/dtds/podcast-1.0.dtd}title"})

_Take = Callable[[RawEntry, etree._Element], None]


class Doubtful(Exception):
    """The document is not of the usual make; the tolerant reader must decide."""


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
    if _BASE in root.attrib:
        raise Doubtful("it moves its base address")
    if root.tag == "rss":
        channel = root.find("channel")
        if channel is None or root.find("item") is not None:
            raise Doubtful("the items are not in a channel")
        return _read_channel(channel, islice(channel.iterchildren("item"), limit), "")
    if root.tag == f"{_RDF}RDF":
        channel = root.find(f"{_RSS1}channel")
        if channel is None:
            raise Doubtful("it has no channel")
        return _read_channel(channel, islice(root.iterchildren(f"{_RSS1}item"), limit), _RSS1)
    if root.tag == f"{_ATOM}feed":
        return _read_atom(root, limit)
    raise Doubtful(f"its root is {root.tag}")


def _read_channel(channel: etree._Element, items: Iterator[etree._Element], ns: str) -> RawFeed:
    if _BASE in channel.attrib:
        raise Doubtful("it moves its base address")
    takes = {f"{ns}{name}" if name in _IN_RSS_NAMESPACE else name: take for name, take in _ITEM_FIELDS.items()}
    return RawFeed(
        title=channel.findtext(f"{ns}title"),
        homepage=channel.findtext(f"{ns}link"),
        language=channel.findtext(f"{ns}language") or channel.findtext(f"{_DC}language"),
        ttl=channel.findtext("ttl"),
        links=_other_documents(channel),
        entries=[_read_item(item, takes, about=bool(ns)) for item in items],
    )


def _read_atom(root: etree._Element, limit: int) -> RawFeed:
    takes = dict(_ATOM_FIELDS)
    return RawFeed(
        title=root.findtext(f"{_ATOM}title"),
        homepage=next((link.get("href") for link in root.iterchildren(f"{_ATOM}link") if _is_alternate(link)), None),
        language=root.get(f"{_XML}lang"),
        links=_other_documents(root),
        entries=[_read_atom_entry(entry, takes) for entry in islice(root.iterchildren(f"{_ATOM}entry"), limit)],
    )


def _other_documents(channel: etree._Element) -> dict[str, str]:
    """The first address of each relation that matters."""
    found: dict[str, str] = {}
    for link in channel.iterchildren(f"{_ATOM}link"):
        relation, address = link.get("rel", ""), link.get("href")
        if relation in RELATIONS and address:
            found.setdefault(relation, address)
    return found


def _read_item(item: etree._Element, takes: dict[str, _Take], *, about: bool) -> RawEntry:
    entry = RawEntry()
    _take_fields(entry, item, takes)
    if about and not entry.guid:
        entry.guid = item.get(f"{_RDF}about")
    if entry.link is None:
        entry.link = _permalink(item)
    return _checked(entry)


def _read_atom_entry(element: etree._Element, takes: dict[str, _Take]) -> RawEntry:
    entry = RawEntry()
    _take_fields(entry, element, takes)
    if entry.published is None:
        entry.published, entry.modified = entry.modified, None
    return _checked(entry)


def _take_fields(entry: RawEntry, item: etree._Element, takes: dict[str, _Take]) -> None:
    """Does with each child of an entry what is to be done; `takes` learns the names it did not know."""
    if item.get(_BASE) is not None:
        raise Doubtful("an entry moves its base address")
    once: set[_Take] = set()
    for child in item:
        tag = child.tag
        take = takes.get(tag)
        if take is None:
            if not isinstance(tag, str):  # a processing instruction, different each time
                continue
            take = takes[tag] = _refuse if _is_decisive(tag) else _ignore
        if take is _ignore:
            continue
        if take in _ONCE:
            if take in once or len(child):
                raise Doubtful(f"an entry has more than one plain {tag}")
            once.add(take)
        take(entry, child)


def _is_decisive(tag: str) -> bool:
    return tag not in _HARMLESS and tag.rpartition("}")[2].lower() in _DECISIVE


def _refuse(entry: RawEntry, element: etree._Element) -> None:
    raise Doubtful(f"an entry has an unusual {element.tag}")


def _ignore(entry: RawEntry, element: etree._Element) -> None:
    pass


def _permalink(item: etree._Element) -> str | None:
    guid = item.find("guid")
    if guid is None or guid.get("isPermaLink", "true").strip().lower() != "true":
        return None
    return _text(guid)


def _checked(entry: RawEntry) -> RawEntry:
    if entry.title is None or not entry.link:
        raise Doubtful("an entry has no title or link")
    return entry


def _text(element: etree._Element) -> str | None:
    text = element.text
    return text.strip() or None if text else None


def _is_alternate(link: etree._Element) -> bool:
    return link.get("rel", "alternate") == "alternate" and bool(link.get("href"))


def _take_guid(entry: RawEntry, element: etree._Element) -> None:
    entry.guid = _text(element)


def _take_summary(entry: RawEntry, element: etree._Element) -> None:
    entry.summary = _text(element)


def _take_content(entry: RawEntry, element: etree._Element) -> None:
    entry.content = _text(element)


def _take_atom_published(entry: RawEntry, element: etree._Element) -> None:
    entry.published = _text(element)


def _take_modified(entry: RawEntry, element: etree._Element) -> None:
    entry.modified = _text(element)


def _take_author(entry: RawEntry, element: etree._Element) -> None:
    if len(element):
        raise Doubtful("an author holds elements")
    if entry.author is None:
        entry.author = _text(element)


def _take_published(entry: RawEntry, element: etree._Element) -> None:
    """The item's own date, which outranks a Dublin Core one on either side of it."""
    if written := _text(element):
        entry.modified = entry.published
        entry.published = written


def _take_dublin_core_date(entry: RawEntry, element: etree._Element) -> None:
    """What feedparser takes for the time of the last change, and of publication where there is no other."""
    if entry.published is None:
        entry.published = _text(element)
    else:
        entry.modified = _text(element)


def _take_title(entry: RawEntry, element: etree._Element) -> None:
    entry.title = element.text or ""


def _take_link(entry: RawEntry, element: etree._Element) -> None:
    entry.link = _text(element)


def _take_other_link(entry: RawEntry, element: etree._Element) -> None:
    """An Atom link in an RSS item: harmless, if it says that it is not the item's own."""
    if element.get("rel", "alternate") == "alternate" or not element.get("href"):
        _refuse(entry, element)


def _take_atom_link(entry: RawEntry, element: etree._Element) -> None:
    if _BASE in element.attrib:
        raise Doubtful("a link moves its base address")
    if _is_alternate(element):
        if entry.link is not None:
            raise Doubtful("an entry has more than one link")
        entry.link = element.get("href")
    elif element.get("rel") == "enclosure":
        _take_enclosure(entry, element)


def _take_atom_author(entry: RawEntry, element: etree._Element) -> None:
    entry.author = entry.author or element.findtext(f"{_ATOM}name")


def _take_tag(entry: RawEntry, element: etree._Element) -> None:
    """RSS writes it as text, Atom as attributes."""
    if label := _text(element) or element.get("label") or element.get("term"):
        entry.tags.append(label)


def _take_enclosure(entry: RawEntry, element: etree._Element) -> None:
    if element.get("type", "").startswith("image/") and entry.image is None:
        entry.image = element.get("url") or element.get("href")


def _take_media(entry: RawEntry, element: etree._Element) -> None:
    """Pictures and their captions; YouTube's whole description is in here."""
    if not len(element):
        _take_one_medium(entry, element)
        return
    for node in element.iter(f"{_MEDIA}thumbnail", f"{_MEDIA}content", f"{_MEDIA}description"):
        _take_one_medium(entry, node)


def _take_one_medium(entry: RawEntry, node: etree._Element) -> None:
    if node.tag == f"{_MEDIA}description":
        if caption := _text(node):
            entry.captions.append(caption)
    elif entry.image is None and (node.tag == f"{_MEDIA}thumbnail" or _is_picture(node)):
        entry.image = node.get("url")


def _is_picture(node: etree._Element) -> bool:
    return node.get("medium") == "image" or node.get("type", "").startswith("image/")


_MEDIA_FIELDS = dict.fromkeys(
    (f"{_MEDIA}group", f"{_MEDIA}content", f"{_MEDIA}thumbnail", f"{_MEDIA}description"), _take_media
)
_ONCE: frozenset[_Take] = frozenset(
    {
        *(_take_title, _take_link, _take_guid, _take_published, _take_dublin_core_date, _take_content, _take_summary),
        *(_take_atom_published, _take_modified),
    }
)
# RSS 1.0 has a namespace of its own, the others none.
_IN_RSS_NAMESPACE = frozenset(["title", "link", "guid", "pubDate", "description", "author", "category", "enclosure"])
_ITEM_FIELDS: dict[str, _Take] = {
    "title": _take_title,
    "link": _take_link,
    "guid": _take_guid,
    "pubDate": _take_published,
    f"{_DC}date": _take_dublin_core_date,
    "description": _take_summary,
    _CONTENT: _take_content,
    "author": _take_author,
    f"{_DC}creator": _take_author,
    "category": _take_tag,
    f"{_DC}subject": _take_tag,
    "enclosure": _take_enclosure,
    f"{_ATOM}link": _take_other_link,
    **_MEDIA_FIELDS,
}
_ATOM_FIELDS: dict[str, _Take] = {
    f"{_ATOM}title": _take_title,
    f"{_ATOM}link": _take_atom_link,
    f"{_ATOM}id": _take_guid,
    f"{_ATOM}published": _take_atom_published,
    f"{_ATOM}updated": _take_modified,
    f"{_ATOM}summary": _take_summary,
    f"{_ATOM}content": _take_content,
    f"{_ATOM}author": _take_atom_author,
    f"{_ATOM}category": _take_tag,
    **_MEDIA_FIELDS,
}
