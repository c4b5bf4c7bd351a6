from __future__ import annotations

from datetime import timedelta

import pytest

from bot.outbox.showing import GROUP_PACE, PRIVATE_PACE, due
from monitors.storage.subjects import OutOfDate
from tests.rows import NOW, SECOND


def message(delivery_id: int, chat_id: int, ago: timedelta, *, urgent: bool = False) -> OutOfDate:
    return OutOfDate(delivery_id, chat_id, NOW - ago, urgent)


@pytest.mark.parametrize(("chat_id", "pace"), [(7, PRIVATE_PACE), (-500, GROUP_PACE)])
def test_a_chat_sees_progress_some_seconds_apart(chat_id: int, pace: timedelta) -> None:
    assert due([message(1, chat_id, pace - SECOND)], now=NOW) == []
    assert due([message(1, chat_id, pace)], now=NOW) == [1]


def test_a_message_from_before_the_clock_was_set_back_is_not_waited_for() -> None:
    assert due([message(1, 7, timedelta(days=-400))], now=NOW) == [1]


def test_several_crawls_of_a_chat_take_turns() -> None:
    assert due([message(1, 7, 9 * SECOND), message(2, 7, 20 * SECOND)], now=NOW) == [2]
    assert due([message(1, 7, 9 * SECOND), message(2, 7, SECOND)], now=NOW) == []


def test_chats_do_not_wait_for_each_other() -> None:
    assert due([message(1, 7, SECOND), message(2, 8, 9 * SECOND)], now=NOW) == [2]


def test_the_end_waits_for_nobody() -> None:
    assert due([message(1, -500, SECOND, urgent=True), message(2, -500, SECOND)], now=NOW) == [1]
