"""How the address of an article may have been written down, and which site it leads to (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_FRONT_DOORS = ("www.", "m.", "amp.")
_TRACKING = (
    "utm_",
    "fbclid",
    "gclid",
    "dclid",
    "msclkid",
    "yclid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "_ga",
    "_gl",
    "ref_src",
)
_SAFE = "/:@!$&'()*+,;=-._~"


def spellings_of(address: str) -> list[str]:
    """How an address may have been written down: with http or https, www or not, a slash at its end or not, percent
    signs or letters, and without what tells where a reader came from."""
    address = address.strip()
    if "://" not in address:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return [address]
    bare = _bare(parts.netloc.lower())
    hosts = dict.fromkeys((parts.netloc, parts.netloc.lower(), bare, f"www.{bare}"))
    path = parts.path.rstrip("/")
    paths = dict.fromkeys(form for each in (parts.path, path, f"{path}/") for form in _encodings(each))
    queries = dict.fromkeys((parts.query, _without_tracking(parts.query), unquote(parts.query)))
    schemes = ("https", "http")
    spelled = (
        urlunsplit((scheme, host, path, query, ""))
        for scheme, host, path, query in product(schemes, hosts, paths, queries)
    )
    return list(dict.fromkeys((address, *spelled)))


def host_of(address: str) -> str:
    """The address's host without the names that sites give their front doors; "" when it has none."""
    try:
        return _bare(urlsplit(address if "://" in address else f"https://{address}").hostname or "")
    except ValueError:
        return ""


def _bare(host: str) -> str:
    for door in _FRONT_DOORS:
        host = host.removeprefix(door)
    return host


def _encodings(path: str) -> Sequence[str]:
    plain = unquote(path)
    return (path, plain, quote(plain, safe=_SAFE))


def _without_tracking(query: str) -> str:
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if not name.startswith(_TRACKING)]
    return urlencode(kept, safe=_SAFE)
