"""When a source is due again. Pure.

The interval is the operator's floor for now; the √-rate policy (poll in proportion to the square root of how much a
source publishes) has its place in `_wanted_s`. A server's own word only ever lengthens it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from monitors.outlets import Source

LONGEST_BACKOFF_S = 24 * 3600.0
LONGEST_RETRY_AFTER_S = 7 * 24 * 3600.0

LONGEST_FRESHNESS_S = 3600.0
"""Many caches give feeds the lifetime of pictures (a day, a year). A conditional request an hour is what even the
strictest critics of feed readers allow."""

UNCONDITIONAL_AFTER = timedelta(hours=24)
"""Some servers answer 304 although the feed has changed, so once a day we ask without validators."""

QUARANTINE_STRIKES = 3
SHORT_INTERVAL_S = 60.0
"""Intervals up to this are kept exactly: whoever asks for so short a one is watching."""

LATE_SHARE = 0.1
JITTER_SHARE = 0.1

_DIRECTIVE = re.compile(r"""(?:^|,)\s*(max-age|s-maxage|no-cache|no-store)\s*(?:=\s*"?(\d{1,10}))?""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ServerWord:
    """What the server asks for, in seconds; 0 where it asks for nothing."""

    freshness_s: float = 0.0
    ttl_s: float = 0.0
    crawl_delay_s: float = 0.0


def after_success(source_id: int, *, due_at: datetime, now: datetime, interval_s: float, word: ServerWord) -> datetime:
    """The next poll after one that worked.

    Steady: a poll that was on time is followed by one exactly an interval after it was due, so polls do not drift. One
    that came late by more than a tenth (a restart, an outage) gets a place of its own in the interval, so that sources
    that were all late together do not stay together. One that came early (somebody asked) starts a new interval.
    """
    wanted = timedelta(seconds=_wanted_s(interval_s))
    lateness = now - due_at
    if timedelta() <= lateness <= wanted * LATE_SHARE:
        following = due_at + wanted
    elif lateness < timedelta() or interval_s <= SHORT_INTERVAL_S:
        following = now + wanted
    else:
        following = now + wanted * (1 + _share(source_id) / 2)
    asked_s = max(min(word.freshness_s, LONGEST_FRESHNESS_S), min(word.ttl_s, LONGEST_FRESHNESS_S), word.crawl_delay_s)
    return max(following, now + timedelta(seconds=asked_s))


def after_failure(
    source_id: int,
    *,
    now: datetime,
    interval_s: float,
    failures: int,
    retry_after_s: float | None = None,
    strikes: int = 0,
) -> datetime:
    """The next poll after one that failed: back-off by doubling, up to a day, never for good.

    `failures` and `strikes` include this one. With an interval of 300 s: 300, 600, 1200 … 86,400 s, each up to a tenth
    longer. The third kill of the parser waits a day at once.
    """
    backoff_s = min(interval_s * 2.0 ** min(failures - 1, 20), LONGEST_BACKOFF_S)
    if strikes >= QUARANTINE_STRIKES:
        backoff_s = LONGEST_BACKOFF_S
    backoff_s *= 1 + JITTER_SHARE * _share(source_id + failures)
    return now + timedelta(seconds=max(backoff_s, min(retry_after_s or 0.0, LONGEST_RETRY_AFTER_S)))


def after_closure(now: datetime, closed_s: float | None) -> datetime:
    """The next poll of a source whose host wants to be left alone for so long."""
    return now + timedelta(seconds=min(closed_s or 0.0, LONGEST_RETRY_AFTER_S))


def freshness_s(headers: Mapping[str, str], now: datetime) -> float:
    """For how long the server says its answer holds (RFC 9111 §4.2): max-age less Age, else Expires less Date."""
    directives = {name.lower(): seconds for name, seconds in _DIRECTIVE.findall(headers.get("cache-control", ""))}
    if "no-cache" in directives or "no-store" in directives:
        return 0.0
    if seconds := directives.get("max-age"):
        age = headers.get("age", "").strip()
        return max(0.0, float(seconds) - (float(age[:10]) if age.isdecimal() else 0.0))
    expires = _date(headers.get("expires"))
    if expires is None:
        return 0.0
    return max(0.0, (expires - (_date(headers.get("date")) or now)).total_seconds())


def asks_unconditionally(last_unconditional_at: datetime | None, now: datetime) -> bool:
    """Whether it is time to ask without validators."""
    return last_unconditional_at is None or now - last_unconditional_at >= UNCONDITIONAL_AFTER


def why(source: Source, *, interval_s: float) -> str:
    """Why a source is polled next when it is, for the person who asks."""
    if not source.active:
        return "never: the server says that it is gone, or its outlet is not followed"
    if source.last_polled_at is None:
        return "at once: it has never been polled"
    gap_s = (source.next_poll_at - source.last_polled_at).total_seconds()
    if source.failures:
        times = "once" if source.failures == 1 else f"{source.failures} times in a row"
        return f"{_span(gap_s)} after the last attempt: it has failed {times}"
    if gap_s < interval_s * (1 - LATE_SHARE):
        return "at once: somebody asked for it"
    if gap_s > interval_s * 1.6:
        return f"every {_span(gap_s)}: the server asks for that much"
    return f"every {_span(interval_s)}: the interval set by crawl.min_interval"


def _span(seconds: float) -> str:
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


def _wanted_s(interval_s: float) -> float:
    return interval_s


def _share(number: int) -> float:
    """The same number in [0, 1) for the same source in every process."""
    digest = hashlib.blake2b(str(number).encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32


def _date(value: str | None) -> datetime | None:
    try:
        at = parsedate_to_datetime(value or "")
    except (ValueError, OverflowError):  # "0" and "-1" mean "expired", and so does anything else that is no date
        return None
    return at.replace(tzinfo=at.tzinfo or UTC)
