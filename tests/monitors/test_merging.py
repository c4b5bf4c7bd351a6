"""Many alerts that wait for one chat are one message."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitors.merging import GROWN, MOST, Waiting, told_together
from tests.rows import NOW, SECOND


def lane(*waited_s: float, alone: int | None = None) -> list[Waiting]:
    return [Waiting(number, NOW - second * SECOND, number == alone) for number, second in enumerate(waited_s)]


def test_few_fresh_alerts_have_a_message_each() -> None:
    assert told_together(lane(3, 2, 1), now=NOW) == []


def test_four_share_one() -> None:
    assert told_together(lane(4, 3, 2, 1), now=NOW) == [0, 1, 2, 3]


def test_two_share_one_when_the_first_has_waited_long() -> None:
    assert told_together(lane(60, 1), now=NOW) == []
    assert told_together(lane(61, 1), now=NOW) == [0, 1]
    assert told_together(lane(3600), now=NOW) == []


def test_what_must_stand_alone_ends_the_message() -> None:
    assert told_together(lane(9, 9, 9, 9, 9, alone=4), now=NOW) == [0, 1, 2, 3]
    assert told_together(lane(9, 9, 9, 9, 9, alone=2), now=NOW) == []
    assert told_together(lane(9, 9, 9, 9, 9, alone=0), now=NOW) == []


@given(st.lists(st.tuples(st.integers(0, 200), st.booleans()), max_size=50))
def test_it_is_always_the_beginning_of_the_lane(told: list[tuple[int, bool]]) -> None:
    waiting = [Waiting(n, NOW - timedelta(seconds=s), alone) for n, (s, alone) in enumerate(told)]
    together = told_together(waiting, now=NOW)
    assert together == list(range(len(together)))
    assert len(together) <= MOST
    assert len(together) != 1
    assert not any(waiting[n].alone for n in together)
    assert len(together) >= GROWN or not together or NOW - waiting[0].since > timedelta(seconds=60)
