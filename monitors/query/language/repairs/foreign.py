"""What was written for another search, in ours."""

from __future__ import annotations

import re

from monitors.query.language.elsewhere import ADDRESS, OPERATOR, as_ours

_OPERATOR, _ADDRESS = re.compile(OPERATOR), re.compile(ADDRESS)


def say_operator(query: str, at: int) -> str | None:
    found = _OPERATOR.match(query, at)
    return f"{query[:at]}{as_ours(found[0])} {query[found.end() :].lstrip(' -−–/!+=~')}" if found else None


def say_address(query: str, at: int) -> str | None:
    found = _ADDRESS.match(query, at)
    if not found:
        return None
    address = found[0].rstrip(')}"»”.,،;؛')
    quote = '"' if re.search(r"[(){}|,،;؛]", address) else ""
    return f"{query[:at]}url:{quote}{address}{quote}{query[at + len(address) :]}"
