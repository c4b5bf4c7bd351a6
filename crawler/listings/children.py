"""The children of a sitemap index → the few that hold what is new. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from crawler.documents.addresses import web_address
from crawler.documents.sites import same_site

MAX_CHILDREN = 3
MAX_PAST = 60

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:\D{0,4}(1[0-2]|0?[1-9])(?:\D{0,4}(3[01]|[12]\d|0?[1-9]))?)?(?!\d)")
_NUMBER = re.compile(r"\d+")
_NEWS = re.compile(r"news|latest|recent|googlenews|akhbar|اخبار|أخبار", re.IGNORECASE)
_POSTS = re.compile(r"post|article|story|stories|content|node|maqal", re.IGNORECASE)
# What plug-ins (Yoast, Rank Math, WordPress itself) and agencies list beside articles.
_NO_ARTICLES = re.compile(
    r"(?:^|[-_/.])(?:image|video|categor(?:y|ies)|post_tag|tag|taxonom(?:y|ies)|author|user|page|product|static|misc|"
    r"section|topic|people|attachment|match|player|team)s?(?:[-_/.\d]|$)",
    re.IGNORECASE,
)
_BEGINNING = datetime.min.replace(tzinfo=UTC)


def choose_children(children: Iterable[tuple[str, datetime | None]], *, url: str) -> tuple[str, ...]:
    """Of the (address, lastmod) pairs in the index at `url` the newest, best first; at most `MAX_CHILDREN`.

    Sitemaps of news come before all others; then counts the period in the name (`sitemap-2024-05.xml`, for editing an
    old article renews the `lastmod` of its month), else `lastmod`; else the number in the name, of which both ends
    are taken, since some sites count from the newest and some from the oldest. Never the index itself, and never
    another site's.
    """
    ranks = _ranks(children, url)
    ranked = sorted(ranks, key=lambda address: ranks[address], reverse=True)
    chosen = ranked[:MAX_CHILDREN]
    if chosen and ranks[chosen[-1]][1] == _BEGINNING:
        chosen[-1] = [address for address in ranked if ranks[address][:3] == ranks[chosen[-1]][:3]][-1]
    return tuple(chosen)


def past_children(children: Iterable[tuple[str, datetime | None]], *, url: str) -> tuple[str, ...]:
    """The others, which hold the past: the newest `MAX_PAST` of them, newest first."""
    chosen = choose_children(children := tuple(children), url=url)
    ranks = _ranks(children, url)
    past = [address for address in ranks if address not in chosen]
    return tuple(sorted(past, key=lambda address: ranks[address], reverse=True)[:MAX_PAST])


def _ranks(children: Iterable[tuple[str, datetime | None]], url: str) -> dict[str, tuple[bool, datetime, bool, int]]:
    """The children that may list articles, once each."""
    found: dict[str, datetime | None] = {}
    for link, changed_at in children:
        address = web_address(url, link)
        if address and same_site(address, url) and not _is_same(address, url):
            found.setdefault(address, changed_at)
    useful = {address: at for address, at in found.items() if not _NO_ARTICLES.search(_name(address))} or found
    return {address: _rank(_name(address), changed_at) for address, changed_at in useful.items()}


def _name(address: str) -> str:
    parts = urlsplit(address)
    return unquote(f"{parts.path}?{parts.query}")[-300:]


def _is_same(one: str, other: str) -> bool:
    return one.partition("://")[2].rstrip("/") == other.partition("://")[2].rstrip("/")


def _rank(name: str, changed_at: datetime | None) -> tuple[bool, datetime, bool, int]:
    numbers = _NUMBER.findall(name)
    when = _period_end(name) or changed_at or _BEGINNING
    return bool(_NEWS.search(name)), when, bool(_POSTS.search(name)), int(numbers[-1][:18]) if numbers else 0


def _period_end(name: str) -> datetime | None:
    found = _DATE.search(name)
    if not found:
        return None
    year, month = int(found[1]), int(found[2] or 12)
    last_day = monthrange(year, month)[1]
    return datetime(year, month, min(int(found[3] or 31), last_day), 23, 59, tzinfo=UTC)
