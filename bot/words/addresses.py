"""Article addresses as Telegram accepts them.

A button with an address Telegram thinks invalid is a 400 for the whole message; an invalid link vanishes without a
word. So only addresses that are surely valid are offered, and the host is always shown as text.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, unquote, urlsplit

MAX_URL = 2048
"""Code points; a guess well inside the 10 kB that a keyboard may have."""

_HOST = re.compile(r"(?=.{4,253}\Z)[a-z0-9_](?:[a-z0-9_-]{0,62}\.)+[a-z0-9][a-z0-9-]{0,62}")
_LISTS = (".xml", ".rss", ".rdf", ".atom", ".opml", ".json")
_LONG = 20
_TELEGRAM = ("t.me", "telegram.me", "telegram.dog")


def linkable(url: str) -> str | None:
    """The address in a form that may be linked; None when Telegram would refuse or drop it, or it leads there."""
    parts, host = _parts(url)
    if parts is None or host is None or parts.username is not None or not _HOST.fullmatch(host):
        return None
    if parts.scheme not in ("http", "https") or host in _TELEGRAM or host.endswith(".t.me"):
        return None
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    rest = quote(url.split("//", 1)[1][len(parts.netloc) :], safe="/?#[]@!$&'()*+,;=:%~-._")
    linked = f"{parts.scheme}://{host}{port}{rest}"
    return linked if len(linked) <= MAX_URL else None


def host_of(url: str) -> str:
    """The host a person should see, without "www."; names in other scripts as the network knows them."""
    _, host = _parts(url)
    shown = (host or "?").removeprefix("www.")
    return shown if len(shown) <= 60 else f"…{shown[-59:]}"


def may_be_article(url: str) -> bool:
    """Whether it looks like an article's and not like that of a site, a section or a feed: its end has a number in it
    or is long. Guessed."""
    parts, _ = _parts(url)
    end = unquote(parts.path if parts is not None else "").lower().rstrip("/").rpartition("/")[2]
    return not end.endswith(_LISTS) and (len(end) >= _LONG or any(map(str.isdecimal, end)))


def _parts(url: str) -> tuple[SplitResult | None, str | None]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        return parts, host if host.isascii() else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return None, None
