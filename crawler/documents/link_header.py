"""The Link header of an answer (RFC 8288) → addresses by relation."""

from __future__ import annotations

import re

from crawler.documents.addresses import web_address

_LONGEST = 16_384
_VALUE = r"""(?:"([^"]*+)"|([^\s",;<>]*+))"""
_PARAMETER = re.compile(rf"\s*;\s*([a-zA-Z*]{{1,40}})\s*=\s*{_VALUE}")
_LINK = re.compile(r"""<([^<>]{1,4000})>((?:\s*;\s*[a-zA-Z*]{1,40}\s*=\s*(?:"[^"]*+"|[^\s",;<>]*+))*+)""")
_NAME = re.compile(r"[a-z][a-z0-9.-]*")


def linked(header: str | None, base: str) -> dict[str, str]:
    """The first web address of each registered relation, in lower case; empty when the header says nothing."""
    found: dict[str, str] = {}
    for link in _LINK.finditer((header or "")[:_LONGEST]):
        address = web_address(base, link[1].strip())
        if address is not None:
            for name in filter(_NAME.fullmatch, _relations(link[2])):
                found.setdefault(name, address)
    return found


def _relations(parameters: str) -> list[str]:
    """Of the first `rel`; later ones do not count (RFC 8288 §3.3)."""
    for name, quoted, bare in _PARAMETER.findall(parameters):
        if name.lower() == "rel":
            return str(quoted or bare).lower().split()
    return []
