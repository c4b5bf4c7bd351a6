"""The catalogue's files → its outlets, every word of them checked: a mistake in a file is told with file and key."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crawler.pages.site_rules import SiteRules, read_rules
from monitors.catalogue import CatalogueEntry, Leaning
from monitors.errors import RasidError
from monitors.outlets import NewSource, SourceKind

FOLDER = Path(__file__).parent

_ARAB_COUNTRIES = "SY LB IQ JO PS EG SA AE QA KW BH OM YE LY TN DZ MA MR SD SO DJ KM"
ARAB_LEAGUE = tuple(_ARAB_COUNTRIES.split())
"""In the order in which they are listed, before all other countries."""

_DEFAULTS = ("country", "language", "time_zone")
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?")
_CHANNEL = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")  # what Telegram allows in a name


class CatalogueError(RasidError):
    """A file of the catalogue is wrong; the message names file, outlet and key."""


@dataclass(frozen=True, slots=True)
class CatalogueOutlet:
    """An outlet of the catalogue with what is known of its pages."""

    entry: CatalogueEntry
    rules: SiteRules | None = None


@cache
def load_catalogue() -> tuple[CatalogueOutlet, ...]:
    """The catalogue that ships with Rasid: Arab countries first, each in its file's order. Read once per process."""
    return read_catalogue(FOLDER)


def read_catalogue(folder: Path) -> tuple[CatalogueOutlet, ...]:
    """The outlets in a folder's `*.toml`. Raises `CatalogueError`."""
    outlets = [outlet for path in _files(folder) for outlet in _read_file(path)]
    _refuse_twins(outlets)
    return tuple(outlets)


def content_hash(folder: Path = FOLDER) -> str:
    """Another one whenever a word of the files is."""
    digest = hashlib.blake2b(digest_size=16)
    for path in _files(folder):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _files(folder: Path) -> list[Path]:
    def order(path: Path) -> tuple[int, str]:
        country = path.stem.upper()
        return (ARAB_LEAGUE.index(country) if country in ARAB_LEAGUE else len(ARAB_LEAGUE), country)

    return sorted(folder.glob("*.toml"), key=order)


def _read_file(path: Path) -> list[CatalogueOutlet]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.name} cannot be read: {error}.") from None
    tables = document.pop("outlet", [])
    try:
        _refuse_unknown(document, _DEFAULTS)
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise ValueError("outlets are written as [[outlet]]")
        if document.get("country") != path.stem.upper():
            raise ValueError(f"country has to be “{path.stem.upper()}”, as the file is called")
    except ValueError as error:
        raise CatalogueError(f"{path.name}: {error}.") from None
    return [_read_outlet(table, document, path.name, number) for number, table in enumerate(tables, start=1)]


def _read_outlet(table: Mapping[str, Any], defaults: Mapping[str, Any], file: str, number: int) -> CatalogueOutlet:
    try:
        return _outlet(table, {**defaults, **table})
    except ValueError as error:
        who = f"“{table['key']}”" if isinstance(table.get("key"), str) else f"number {number}"
        raise CatalogueError(f"{file}: outlet {who}: {error}.") from None


def _outlet(own: Mapping[str, Any], table: Mapping[str, Any]) -> CatalogueOutlet:
    names = [field.name for field in fields(CatalogueEntry)]
    _refuse_unknown(own, [*names, "telegram", "rules"])
    leaning = _text(table, "leaning") if "leaning" in table else None
    if leaning is not None and leaning not in list(Leaning):
        raise ValueError(f"leaning is “{leaning}”, not one of {', '.join(Leaning)}")
    if not isinstance(verified := table.get("verified", False), bool):
        raise ValueError("verified has to be true or false")
    entry = CatalogueEntry(
        key=_matching(table, "key", _KEY, "small letters, digits and hyphens"),
        name=_text(table, "name"),
        name_ar=_text(table, "name_ar"),
        homepage=_address(_text(table, "homepage")),
        country=_matching(table, "country", _COUNTRY, "two capital letters (ISO 3166)"),
        language=_matching(table, "language", _LANGUAGE, "a language such as ar or pt-BR (BCP 47)"),
        time_zone=_time_zone(_text(table, "time_zone")),
        leaning=Leaning(leaning) if leaning else None,
        verified=verified,
        also=tuple(_checked_text(each, "also") for each in _list(table, "also")),
        sources=tuple(_sources(table)),
    )
    return CatalogueOutlet(entry, _rules(table, entry))


def _sources(table: Mapping[str, Any]) -> Iterable[NewSource]:
    for pair in _list(table, "sources"):
        if not isinstance(pair, list) or len(pair) != 2 or pair[0] not in list(SourceKind):
            raise ValueError(f"sources are pairs of a kind ({', '.join(SourceKind)}) and an address")
        yield NewSource(_address(_checked_text(pair[1], "sources")), SourceKind(pair[0]))
    if "telegram" in table:
        channel = _matching(table, "telegram", _CHANNEL, "the name of a public channel, without @")
        yield NewSource(f"https://t.me/s/{channel}", SourceKind.CHANNEL)


def _rules(table: Mapping[str, Any], entry: CatalogueEntry) -> SiteRules | None:
    if "rules" not in table:
        return None
    if not isinstance(table["rules"], dict):
        raise ValueError("rules are written as a table, [outlet.rules]")
    try:
        rules = read_rules(table["rules"])
    except ValueError as error:
        raise ValueError(f"rules: {error}") from None
    return rules if rules.time_zone else replace(rules, time_zone=entry.time_zone)


def _refuse_twins(outlets: Iterable[CatalogueOutlet]) -> None:
    seen: dict[str, str] = {}
    for outlet in outlets:
        entry = outlet.entry
        for word in (f"key {entry.key}", f"name {entry.name.lower()}", f"homepage {entry.homepage}"):
            if word in seen:
                kind, _, value = word.partition(" ")
                raise CatalogueError(f"The outlets “{seen[word]}” and “{entry.key}” have the same {kind}, {value}.")
            seen[word] = entry.key


def _refuse_unknown(table: Mapping[str, Any], known: Iterable[str]) -> None:
    for name in table:
        if name not in known:
            raise ValueError(f"there is no “{name}” here; there are {', '.join(known)}")


def _text(table: Mapping[str, Any], name: str) -> str:
    if name not in table:
        raise ValueError(f"{name} is missing")
    return _checked_text(table[name], name)


def _checked_text(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value.strip() or value != value.strip():
        raise ValueError(f"{name} has to be text without spaces around it")
    return value


def _matching(table: Mapping[str, Any], name: str, pattern: re.Pattern[str], wanted: str) -> str:
    value = _text(table, name)
    if not pattern.fullmatch(value):
        raise ValueError(f"{name} is “{value}”, not {wanted}")
    return value


def _list(table: Mapping[str, Any], name: str) -> list[Any]:
    value = table.get(name, [])
    if not isinstance(value, list):
        raise ValueError(f"{name} has to be a list")
    return value


def _address(address: str) -> str:
    try:
        parts = urlsplit(address)
        right = parts.scheme in ("http", "https") and "." in parts.netloc and "@" not in parts.netloc
    except ValueError:
        right = False
    if not right or parts.netloc != parts.netloc.lower() or not parts.path or parts.fragment:
        raise ValueError(f"“{address}” is not the address of a page, such as https://daily.example/")
    return address


def _time_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):  # not found; not a relative path; a folder such as "Asia"
        raise ValueError(f"time_zone is “{name}”, not one such as Asia/Damascus (IANA)") from None
