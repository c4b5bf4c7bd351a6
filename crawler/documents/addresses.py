"""Links as found in documents → addresses that may be asked for."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

# Longer ones are data in disguise; servers refuse them anyway (commonly at 8 kB).
MAX_URL = 4_000
# What needs no further look, as most links: absolute, plain ASCII, neither user names nor brackets.
_PLAIN = re.compile(r"https?://[a-z0-9][a-z0-9.-]*+(?::[0-9]{1,5})?(?:[/?#][!-~]*+)?")


def is_plain(link: str) -> bool:
    """Whether a link is, as it stands, an absolute http(s) address of the usual form."""
    return _PLAIN.fullmatch(link) is not None


def web_address(base: str, link: str | None) -> str | None:
    """The absolute http(s) address of a link in a document at `base`, or None when it leads nowhere on the web."""
    if not link or len(link) > MAX_URL:
        return None
    if is_plain(link):
        return link
    try:
        address = link.strip()
        if not address.startswith(("https://", "http://")):
            address = urljoin(base, address)
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None
