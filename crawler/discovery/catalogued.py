"""What the catalogue knows of what somebody typed, and of what was found there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crawler.discovery.addresses import bare_host, possible_addresses
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
        return entry.sources if entry is not None and entry.homepage in self.addresses else ()


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


def with_entry(outlet: NewOutlet, entry: CatalogueEntry | None) -> NewOutlet:
    """The outlet with the names, country, language and time zone the catalogue gives it.

    Without an entry, the one of the outlet's own host is looked for.
    """
    if entry is None:
        entry = entry_of(outlet.homepage)
        if entry is None or bare_host(entry.homepage) != bare_host(outlet.homepage):
            return outlet
    return replace(
        outlet,
        name=entry.name_ar if entry.language.partition("-")[0] == "ar" else entry.name,
        language=entry.language,
        country=entry.country,
        time_zone=entry.time_zone,
    )
