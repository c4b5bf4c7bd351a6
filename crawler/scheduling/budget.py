"""How long sources may wait, so that all of them together stay within the operator's budget of requests.

A poll costs a request and ends waiting. For a number of requests, the mean delay over all articles is least when every
source is polled once the delay its entries are expected to have gathered reaches the same threshold θ. With constant
rates that means in proportion to √rate (Cho & Garcia-Molina 2003; Sia, Cho & Cho, TKDE 2007), and index policies
of this form come within a percent of the optimum (Azar et al., PNAS 2018). Polling in proportion to the rate itself,
as readers commonly do, is no better on average than polling everything equally often.

θ is found by water-filling: sources held at a floor or a ceiling take what they take, and the others share the rest.
It is derived from rows alone, so there is nothing to lose or to keep.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from monitors.outlets import PollReason, Standing
from monitors.rates import DAY_S, PRIOR_PER_DAY
from monitors.rhythms import FLAT, Profile, blended, group_key, usual_profile

CEILING_S = 3 * 3600.0
"""Nothing that works is polled more rarely. An estimate can be wrong and a quiet source wake up: three hours bound
what that costs, and ten thousand sources at the ceiling take 56 of the 1,000 polls a minute of the default budget."""

_STEPS_PER_DOUBLING = 8
_HALVINGS = 20


@dataclass(frozen=True, slots=True)
class Pace:
    """What is decided about all sources at once; with it, one can be timed by its own row alone.

    `theta` is in item-seconds: the delay a source may be expected to gather before it is polled. 0 lets each be polled
    at its floor. `profiles` are the usual hours by outlet; `crowds` how many sources share an outlet, if several.
    """

    interval_s: float
    theta: float = 0.0
    ceiling_s: float = CEILING_S
    profiles: Mapping[int, Profile] = field(default_factory=dict)
    crowds: Mapping[int, int] = field(default_factory=dict)

    def profile(self, outlet_id: int) -> Profile:
        return self.profiles.get(outlet_id, FLAT)


def pace_of(standings: Iterable[Standing], *, budget_per_min: float, interval_s: float, now: datetime) -> Pace:
    """The pace that keeps these sources within the budget, as a mean over the day: by day more, at night fewer."""
    groups: dict[str, _Group] = {}
    members: dict[int, str] = {}
    crowds: Counter[int] = Counter()
    for standing in standings:
        key = members.get(standing.outlet_id)
        if key is None:
            key = members[standing.outlet_id] = group_key(standing.language, standing.time_zone, now)
        if key not in groups:
            groups[key] = _Group(usual_profile(standing.language, standing.time_zone, now))
        groups[key].add(standing, interval_s, now)
        crowds[standing.outlet_id] += 1
    budget_per_s = budget_per_min / 60
    ceiling_s = max(CEILING_S, crowds.total() / budget_per_s)  # longer only where three hours are too often already
    profiles = {key: group.profile for key, group in groups.items()}
    cells = [cell for group in groups.values() for cell in group.load()]
    return Pace(
        interval_s=interval_s,
        theta=_theta(cells, budget_per_s - sum(group.fixed_per_s for group in groups.values()), ceiling_s),
        ceiling_s=ceiling_s,
        profiles={outlet_id: profiles[key] for outlet_id, key in members.items()},
        crowds={outlet_id: count for outlet_id, count in crowds.items() if count > 1},
    )


class _Group:
    """Sources that publish at similar hours, counted by what they draw and by floor in steps of a ninth: the budget is
    shared out among a hundred thousand as quickly as among ten."""

    def __init__(self, usual: Profile) -> None:
        self._usual = usual
        self._hours = [0.0] * 24
        self._counts: Counter[tuple[int, int]] = Counter()
        self.fixed_per_s = 0.0

    def add(self, standing: Standing, interval_s: float, now: datetime) -> None:
        if standing.failing or standing.reason is PollReason.RETRY_AFTER:
            self.fixed_per_s += 1 / max(standing.gap_s, interval_s)
            return
        pull = PRIOR_PER_DAY
        if standing.rate is not None:
            rate = standing.rate.at(now)
            self._hours = [total + count for total, count in zip(self._hours, rate.hours, strict=True)]
            pull = rate.per_day * _evenness(blended(rate.hours, self._usual))
        self._counts[_step(pull), _step(max(interval_s, standing.asked_s))] += 1

    @property
    def profile(self) -> Profile:
        return blended(self._hours, self._usual)

    def load(self) -> list[_Cell]:
        """What its sources ask for, each hour of the day for itself: by day many are held by floors, at night none."""
        profile = self.profile
        evenness = _evenness(profile)
        by_hour = Counter(_step(factor / evenness) for factor in profile)
        return [
            _Cell(_value(pull + factor) / DAY_S, _value(floor), count * hours / 24)
            for (pull, floor), count in self._counts.items()
            for factor, hours in by_hour.items()
        ]


class _Cell(NamedTuple):
    """So many sources that publish at this rate, in items a second, and are polled at most every `floor_s`."""

    rate: float
    floor_s: float
    sources: float


def _evenness(profile: Profile) -> float:
    """By which a rate that varies over the hours draws fewer polls than a constant one: its mean root, squared."""
    return (math.fsum(map(math.sqrt, profile)) / len(profile)) ** 2


def _theta(cells: Iterable[_Cell], budget_per_s: float, ceiling_s: float) -> float:
    """The least threshold with which all polls stay within the budget."""
    waits = [(math.sqrt(2 / rate), floor_s, count) for rate, floor_s, count in cells]

    def polls_per_s(theta: float) -> float:
        root = math.sqrt(theta)
        return math.fsum([count / max(min(root * wait, ceiling_s), floor_s) for wait, floor_s, count in waits])

    if polls_per_s(0.0) <= budget_per_s:
        return 0.0
    low, high = -30.0, 50.0  # as powers of two: from nothing to ages
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if polls_per_s(2.0**middle) > budget_per_s else (low, middle)
    return float(2.0**high)


def _step(value: float) -> int:
    return round(math.log2(value) * _STEPS_PER_DOUBLING)


def _value(step: int) -> float:
    return float(2.0 ** (step / _STEPS_PER_DOUBLING))
