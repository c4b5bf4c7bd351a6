"""The public page of a Telegram channel, `https://t.me/s/NAME` → its messages, newest first.

The page shows the last twenty messages whole; `?before=ID` shows those before. Its form is not documented; what is
read of it are the class names that it has had since 2018 (`tgme_widget_message…`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from crawler.documents.addresses import MAX_URL
from crawler.documents.dates import parse_date
from crawler.documents.fields import MAX_LINE, MAX_TEXT, link_field, tag_fields
from crawler.entries import MAX_ENTRIES, Entry, Listing, NotAListing
from crawler.listings.message_text import lines_of, title_of
from crawler.listings.pages import page_of
from monitors.text.cleaning import one_line

_HOSTS = frozenset({"t.me", "www.t.me", "telegram.me", "www.telegram.me", "telegram.dog"})
# Telegram's rule for public names; four letters only where they were bought.
_NAME = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9]){3,31}")
# First parts of t.me addresses that are no names (https://core.telegram.org/api/links).
_RESERVED_WORDS = """
    addemoji addlist addstickers addtheme auction boost confirmphone contact giftcode invoice joinchat login nft proxy
    setlanguage share socks stars theme
"""
_RESERVED = frozenset(_RESERVED_WORDS.split())
_POST = re.compile(r"([A-Za-z0-9_]{1,64})/(\d{1,12})")
_BEFORE = re.compile(r"[?&]before=(\d{1,12})(?:&|$)")
_BACKGROUND = re.compile(r"background-image:\s*url\(\s*[\"']?([^\"'()\s]{1,2000})")
_HASHTAG = re.compile(r"#([^\W\d]\w{1,100})")
_LINK_ONLY = re.compile(r"(?:https?://\S+|[\W_])*")

_MESSAGE = "tgme_widget_message"
_TEXT = f"{_MESSAGE}_text"
_POLL_QUESTION, _POLL_OPTION = f"{_MESSAGE}_poll_question", f"{_MESSAGE}_poll_option_text"
_DOCUMENT = f"{_MESSAGE}_document_title"
_SIGNATURE, _FORWARDED_FROM = f"{_MESSAGE}_from_author", f"{_MESSAGE}_forwarded_from_name"
_PREVIEW = ("link_preview_title", "link_preview_description")
_PICTURES = (f"{_MESSAGE}_photo_wrap", f"{_MESSAGE}_video_thumb", "link_preview_image", "link_preview_right_image")
# A reply shows the words of another message: it is taken so that they are not.
_REPLY = f"{_MESSAGE}_reply"
_MESSAGE_PARTS = frozenset(
    {_TEXT, _POLL_QUESTION, _POLL_OPTION, _DOCUMENT, _SIGNATURE, _FORWARDED_FROM, *_PREVIEW, *_PICTURES, _REPLY}
)
_TITLES = ("tgme_channel_info_header_title", "tgme_header_title")
_PAGE_PARTS = frozenset(
    {_MESSAGE, *_TITLES, "tme_messages_more", "tgme_page_extra", "tgme_page_action", "tgme_page_icon"}
)

_Parts: TypeAlias = dict[str, list[HtmlElement]]


def channel_url(text: str) -> str | None:
    """The page of the channel that somebody names: `@NAME`, or any t.me address of it or of one of its messages.

    None when it names no public channel. Names are the same in upper and lower case, so the address is in lower case.
    """
    text = text.strip()
    if text.startswith("@"):
        name = text[1:]
    else:
        try:
            parts = urlsplit(text if "://" in text else f"https://{text}")
        except ValueError:
            return None
        if parts.scheme not in ("http", "https") or (parts.netloc or "").lower() not in _HOSTS:
            return None
        steps = [step for step in parts.path.split("/") if step]
        if steps[:1] == ["s"]:
            steps = steps[1:]
        name = steps[0] if steps else ""
    name = name.lower()
    return f"https://t.me/s/{name}" if _NAME.fullmatch(name) and name not in _RESERVED else None


def read_channel(body: bytes, *, url: str, content_type: str | None) -> Listing:
    """The messages with words in them; all are complete. Notices such as "channel photo updated" are left out."""
    root = page_of(body, content_type=content_type).root
    page = _parts(root, _PAGE_PARTS)
    title = next((element.text_content() for name in _TITLES for element in page[name]), None)
    messages = [element for element in page[_MESSAGE] if element.get("data-post")]
    if title is None and not messages:
        raise NotAListing(_what_it_is(page))
    entries = [entry for message in messages[-MAX_ENTRIES:] if (entry := _entry(message)) is not None]
    return Listing(
        title=one_line(title or "")[:MAX_LINE] or None,
        homepage=channel_url(url),
        language=None,
        ttl_s=None,
        entries=tuple(reversed(entries)),
        older=_older(root, page["tme_messages_more"], url),
    )


def _what_it_is(page: _Parts) -> str:
    """Telegram answers t.me/s/NAME with the card of whatever has the name if there is no preview."""
    about = " ".join(element.text_content() for element in page["tgme_page_extra"]).lower()
    if "subscriber" in about:
        return "This Telegram channel does not show its messages on the web."
    if "member" in about:
        return "This is a Telegram group; only channels show their messages on the web."
    if page["tgme_page_action"] or page["tgme_page_icon"]:
        return "There is no public Telegram channel of this name."
    return "This is not the page of a Telegram channel."


def _entry(message: HtmlElement) -> Entry | None:
    post = _POST.fullmatch(message.get("data-post", "").strip())
    if post is None or "service_message" in _classes(message):
        return None
    parts = _parts(message, _MESSAGE_PARTS)
    own = "\n\n".join(_texts(parts, _TEXT, _POLL_QUESTION))
    text = "\n".join([own, *_texts(parts, _POLL_OPTION, _DOCUMENT)]).strip()
    if _LINK_ONLY.fullmatch(text[:MAX_URL]):
        text = "\n\n".join(filter(None, (text, *_texts(parts, *_PREVIEW))))
    title = title_of(text)
    if not title:
        return None
    return Entry(
        guid=post[0],
        url=f"https://t.me/{post[0]}",
        title=title,
        summary="",
        text=text[:MAX_TEXT],
        author=next((one_line(name)[:MAX_LINE] for name in _texts(parts, _SIGNATURE, _FORWARDED_FROM)), None),
        published_at=_published(message),
        image_url=_picture(parts),
        tags=tag_fields(tag.replace("_", " ") for tag in _HASHTAG.findall(own[:MAX_TEXT])),
        complete=True,
    )


def _parts(root: HtmlElement, wanted: frozenset[str]) -> _Parts:
    """The outermost elements of each wanted class, in document order. One walk, whatever they hold."""
    parts: _Parts = {name: [] for name in wanted}
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        found = [name for name in _classes(element) if name in wanted]
        if found and element is not root:
            parts[found[0]].append(element)
            walk.skip_subtree()
    return parts


def _classes(element: HtmlElement) -> list[str]:
    return (element.get("class") or "").split()[:20]


def _texts(parts: _Parts, *names: str) -> list[str]:
    return [text for name in names for element in parts[name] if (text := lines_of(element))]


def _published(message: HtmlElement) -> datetime | None:
    """The time in the message's foot; a video's `<time>`, its length, has no `datetime`."""
    written = [element.get("datetime") for element in message.iter("time") if element.get("datetime")]
    return parse_date(written[-1][:60]) if written else None


def _picture(parts: _Parts) -> str | None:
    for name in _PICTURES:
        for element in parts[name]:
            if found := _BACKGROUND.search((element.get("style") or "")[:5_000]):
                return link_field("https://t.me/", found[1])
    return None


def _older(root: HtmlElement, shown: Sequence[HtmlElement], url: str) -> str | None:
    """Behind the page's button for more or its `rel="prev"`; a page in the middle has buttons in both directions."""
    page = channel_url(url)
    declared = [link for link in root.iter("link") if link.get("rel") == "prev"]
    for link in (*shown, *declared) if page else ():
        if found := _BEFORE.search((link.get("href") or "")[:MAX_URL]):
            return f"{page}?before={found[1]}"
    return None
