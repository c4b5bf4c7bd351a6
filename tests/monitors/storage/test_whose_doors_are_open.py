"""How people come in: what the settings say until an operator chooses, and whose chats are told nothing then."""

from __future__ import annotations

from sqlalchemy import Connection, select

from monitors.people import Access, Admission
from monitors.settings import TelegramSettings
from monitors.storage.chats import keep
from monitors.storage.doors import (
    NOT_LET_IN,
    access_of,
    attend,
    choose_access,
    chosen_access,
    count_outside,
    count_unlisted,
    list_everybody,
)
from monitors.storage.engine import Database
from monitors.storage.people import admission, allow, block, forget_person
from monitors.storage.tables import chats
from tests.rows import NOW, a_telegram_chat

OPERATOR, SARA, OMAR, OUT = 42, 7, 8, 9
GROUP, OTHERS, LISTED = -500, -501, -502
OPEN = TelegramSettings(access=Access.OPEN, admins=(OPERATOR,))
CLOSED = TelegramSettings(access=Access.LIST, admins=(OPERATOR,))


def people_of(connection: Connection) -> None:
    """Sara and Omar use the bot, who is let in and manages a group; Sara manages others, of which one is let in."""
    ids = {
        number: a_telegram_chat(connection, number).id for number in (OPERATOR, SARA, OMAR, OUT, GROUP, OTHERS, LISTED)
    }
    keep(connection, ids[GROUP], ids[OMAR])
    keep(connection, ids[OTHERS], ids[SARA])
    keep(connection, ids[LISTED], ids[SARA])
    for number in (OMAR, LISTED):
        allow(connection, number, by_id=OPERATOR, now=NOW)
    block(connection, OUT, by_id=OPERATOR, now=NOW)


def shut(connection: Connection) -> set[int]:
    return set(connection.scalars(select(chats.c.telegram_chat_id).where(chats.c.state_reason == NOT_LET_IN)))


def test_a_choice_counts_until_it_is_taken_back(database: Database) -> None:
    with database.engine.begin() as connection:
        people_of(connection)
        assert (access_of(connection, OPEN), chosen_access(connection)) == (Access.OPEN, None)
        for access in (Access.INVITE, Access.LIST):
            choose_access(connection, access, OPEN)
            assert (access_of(connection, OPEN), chosen_access(connection)) == (access, access)
            assert admission(connection, OPEN, user_id=SARA, chat_id=SARA) is Admission.STRANGER
            assert shut(connection) == {SARA, OTHERS}
            assert count_outside(connection) == 1
        choose_access(connection, None, OPEN)
        assert admission(connection, OPEN, user_id=SARA, chat_id=SARA) is Admission.LET_IN
        assert shut(connection) == set()
        choose_access(connection, Access.OPEN, CLOSED)
        assert admission(connection, CLOSED, user_id=SARA, chat_id=SARA) is Admission.LET_IN


def test_whoever_is_in_may_be_let_in_before_the_doors_are_shut(database: Database) -> None:
    with database.engine.begin() as connection:
        people_of(connection)
        assert count_unlisted(connection, OPEN) == 1
        list_everybody(connection, OPEN, by_id=OPERATOR, now=NOW)
        assert count_unlisted(connection, OPEN) == 0
        choose_access(connection, Access.LIST, OPEN)
        assert shut(connection) == set()
        assert admission(connection, OPEN, user_id=SARA, chat_id=SARA) is Admission.LET_IN
        assert admission(connection, OPEN, user_id=OUT, chat_id=OUT) is Admission.BLOCKED


def test_settings_that_changed_shut_and_open_at_the_next_start(database: Database) -> None:
    with database.engine.begin() as connection:
        people_of(connection)
        attend(connection, CLOSED)
        assert shut(connection) == {SARA, OTHERS}
        allow(connection, SARA, by_id=OPERATOR, now=NOW)
        assert shut(connection) == set()
        forget_person(connection, OMAR, CLOSED)
        assert shut(connection) == {OMAR, GROUP}
        attend(connection, OPEN)
        assert shut(connection) == set()
