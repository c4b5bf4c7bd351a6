"""What the catalogue knows of an outlet somebody names, or of an address; read at the first question."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from urllib.parse import urlsplit

from crawler.outlets.catalogue import CatalogueOutlet, load_catalogue
from crawler.pages.site_rules import SiteRules
from monitors.catalogue import CatalogueEntry
from monitors.errors import UsageError
from monitors.text.names import name_words

_SHOWN = 8


def find_in_catalogue(text: str) -> CatalogueEntry | None:
    """The entry with this key, or of this name, however it is spelled; None when there is none.

    Its name and its Arabic name come before what else an outlet is called. Raises `UsageError`, which names them, when
    several are called so. An address is no name: see `entry_of`.
    """
    wanted = text.strip()
    if "." in wanted or "/" in wanted:
        return None
    if (entry := _by_key().get(wanted.lower())) is not None:
        return entry
    name = "".join(name_words(wanted))
    found = _by_name().get(name) or _by_other_name().get(name, ())
    if len(found) > 1:
        choices = ", ".join(f"{entry.key} ({entry.country})" for entry in found[:_SHOWN])
        raise UsageError(f"Several outlets are called “{wanted}”.", hint=f"Name one by its key: {choices}.")
    return found[0] if found else None


def entry_of(url: str) -> CatalogueEntry | None:
    """The entry whose site the address is on: its host, or the nearest one above; None for no address."""
    outlet = _outlet_of(url)
    return outlet.entry if outlet is not None else None


def rules_for(url: str) -> SiteRules | None:
    """What is known of the pages of the address's outlet: its rules, or at least its time zone."""
    outlet = _outlet_of(url)
    if outlet is None:
        return None
    return outlet.rules or SiteRules(time_zone=outlet.entry.time_zone)


def _outlet_of(url: str) -> CatalogueOutlet | None:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    while "." in host:
        if found := _by_host().get(host):
            # «bbc.com/arabic» and «bbc.com/news» are different outlets.
            return next((each for each in found if f"{parts.path}/".startswith(f"{_path(each)}/")), found[-1])
        host = host.partition(".")[2]
    return None


def _path(outlet: CatalogueOutlet) -> str:
    return urlsplit(outlet.entry.homepage).path.rstrip("/")


@cache
def _by_key() -> dict[str, CatalogueEntry]:
    return {outlet.entry.key: outlet.entry for outlet in load_catalogue()}


@cache
def _by_name() -> dict[str, tuple[CatalogueEntry, ...]]:
    return _named(lambda entry: (entry.name, entry.name_ar))


@cache
def _by_other_name() -> dict[str, tuple[CatalogueEntry, ...]]:
    """«Al-Watan (Syria)» is also called «Al-Watan»."""
    return _named(lambda entry: (entry.name.partition(" (")[0], *entry.also))


def _named(names: Callable[[CatalogueEntry], Iterable[str]]) -> dict[str, tuple[CatalogueEntry, ...]]:
    """The entries by their names as `name_words` writes them, joined."""
    found: dict[str, dict[str, CatalogueEntry]] = {}
    for outlet in load_catalogue():
        for name in names(outlet.entry):
            found.setdefault("".join(name_words(name)), {})[outlet.entry.key] = outlet.entry
    return {name: tuple(entries.values()) for name, entries in found.items()}


@cache
def _by_host() -> dict[str, list[CatalogueOutlet]]:
    """The outlets of each host, those with the longest path first."""
    found: dict[str, list[CatalogueOutlet]] = {}
    for outlet in load_catalogue():
        found.setdefault(outlet.entry.host, []).append(outlet)
    return {host: sorted(outlets, key=lambda each: -len(_path(each))) for host, outlets in found.items()}
