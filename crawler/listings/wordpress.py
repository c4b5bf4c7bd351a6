"""The REST collection of a WordPress site (https://developer.wordpress.org/rest-api/reference/posts/) → whole articles.

The best source there is: text, UTC times and the same guid as in the site's feed, and no page has to be read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit, urlunsplit

from crawler.documents.addresses import MAX_URL, web_address
from crawler.documents.dates import parse_date
from crawler.documents.decoding import charset_of, decode
from crawler.documents.fields import MAX_SUMMARY, line_field, link_field, tag_fields, text_field
from crawler.documents.fragments import line_of
from crawler.entries import MAX_ENTRIES, Entry, Listing, NotAListing

_PER_PAGE = 20
# So many pages of older entries are named at most: 100 × 100 articles.
MAX_PAGE = 100
# Shorter content is a caption or a teaser as often as an article.
MIN_COMPLETE = 200

# `_links` and `_embedded` have to be named, or `_fields` removes them.
_FIELDS = "id,date_gmt,modified_gmt,link,guid,title,excerpt,content,jetpack_featured_media_url,_links,_embedded"
_EMBED = "author,wp:term"

_API_LINK = re.compile(r"""<link\b[^<>]{0,500}?https://api\.w\.org/?["'\s][^<>]{0,500}>""", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*["']?([^"'<>\s]{1,1000})""", re.IGNORECASE)
_API_HEADER = re.compile(r"""<([^<>\s]{1,1000})>\s*;\s*rel\s*=\s*"?https://api\.w\.org/?"?""")
_HEAD = 300_000
_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)

_CUT = re.compile(
    r"""class\s*=\s*["'][^"'<>]{0,200}\b(?:more-link|read-more)\b"""
    r"|(?:\[?\s*(?:…|\.\.\.|&hellip;|&#8230;)\s*\]?|(?:[اإأ]قر[أا] |قراءة )?المزيد|Continue reading|Read more)"
    r"(?:\s|<[^<>]{0,300}>|[»›→.…]|&(?:raquo|rarr|nbsp);)*\Z",
    re.IGNORECASE,
)
_TAIL = 1_000
# Page builders leave these when their own plug-in does not take part in the answer.
_SHORTCODE = re.compile(r"\[/?(?:vc_|et_pb_|fusion_|av_|elementor)[^\[\]]{0,2000}\]")
_IMAGE = re.compile(r"""<img\b[^<>]{0,2000}?\bsrc\s*=\s*["'](https?:[^"'<>\s]{1,2000})["']""", re.IGNORECASE)


def api_root_of(html: bytes, *, url: str, link_header: str | None = None) -> str | None:
    """Where the page says the site's API is (`rel="https://api.w.org/"`, in its head or its `Link` header), if it does.

    https://developer.wordpress.org/rest-api/using-the-rest-api/discovery/
    """
    if link_header and (found := _API_HEADER.search(link_header[:20_000])):
        return web_address(url, found[1])
    head = html[:_HEAD].decode("utf-8", "replace")
    for tag in _API_LINK.finditer(head):
        if href := _HREF.search(tag[0]):
            return web_address(url, line_of(href[1]))
    return None


def collection_url(api_root: str) -> str:
    """The address of the site's newest posts."""
    asked = {"per_page": _PER_PAGE, "_fields": _FIELDS, "_embed": _EMBED}
    parts = urlsplit(api_root)
    route = parse_qs(parts.query).get("rest_route")
    query = urlencode(asked, safe=",:", quote_via=quote)
    if route:  # a site without pretty addresses: `/?rest_route=/`
        return urlunsplit(parts._replace(query=f"rest_route={route[0].rstrip('/')}/wp/v2/posts&{query}", fragment=""))
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/wp/v2/posts", query=query, fragment=""))


def read_collection(body: bytes, *, url: str, content_type: str | None) -> Listing:
    """The posts of a collection, in its order (newest first as WordPress gives them)."""
    text = decode(body, declared=None, http_charset=charset_of(content_type)).text
    posts = _posts(text)
    entries = tuple(_entry(post, url) for post in posts[:MAX_ENTRIES])
    return Listing(
        title=None,
        homepage=None,
        language=None,
        ttl_s=None,
        entries=entries,
        older=_next_page(url, len(posts)),
    )


def _posts(text: str) -> list[dict[str, Any]]:
    if not text.strip():
        raise NotAListing("The document is empty.")
    if _PAGE.match(text):
        raise NotAListing("This is a web page, not the posts of a WordPress site.")
    # Some plug-ins print warnings before the answer.
    start = re.search(r"[\[{]", text[:20_000])
    try:
        answer = json.loads(text[start.start() :] if start else text)
    except (ValueError, RecursionError):
        raise NotAListing("This is no JSON, so not the posts of a WordPress site.") from None
    if isinstance(answer, dict) and "code" in answer:
        message = line_of(str(answer.get("message") or answer["code"])[:500])[:200]
        raise NotAListing(f"WordPress does not give its posts: {message}")
    if not isinstance(answer, list):
        raise NotAListing("This is JSON, but not the posts of a WordPress site.")
    posts = [post for post in answer if isinstance(post, dict) and ("link" in post or "guid" in post)]
    if answer and not posts:
        raise NotAListing("This is JSON, but not the posts of a WordPress site.")
    return posts


def _entry(post: dict[str, Any], url: str) -> Entry:
    content = _SHORTCODE.sub(" ", _rendered(post.get("content")))
    text = text_field(content)
    summary = text_field(_rendered(post.get("excerpt"))[:MAX_SUMMARY])[:MAX_SUMMARY]
    published = _time(post.get("date_gmt"))
    modified = _time(post.get("modified_gmt"))
    image = _string(post.get("jetpack_featured_media_url"))
    found = _IMAGE.search(content)
    return Entry(
        guid=line_field(_rendered(post.get("guid"))),
        url=link_field(url, _string(post.get("link"))),
        title=line_field(_rendered(post.get("title"))) or "",
        summary=summary,
        text=text or summary,
        author=next((name for name in map(line_field, _embedded(post, "author")) if name), None),
        published_at=published,
        image_url=link_field(url, image or (found[1] if found else None)),
        tags=tag_fields(_embedded(post, "wp:term")),
        modified_at=modified if modified != published else None,
        complete=_is_whole(post, content, text, summary),
    )


def _is_whole(post: dict[str, Any], content: str, text: str, summary: str) -> bool:
    about = post.get("content")
    protected = isinstance(about, dict) and about.get("protected") is True
    return (
        not protected and len(text) >= MIN_COMPLETE and len(text) > len(summary) and not _CUT.search(content[-_TAIL:])
    )


def _rendered(field: object) -> str:
    """A field is an object with its HTML, or on old or altered sites the HTML itself."""
    return _string(field.get("rendered")) if isinstance(field, dict) else _string(field)


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _embedded(post: dict[str, Any], relation: str) -> Iterator[str]:
    """The names of what is embedded: authors are in a list, terms in a list for each taxonomy."""
    embedded = post.get("_embedded")
    groups = embedded.get(relation) if isinstance(embedded, dict) else None
    for group in groups if isinstance(groups, list) else []:
        for item in group if isinstance(group, list) else [group]:
            if isinstance(item, dict) and (name := _string(item.get("name"))):
                yield name


def _time(written: object) -> datetime | None:
    """`date_gmt` is UTC and does not say so; `date` is in a zone that the answer does not name, so it is left."""
    return parse_date(written[:60]) if isinstance(written, str) and written else None


def _next_page(url: str, count: int) -> str | None:
    """The collection's next page, if this one is full."""
    if len(url) > MAX_URL:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    asked = parse_qs(parts.query)
    page, per_page = _number(asked, "page", 1), _number(asked, "per_page", 10)
    if not count or count < per_page or not 1 <= page < MAX_PAGE:
        return None
    others = [pair for pair in parts.query.split("&") if pair and not pair.startswith("page=")]
    return urlunsplit(parts._replace(query="&".join([*others, f"page={page + 1}"])))


def _number(asked: dict[str, list[str]], name: str, default: int) -> int:
    value = asked.get(name, [""])[0]
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else default
