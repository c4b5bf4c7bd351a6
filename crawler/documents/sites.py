"""Which hosts belong to one publisher, as far as names tell: `www.`, `m.` and `news.` of one registered name."""

from __future__ import annotations

from urllib.parse import urlsplit

# Below a country's code these are no names but kinds of names: `sana.gov.sy`, `bbc.co.uk`.
_KIND_NAMES = "ac co com edu gob gouv gov go info me mil ne net nom or org sch"
_KINDS = frozenset(_KIND_NAMES.split())
# Every name below these is somebody else's.
_HOSTED = (
    "blogspot.com wordpress.com substack.com medium.com github.io netlify.app vercel.app pages.dev "
    "weebly.com wixsite.com tumblr.com blogger.com over-blog.com"
)
_HOSTERS = frozenset(_HOSTED.split())


def host_of(url: str) -> str:
    """The host an address names, lower case; empty when it names none or cannot be read."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def site_of(url: str) -> str:
    """The registered name that an address belongs to, by rule of thumb: `news.bbc.co.uk` is of `bbc.co.uk`.

    The list of public suffixes would be exact, and has to be fetched and renewed; what hangs on this is only whether
    a link is followed as the outlet's own.
    """
    host = host_of(url)
    labels = host.split(".")
    if len(labels) < 3 or labels[-1].isdigit() or ":" in host:
        return host
    kept = 2
    if (len(labels[-1]) == 2 and labels[-2] in _KINDS) or ".".join(labels[-2:]) in _HOSTERS:
        kept = 3
    return ".".join(labels[-kept:])


def same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to one publisher's site."""
    site = site_of(one)
    return bool(site) and site == site_of(other)
