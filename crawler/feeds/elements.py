"""The elements of entries, and what the fast reader takes from each."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from crawler.feeds.raw import RawEntry

ATOM = "{http://www.w3.org/2005/Atom}"
RSS1 = "{http://purl.org/rss/1.0/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
DC = "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
XML = "{http://www.w3.org/XML/1998/namespace}"
BASE = f"{XML}base"

Take = Callable[[RawEntry, etree._Element], None]
"""Puts what an element says into the entry. Raises `Doubtful`."""


class Doubtful(Exception):
    """The document is not of the usual make; the tolerant reader must decide."""


def refuse(entry: RawEntry, element: etree._Element) -> None:
    raise Doubtful(f"an entry has an unusual {element.tag}")


def ignore(entry: RawEntry, element: etree._Element) -> None:
    pass


def plain_text(element: etree._Element) -> str | None:
    text = element.text
    return text.strip() or None if text else None


def is_alternate(link: etree._Element) -> bool:
    return link.get("rel", "alternate") == "alternate" and bool(link.get("href"))


def _take_guid(entry: RawEntry, element: etree._Element) -> None:
    entry.guid = plain_text(element)


def _take_summary(entry: RawEntry, element: etree._Element) -> None:
    entry.summary = plain_text(element)


def _take_content(entry: RawEntry, element: etree._Element) -> None:
    entry.content = plain_text(element)


def _take_atom_published(entry: RawEntry, element: etree._Element) -> None:
    entry.published = plain_text(element)


def _take_modified(entry: RawEntry, element: etree._Element) -> None:
    entry.modified = plain_text(element)


def _take_author(entry: RawEntry, element: etree._Element) -> None:
    if len(element):
        raise Doubtful("an author holds elements")
    if entry.author is None:
        entry.author = plain_text(element)


def _take_published(entry: RawEntry, element: etree._Element) -> None:
    """The item's own date, which outranks a Dublin Core one on either side of it."""
    if written := plain_text(element):
        entry.modified = entry.published
        entry.published = written


def _take_dublin_core_date(entry: RawEntry, element: etree._Element) -> None:
    """What feedparser takes for the time of the last change, and of publication where there is no other."""
    if entry.published is None:
        entry.published = plain_text(element)
    else:
        entry.modified = plain_text(element)


def _take_title(entry: RawEntry, element: etree._Element) -> None:
    entry.title = element.text or ""


def _take_link(entry: RawEntry, element: etree._Element) -> None:
    entry.link = plain_text(element)


def _take_other_link(entry: RawEntry, element: etree._Element) -> None:
    """An Atom link in an RSS item: harmless, if it says that it is not the item's own."""
    if element.get("rel", "alternate") == "alternate" or not element.get("href"):
        refuse(entry, element)


def _take_atom_link(entry: RawEntry, element: etree._Element) -> None:
    if BASE in element.attrib:
        raise Doubtful("a link moves its base address")
    if is_alternate(element):
        if entry.link is not None:
            raise Doubtful("an entry has more than one link")
        entry.link = element.get("href")
    elif element.get("rel") == "enclosure":
        _take_enclosure(entry, element)


def _take_atom_author(entry: RawEntry, element: etree._Element) -> None:
    entry.author = entry.author or element.findtext(f"{ATOM}name")


def _take_tag(entry: RawEntry, element: etree._Element) -> None:
    """RSS writes it as text, Atom as attributes."""
    if label := plain_text(element) or element.get("label") or element.get("term"):
        entry.tags.append(label)


def _take_enclosure(entry: RawEntry, element: etree._Element) -> None:
    if element.get("type", "").startswith("image/") and entry.image is None:
        entry.image = element.get("url") or element.get("href")


def _take_media(entry: RawEntry, element: etree._Element) -> None:
    """Pictures and their captions; YouTube's whole description is in here."""
    if not len(element):
        _take_one_medium(entry, element)
        return
    for node in element.iter(f"{MEDIA}thumbnail", f"{MEDIA}content", f"{MEDIA}description"):
        _take_one_medium(entry, node)


def _take_one_medium(entry: RawEntry, node: etree._Element) -> None:
    if node.tag == f"{MEDIA}description":
        if caption := plain_text(node):
            entry.captions.append(caption)
    elif entry.image is None and (node.tag == f"{MEDIA}thumbnail" or _is_picture(node)):
        entry.image = node.get("url")


def _is_picture(node: etree._Element) -> bool:
    return node.get("medium") == "image" or node.get("type", "").startswith("image/")


_MEDIA_FIELDS = dict.fromkeys(
    (f"{MEDIA}group", f"{MEDIA}content", f"{MEDIA}thumbnail", f"{MEDIA}description"), _take_media
)
ONCE: frozenset[Take] = frozenset(
    {
        *(_take_title, _take_link, _take_guid, _take_published, _take_dublin_core_date, _take_content, _take_summary),
        *(_take_atom_published, _take_modified),
    }
)
# RSS 1.0 has a namespace of its own, the others none.
IN_RSS_NAMESPACE = frozenset(["title", "link", "guid", "pubDate", "description", "author", "category", "enclosure"])
ITEM_FIELDS: dict[str, Take] = {
    "title": _take_title,
    "link": _take_link,
    "guid": _take_guid,
    "pubDate": _take_published,
    f"{DC}date": _take_dublin_core_date,
    "description": _take_summary,
    _CONTENT: _take_content,
    "author": _take_author,
    f"{DC}creator": _take_author,
    "category": _take_tag,
    f"{DC}subject": _take_tag,
    "enclosure": _take_enclosure,
    f"{ATOM}link": _take_other_link,
    **_MEDIA_FIELDS,
}
ATOM_FIELDS: dict[str, Take] = {
    f"{ATOM}title": _take_title,
    f"{ATOM}link": _take_atom_link,
    f"{ATOM}id": _take_guid,
    f"{ATOM}published": _take_atom_published,
    f"{ATOM}updated": _take_modified,
    f"{ATOM}summary": _take_summary,
    f"{ATOM}content": _take_content,
    f"{ATOM}author": _take_atom_author,
    f"{ATOM}category": _take_tag,
    **_MEDIA_FIELDS,
}
