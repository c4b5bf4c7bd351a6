"""How an outlet fares, judged by what is to be expected of it. Pure.

Two things can go wrong with an outlet that is polled on time: its documents cannot be read any more (broken), or they
can, and hold nothing new although they should (quiet): feeds are forgotten at a relaunch more often than switched off.
Each threshold is on the careful side, for a false report costs more trust than a late one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from monitors.outlets import PollReason, Source
from monitors.rates import PRIOR_PER_DAY
from monitors.rhythms import Profile, rhythm

BROKEN_AFTER = timedelta(hours=6)
BROKEN_FAILURES = 3
"""Most troubles of a server are over within hours; three failures, for a laptop may have slept all the while."""

SILENT_ITEMS = 12.0
SILENT_AT_LEAST = timedelta(hours=12)
SILENT_GAPS = 2.5
"""Silence is remarkable when a dozen articles should have come, and when it is 2.5 times as long as the longest of
the last weeks: articles come in bursts, and many newsrooms rest at weekends."""

SETTLED_DAYS = 5.0
UNSETTLED_SILENCE = timedelta(days=3)
"""Who has been watched for less than a week (5 days, faded) may have a weekend nobody has seen yet."""

FEW_WINDOW = timedelta(days=3)
FEW_ITEMS = 20.0
FEW_SHARE = 0.15
ENOUGH_SHARE = 0.3
"""Three days with a seventh of the usual volume are no holiday. A trickle after a silence is no recovery yet."""


class Health(StrEnum):
    OK = "ok"
    QUIET = "quiet"
    BROKEN = "broken"


class Finding(StrEnum):
    """What a diagnosis rests on, with the numbers that belong to it."""

    FAILING = "failing"  # failures: int, error: words of the last one
    GONE = "gone"  # the server says so (410)
    SILENT = "silent"  # expected: articles meanwhile, hours: of silence
    FEW = "few"  # seen and expected in `hours`
    WORKS = "works"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`since` is when it began, not when it was noticed; `reason` is JSON: {"code": Finding, and its numbers}."""

    health: Health
    since: datetime
    reason: Mapping[str, object] = field(default_factory=lambda: {"code": Finding.WORKS})


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of an outlet: its sources, what the last days brought, and what it was taken for so far."""

    sources: Sequence[Source]
    usual: Profile
    recent: int
    health: Health
    since: datetime | None


def diagnose(record: Record, *, now: datetime) -> Diagnosis:
    """How the outlet fares. Of a source that is gone its followers are told anyway, unless it was the last one."""
    gone = [each for each in record.sources if each.poll_reason is PollReason.GONE]
    followed = [each for each in record.sources if each.active] or gone
    return (
        _broken(followed, now) or _silent(followed, record) or _few(followed, record, now) or Diagnosis(Health.OK, now)
    )


def _broken(followed: Sequence[Source], now: datetime) -> Diagnosis | None:
    """Most of what the outlet publishes cannot be read."""
    failing = [each for each in followed if _fails(each, now)]
    if not failing or 2 * sum(map(_weight, failing)) < sum(map(_weight, followed)):
        return None
    worst = max(failing, key=_weight)
    since = min(each.failing_since or each.last_polled_at or now for each in failing)
    if all(each.poll_reason is PollReason.GONE for each in failing):
        return Diagnosis(Health.BROKEN, since, {"code": Finding.GONE})
    reason = {"code": Finding.FAILING, "failures": worst.failures, "error": worst.last_error or ""}
    return Diagnosis(Health.BROKEN, since, reason)


def _fails(source: Source, now: datetime) -> bool:
    if source.poll_reason is PollReason.GONE:
        return True
    since = source.failing_since
    return since is not None and now - since >= BROKEN_AFTER and source.failures >= BROKEN_FAILURES


def _weight(source: Source) -> float:
    return source.rate.per_day if source.rate is not None else PRIOR_PER_DAY


def _silent(followed: Sequence[Source], record: Record) -> Diagnosis | None:
    """Nothing has appeared for long, although documents were read all the while."""
    newest = max((at for each in followed for at in (each.last_new_at, each.first_polled_at) if at), default=None)
    until = _read_until(followed)
    if newest is None or until is None:
        return None
    silence = until - newest
    known = [each for each in followed if each.rate is not None]  # of the others nothing is to be expected yet
    expected = sum(rhythm(each.rate, record.usual, newest).expected(newest, until) for each in known)
    remarkable = silence >= _tolerated(followed) and expected >= SILENT_ITEMS
    goes_on = record.health is Health.QUIET and record.since is not None and newest <= record.since
    if not (remarkable or goes_on):  # what is expected fades with time, but nothing has got better until something came
        return None
    reason = {"code": Finding.SILENT, "expected": round(expected), "hours": round(silence / timedelta(hours=1))}
    return Diagnosis(Health.QUIET, newest, reason)


def _tolerated(followed: Sequence[Source]) -> timedelta:
    rates = [each.rate for each in followed if each.rate is not None and each.rate.items >= SILENT_ITEMS / 2]
    gaps_s = [rate.longest_gap_s for rate in rates]
    tolerated = max(SILENT_AT_LEAST, SILENT_GAPS * timedelta(seconds=min(gaps_s, default=0.0)))
    settled = any(rate.days >= SETTLED_DAYS for rate in rates)
    return tolerated if settled else max(tolerated, UNSETTLED_SILENCE)


def _few(followed: Sequence[Source], record: Record, now: datetime) -> Diagnosis | None:
    """Much less than usual has appeared in the last days."""
    known = [each for each in followed if each.rate is not None and each.rate.days >= SETTLED_DAYS]
    until = _read_until(followed)
    if until is None or now - until > FEW_WINDOW / 6:
        return None
    if any(each.first_polled_at is None or now - each.first_polled_at < FEW_WINDOW for each in followed):
        return None
    expected = sum(rhythm(each.rate, record.usual, now).expected(now - FEW_WINDOW, now) for each in known)
    quiet_already = record.health is Health.QUIET
    share = ENOUGH_SHARE if quiet_already else FEW_SHARE
    if expected < FEW_ITEMS or record.recent >= share * expected:
        return None
    hours = round(FEW_WINDOW / timedelta(hours=1))
    reason = {"code": Finding.FEW, "seen": record.recent, "expected": round(expected), "hours": hours}
    return Diagnosis(Health.QUIET, (quiet_already and record.since) or now - FEW_WINDOW, reason)


def _read_until(followed: Sequence[Source]) -> datetime | None:
    """Until when the outlet's documents have been read; what happened after that is not known."""
    return max((each.last_polled_at for each in followed if each.last_polled_at and not each.failures), default=None)
