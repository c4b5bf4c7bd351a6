"""Runs of tokens near each other, worked out on whole articles at once.

Where runs begin is kept in numbers, bit n for token n. Near a run is what its bits reach when they are smeared out,
which takes as many shifts as the distance has binary digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple, TypeAlias

Places: TypeAlias = Sequence[tuple[int, int]]
"""Runs of one length each: (length in tokens, where they begin)."""


class Reach(NamedTuple):
    """The tokens a run may begin with that comes after another, and those it may end with that comes before it."""

    first: int
    last: int


def chained(groups: Sequence[Places], distance: int, *, ordered: bool) -> Places:
    """Those of the runs that are links of a chain through all groups; empty when there is none.

    Each link is at most `distance` tokens after the one before it in the groups; or before it, unless `ordered`.
    """
    reached: list[Places] = [groups[0]]
    for group in groups[1:]:
        reached.append(within(group, reach(reached[-1], distance, after=True, before=not ordered)))
        if not reached[-1]:
            return ()
    links: list[Places] = [reached[-1]]
    for group in reversed(reached[:-1]):
        links.append(within(group, reach(links[-1], distance, after=not ordered, before=True)))
    return tuple(run for group in links for run in group)


def bits_around(bits: int, distance: int, *, ordered: bool) -> int:
    """The tokens at most `distance` after one of these, or before one, unless `ordered`."""
    after = _up(bits << 1, distance)
    return after if ordered else after | _down(bits, distance)


def reach(known: Places, distance: int, *, after: bool, before: bool) -> Reach:
    """Where a run is near one of the known."""
    first = _up(reduce(or_, (bits << length for length, bits in known), 0), distance) if after else 0
    last = _down(reduce(or_, (bits for _, bits in known), 0), distance) if before else 0
    return Reach(first, last)


def within(runs: Places, near: Reach) -> Places:
    """Those of the runs that are there."""
    found = [(length, bits & (near.first | near.last >> (length - 1))) for length, bits in runs]
    return [(length, bits) for length, bits in found if bits]


def _up(bits: int, count: int) -> int:
    """The bits, each with the `count` - 1 after it."""
    covered = 1
    while covered < count:
        step = min(covered, count - covered)
        bits |= bits << step
        covered += step
    return bits


def _down(bits: int, count: int) -> int:
    """The `count` bits before each."""
    bits >>= 1
    covered = 1
    while covered < count:
        step = min(covered, count - covered)
        bits |= bits >> step
        covered += step
    return bits
