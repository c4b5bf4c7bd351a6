"""Time zones as people know them, by their cities (pure). The names of cities are those of Unicode's CLDR."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from zoneinfo import available_timezones

from babel.core import Locale, get_global
from babel.dates import get_timezone_location

from bot.words.language import LANGUAGES, Voice, message
from monitors.text.cleaning import one_line

LIKELY = {
    "ar": (
        "Asia/Riyadh",
        "Asia/Baghdad",
        "Africa/Cairo",
        "Asia/Damascus",
        "Asia/Amman",
        "Asia/Beirut",
        "Asia/Gaza",
        "Asia/Dubai",
        "Asia/Aden",
        "Africa/Khartoum",
        "Africa/Tunis",
        "Africa/Algiers",
        "Africa/Casablanca",
        "Africa/Tripoli",
        "Europe/Istanbul",
        "Europe/Berlin",
    ),
    "en": (
        "Europe/London",
        "Europe/Berlin",
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Los_Angeles",
        "Asia/Dubai",
        "Asia/Kolkata",
        "Asia/Singapore",
        "Asia/Tokyo",
        "Australia/Sydney",
        "UTC",
    ),
}
"""Where readers of a language are likely to live; of one that is not here, the English ones."""

CONTINENTS = {
    "Africa": message("Africa"),
    "America": message("America"),
    "Asia": message("Asia"),
    "Australia": message("Australia"),
    "Europe": message("Europe"),
    "Atlantic": message("Atlantic Ocean"),
    "Indian": message("Indian Ocean"),
    "Pacific": message("Pacific Ocean"),
}

_SEVERAL = 12
"""Most zones that are offered for what somebody wrote."""
_MOST_WORDS = 4
_ASKS = re.compile(r"""["“”«»~=*|()@#]|\b(AND|OR|NOT|NEAR)\b|(^|\s)-""")


def city(zone: str, speech: Voice) -> str:
    """What the zone is called: its city."""
    return _city(zone, speech.language)


def likely_zones(speech: Voice) -> tuple[str, ...]:
    return LIKELY.get(speech.language, LIKELY["en"])


def zones_of(continent: str, speech: Voice) -> list[str]:
    """The zones of a part of the world, by the names of their cities."""
    return sorted((zone for zone in _zones() if zone.startswith(f"{continent}/")), key=lambda zone: city(zone, speech))


def find_zones(text: str) -> list[str]:
    """The zones that somebody may mean who wrote this: an IANA name, or a city in one of our languages."""
    wanted = _plain(text)
    if not wanted:
        return []
    named = {_plain(zone): zone for zone in available_timezones()}
    if wanted in named:
        return [named[wanted]]
    names = {zone: [_plain(_city(zone, language)) for language in LANGUAGES] for zone in _zones()}
    same = [zone for zone, cities in names.items() if wanted in cities]
    return same or [zone for zone, cities in names.items() if any(wanted in name for name in cities)][:_SEVERAL]


def may_be_city(text: str) -> bool:
    """Whether a text has the looks of a place; what asks for words like a watch, and whole sentences, have not."""
    return "\n" not in text.strip() and len(text.split()) <= _MOST_WORDS and len(text) <= 60 and not _ASKS.search(text)


def is_zone(name: str) -> bool:
    return name in available_timezones()


@cache
def _zones() -> tuple[str, ...]:
    """One name for each zone where people live."""
    other_names = get_global("zone_aliases")
    everywhere = available_timezones()
    living = (zone for zone in everywhere if zone not in other_names and zone.partition("/")[0] in CONTINENTS)
    return ("UTC", *sorted(living))


@cache
def _city(zone: str, language: str) -> str:
    known = Locale.parse(language).time_zones
    for name in (zone, *_older_names().get(zone, ())):  # cities are filed under the names that zones had first
        if found := known.get(name, {}).get("city"):
            return str(found)
    name = get_timezone_location(zone, locale=language, return_city=True)
    return str(name).rpartition("/")[2]


@cache
def _older_names() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for older, name in get_global("zone_aliases").items():
        found[name].append(older)
    return dict(found)


def _plain(text: str) -> str:
    return one_line(text).casefold().replace("_", " ").replace("أ", "ا").replace("إ", "ا").replace("آ", "ا")
