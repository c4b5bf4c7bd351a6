"""The fast reader: well-formed RSS, RDF and Atom of the usual make, and nothing else.

It refuses whatever it could read differently from feedparser: what it accepts, the two must read alike, and the tests
compare them. A prototype needed a twentieth of feedparser's time on real feeds, and showed that without the gate, or
with a parser that recovers, a fast reader does not agree with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from crawler.documents.addresses import web_address
from crawler.documents.dates import parse_date
from crawler.feeds.raw import RawEntry, RawFeed

_ATOM = "{http://www.w3.org/2005/Atom}"
_RSS1 = "{http://purl.org/rss/1.0/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_XML = "{http://www.w3.org/XML/1998/namespace}"

# Elements of these names in a namespace we do not know might be what feedparser takes for the field.
_DECISIVE_NAMES = "title link guid id pubdate date published updated modified issued created origlink"
_DECISIVE = frozenset(_DECISIVE_NAMES.split())
_HARMLESS = frozenset({f"{_MEDIA}title", "{http://www.itunes.com/dtds/podcast-1.0.dtd}title"})


class Doubtful(Exception):
    """The document is not of the usual make; the tolerant reader must decide."""


def read_strictly(text: str, *, url: str) -> RawFeed:
    """The feed in `text` (which carries no XML declaration); Doubtful when there is the least doubt."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Doubtful("it defines a document type")
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=False,
        huge_tree=False,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise Doubtful(str(error)) from None
    feed = _read_root(root, url)
    if not feed.entries:
        raise Doubtful("it lists nothing")
    return feed


def _read_root(root: etree._Element, url: str) -> RawFeed:
    if f"{_XML}base" in root.attrib:
        raise Doubtful("it moves its base address")
    if root.tag == "rss":
        channel = root.find("channel")
        if channel is None or root.find("item") is not None:
            raise Doubtful("the items are not in a channel")
        return _read_channel(channel, channel.iterfind("item"), "", url)
    if root.tag == f"{_RDF}RDF":
        channel = root.find(f"{_RSS1}channel")
        if channel is None:
            raise Doubtful("it has no channel")
        return _read_channel(channel, root.iterfind(f"{_RSS1}item"), _RSS1, url)
    if root.tag == f"{_ATOM}feed":
        return _read_atom(root, url)
    raise Doubtful(f"its root is {root.tag}")


def _read_channel(channel: etree._Element, items: Iterator[etree._Element], ns: str, url: str) -> RawFeed:
    return RawFeed(
        title=channel.findtext(f"{ns}title"),
        homepage=channel.findtext(f"{ns}link"),
        language=channel.findtext(f"{ns}language") or channel.findtext(f"{_DC}language"),
        ttl=channel.findtext("ttl"),
        entries=[_read_item(item, ns, url) for item in items],
    )


def _read_atom(root: etree._Element, url: str) -> RawFeed:
    home = next((link.get("href") for link in root.iterfind(f"{_ATOM}link") if _is_alternate(link)), None)
    return RawFeed(
        title=root.findtext(f"{_ATOM}title"),
        homepage=home,
        language=root.get(f"{_XML}lang"),
        entries=[_read_atom_entry(entry, url) for entry in root.iterfind(f"{_ATOM}entry")],
    )


def _read_item(item: etree._Element, ns: str, url: str) -> RawEntry:
    entry = RawEntry()
    seen: set[str] = set()
    permalink = None
    for child in item:
        tag = child.tag[len(ns) :] if ns and child.tag.startswith(ns) else child.tag
        take = _ITEM_FIELDS.get(tag)
        if take is None:
            _refuse_decisive(child)
            continue
        if tag in _ONCE:
            _check_once(tag, child, seen)
        if tag == "guid" and child.get("isPermaLink", "true").strip().lower() == "true":
            permalink = _text(child)
        take(entry, child)
    if ns and not entry.guid:
        entry.guid = item.get(f"{_RDF}about")
    if entry.link is None:
        entry.link = permalink
    return _checked(entry, url)


def _read_atom_entry(element: etree._Element, url: str) -> RawEntry:
    if f"{_XML}base" in element.attrib:
        raise Doubtful("an entry moves its base address")
    entry = RawEntry()
    seen: set[str] = set()
    updated = None
    for child in element:
        tag = child.tag[len(_ATOM) :] if child.tag.startswith(_ATOM) else child.tag
        take = _ATOM_FIELDS.get(tag)
        if tag in ("title", "id", "published", "updated", "summary", "content"):
            _check_once(tag, child, seen)
        if tag == "updated":
            updated = _text(child)
        elif take is not None:
            take(entry, child)
        else:
            _refuse_decisive(child)
    entry.published = entry.published or updated
    return _checked(entry, url)


def _check_once(tag: str, element: etree._Element, seen: set[str]) -> None:
    if tag in seen or len(element):
        raise Doubtful(f"an entry has more than one plain {tag}")
    seen.add(tag)


def _refuse_decisive(element: etree._Element) -> None:
    tag = element.tag
    if isinstance(tag, str) and tag not in _HARMLESS and tag.rpartition("}")[2].lower() in _DECISIVE:
        raise Doubtful(f"an entry has an unusual {tag}")


def _checked(entry: RawEntry, url: str) -> RawEntry:
    if entry.title is None or not entry.link:
        raise Doubtful("an entry has no title or link")
    if web_address(url, entry.link) is None:
        raise Doubtful("an entry links to something else than the web")
    if entry.published and parse_date(entry.published) is None:
        raise Doubtful("an entry's date is unusual")
    return entry


def _text(element: etree._Element) -> str | None:
    return (element.text or "").strip() or None


def _is_alternate(link: etree._Element) -> bool:
    return link.get("rel", "alternate") == "alternate" and bool(link.get("href"))


def _take_text(name: str) -> Callable[[RawEntry, etree._Element], None]:
    def take(entry: RawEntry, element: etree._Element) -> None:
        if not len(element) and getattr(entry, name) is None:
            setattr(entry, name, _text(element))
        elif len(element):
            raise Doubtful(f"{name} holds elements")

    return take


def _take_published(entry: RawEntry, element: etree._Element) -> None:
    """The item's own date, which outranks a Dublin Core one on either side of it."""
    entry.published = _text(element) or entry.published


def _take_title(entry: RawEntry, element: etree._Element) -> None:
    entry.title = element.text or ""


def _take_link(entry: RawEntry, element: etree._Element) -> None:
    entry.link = _text(element)


def _take_atom_link(entry: RawEntry, element: etree._Element) -> None:
    if f"{_XML}base" in element.attrib:
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
    if label := element.get("label") or element.get("term") or _text(element):
        entry.tags.append(label)


def _take_enclosure(entry: RawEntry, element: etree._Element) -> None:
    if element.get("type", "").startswith("image/") and entry.image is None:
        entry.image = element.get("url") or element.get("href")


def _take_media(entry: RawEntry, element: etree._Element) -> None:
    """Pictures and their captions; YouTube's whole description is in here."""
    for node in element.iter(f"{_MEDIA}thumbnail", f"{_MEDIA}content", f"{_MEDIA}description"):
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
_ONCE = frozenset({"title", "link", "guid", "pubDate", f"{_DC}date", _CONTENT, "description"})
_ITEM_FIELDS: dict[str, Callable[[RawEntry, etree._Element], None]] = {
    "title": _take_title,
    "link": _take_link,
    "guid": _take_text("guid"),
    "pubDate": _take_published,
    f"{_DC}date": _take_text("published"),
    "description": _take_text("summary"),
    _CONTENT: _take_text("content"),
    "author": _take_text("author"),
    f"{_DC}creator": _take_text("author"),
    "category": _take_tag,
    f"{_DC}subject": _take_tag,
    "enclosure": _take_enclosure,
    **_MEDIA_FIELDS,
}
_ATOM_FIELDS: dict[str, Callable[[RawEntry, etree._Element], None]] = {
    "title": _take_title,
    "link": _take_atom_link,
    "id": _take_text("guid"),
    "published": _take_text("published"),
    "updated": _take_text("published"),
    "summary": _take_text("summary"),
    "content": _take_text("content"),
    "author": _take_atom_author,
    "category": _take_tag,
    **_MEDIA_FIELDS,
}
