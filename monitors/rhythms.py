"""The hours at which outlets publish, and what is therefore to be expected of a source. Pure; hours are UTC."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitors.rates import DAY_S, PRIOR_PER_DAY, RateEstimate

PROFILE_ITEMS = 60.0
"""How many items of its own outweigh what a source's group teaches about the hours of the day."""

Profile = tuple[float, ...]
"""24 factors, one for each hour of the day in UTC; their mean is 1."""

FLAT: Profile = (1.0,) * 24

_NEWS_DAY = (3, 2, 2, 2, 3, 6, 10, 14, 16, 18, 18, 18, 18, 18, 17, 16, 16, 15, 15, 15, 14, 11, 8, 5)
"""Items by local hour at an imaginary daily: a guess, which a few days of any group's own items outweigh."""

_USUAL_OFFSET_H = {"ar": 3, "fa": 3, "he": 2, "tr": 3, "ckb": 3, "ur": 5, "fr": 1, "de": 1, "es": 1, "it": 1, "ru": 3}
"""Where most outlets of a language are, for one that does not say where it is."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The rate at each hour of the day, in items a second."""

    by_hour: tuple[float, ...]

    def expected(self, since: datetime, until: datetime) -> float:
        """How many entries should have appeared meanwhile."""
        days, rest_s = divmod(max(0.0, (until - since).total_seconds()), DAY_S)
        count = days * 3600 * math.fsum(self.by_hour)
        hour, left_s = since.hour, _left_s(since)
        while rest_s > 0:
            count += self.by_hour[hour] * min(rest_s, left_s)
            rest_s, left_s, hour = rest_s - left_s, 3600.0, (hour + 1) % 24
        return count

    def seconds_until_delay(self, limit: float, since: datetime, *, at_most_s: float) -> float:
        """After how long the entries that appear from `since` on are expected to have waited `limit` item-seconds.

        That is the t at which ∫ λ(s)(t-s) ds reaches it; √(2·limit/λ) where the rate λ is constant.
        """
        waited = pending = elapsed_s = 0.0
        hour, left_s = since.hour, _left_s(since)
        while elapsed_s < at_most_s:
            rate = self.by_hour[hour]
            after = waited + pending * left_s + rate * left_s * left_s / 2
            if after > limit:
                missing = limit - waited
                root = pending + math.sqrt(pending * pending + 2 * rate * missing)  # of λt²/2 + pending·t = missing
                return min(elapsed_s + (2 * missing / root if root else 0.0), at_most_s)
            waited, pending, elapsed_s = after, pending + rate * left_s, elapsed_s + left_s
            left_s, hour = 3600.0, (hour + 1) % 24
        return at_most_s


def rhythm(rate: RateEstimate | None, usual: Profile, now: datetime) -> Rhythm:
    """What is expected of a source from now on, if it has shown nothing since its estimate was made."""
    if rate is None:
        return Rhythm(tuple([PRIOR_PER_DAY / DAY_S * factor for factor in usual]))
    faded = rate.at(now)
    per_second = faded.per_day / DAY_S
    return Rhythm(tuple([per_second * factor for factor in blended(faded.hours, usual)]))


def blended(hours: Sequence[float], usual: Profile) -> Profile:
    """What counts by hour say, leaning on the usual profile while they are few."""
    items = math.fsum(hours)
    own, leant = 24 / (items + PROFILE_ITEMS), PROFILE_ITEMS / (items + PROFILE_ITEMS)
    return tuple([own * count + leant * factor for count, factor in zip(hours, usual, strict=True)])


def group_key(language: str | None, time_zone: str | None, now: datetime) -> str:
    """Outlets of one key publish at similar hours. By offset, so that Damascus and Amman are one."""
    offset_h = _offset_h(language, time_zone, now)
    return f"{_bare(language)}{'' if offset_h is None else f'{offset_h:+d}'}"


def usual_profile(language: str | None, time_zone: str | None, now: datetime) -> Profile:
    """The hours at which such an outlet is expected to publish before any of its group has shown anything."""
    offset_h = _offset_h(language, time_zone, now)
    if offset_h is None:
        return FLAT
    scale = 24 / sum(_NEWS_DAY)
    return tuple(scale * _NEWS_DAY[(hour + offset_h) % 24] for hour in range(24))


def _offset_h(language: str | None, time_zone: str | None, now: datetime) -> int | None:
    if time_zone:
        try:
            return round((now.astimezone(ZoneInfo(time_zone)).utcoffset() or timedelta()) / timedelta(hours=1))
        except (ValueError, OSError, KeyError):  # there is no such zone: the same as none
            pass
    return _USUAL_OFFSET_H.get(_bare(language))


def _bare(language: str | None) -> str:
    return (language or "").partition("-")[0].lower()


def _left_s(at: datetime) -> float:
    """What is left of its hour."""
    return 3600.0 - at.minute * 60 - at.second
