"""Languages, countries, kinds of sources, leanings and kinds of access, as people call them (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from babel import Locale

from bot.words.language import Voice, message
from monitors.catalogue import Leaning
from monitors.outlets import SourceKind
from monitors.people import Access
from monitors.watchlists import DEFAULT_WATCHLIST, SHARED_NAME, UNTOLD_NAME, is_main

_KINDS = {
    SourceKind.FEED: message("feed"),
    SourceKind.SITEMAP: message("sitemap"),
    SourceKind.WORDPRESS: message("WordPress collection"),
    SourceKind.SECTION: message("page of headlines"),
    SourceKind.CHANNEL: message("Telegram channel"),
}

_LEANINGS = {
    Leaning.STATE: message("state-run"),
    Leaning.PUBLIC: message("public broadcaster"),
    Leaning.PRIVATE: message("private"),
    Leaning.OPPOSITION: message("opposition"),
    Leaning.PARTY: message("of a party"),
}


_ACCESS = {
    Access.OPEN: message("Access is open: for everybody who is not shut out."),
    Access.INVITE: message("Access is by invitation: for those an operator let in, and those who come with one."),
    Access.LIST: message("Access is by list: only for those an operator let in."),
}

_NAMELESS = {UNTOLD_NAME: message("A watchlist"), SHARED_NAME: message("Shared list")}
"""What watchlists are called that have no name to be told."""


def language_name(code: str, speech: Voice) -> str:
    """The language of a tag such as "pt-BR"; the tag itself where it has no name."""
    return str(_locale(speech.language).languages.get(code.partition("-")[0].lower(), code))


def flag(country: str) -> str:
    """The flag of a country (ISO 3166), as two regional indicators."""
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in country if "A" <= letter <= "Z")


def kind_name(kind: SourceKind | str, speech: Voice) -> str:
    return speech.say(_KINDS[SourceKind(kind)]) if kind in list(SourceKind) else str(kind)


def access_meaning(access: Access, speech: Voice) -> str:
    return speech.say(_ACCESS[access])


def leaning_name(leaning: Leaning, speech: Voice) -> str:
    return speech.say(_LEANINGS[leaning])


def list_name(name: str, speech: Voice, number: int | None = None) -> str:
    """What a watchlist is called; the first one, which nobody named, has a name in each language, and one whose name is
    not told, or which has none, its number."""
    if name in _NAMELESS:
        return speech.say(_NAMELESS[name]) + (f" {number}" if number is not None else "")
    return f"{speech.say('Main list')}{name.removeprefix(DEFAULT_WATCHLIST)}" if is_main(name) else name


def shared_name(name: str, speech: Voice) -> str:
    """What those call a watchlist whom it is shared with."""
    return list_name(SHARED_NAME if is_main(name) else name, speech)


def list_names(lists: Iterable[tuple[int, str]], speech: Voice) -> dict[int, str]:
    """What watchlists are called side by side, by their ids: several without a name that can be told are numbered."""
    names = dict(sorted(lists))
    called = {list_id: list_name(name, speech) for list_id, name in names.items()}
    for nameless in _NAMELESS:
        alike = [list_id for list_id, name in names.items() if name == nameless]
        if len(alike) > 1:
            called |= {list_id: list_name(nameless, speech, number) for number, list_id in enumerate(alike, 1)}
    return called


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)
