"""When a source is due again after a poll, and why then."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.scheduling.budget import Pace
from crawler.scheduling.floors import ServerWord
from crawler.web.answers import LONGEST_RETRY_AFTER_S
from monitors.outlets import PollReason, Source
from monitors.rates import RateEstimate
from monitors.rhythms import rhythm

LONGEST_BACKOFF_S = 24 * 3600.0

UNCONDITIONAL_AFTER = timedelta(hours=24)
"""Some servers answer 304 although the feed has changed, so once a day we ask without validators."""

QUARANTINE_STRIKES = 3
SHORT_INTERVAL_S = 60.0
"""Intervals up to this are kept exactly: whoever asks for so short a one is watching."""

LATE_SHARE = 0.1
JITTER_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Due:
    """When a source is polled next; `reason` is what kept it from being sooner. `asked_s` is how long its server asks
    to be left alone between two polls; None when it was not heard."""

    at: datetime
    reason: PollReason
    asked_s: float | None = None


def after_success(
    source: Source, *, now: datetime, word: ServerWord, pace: Pace, rate: RateEstimate | None = None
) -> Due:
    """The next poll after one that worked; `rate` is what is known of the source since this poll.

    Steady: a poll that was on time is followed by one exactly an interval after it was due, so polls do not drift. One
    that came late by more than a tenth (a restart, an outage) gets a place of its own in the interval, so that sources
    that were all late together do not stay together. One that came early (somebody asked) starts a new interval.
    """
    wanted_s, reason = _wanted(source, rate or source.rate, now, pace)
    wanted = timedelta(seconds=wanted_s)
    lateness = now - source.next_poll_at
    if timedelta() <= lateness <= wanted * LATE_SHARE:
        following = source.next_poll_at + wanted
    elif lateness < timedelta() or wanted_s <= SHORT_INTERVAL_S:
        following = now + wanted
    else:
        following = now + wanted * (1 + _share(source.id) / 2)
    asked_s, asks = word.asked(pace.crowds.get(source.outlet_id, 1))
    asked_at = now + timedelta(seconds=asked_s)
    return Due(asked_at, asks, asked_s) if asked_at > following else Due(following, reason, asked_s)


def _wanted(source: Source, rate: RateEstimate | None, now: datetime, pace: Pace) -> tuple[float, PollReason]:
    """After how long we would like to poll again, were the server to allow it."""
    if not pace.theta:
        return pace.interval_s, PollReason.INTERVAL
    expected = rhythm(rate, pace.profile(source.outlet_id), now)
    wanted_s = expected.seconds_until_delay(pace.theta, now, at_most_s=pace.ceiling_s)
    if wanted_s <= pace.interval_s:
        return pace.interval_s, PollReason.INTERVAL
    return wanted_s, PollReason.CEILING if wanted_s >= pace.ceiling_s else PollReason.RATE


def after_failure(
    source: Source, *, now: datetime, pace: Pace, retry_after_s: float | None = None, strike: bool = False
) -> Due:
    """The next poll after one that failed: back-off by doubling, up to a day, never for good.

    With an interval of 300 s: 300, 600, 1200 … 86,400 s, each up to a tenth longer; never sooner than the next poll
    would have been without the failure. The third kill of the parser (`strike`) waits a day at once.
    """
    failures = source.failures + 1
    regular_s, _ = _wanted(source, source.rate, now, pace)
    wait_s, reason = max(pace.interval_s * 2.0 ** min(failures - 1, 20), regular_s), PollReason.FAILURES
    if source.strikes + strike >= QUARANTINE_STRIKES:
        wait_s, reason = LONGEST_BACKOFF_S, PollReason.QUARANTINE
    wait_s = min(wait_s, LONGEST_BACKOFF_S) * (1 + JITTER_SHARE * _share(source.id + failures))
    asked_s = min(retry_after_s or 0.0, LONGEST_RETRY_AFTER_S)
    if asked_s > wait_s:
        wait_s, reason = asked_s, PollReason.RETRY_AFTER
    return Due(now + timedelta(seconds=wait_s), reason)


def after_closure(now: datetime, closed_s: float | None) -> Due:
    """The next poll of a source whose host wants to be left alone for so long."""
    return Due(now + timedelta(seconds=min(closed_s or 0.0, LONGEST_RETRY_AFTER_S)), PollReason.RETRY_AFTER)


def asks_unconditionally(last_unconditional_at: datetime | None, now: datetime) -> bool:
    """Whether it is time to ask without validators."""
    return last_unconditional_at is None or now - last_unconditional_at >= UNCONDITIONAL_AFTER


def _share(number: int) -> float:
    """The same number in [0, 1) for the same source in every process."""
    digest = hashlib.blake2b(str(number).encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32
