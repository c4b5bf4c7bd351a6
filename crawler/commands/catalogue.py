"""What `rasid outlet catalogue` and `rasid outlet check --catalogue` do."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import typer
from rich.cells import cell_len, set_cell_size

from crawler.outlets.catalogue import load_catalogue
from crawler.outlets.mirroring import mirror_catalogue
from monitors.catalogue import CatalogueEntry
from monitors.cli import load_settings, show_json
from monitors.cli import show as say
from monitors.errors import NotFound, RasidError
from monitors.opening import open_ready
from monitors.storage.catalogue import search_catalogue

if TYPE_CHECKING:  # what stays offline starts in half the time without the web's libraries
    from crawler.discovery.candidates import Parser
    from crawler.discovery.visits import Web

logger = logging.getLogger(__name__)

AT_ONCE = 8
"""Outlets looked at at the same time; each host is still asked in turn, at its own pace."""

STALE = timedelta(days=14)
"""An outlet whose newest article is older has moved, or rests."""


def list_catalogue(text: str, *, country: str | None, language: str | None, as_json: bool) -> None:
    entries = _search(text, country=country, language=language)
    if as_json:
        show_json([_as_json(entry) for entry in entries])
        return
    widths = [max(cell_len(column) for column in columns) for columns in zip(*map(_row, entries), strict=True)]
    for entry in entries:
        say("  ".join(map(set_cell_size, _row(entry), widths)).rstrip())
    say(f"{_counted(len(entries))}. To follow one: rasid outlet add KEY")


def list_countries(text: str, *, country: str | None, language: str | None, as_json: bool) -> None:
    """How many of the outlets that are found each country has."""
    counted = Counter(entry.country for entry in _search(text, country=country, language=language))
    if as_json:
        show_json(counted)
        return
    for country, outlets in counted.items():
        say(f"{country}  {outlets:>3}")


def check_catalogue(*, country: str | None, language: str | None, as_json: bool) -> None:
    """Looks at each outlet's site, and tells of each as soon as it is known. Exit code 1 when one has a problem."""
    from crawler.commands.online import run_online

    settings = load_settings()
    keys = {entry.key for entry in _search("", country=country, language=language)}
    entries = [outlet.entry for outlet in load_catalogue() if outlet.entry.key in keys]
    if not as_json:
        say(_line("outlet", "country", "found", "newest article", "problem"))
    tell = (lambda checked: show_json(checked.as_json())) if as_json else (lambda checked: say(checked.line()))
    results = run_online(settings, lambda fetcher, pool: check_all(entries, fetcher, pool, tell))
    wrong = sum(1 for checked in results if checked.problem)
    typer.echo(f"{_counted(len(results))}, {wrong} with a problem.", err=True)
    if wrong:
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is at an outlet's site now. `kinds` are those of the sources that were found, the best first."""

    entry: CatalogueEntry
    kinds: tuple[str, ...] = ()
    newest_at: datetime | None = None
    newest_title: str | None = None
    problem: str | None = None

    def line(self) -> str:
        newest = f"{self.newest_at:%Y-%m-%d %H:%M}" if self.newest_at else "–" if self.problem else "undated"
        return _line(self.entry.name, self.entry.country, ", ".join(self.kinds) or "–", newest, self.problem or "")

    def as_json(self) -> dict[str, Any]:
        about = {"key": self.entry.key, "name": self.entry.name, "country": self.entry.country}
        newest = {"newest_article_at": self.newest_at, "newest_article": self.newest_title}
        return {**about, "homepage": self.entry.homepage, "found": list(self.kinds), **newest, "problem": self.problem}


async def check_all(
    entries: Sequence[CatalogueEntry], web: Web, parser: Parser, tell: Callable[[Checked], None]
) -> list[Checked]:
    places = asyncio.Semaphore(AT_ONCE)

    async def check(entry: CatalogueEntry) -> Checked:
        async with places:
            try:
                checked = await _check(entry, web, parser)
            except Exception as error:  # a mistake of ours with one outlet must not hide the others
                logger.debug("%s could not be checked", entry.key, exc_info=True)
                checked = Checked(entry, problem=f"Rasid itself failed here ({type(error).__name__}).")
        tell(checked)
        return checked

    return list(await asyncio.gather(*map(check, entries)))


async def _check(entry: CatalogueEntry, web: Web, parser: Parser) -> Checked:
    """What its home page leads to; where that cannot be had, one of the sources that are known."""
    from crawler.discovery.discovering import discover
    from crawler.discovery.preview import newest

    problem: str | None = None
    for address in (entry.homepage, *(source.url for source in entry.sources)):
        try:
            found = await discover(address, web, parser, hints=entry.sources, with_preview=False)
        except RasidError as error:
            problem = problem or error.what
            continue
        kinds = tuple(dict.fromkeys(source.kind.value for source in found.sources))
        latest = next(iter(newest(found.chosen)), None)
        at = latest.published_at if latest else None
        return Checked(entry, kinds, at, latest.title if latest else None, _what_is_wrong(at))
    return Checked(entry, problem=problem)


def _what_is_wrong(newest_at: datetime | None) -> str | None:
    if newest_at is not None and datetime.now(UTC) - newest_at > STALE:
        return f"Its newest article is more than {STALE.days} days old."
    return None


def _search(text: str, *, country: str | None, language: str | None) -> list[CatalogueEntry]:
    with open_ready(load_settings()) as database:
        mirror_catalogue(database)
        entries = database.read_now(search_catalogue, text, country=country, language=language)
    if not entries:
        limits = [f"of {country.upper()}"] if country else []
        limits += [f"in {language}"] if language else []
        called = f" is called “{text}”" if text.strip() else ""
        raise NotFound(
            f"No outlet {' '.join([*limits, 'in the catalogue'])}{called}.",
            hint="Any other can be followed by its address: rasid outlet add URL. "
            "Which countries there are: rasid outlet catalogue --countries",
        )
    return entries


def _row(entry: CatalogueEntry) -> tuple[str, ...]:
    about = (entry.country, entry.language, entry.leaning or "–")
    return (entry.key, entry.name, entry.name_ar, *about, entry.homepage, entry.note or "")


def _as_json(entry: CatalogueEntry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "name": entry.name,
        "name_ar": entry.name_ar,
        "homepage": entry.homepage,
        "country": entry.country,
        "language": entry.language,
        "time_zone": entry.time_zone,
        "leaning": entry.leaning,
        "verified": entry.verified,
        "note": entry.note,
    }


def _line(name: str, country: str, found: str, newest: str, problem: str) -> str:
    return f"{set_cell_size(name, 34)}  {country:<7}  {found:<28}  {newest:<16}  {problem}".rstrip()


def _counted(outlets: int) -> str:
    return "1 outlet" if outlets == 1 else f"{outlets} outlets"
