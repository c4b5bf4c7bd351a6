"""What is known of one outlet's pages better than any general rule finds it: where things stand, what dates mean.

They come from the catalogue (crawler/outlets/*.toml, `[outlet.rules]`) and travel to the parsing children as JSON.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

MAX_SELECTOR = 300
MAX_SELECTORS = 30


class Calendar(StrEnum):
    """By which the outlet's dates in figures count: «1447/5/3» and «1404/9/2» are days of 2025."""

    GREGORIAN = "gregorian"
    HIJRI = "hijri"
    JALALI = "jalali"


@dataclass(frozen=True, slots=True)
class SiteRules:
    """One outlet's rules; each may be missing, and reading then goes on as without it.

    `title`, `text`, `author` and `date` are CSS selectors. Of `text` all matches count, in document order (an article
    in several parts); of the others the first that holds words. A date is read from the match's `datetime` or
    `content` attribute, else from its words. What `remove` matches is dropped before anything else is read.
    `time_zone` (IANA) is for times written without an offset. `day_first` says how 03/04/2026 is meant; None: not
    known. `entry_text_is_whole`: what the outlet's sources say of an article is all of it, no page is needed.
    `article_paths` are the shapes its articles' addresses have, see `is_article`.
    """

    title: str | None = None
    text: str | None = None
    author: str | None = None
    date: str | None = None
    remove: tuple[str, ...] = ()
    time_zone: str | None = None
    day_first: bool | None = None
    calendar: Calendar | None = None
    entry_text_is_whole: bool = False
    article_paths: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Only what is set; `read_rules` makes the same rules of it again."""
        return {name: value for name, value in asdict(self).items() if value != getattr(_NO_RULES, name)}


_NO_RULES = SiteRules()


def read_rules(table: Mapping[str, Any]) -> SiteRules:
    """The rules in a table of TOML or JSON. Raises `ValueError`, which says in words what is wrong with which."""
    known = [field.name for field in fields(SiteRules)]
    for name in table:
        if name not in known:
            raise ValueError(f"“{name}” is no rule; there are {', '.join(known)}")
    calendar = _text(table, "calendar")
    if calendar is not None and calendar not in list(Calendar):
        raise ValueError(f"calendar is “{calendar}”, not one of {', '.join(Calendar)}")
    return SiteRules(
        title=_selector(table, "title"),
        text=_selector(table, "text"),
        author=_selector(table, "author"),
        date=_selector(table, "date"),
        remove=tuple(_checked_selector(each, "remove") for each in _texts(table, "remove")),
        time_zone=_time_zone(table),
        day_first=_flag(table, "day_first"),
        calendar=Calendar(calendar) if calendar else None,
        entry_text_is_whole=bool(_flag(table, "entry_text_is_whole")),
        article_paths=tuple(_checked_path(each) for each in _texts(table, "article_paths")),
    )


def is_article(rules: SiteRules, url: str) -> bool:
    """Whether the address has one of the shapes in `article_paths`.

    In a shape, `{number}` stands for digits, `*` for anything up to the next slash, `**` at the end for anything
    at all; the rest is literal: `/news/{number}/*`, `/*/{number}.html`, `/story?id={number}`. Path and query are looked
    at, the host is not. A slash at the end makes no difference.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    where = parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
    return any(_compiled(shape).fullmatch(where) for shape in rules.article_paths)


@lru_cache(maxsize=1024)
def _compiled(shape: str) -> re.Pattern[str]:
    """No two open ends stand in one segment, and none gives back what it took: matching is linear."""
    path, _, query = shape.partition("?")
    pattern = "".join(_PIECES.get(piece, re.escape(piece)) for piece in _PIECE.split(path.rstrip("/")))
    if query:
        pattern += r"\?" + "".join(_PIECES.get(piece, re.escape(piece)) for piece in _PIECE.split(query))
    return re.compile(pattern)


_PIECE = re.compile(r"(\*\*|\*|\{number\})")
_PIECES = {"{number}": r"[0-9]++", "*": r"[^/?#]+", "**": r".+"}


def _checked_path(shape: str) -> str:
    segments = re.split(r"[/?]", shape.removesuffix("**"))
    if not shape.startswith("/") or len(shape) > MAX_SELECTOR:
        raise ValueError(f"article_paths: “{shape[:80]}” is not a path such as /news/{{number}}/*")
    if any(segment.count("*") > 1 for segment in segments) or "}{" in shape or "}*" in shape or "*{" in shape:
        raise ValueError(f"article_paths: “{shape}” has two open ends without a slash or a letter between them")
    if "{" in shape.replace("{number}", "") or "}" in shape.replace("{number}", ""):
        raise ValueError(f"article_paths: “{shape}” has braces around something else than number")
    return shape


def _selector(table: Mapping[str, Any], name: str) -> str | None:
    value = _text(table, name)
    return _checked_selector(value, name) if value is not None else None


def _checked_selector(selector: str, name: str) -> str:
    from cssselect import HTMLTranslator, SelectorError

    if len(selector) > MAX_SELECTOR:
        raise ValueError(f"{name}: a selector of {len(selector)} characters is too long")
    try:
        HTMLTranslator().css_to_xpath(selector)
    except SelectorError as error:
        raise ValueError(f"{name}: “{selector}” is no CSS selector ({error})") from None
    return selector


def _time_zone(table: Mapping[str, Any]) -> str | None:
    name = _text(table, "time_zone")
    if name is None:
        return None
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):  # not found; not a relative path; a folder such as "Asia"
        raise ValueError(f"time_zone: “{name}” is no IANA time zone such as Asia/Damascus") from None


def _text(table: Mapping[str, Any], name: str) -> str | None:
    value = table.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} has to be text")
    return value.strip()


def _texts(table: Mapping[str, Any], name: str) -> list[str]:
    values = table.get(name, ())
    if not isinstance(values, list | tuple) or not all(isinstance(each, str) and each.strip() for each in values):
        raise ValueError(f"{name} has to be a list of texts")
    if len(values) > MAX_SELECTORS:
        raise ValueError(f"{name} has more than {MAX_SELECTORS} members")
    return [each.strip() for each in values]


def _flag(table: Mapping[str, Any], name: str) -> bool | None:
    value = table.get(name)
    if value is not None and not isinstance(value, bool):
        raise ValueError(f"{name} has to be true or false")
    return value
