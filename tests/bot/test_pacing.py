"""How fast we speak: below every guessed limit, and a 429 rests the lane it concerns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outbox.pacing import WHOLE_BOT, Bucket, Pacer, of_telegram

ANSWER = {"answer": True, "edits": False}
ALERT = {"answer": False, "edits": False}
EDIT = {"answer": True, "edits": True}


def pacer() -> Pacer:
    return Pacer(WHOLE_BOT, of_telegram)


def may(paced: Pacer, chat_id: int, now: float, what: dict[str, bool]) -> bool:
    most, resting = paced.room(now).of(**what)
    return most > 0 and chat_id not in resting


def sent_times(chat_id: int, seconds: float, what: dict[str, bool] = ANSWER) -> list[float]:
    """When messages to one chat leave if there is always one more."""
    paced, now, times = pacer(), 1000.0, []
    while now < 1000.0 + seconds:
        if may(paced, chat_id, now, what):
            paced.spend(chat_id, now, edits=what["edits"])
            times.append(now)
        else:
            now += 0.05
    return times


def most_within(times: list[float], seconds: float) -> int:
    return max(sum(start <= at < start + seconds for at in times) for start in times)


def test_a_chat_gets_three_at_once_and_then_one_a_second() -> None:
    times = sent_times(7, 10)
    assert most_within(times, 0.01) == 3
    assert len(times) == 3 + 9  # 3 at once, then 1/s for the rest of 10 s


def test_a_group_gets_at_most_eighteen_in_any_minute() -> None:
    assert 17 <= most_within(sent_times(-7, 300), 60) <= 3 + 15


def test_alerts_leave_an_answer_its_place() -> None:
    paced = pacer()
    for _ in range(2):
        assert may(paced, -7, 1000.0, ALERT)
        paced.spend(-7, 1000.0, edits=False)
    assert not may(paced, -7, 1000.0, ALERT)
    assert may(paced, -7, 1000.0, ANSWER)
    assert 16 <= most_within(sent_times(-7, 300, ALERT), 60) <= 2 + 15


def test_changes_of_messages_are_counted_apart() -> None:
    paced = pacer()
    for _ in range(3):
        paced.spend(7, 1000.0, edits=False)
    assert not may(paced, 7, 1000.0, ANSWER)
    for _ in range(4):
        assert may(paced, 7, 1000.0, EDIT)
        paced.spend(7, 1000.0, edits=True)
    assert not may(paced, 7, 1000.0, EDIT)
    assert most_within(sent_times(-7, 300, EDIT), 60) <= 4 + 15


@given(st.lists(st.floats(0, 0.2), min_size=50, max_size=400))
def test_the_whole_bot_stays_below_thirty_in_any_second(pauses: list[float]) -> None:
    paced, now, times = pacer(), 1000.0, []
    for number, pause in enumerate(pauses):
        now += pause
        while paced.room(now).answers:
            paced.spend(number, now, edits=False)
            times.append(now)
    assert most_within(times, 1.0) <= 29


def test_it_says_when_to_look_again() -> None:
    paced = pacer()
    for _ in range(3):
        paced.spend(7, 1000.0, edits=False)
    assert not may(paced, 7, 1000.0, ANSWER)
    assert paced.next_free_in(1000.5) == pytest.approx(0.5)  # the chat; the bot may speak again
    for chat_id in range(10, 17):
        paced.spend(chat_id, 1000.5, edits=False)
    assert paced.room(1000.5).answers == 0
    assert paced.next_free_in(1000.5) == pytest.approx(3.5 / 25)  # 4.5 − 7 = −2.5; 3.5 more at 25 a second


def test_one_chat_told_to_wait_rests_alone() -> None:
    paced = pacer()
    paced.spend(7, 1000.0, edits=False)
    assert paced.rest(7, 20, 1000.0) is False
    assert not may(paced, 7, 1019.0, ANSWER)
    assert not may(paced, 7, 1019.0, EDIT)
    assert may(paced, 8, 1001.0, ANSWER)
    assert may(paced, 7, 1020.5, ANSWER)


def test_several_chats_told_to_wait_rest_everything() -> None:
    paced = pacer()
    assert [paced.rest(chat_id, 20, 1000.0 + chat_id) for chat_id in (1, 2, 3)] == [False, False, True]
    assert not paced.room(1010.0).any
    assert paced.next_free_in(1010.0) == pytest.approx(13.0)
    assert paced.room(1023.5).answers == 4


def test_chats_told_to_wait_long_after_each_other_rest_alone() -> None:
    paced = pacer()
    assert [paced.rest(chat_id, 20, 1000.0 + 10 * chat_id) for chat_id in (1, 2, 3)] == [False, False, False]


def test_a_lane_at_rest_is_forgotten_and_comes_back_full() -> None:
    paced = pacer()
    paced.spend(7, 1000.0, edits=False)
    assert paced.room(1010.0).no_answers == frozenset()
    paced.spend(7, 1010.0, edits=False)
    paced.spend(7, 1010.0, edits=False)
    assert may(paced, 7, 1010.0, ANSWER)


def test_what_was_said_before_a_restart_counts() -> None:
    before = sent_times(-7, 30)
    paced = pacer()
    paced.remember(-7, before[-1], 1030.0)
    now, after = 1030.0, []
    while now < 1060.0:
        if may(paced, -7, now, ANSWER):
            paced.spend(-7, now, edits=False)
            after.append(now)
        now += 0.05
    assert most_within(before + after, 60) <= 18


def test_a_bucket_never_holds_more_than_its_burst() -> None:
    bucket = Bucket(rate=2, burst=5)
    assert bucket.available(1e9) == 5
    bucket.spend(1e9)
    assert bucket.available(1e9 + 0.25) == 4.5
    assert bucket.available(1e9 - 100) == 4.5  # a clock that steps back changes nothing
