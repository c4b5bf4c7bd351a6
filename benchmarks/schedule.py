"""How long articles wait until a poll shows them, under five schedules with the same number of requests.

    python -m benchmarks.schedule [--sources 600] [--days 21] [--seed 20]

Simulates outlets that publish as newsrooms do: rates spread over three orders of magnitude (log-normal, median 8 and
mean 30 a day), three time zones, ten times less at night, half as much at weekends, most of it in bursts. Each schedule
may make one request per source every ten minutes on average; the last seven days are scored. Ours is the production
code (`crawler.scheduling`), which starts knowing nothing; the others are given their best constants. With floors,
half of the servers ask for a minute between two polls, a third for five, a sixth for 15, of every schedule. Goal: at
most 0.55 times the mean delay of polling everything equally often.
"""

from __future__ import annotations

import argparse
import bisect
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from statistics import NormalDist

from crawler.scheduling import Pace, ServerWord, after_success, pace_of
from monitors.outlets import PollReason, Source, SourceKind, Standing
from monitors.rates import RateEstimate, learn

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
DAY_S = 86_400.0
MEAN_GAP_S = 600.0
SCORED_DAYS = 7
SHORTEST_S = 20.0  # the operator's floor, far below what any schedule wants: the budget is what binds
LONGEST_S = 3 * 3600.0
PACE_EVERY_S = 7200.0
ZONES = (("ar", "Asia/Damascus", 3, (4, 5)), ("fr", "Europe/Paris", 1, (5, 6)), ("en", "America/New_York", -5, (5, 6)))
FLOORS_S = (60.0, 60.0, 60.0, 300.0, 300.0, 900.0)

Polls = list[float]
"""Times of the polls of one source, in seconds since the start, ascending."""


@dataclass(frozen=True, slots=True)
class Outlet:
    number: int
    language: str
    time_zone: str
    per_day: float
    published: tuple[float, ...]
    floor_s: float


@dataclass(frozen=True, slots=True)
class Result:
    requests: int
    delays: Sequence[float]

    @property
    def mean_s(self) -> float:
        return math.fsum(self.delays) / len(self.delays)

    def quantile_s(self, share: float) -> float:
        return self.delays[min(int(share * len(self.delays)), len(self.delays) - 1)]


def outlets(count: int, days: int, seed: int) -> list[Outlet]:
    chance = random.Random(seed)
    rates = [8 * math.exp(1.626 * NormalDist().inv_cdf((rank + 0.5) / count)) for rank in range(count)]
    chance.shuffle(rates)
    found = []
    for number, rate in enumerate(rates):
        language, time_zone, offset_h, weekend = ZONES[number % len(ZONES)]
        published = _published(chance, rate, offset_h, weekend, days)
        floor_s = FLOORS_S[chance.randrange(len(FLOORS_S))]
        found.append(Outlet(number, language, time_zone, rate, published, floor_s))
    return found


def _published(
    chance: random.Random, per_day: float, offset_h: int, weekend: Sequence[int], days: int
) -> tuple[float, ...]:
    """Three in four come alone; the others begin a burst of five on average, within half an hour."""
    by_hour = hourly(chance.uniform(10, 19), per_day, offset_h, weekend, days)
    times: list[float] = []
    for hour, expected in enumerate(by_hour):
        for _ in range(_poisson(chance, expected / 2)):
            at = (hour + chance.random()) * 3600
            burst = 1 if chance.random() < 0.75 else 1 + _poisson(chance, 4.0)  # two on average
            times += [at, *(at + chance.uniform(0, 1800) for _ in range(burst - 1))]
    return tuple(sorted(at for at in times if at < days * DAY_S))


def hourly(peak_h: float, per_day: float, offset_h: int, weekend: Sequence[int], days: int) -> list[float]:
    """How many articles to expect in each hour."""
    weights = []
    for hour in range(days * 24):
        local = (hour + offset_h) % 24
        awake = 0.1 if local < 6 else 1 + 0.5 * math.cos((local - peak_h) / 24 * 2 * math.pi)
        weights.append(awake * (0.5 if (hour + offset_h) // 24 % 7 in weekend else 1.0))
    scale = per_day * days / sum(weights)
    return [weight * scale for weight in weights]


def _poisson(chance: random.Random, mean: float) -> int:
    count, product, limit = 0, chance.random(), math.exp(-mean)
    while product > limit:
        count, product = count + 1, product * chance.random()
    return count


def uniformly(found: Sequence[Outlet], days: int, floors: bool) -> list[Polls]:
    def polls(gap_s: float) -> list[Polls]:
        return [_steadily(outlet, _between(gap_s, outlet, floors), days) for outlet in found]

    return _tuned(polls, found, days, MEAN_GAP_S / 4, MEAN_GAP_S)


def by_root(found: Sequence[Outlet], days: int, floors: bool) -> list[Polls]:
    """In proportion to the square root of the true rate, always the same."""

    def polls(factor: float) -> list[Polls]:
        gaps = [_between(factor / math.sqrt(outlet.per_day), outlet, floors) for outlet in found]
        return [_steadily(outlet, gap_s, days) for outlet, gap_s in zip(found, gaps, strict=True)]

    return _tuned(polls, found, days, 300, 6000)


def by_entry_frequency(found: Sequence[Outlet], days: int, floors: bool) -> list[Polls]:
    """In proportion to what it published in the last week, as Miniflux does, the factor tuned to the budget."""

    def polls(factor: float) -> list[Polls]:
        return [_by_last_week(outlet, factor, days, floors) for outlet in found]

    return _tuned(polls, found, days, 0.02, 0.3)


def _by_last_week(outlet: Outlet, factor: float, days: int, floors: bool) -> Polls:
    at, polls = _phase(outlet) * MEAN_GAP_S, []
    while at < days * DAY_S:
        polls.append(at)
        week = bisect.bisect_left(outlet.published, at) - bisect.bisect_left(outlet.published, at - 7 * DAY_S)
        week_s = min(at, 7 * DAY_S) or 1.0
        at += _between(factor * week_s / week if week else LONGEST_S, outlet, floors)
    return polls


def _between(gap_s: float, outlet: Outlet, floors: bool) -> float:
    return max(min(gap_s, LONGEST_S), SHORTEST_S, outlet.floor_s * floors)


def _steadily(outlet: Outlet, gap_s: float, days: int) -> Polls:
    return [(_phase(outlet) + step) * gap_s for step in range(math.ceil(days * DAY_S / gap_s - _phase(outlet)))]


def _phase(outlet: Outlet) -> float:
    return outlet.number * 0.618033988749895 % 1.0


def _tuned(
    polls: Callable[[float], list[Polls]], found: Sequence[Outlet], days: int, low: float, high: float
) -> list[Polls]:
    """With the factor between `low` and `high` that makes the scored requests meet the budget."""
    best = None
    while high / low > 1.003:
        middle = math.sqrt(low * high)
        tried = polls(middle)
        if _scored_requests(tried, days) > _allowed(found):
            low = middle
        else:
            high, best = middle, tried
    return best or polls(high)


def _allowed(found: Sequence[Outlet]) -> float:
    return len(found) * SCORED_DAYS * DAY_S / MEAN_GAP_S


def by_rasid(found: Sequence[Outlet], days: int, floors: bool) -> list[Polls]:
    """What `crawler.scheduling` does, its pace derived from the sources' rows every other hour."""
    budget_per_min = len(found) * 60 / MEAN_GAP_S
    followed = [_Followed(outlet, floors) for outlet in found]
    pace = Pace(SHORTEST_S)
    for turn in range(math.ceil(days * DAY_S / PACE_EVERY_S)):
        now = START + timedelta(seconds=turn * PACE_EVERY_S)
        if turn:
            standings = (each.standing() for each in followed)
            pace = pace_of(standings, budget_per_min=budget_per_min, interval_s=SHORTEST_S, now=now)
        for each in followed:
            each.poll_until((turn + 1) * PACE_EVERY_S, pace)
    return [each.polls for each in followed]


class _Followed:
    """A source and its row. Its first poll, spread over the first hour, shows what it published that day."""

    def __init__(self, outlet: Outlet, floors: bool) -> None:
        self.outlet = outlet
        self.polls: Polls = []
        self._word = ServerWord(freshness_s=outlet.floor_s * floors)
        self._shown = 0
        self._at = _phase(outlet) * 3600
        self._last = self._at
        self._rate: RateEstimate | None = None
        self._reason: PollReason | None = None
        self._source = _source(outlet.number)

    def standing(self) -> Standing:
        return Standing(
            outlet_id=self.outlet.number,
            language=self.outlet.language,
            time_zone=self.outlet.time_zone,
            rate=self._rate,
            reason=self._reason,
            asked_s=self.outlet.floor_s if self._word.freshness_s else 0.0,
            gap_s=self._at - self._last,
            failing=False,
        )

    def poll_until(self, end: float, pace: Pace) -> None:
        published = self.outlet.published
        while self._at < end:
            self.polls.append(self._at)
            seen = bisect.bisect_right(published, self._at, lo=self._shown)
            now = START + timedelta(seconds=self._at)
            new = [START + timedelta(seconds=at) for at in published[self._shown : seen]]
            self._shown = seen
            self._rate = learn(self._rate, new, now=now)
            source = replace(self._source, next_poll_at=now)
            due = after_success(source, now=now, word=self._word, pace=pace, rate=self._rate)
            self._reason = due.reason
            self._last, self._at = self._at, (due.at - START).total_seconds()


def _source(number: int) -> Source:
    return Source(
        id=number,
        outlet_id=number,
        kind=SourceKind.FEED,
        url="",
        next_poll_at=START,
        first_polled_at=START,
        last_polled_at=START,
        last_unconditional_at=START,
        active=True,
    )


def score(found: Sequence[Outlet], polls: Sequence[Polls], days: int) -> Result:
    begin = (days - SCORED_DAYS) * DAY_S
    delays = []
    for outlet, times in zip(found, polls, strict=True):
        for at in outlet.published[bisect.bisect_left(outlet.published, begin) :]:
            shown = bisect.bisect_left(times, at)
            delays.append((times[shown] if shown < len(times) else days * DAY_S) - at)
    return Result(_scored_requests(polls, days), sorted(delays))


def _scored_requests(polls: Sequence[Polls], days: int) -> int:
    begin = (days - SCORED_DAYS) * DAY_S
    return sum(len(times) - bisect.bisect_left(times, begin) for times in polls)


SCHEDULES: dict[str, Callable[[Sequence[Outlet], int, bool], list[Polls]]] = {
    "uniform": uniformly,
    "entry frequency, tuned": by_entry_frequency,
    "square root, true rates": by_root,
    "Rasid": by_rasid,
}


def main(sources: int, days: int, seed: int) -> None:
    found = outlets(sources, days, seed)
    rates = sorted(len(outlet.published) / days for outlet in found)
    print(
        f"{sources} sources, {days} days, median {rates[len(rates) // 2]:.1f} and mean "
        f"{sum(rates) / len(rates):.1f} articles a day; the last {SCORED_DAYS} days are scored"
    )
    for floors in (False, True):
        print(
            f"\n{'servers ask for 1, 5, 15 min' if floors else 'no server asks for anything':28}"
            f"{'requests':>10}{'mean s':>9}{'x uniform':>11}{'median':>8}{'p95':>7}{'<=60 s':>8}{'CPU s':>8}"
        )
        base: Result | None = None
        for name, schedule in SCHEDULES.items():
            began = time.process_time()
            result = score(found, schedule(found, days, floors), days)
            cpu_s = time.process_time() - began
            base = base or result
            quick = bisect.bisect_right(result.delays, 60) / len(result.delays)
            print(
                f"{name:28}{result.requests / base.requests:>9.3f}x{result.mean_s:>9.1f}"
                f"{result.mean_s / base.mean_s:>10.3f}x{result.quantile_s(0.5):>8.0f}{result.quantile_s(0.95):>7.0f}"
                f"{quick:>8.0%}{cpu_s:>8.1f}",
                flush=True,
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=600)
    parser.add_argument("--days", type=int, default=21)
    parser.add_argument("--seed", type=int, default=20)
    given = parser.parse_args()
    main(given.sources, given.days, given.seed)
