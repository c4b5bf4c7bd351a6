"""What `rasid outlet show` says: how an outlet fares, and when and why its sources are polled next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from crawler.scheduling import why
from crawler.scheduling.explaining import span
from monitors.cli import load_settings, show_json
from monitors.cli import show as say
from monitors.health import Diagnosis, Finding, Health
from monitors.hubs import HubState, HubSubscription
from monitors.opening import open_ready
from monitors.outlets import Outlet, Source, SourceHealth
from monitors.storage.engine import Connection
from monitors.storage.followers import followers_of
from monitors.storage.health import health_of
from monitors.storage.hubs import subscriptions_of
from monitors.storage.outlet_cards import sources_health
from monitors.storage.outlets import find_outlet
from monitors.storage.statistics import OutletNumbers, outlet_numbers


def show_outlet(wanted: str, *, as_json: bool) -> None:
    """Prints it. Raises `NotFound`, or `UsageError` when the words stand for several outlets."""
    settings = load_settings()
    with open_ready(settings) as database:
        shown = database.read_now(_read, wanted, now=datetime.now(UTC))
    interval_s = settings.crawl.min_interval
    if as_json:
        show_json(_as_json(shown, interval_s))
    else:
        for line in _lines(shown, interval_s):
            say(line)


@dataclass(frozen=True, slots=True)
class _Shown:
    outlet: Outlet
    diagnosis: Diagnosis
    numbers: OutletNumbers
    followers: int
    sources: Sequence[SourceHealth]
    hubs: Mapping[int, HubSubscription]


def _read(connection: Connection, wanted: str, *, now: datetime) -> _Shown:
    outlet = find_outlet(connection, wanted)
    sources = sources_health(connection, [outlet.id])[outlet.id]
    return _Shown(
        outlet,
        health_of(connection, outlet, now=now),
        outlet_numbers(connection, outlet.id, now=now),
        len(followers_of(connection, outlet.id)),
        sources,
        subscriptions_of(connection, [each.source.id for each in sources]),
    )


def _as_json(shown: _Shown, interval_s: float) -> dict[str, Any]:
    numbers = shown.numbers
    return {
        **asdict(shown.outlet),
        "health": asdict(shown.diagnosis),
        "followers": shown.followers,
        "expected_per_day": numbers.expected_per_day,
        "last_day": numbers.last_day,
        "last_week": numbers.last_week,
        "delay_median_s": numbers.delays.median_s,
        "delay_p95_s": numbers.delays.p95_s,
        "sources": [
            _source_as_json(each, interval_s) | {"pushes": _pushes_as_json(shown.hubs.get(each.source.id))}
            for each in shown.sources
        ],
    }


def _source_as_json(each: SourceHealth, interval_s: float) -> dict[str, Any]:
    rate = each.source.rate
    return {
        **asdict(each.source),
        "rate": rate and rate.to_json(),
        "items_per_day": rate and rate.per_day,
        "articles": each.articles,
        "newest_article_at": each.newest_article_at,
        "why": why(each.source, interval_s=interval_s),
    }


def _lines(shown: _Shown, interval_s: float) -> list[str]:
    outlet, numbers = shown.outlet, shown.numbers
    lines = [
        f"{outlet.name}  {outlet.homepage}",
        f"  number {outlet.id}, {outlet.state}, language {outlet.language or 'unknown'}, "
        f"since {_local(outlet.added_at)}",
        f"  health    {in_words(shown.diagnosis, [each.source for each in shown.sources])}",
        f"  volume    {_articles(numbers.last_day)} in the last day, {numbers.last_week} in the last week"
        + (f"; about {numbers.expected_per_day:.3g} a day are usual" if numbers.expected_per_day is not None else ""),
    ]
    delays = numbers.delays
    if delays.median_s is not None and delays.p95_s is not None:
        known = f"of what the last week brought ({_articles(len(delays.seconds))} with a date)"
        lines.append(f"  delay     median {span(delays.median_s)}, p95 {span(delays.p95_s)}, {known}")
    if shown.followers:
        lines.append(f"  followers {shown.followers}")
    for each in shown.sources:
        lines += _source_lines(each, interval_s)
        if hub := shown.hubs.get(each.source.id):
            lines.append(f"    pushes    {pushes_in_words(hub)}")
    return lines


def _source_lines(each: SourceHealth, interval_s: float) -> list[str]:
    source = each.source
    at = f"{_local(source.next_poll_at)}, " if source.active else ""
    lines = [
        f"  {source.kind}  {source.url}",
        f"    polled    {_local(source.last_polled_at)}, {_articles(each.articles)}, "
        f"newest {_local(each.newest_article_at)}",
        f"    next      {at}{why(source, interval_s=interval_s)}",
    ]
    if source.last_error:
        since = f" (failing since {_local(source.failing_since)})" if source.failing_since else ""
        lines.append(f"    trouble   {source.last_error}{since}")
    return lines


def _pushes_as_json(hub: HubSubscription | None) -> dict[str, Any] | None:
    """Without what lets others push to us."""
    if hub is None:
        return None
    return {name: value for name, value in asdict(hub).items() if name not in ("source_id", "token", "secret")} | {
        "never_pushes": hub.never_pushes
    }


def pushes_in_words(hub: HubSubscription) -> str:
    """What comes of the hub, for a person."""
    shown = f"articles first shown by pushes {hub.first_by_push}, by polls {hub.first_by_poll}"
    if hub.state is HubState.ACTIVE:
        silent = "; it has never pushed anything" if hub.never_pushes else ""
        return f"from {hub.hub} until {_local(hub.lease_until)}; {shown}{silent}"
    if hub.state is HubState.DENIED:
        return f"denied by {hub.hub}: {hub.error}"
    if hub.state is HubState.LEAVING:
        return f"from {hub.hub}, being ended"
    return f"asked of {hub.hub}" + (f"; {hub.error}" if hub.error else "")


def in_words(diagnosis: Diagnosis, sources: Sequence[Source] = ()) -> str:
    """How an outlet with these sources fares, for a person."""
    since, reason = _local(diagnosis.since), diagnosis.reason
    if diagnosis.health is Health.OK:
        return _ok(sources)
    match reason["code"]:
        case Finding.GONE:
            return f"broken since {since}: the server says that it is gone for good"
        case Finding.FAILING:
            return f"broken since {since}: failed {reason['failures']} times in a row. {reason['error']}"
        case Finding.SILENT:
            return f"quiet since {since}: about {reason['expected']} articles should have come meanwhile"
    return (
        f"quiet: {reason['seen']} articles in the last {reason['hours']} h; "
        f"about {reason['expected']} would have been usual"
    )


def _ok(sources: Sequence[Source]) -> str:
    """Broken is only what fails for hours; what failed at the last poll is said beside."""
    polled = [each for each in sources if each.active]
    failing = sum(each.failures > 0 for each in polled)
    if not failing:
        return "ok"
    if failing < len(polled):
        return f"ok, though {failing} of its {len(polled)} sources could not be read when last polled"
    which = "its only source" if failing == 1 else f"none of its {failing} sources"
    return f"doubtful: {which} could {'not ' if failing == 1 else ''}be read when last polled"


def _articles(number: int) -> str:
    return f"{number} article{'' if number == 1 else 's'}"


def _local(at: datetime | None) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S") if at is not None else "never"
