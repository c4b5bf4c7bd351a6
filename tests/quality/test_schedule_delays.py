"""The schedule's promise on a small simulation; `python -m benchmarks.schedule` is the whole one."""

from __future__ import annotations

from benchmarks.schedule import by_rasid, outlets, score, uniformly

DAYS = 10


def test_articles_wait_half_as_long_as_with_equal_intervals_for_the_same_requests() -> None:
    found = outlets(60, DAYS, seed=2)
    equal = score(found, uniformly(found, DAYS, floors=False), DAYS)
    ours = score(found, by_rasid(found, DAYS, floors=False), DAYS)
    assert ours.requests <= 1.01 * equal.requests
    assert ours.mean_s <= 0.55 * equal.mean_s
