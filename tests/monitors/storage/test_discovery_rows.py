from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from monitors.requests import LONGEST_DISCOVERY, Discovery, DiscoveryKind, DiscoveryState, Trouble
from monitors.storage import discoveries
from monitors.storage.crawls import stop_following
from monitors.storage.engine import Database
from monitors.storage.followers import add_follower, drop_follower, followed_by, followers_of
from tests.rows import NOW, SECOND, a_telegram_chat, an_outlet


def asked(connection: Connection, chat_id: int = 7) -> Discovery:
    chat = a_telegram_chat(connection, chat_id)
    return discoveries.ask_discovery(
        connection, DiscoveryKind.ADDRESS, "https://alofoq.example/", chat_id=chat.id, person_id=chat_id, now=NOW
    )


def now_of(database: Database, asked_for: Discovery) -> Discovery:
    found = database.read_now(discoveries.get_discovery, asked_for.id)
    assert found is not None
    return found


def test_an_address_is_looked_at_shown_and_followed(database: Database) -> None:
    look = database.write_now(asked)
    assert [one.id for one in database.read_now(discoveries.open_discoveries)] == [look.id]
    assert database.write_now(discoveries.record_found, look.id, {"name": "الأفق"}, now=NOW)
    assert database.read_now(discoveries.open_discoveries) == []
    assert now_of(database, look).result == {"name": "الأفق"}
    assert database.write_now(discoveries.accept, look.id, look.chat_id, now=NOW)
    assert not database.write_now(discoveries.accept, look.id, look.chat_id, now=NOW)
    assert [one.state for one in database.read_now(discoveries.open_discoveries)] == [DiscoveryState.FOLLOWING]
    outlet, _ = database.write_now(an_outlet)
    assert database.write_now(discoveries.record_followed, look.id, outlet_id=outlet.id, added=True, now=NOW)
    assert database.read_now(discoveries.outlets_added_by, 7) == 1
    assert database.read_now(discoveries.was_brought_by_chats, outlet.id)
    database.write_now(stop_following, outlet.id, now=NOW)
    assert database.read_now(discoveries.outlets_added_by, 7) == 0


def test_only_the_chat_that_asked_decides(database: Database) -> None:
    look = database.write_now(asked)
    database.write_now(discoveries.record_found, look.id, {}, now=NOW)
    assert not database.write_now(discoveries.accept, look.id, 99, now=NOW)
    assert not database.write_now(discoveries.decline, look.id, 99, now=NOW)
    assert database.write_now(discoveries.decline, look.id, look.chat_id, now=NOW)
    assert not database.write_now(discoveries.accept, look.id, look.chat_id, now=NOW)


def test_what_is_found_too_late_is_found_for_nobody(database: Database) -> None:
    look = database.write_now(asked)
    database.write_now(discoveries.decline, look.id, look.chat_id, now=NOW)
    assert not database.write_now(discoveries.record_found, look.id, {}, now=NOW)
    assert now_of(database, look).state is DiscoveryState.CANCELLED


def test_a_look_that_nobody_takes_ends_with_a_word(database: Database) -> None:
    look = database.write_now(asked)
    assert database.write_now(discoveries.fail_overdue, now=NOW + LONGEST_DISCOVERY) == 0
    assert database.write_now(discoveries.fail_overdue, now=NOW + LONGEST_DISCOVERY + SECOND) == 1
    assert now_of(database, look).error is Trouble.OVERDUE


def test_what_a_person_asked_for_within_an_hour_is_counted(database: Database) -> None:
    database.write_now(asked)
    database.write_now(asked)
    assert database.read_now(discoveries.asked_within_an_hour, 7, now=NOW + 59 * timedelta(minutes=1)) == 2
    assert database.read_now(discoveries.asked_within_an_hour, 7, now=NOW + timedelta(hours=1)) == 0
    assert database.read_now(discoveries.asked_within_an_hour, 8, now=NOW) == 0


def test_chats_follow_outlets(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet)
    chat = database.write_now(a_telegram_chat)
    assert database.write_now(add_follower, outlet.id, chat.id, now=NOW)
    assert not database.write_now(add_follower, outlet.id, chat.id, now=NOW)
    assert database.read_now(followers_of, outlet.id) == [chat.id]
    assert database.read_now(followed_by, chat.id) == {outlet.id}
    assert database.write_now(drop_follower, outlet.id, chat.id)
    assert not database.write_now(drop_follower, outlet.id, chat.id)


def test_a_file_is_kept_no_longer_than_it_is_needed(database: Database) -> None:
    def sent(connection: Connection) -> Discovery:
        chat = a_telegram_chat(connection)
        return discoveries.ask_discovery(
            connection, DiscoveryKind.OPML, "PG9wbWwvPg==", chat_id=chat.id, person_id=7, now=NOW, result={"file": "a"}
        )

    look = database.write_now(sent)
    database.write_now(discoveries.record_found, look.id, {"file": "a", "rows": 1}, now=NOW)
    assert now_of(database, look).address == "PG9wbWwvPg=="
    database.write_now(discoveries.decline, look.id, look.chat_id, now=NOW)
    assert now_of(database, look).address == ""
