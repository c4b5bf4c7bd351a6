"""How much a source publishes, and at which hours of the day: learnt from when its entries appeared. Pure.

Feeds say when each entry was published, so counts are complete however rarely we ask, and none of the estimators are
needed that have to guess what happened between two polls. Hours are UTC throughout.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

HALF_LIFE_DAYS = 7.0
"""Long enough to hold every day of the week, short enough to follow an election."""

PRIOR_PER_DAY = 8.0
PRIOR_DAYS = 0.25
"""What a source is taken for before it has shown anything: the median outlet, as if watched for six hours."""

GAP_HALF_LIFE_DAYS = 28.0
"""The longest silence is forgotten slowly: a holiday is no less usual for being a month ago."""

STALE_AFTER_DAYS = 0.25
"""While nothing appears, an estimate only fades; that need not be written down more often than this."""

DAY_S = 86_400.0
_FADING = math.log(2) / HALF_LIFE_DAYS


@dataclass(frozen=True, slots=True)
class RateEstimate:
    """What a source has shown until `as_of`; older days count for less, half as much every week.

    `hours` are the entries that appeared, by hour of the day; `days` is the time they are spread over, faded the same
    way. `latest` is when the newest appeared, `longest_gap_s` the longest silence between two.
    """

    hours: tuple[float, ...]
    days: float
    latest: datetime | None
    longest_gap_s: float
    as_of: datetime

    @property
    def items(self) -> float:
        return math.fsum(self.hours)

    @property
    def per_day(self) -> float:
        """Entries a day, as of `as_of`."""
        return (self.items + PRIOR_PER_DAY * PRIOR_DAYS) / (self.days + PRIOR_DAYS)

    def at(self, now: datetime) -> RateEstimate:
        """The estimate if nothing has appeared since it was made."""
        passed_days = _days(self.as_of, now)
        if not passed_days:
            return self
        left = math.exp(-_FADING * passed_days)
        return RateEstimate(
            hours=tuple([count * left for count in self.hours]),
            days=self.days * left + (1 - left) / _FADING,
            latest=self.latest,
            longest_gap_s=self.longest_gap_s * 0.5 ** (passed_days / GAP_HALF_LIFE_DAYS),
            as_of=now,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "hours": [round(count, 3) for count in self.hours],
            "days": round(self.days, 4),
            "latest": self.latest and self.latest.isoformat(),
            "longest_gap_s": round(self.longest_gap_s),
            "as_of": self.as_of.isoformat(),
        }

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> RateEstimate:
        return cls(
            hours=tuple(saved["hours"]),
            days=saved["days"],
            latest=saved["latest"] and datetime.fromisoformat(saved["latest"]),
            longest_gap_s=saved["longest_gap_s"],
            as_of=datetime.fromisoformat(saved["as_of"]),
        )


def learn(rate: RateEstimate | None, published: Sequence[datetime | None], *, now: datetime) -> RateEstimate:
    """The estimate after a poll that showed these entries for the first time.

    An entry without a date, or with one in the future, appeared now. Without an estimate so far, `published` is
    everything the source lists, and those that have dates tell how much it published before we came. The same object
    comes back while there is nothing worth writing down.
    """
    if rate is None:
        return _first(sorted(at for at in published if at is not None and at <= now), now)
    if not published and _days(rate.as_of, now) < STALE_AFTER_DAYS:
        return rate
    faded = rate.at(now)
    appeared = sorted(now if at is None or at > now else at for at in published)
    recent = [at for at in appeared if rate.latest is None or at > rate.latest]
    known = [rate.latest] if rate.latest is not None else []
    return RateEstimate(
        hours=_counted(faded.hours, appeared, now),
        days=faded.days,
        latest=recent[-1] if recent else rate.latest,
        longest_gap_s=max([faded.longest_gap_s, *_gaps_s(known + recent)]),
        as_of=faded.as_of,
    )


def _first(appeared: list[datetime], now: datetime) -> RateEstimate:
    """From a whole listing. Its oldest fifth is left out: a page that is never replaced would stretch it by years."""
    counted = appeared[len(appeared) // 5 :]
    passed_days = _days(counted[0], now) if counted else 0.0
    return RateEstimate(
        hours=_counted((0.0,) * 24, counted[1:], now),  # the first one begins the time that is counted over
        days=-math.expm1(-_FADING * passed_days) / _FADING,
        latest=counted[-1] if counted else None,
        longest_gap_s=max(_gaps_s(counted), default=0.0),
        as_of=now,
    )


def _counted(hours: Iterable[float], appeared: Iterable[datetime], now: datetime) -> tuple[float, ...]:
    counts = list(hours)
    for at in appeared:
        counts[at.hour] += math.exp(-_FADING * _days(at, now))
    return tuple(counts)


def _gaps_s(appeared: Sequence[datetime]) -> list[float]:
    return [(later - earlier).total_seconds() for earlier, later in pairwise(appeared)]


def _days(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds() / DAY_S)
