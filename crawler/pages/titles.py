"""An article's title, exactly as its page shows it: no outlet's name after it, no section names before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from crawler.documents.spelling import letters
from crawler.pages.blocks import Block
from crawler.pages.metadata import Metadata
from crawler.pages.structured_data import StructuredData

_SEPARATOR = re.compile(r"\s+[-–—|•·»«›‹/:]+\s+|\s*[|»«›‹]+\s*")
_HOME = re.compile(r"/|https?://[^/?#]+/?")
_DOTS = re.compile(r"\s*(?:…|\.\.\.)\s*$")
_MAX_TITLE = 500
# Shorter claims match by chance.
_MIN_CUT_CLAIM = 20
_MAX_CUTS = 10
_LINKS_OF_A_LOGO = 3


def choose_title(page: Metadata, data: StructuredData, blocks: Sequence[Block]) -> str:
    """The line of the page that what it says of itself agrees with; else what it says; empty when it says nothing.

    Metadata is often cut, re-quoted or has the outlet's name attached, a heading by itself may be the outlet's logo:
    only where both agree is the spelling of the heading certainly the title.
    """
    outlets = {letters(name) for name in page.site_names} | {
        letters(block.text) for block in blocks if _leads_home(block)
    }
    claims = [data.headline, page.first("og:title"), page.first("twitter:title"), page.document_title]
    claimed = [claim for claim in claims if claim and letters(claim) not in outlets]
    headings = [block for block in blocks if block.is_heading and letters(block.text) not in outlets]
    for candidates in (headings, [block for block in blocks if len(block.text) <= _MAX_TITLE]):
        if shown := _agreed(candidates, claimed, outlets):
            return shown
    for claim in claimed:
        if title := without_outlet(claim, outlets, guess=claim == page.document_title):
            return title[:_MAX_TITLE]
    by_rank = sorted(headings, key=lambda block: block.element.tag)  # stable: h1 before h2, in reading order
    return by_rank[0].text[:_MAX_TITLE] if by_rank else (page.document_title or "")[:_MAX_TITLE]


def without_outlet(title: str, outlets: set[str], *, guess: bool) -> str:
    """A title without the outlet's name at either end. `guess`: a short last part is its name even if unknown."""
    parts = list(_SEPARATOR.finditer(title))
    if not parts:
        return title
    first, last = parts[0], parts[-1]
    if letters(title[last.end() :]) in outlets:
        return title[: last.start()].strip()
    if letters(title[: first.start()]) in outlets:
        return title[first.end() :].strip()
    if guess and len(title) - last.end() <= min(40, last.start()):
        return title[: last.start()].strip()
    return title


def _leads_home(block: Block) -> bool:
    """Whether a line is nothing but a link to the front page: the outlet's name or logo."""
    if block.link_share < 1:
        return False
    return any(
        _HOME.fullmatch(link.get("href", "").strip()) for link in islice(block.element.iter("a"), _LINKS_OF_A_LOGO)
    )


def _agreed(candidates: Sequence[Block], claims: Sequence[str], outlets: set[str]) -> str | None:
    """The first line that a claim equals, apart from the outlet's name; else the longest that begins or ends one."""
    keys = [(letters(block.text), block.text) for block in candidates]
    for claim in claims:
        wanted = {letters(claim), letters(without_outlet(claim, outlets, guess=False))}
        if exact := next((text for key, text in keys if key and key in wanted), None):
            return exact
    for claim in claims:
        cut = letters(_DOTS.sub("", claim)) if _DOTS.search(claim) else None
        parts = {letters(part) for part in _SEPARATOR.split(claim)} | _joined_parts(claim)
        found = [
            text
            for key, text in keys
            if (key and key not in outlets and key in parts)
            or (cut and len(cut) >= _MIN_CUT_CLAIM and key.startswith(cut))
        ]
        if found:
            return max(found, key=len)[:_MAX_TITLE]
    return None


def _joined_parts(claim: str) -> set[str]:
    """A claim up to, and from, each of its separators, where that is most of it: a title may hold separators itself."""
    cuts = list(islice(_SEPARATOR.finditer(claim), _MAX_CUTS))
    joined = {letters(claim[: cut.start()]) for cut in cuts} | {letters(claim[cut.end() :]) for cut in cuts}
    whole = letters(claim)
    return {part for part in joined if len(part) * 2 >= len(whole)}
