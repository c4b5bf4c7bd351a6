"""Limits of one's own, of people and of groups, as rows."""

from __future__ import annotations

from datetime import timedelta

from monitors.own_limits import Size, sized
from monitors.people import PersonState
from monitors.settings import LimitSettings, TelegramSettings
from monitors.storage.engine import Database
from monitors.storage.leaving import begin_leaving, leave_on
from monitors.storage.own_limits import limits_of, set_size, size_of
from monitors.storage.people import allow, block, find_person, forget_person, list_people
from monitors.storage.supergroups import migrate
from tests.rows import NOW

READER, OTHER, GROUP, SUPERGROUP, OPERATOR = 7, 8, -500, -1000000000500, 9


def test_half_of_something_is_something_and_nothing_stays_nothing() -> None:
    half = sized(LimitSettings(crawls_per_hour=0, outlets_per_user=1, watches_per_chat=5), Size.HALF)
    assert half is not None
    assert (half.crawls_per_hour, half.outlets_per_user, half.watches_per_chat) == (0, 1, 3)


def test_in_a_group_with_limits_of_its_own_those_count(database: Database) -> None:
    def give(number: int, size: Size) -> None:
        database.write_now(set_size, number, size, by_id=OPERATOR, now=NOW)

    give(READER, Size.HALF)
    assert database.read_now(size_of, GROUP, READER) is Size.HALF
    give(GROUP, Size.BOUNDLESS)
    assert database.read_now(limits_of, LimitSettings(), GROUP, READER) is None
    assert database.read_now(size_of, READER, READER) is Size.HALF
    database.write_now(block, GROUP, by_id=OPERATOR, now=NOW)
    database.write_now(migrate, GROUP, SUPERGROUP)
    barred = database.read_now(find_person, SUPERGROUP)
    assert barred is not None, "what was decided of the group holds for what it has become"
    assert barred.state is PersonState.BLOCKED
    assert database.read_now(size_of, SUPERGROUP, OTHER) is Size.BOUNDLESS
    give(READER, Size.DOUBLE)
    give(SUPERGROUP, Size.USUAL)
    assert database.read_now(size_of, SUPERGROUP, READER) is Size.DOUBLE


def test_they_are_decisions_like_others_and_go_with_them(database: Database) -> None:
    later = NOW + timedelta(hours=1)
    database.write_now(allow, OTHER, by_id=OPERATOR, now=NOW)
    for number in (READER, OTHER):
        database.write_now(set_size, number, Size.HALF, by_id=OPERATOR, now=later)
    decided = [(one.user_id, one.state) for one in database.read_now(list_people)]
    assert decided == [(READER, None), (OTHER, PersonState.ALLOWED)]
    assert [one.user_id for one in database.read_now(list_people, PersonState.ALLOWED)] == [OTHER]
    database.write_now(forget_person, OTHER, TelegramSettings())
    database.write_now(begin_leaving, READER, now=later)
    while database.write_now(leave_on, READER, now=later):
        pass
    assert database.read_now(list_people) == []
