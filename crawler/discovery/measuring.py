"""Sources measured against the articles that all of them together list, of the last days. Pure.

A feed of twenty entries cannot list what appeared before its oldest one, so of those only the articles since then
count. A date that one source gives an article serves for the others: sections and many sitemaps give none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.discovery.candidates import Candidate
from crawler.entries import Entry
from crawler.identity import canonicalise

RECENT = timedelta(days=3)

_EVIDENCE = 5
"""So many of the newest articles are expected of every source, however few it lists: one says nothing of its reach."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """`covered` of `of` articles are listed that appeared since its oldest entry; both 0 when that cannot be told.

    `titled`, `dated` and `with_text` count entries. `adds` are articles that the sources chosen before it lack.
    """

    entries: int = 0
    titled: int = 0
    dated: int = 0
    with_text: int = 0
    covered: int = 0
    of: int = 0
    adds: int = 0
    newest_at: datetime | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A candidate against all others. `recent` are its articles of the last days; `expected` all since its oldest."""

    candidate: Candidate
    keys: frozenset[str]
    recent: frozenset[str]
    expected: frozenset[str]
    newest_at: datetime | None

    @property
    def covered(self) -> frozenset[str]:
        return self.recent & self.expected

    @property
    def coverage(self) -> float:
        return len(self.covered) / len(self.expected) if self.expected else 0.0


def look_at(candidates: Sequence[Candidate], now: datetime) -> list[Seen]:
    dates = _dates(candidates, now)
    newest = max(dates.values(), default=None)
    if newest is None:
        everything = frozenset(key for candidate in candidates for key in _keys(candidate))
        return [Seen(each, keys := _keys(each), keys, everything, None) for each in candidates]
    recent = {key: at for key, at in dates.items() if at >= newest - RECENT}
    latest = sorted(recent.values(), reverse=True)[:_EVIDENCE][-1]
    return [_against(candidate, dates, recent, latest) for candidate in candidates]


def _against(
    candidate: Candidate, dates: Mapping[str, datetime], recent: Mapping[str, datetime], latest: datetime
) -> Seen:
    keys = _keys(candidate)
    mine = keys & recent.keys()
    start = _window_start([recent[key] for key in mine])
    since = min(start, latest) if start is not None else None
    expected = frozenset(key for key, at in recent.items() if since is not None and at >= since)
    appeared = [dates[key] for key in keys & dates.keys()]
    changed = [entry.modified_at for entry in candidate.listing.entries if entry.modified_at is not None]
    return Seen(candidate, keys, frozenset(mine), expected, max(appeared or changed, default=None))


def _window_start(times: list[datetime]) -> datetime | None:
    """Its oldest entry, but for the oldest tenth: what is pinned or published late says nothing about its reach."""
    times.sort(reverse=True)
    return times[max(0, -(-9 * len(times) // 10) - 1)] if times else None


def _dates(candidates: Iterable[Candidate], now: datetime) -> dict[str, datetime]:
    """When articles appeared; a future date is a mistake and counts as now."""
    found: dict[str, datetime] = {}
    for candidate in candidates:
        for entry in candidate.listing.entries:
            if entry.published_at is not None:
                found.setdefault(key_of(entry), min(entry.published_at, now))
    return found


def _keys(candidate: Candidate) -> frozenset[str]:
    return frozenset(key_of(entry) for entry in candidate.listing.entries)


def key_of(entry: Entry) -> str:
    """By what an article is recognised in the lists of different sources."""
    if not entry.url:
        return f"{entry.guid or ''} {entry.title}"
    return canonicalise(entry.url).partition("://")[2].removeprefix("www.").rstrip("/")


def numbers_of(each: Seen, adds: int = 0) -> Numbers:
    entries = each.candidate.listing.entries
    return Numbers(
        entries=len(entries),
        titled=sum(bool(entry.title) for entry in entries),
        dated=sum(entry.published_at is not None for entry in entries),
        with_text=sum(bool(entry.text or entry.summary) for entry in entries),
        covered=len(each.covered),
        of=len(each.expected),
        adds=adds,
        newest_at=each.newest_at,
    )
