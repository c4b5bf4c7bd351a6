"""What `rasid outlet …` does."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crawler.scheduling import Pace, why
from monitors.cli import load_settings, show_json
from monitors.cli import show as say
from monitors.opening import open_ready
from monitors.outlets import Outlet, SourceHealth
from monitors.settings import Settings
from monitors.storage import crawls as storage
from monitors.storage.outlets import find_outlet, list_outlets, sources_health, sources_of

if TYPE_CHECKING:  # commands that stay offline start in half the time without the web's libraries
    from crawler.discovery import Discovery


def add_outlet(url: str, *, name: str | None, as_json: bool) -> None:
    from crawler.following import already_following, follow

    settings = load_settings()
    with open_ready(settings) as database:  # first: nobody should wait for the web to learn that it cannot be opened
        found = _discover(settings, url)
        if name:
            found = replace(found, outlet=replace(found.outlet, name=name.strip()))
        if known := database.read_now(already_following, found):
            _say_already(found, known, as_json=as_json)
            return
        now = datetime.now(UTC)
        outlet, sources = follow(database, found, now=now, pace=Pace(settings.crawl.min_interval))
    if as_json:
        show_json({"id": outlet.id, **_as_json(found, outlet.name)})
        return
    _print(found, outlet.name)
    feeds = "its feed" if len(sources) == 1 else f"its {len(sources)} feeds"
    say(f"Following {outlet.name} through {feeds}. What is there now is recorded; what appears from now on can alert.")


def _say_already(found: Discovery, outlet: Outlet, *, as_json: bool) -> None:
    if as_json:
        show_json({"id": outlet.id, **_as_json(found, outlet.name)})
    else:
        say(f"{outlet.name} is followed already. See how it fares with: rasid outlet show {outlet.id}")


def check_address(url: str, *, as_json: bool) -> None:
    found = _discover(load_settings(), url)
    if as_json:
        show_json(_as_json(found, found.outlet.name))
    else:
        _print(found, found.outlet.name)


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
        say(f"{outlet.id:>4}  {outlet.name}  {outlet.homepage}{state}")


def show_outlet(wanted: str, *, as_json: bool) -> None:
    settings = load_settings()
    with open_ready(settings) as database:
        outlet = database.read_now(find_outlet, wanted)
        health = database.read_now(sources_health, outlet.id)
    interval_s = settings.crawl.min_interval
    if as_json:
        sources = [
            {**asdict(each.source), "articles": each.articles, "newest_article_at": each.newest_article_at}
            | {"why": why(each.source, interval_s=interval_s)}
            for each in health
        ]
        show_json({**asdict(outlet), "sources": sources})
        return
    say(f"{outlet.name}  {outlet.homepage}")
    say(
        f"  number {outlet.id}, {outlet.state}, language {outlet.language or 'unknown'}, "
        f"since {_local(outlet.added_at)}"
    )
    for each in health:
        _print_source(each, interval_s)


def stop_following(wanted: str) -> None:
    with open_ready(load_settings()) as database:
        outlet = database.read_now(find_outlet, wanted)
        database.write_now(storage.stop_following, outlet.id, now=datetime.now(UTC))
    say(f"{outlet.name} is not followed any more. Its articles stay in the archive.")


def _discover(settings: Settings, url: str) -> Discovery:
    from rich.console import Console

    from crawler.commands.online import run_online
    from crawler.discovery import discover, possible_addresses

    possible_addresses(url)  # says at once what is no address
    console = Console(stderr=True)
    with console.status(f"Looking for articles at {url} …"):
        return run_online(settings, lambda fetcher, pool: discover(url, fetcher, pool))


def _print(found: Discovery, name: str) -> None:
    language = f", language {found.outlet.language}" if found.outlet.language else ""
    say(f"{name}  {found.outlet.homepage}{language}")
    for listing in found.feeds:
        say(f"  feed  {listing.source.url}  ({len(listing.feed.entries)} entries)")
    for note in found.notes:
        say(f"  note  {note}")
    say("Newest:")
    for entry in found.preview:
        say(f"  {_local(entry.published_at)}  {entry.title}")


def _as_json(found: Discovery, name: str) -> dict[str, Any]:
    feeds = [{"url": listing.source.url, "entries": len(listing.feed.entries)} for listing in found.feeds]
    preview = [{"title": entry.title, "url": entry.url, "published_at": entry.published_at} for entry in found.preview]
    return {**asdict(found.outlet), "name": name, "feeds": feeds, "preview": preview, "notes": list(found.notes)}


def _print_source(each: SourceHealth, interval_s: float) -> None:
    source = each.source
    say(f"  {source.kind}  {source.url}")
    say(
        f"    polled    {_local(source.last_polled_at)}, {each.articles} articles, "
        f"newest {_local(each.newest_article_at)}"
    )
    say(f"    next      {_local(source.next_poll_at)}, {why(source, interval_s=interval_s)}")
    if source.last_error:
        say(f"    trouble   {source.last_error}")


def _local(at: datetime | None) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S") if at is not None else "never              "
