"""What `rasid outlet …` does."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from crawler.scheduling import Pace
from monitors.cli import load_settings, show_json
from monitors.cli import show as say
from monitors.opening import open_ready
from monitors.outlets import OutletState
from monitors.settings import Settings
from monitors.storage import crawls as storage
from monitors.storage.outlets import find_outlet, list_outlets, resume_outlet, sources_of

if TYPE_CHECKING:  # commands that stay offline start in half the time without the web's libraries
    from crawler.discovery import Discovery


def add_outlet(wanted: str, *, name: str | None, to: str | None, everything: bool, yes: bool, as_json: bool) -> None:
    from crawler.commands.discoveries import print_discovery
    from crawler.discovery import as_rows
    from crawler.following import already_following, follow

    settings = load_settings()
    with open_ready(settings) as database:  # first: nobody should wait for the web to learn that it cannot be opened
        home = database.read_now(find_outlet, to).homepage if to else None
        found = _discover(settings, wanted, everything=everything)
        if home:
            found = replace(found, outlet=replace(found.outlet, homepage=home))
        if name:
            found = replace(found, outlet=replace(found.outlet, name=name.strip()))
        known = database.read_now(already_following, found)
        if known is not None and not as_json:
            say(f"{known.name} is followed already. See how it fares with: rasid outlet show {known.id}")
            return
        if not as_json:
            print_discovery(found)
        if known is None:
            if not (yes or as_json or confirmed(f"Follow {found.outlet.name}?")):
                say("Nothing was saved.")
                return
            pace = Pace(settings.crawl.min_interval)
            known, _ = follow(database, found, now=datetime.now(UTC), pace=pace)
    if as_json:
        show_json({"id": known.id, **as_rows(found), "name": known.name})
        return
    count = len(found.sources)
    say(
        f"Following {known.name} through {'one source' if count == 1 else f'{count} sources'}. "
        "What is there now is recorded; what appears from now on can alert."
    )


def check_address(wanted: str, *, everything: bool, as_json: bool) -> None:
    from crawler.commands.discoveries import print_discovery
    from crawler.discovery import as_rows

    found = _discover(load_settings(), wanted, everything=everything)
    if as_json:
        show_json(as_rows(found))
    else:
        print_discovery(found)


def confirmed(question: str) -> bool:
    """What the person at the terminal answers; nobody is there to be asked when input or output is no terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    return typer.confirm(question, default=True)


def list_followed(*, as_json: bool) -> None:
    with open_ready(load_settings()) as database:
        outlets = database.read_now(list_outlets)
        followed = [(outlet, database.read_now(sources_of, outlet.id)) for outlet in outlets]
    if as_json:
        show_json([{**asdict(outlet), "sources": [source.url for source in sources]} for outlet, sources in followed])
        return
    if not followed:
        say("No outlet is followed yet. Begin with: rasid outlet add URL")
    for outlet, sources in followed:
        trouble = sum(1 for source in sources if source.last_error)
        state = f"  ({trouble} of {len(sources)} sources in trouble: rasid outlet show {outlet.id})" if trouble else ""
        state = "  (paused)" if outlet.state is OutletState.PAUSED else state
        say(f"{outlet.id:>4}  {outlet.name}  {outlet.homepage}{state}")


def stop_following(wanted: str) -> None:
    with open_ready(load_settings()) as database:
        outlet = database.read_now(find_outlet, wanted)
        database.write_now(storage.stop_following, outlet.id, now=datetime.now(UTC))
    say(f"{outlet.name} is not followed any more. Its articles stay in the archive.")


def pause(wanted: str) -> None:
    with open_ready(load_settings()) as database:
        outlet = database.read_now(find_outlet, wanted)
        if outlet.state is OutletState.PAUSED:
            say(f"{outlet.name} was paused already.")
            return
        database.write_now(storage.stop_polling, outlet.id, now=datetime.now(UTC))
    say(f"{outlet.name} is paused. To go on: rasid outlet resume {outlet.id}")


def resume(wanted: str) -> None:
    with open_ready(load_settings()) as database:
        outlet = database.read_now(find_outlet, wanted)
        resumed = database.write_now(resume_outlet, outlet.id, now=datetime.now(UTC))
    say(
        f"{outlet.name} is followed again. What it published meanwhile is recorded; what appears from now on can alert."
        if resumed
        else f"{outlet.name} is not paused."
    )


def _discover(settings: Settings, wanted: str, *, everything: bool) -> Discovery:
    from rich.console import Console
    from rich.text import Text

    from crawler.commands.online import run_online
    from crawler.discovery import discover, meaning_of

    meaning_of(wanted)  # says at once what is no address
    console = Console(stderr=True)
    with console.status(Text(f"Looking for articles at {wanted} …")):
        return run_online(settings, lambda fetcher, pool: discover(wanted, fetcher, pool, everything=everything))
