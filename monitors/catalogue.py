"""The outlets Rasid knows of before anybody follows them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from monitors.outlets import NewSource

NOT_VERIFIED = "not verified: written offline"
"""What every listing says of an entry that nobody has compared with the outlet's site."""


class Leaning(StrEnum):
    """Who stands behind an outlet, as it is commonly stated."""

    STATE = "state"  # owned or run by a government
    PUBLIC = "public"  # a public broadcaster
    PRIVATE = "private"
    OPPOSITION = "opposition"
    PARTY = "party"  # of a party or movement


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One outlet of the catalogue. `key` is for good; `name` is English or the outlet's own, `name_ar` Arabic.

    `country` (ISO 3166-1 alpha-2) is where it is published or whose it is, `language` BCP 47, `time_zone` IANA.
    `leaning` is None when it is not commonly stated. `sources` are known ones, beside those that discovery finds; they
    are in the files only, and empty in what the database gives. `also` are further names to find it by.
    """

    key: str
    name: str
    name_ar: str
    homepage: str
    country: str
    language: str
    time_zone: str
    leaning: Leaning | None = None
    verified: bool = False
    also: tuple[str, ...] = ()
    sources: tuple[NewSource, ...] = ()

    @property
    def host(self) -> str:
        """The home page's host without `www.`."""
        return (urlsplit(self.homepage).hostname or "").removeprefix("www.")

    @property
    def note(self) -> str | None:
        """What has to be said beside the entry wherever it is shown."""
        return None if self.verified else NOT_VERIFIED
