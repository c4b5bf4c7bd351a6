"""What the catalogue knows of what somebody typed, and of what was found there."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.discovery.addresses import bare_host, possible_addresses
from crawler.identity import canonicalise
from crawler.listings.channels import channel_url
from crawler.outlets.lookup import entry_of, find_in_catalogue
from monitors.catalogue import CatalogueEntry
from monitors.errors import UsageError
from monitors.outlets import NewOutlet, NewSource


@dataclass(frozen=True, slots=True)
class Meant:
    """`addresses` are tried in turn. `entry` is the catalogue's, when its key or name was typed."""

    addresses: tuple[str, ...]
    channel: str | None = None
    entry: CatalogueEntry | None = None

    @property
    def hints(self) -> tuple[NewSource, ...]:
        """Sources the catalogue knows for the outlet, or for the site of the address if that is its home page."""
        if self.entry is not None:
            return self.entry.sources
        entry = entry_of(self.addresses[0]) if self.addresses else None
        return entry.sources if entry is not None and is_home(self.addresses[0]) else ()


def meaning_of(typed: str) -> Meant:
    """What was typed: a key or name of the catalogue, a Telegram channel, or an address. Raises `UsageError`."""
    if (channel := channel_url(typed)) is not None:
        return Meant((), channel)
    entry = find_in_catalogue(typed)
    if entry is not None:
        return Meant((entry.homepage,), entry=entry)
    try:
        return Meant(tuple(possible_addresses(typed)))
    except UsageError as error:
        if "." in typed or "/" in typed or "@" in typed or not typed.strip():
            raise
        what = f"“{typed.strip()[:200]}” is not a web address, and no outlet of the catalogue is called so."
        raise UsageError(what, hint=error.hint) from None


def home_at(url: str) -> str | None:
    """The home page of the catalogue's outlet that the address belongs to; it need not be a front page (`/arabic`)."""
    entry = _entry_at(url)
    return entry.homepage if entry is not None else None


def is_home(url: str) -> bool:
    """Whether the catalogue calls the address an outlet's home page."""
    home = home_at(url)
    return home is not None and _trimmed(home) == _trimmed(url)


def with_entry(outlet: NewOutlet, entry: CatalogueEntry | None, url: str) -> NewOutlet:
    """The outlet with the names, country, language and time zone the catalogue gives it.

    Without an entry, the one of the address that was given, or of the outlet's own host, is looked for.
    """
    entry = entry or _entry_at(url) or _entry_at(outlet.homepage)
    if entry is None:
        return outlet
    shares_its_host = urlsplit(entry.homepage).path.strip("/") != ""
    return NewOutlet(
        name=entry.name_ar if entry.language.partition("-")[0] == "ar" else entry.name,
        homepage=canonicalise(entry.homepage) if shares_its_host else outlet.homepage,
        language=entry.language,
        country=entry.country,
        time_zone=entry.time_zone,
    )


def _entry_at(url: str) -> CatalogueEntry | None:
    """The entry to whose home page the address belongs; not that of a host above."""
    entry = entry_of(url)
    belongs = entry is not None and f"{_trimmed(url)}/".startswith(f"{_trimmed(entry.homepage)}/")
    return entry if belongs else None


def _trimmed(url: str) -> str:
    return bare_host(url) + urlsplit(url).path.rstrip("/")
