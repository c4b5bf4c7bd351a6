from __future__ import annotations

import pytest

from monitors.errors import NotFound, UsageError
from monitors.outlets import NewOutlet, NewSource, OutletState, Poll, Validators
from monitors.storage.articles import save
from monitors.storage.engine import Database
from monitors.storage.outlet_cards import sources_health
from monitors.storage.outlets import (
    add_outlet,
    find_outlet,
    list_outlets,
    pause_outlet,
    remove_outlet,
    resume_outlet,
    sources_of,
)
from monitors.storage.polls import due_sources, record_poll
from tests.rows import NOW, SECOND, a_new_article, an_outlet

HOME = "https://alofoq.example/"


def followed(database: Database) -> int:
    new = NewOutlet("Al-Ofoq", HOME, language="ar")
    outlet, _ = database.write_now(add_outlet, new, [NewSource(f"{HOME}feed/")], now=NOW)
    return outlet.id


@pytest.mark.parametrize(
    "wanted", ["Al-Ofoq", "al-ofoq", HOME, "https://alofoq.example", "alofoq.example", f"{HOME}feed/"]
)
def test_an_outlet_is_found_by_name_home_page_or_source(wanted: str, database: Database) -> None:
    outlet_id = followed(database)
    assert database.read_now(find_outlet, wanted).id == outlet_id


def test_an_outlet_is_found_by_its_number(database: Database) -> None:
    outlet_id = followed(database)
    assert database.read_now(find_outlet, str(outlet_id)).name == "Al-Ofoq"


@pytest.mark.parametrize("wanted", ["", "nothing", "9" * 40, "٣", "%", "'; DROP TABLE outlets; --"])
def test_an_unknown_outlet_is_not_found(wanted: str, database: Database) -> None:
    followed(database)
    with pytest.raises(NotFound):
        database.read_now(find_outlet, wanted)


def test_following_twice_changes_nothing(database: Database) -> None:
    assert followed(database) == followed(database)
    assert len(database.read_now(list_outlets)) == 1
    assert len(database.read_now(due_sources, now=NOW, limit=9)) == 1


def test_a_removed_outlet_is_polled_no_more_and_comes_back_without_repeats(database: Database) -> None:
    outlet_id = followed(database)
    outlet = database.read_now(find_outlet, HOME)
    database.write_now(save, [a_new_article(outlet)], now=NOW)
    database.write_now(remove_outlet, outlet_id)
    assert database.read_now(list_outlets) == []
    assert database.read_now(due_sources, now=NOW, limit=9) == []
    with pytest.raises(NotFound):
        database.read_now(find_outlet, HOME)
    assert followed(database) == outlet_id
    assert len(database.read_now(due_sources, now=NOW, limit=9)) == 1
    assert database.write_now(save, [a_new_article(outlet)], now=NOW) == []


def test_health_counts_what_each_source_brought(database: Database) -> None:
    outlet, source = database.write_now(an_outlet)
    database.write_now(save, [a_new_article(outlet, number, source_id=source.id) for number in (1, 2)], now=NOW)
    (health,) = database.read_now(sources_health, [outlet.id])[outlet.id]
    assert (health.articles, health.newest_article_at) == (2, NOW)


def test_an_outlet_that_moved_its_home_page_takes_its_feed_along(database: Database) -> None:
    old = NewOutlet("Al-Ofoq", "http://alofoq.example/")
    feed = NewSource("https://feeds.example/alofoq")
    before, (source,) = database.write_now(add_outlet, old, [feed], now=NOW)
    database.write_now(record_poll, Poll(source.id, NOW, NOW + 300 * SECOND))
    database.write_now(remove_outlet, before.id)
    after, found = database.write_now(add_outlet, NewOutlet("Al-Ofoq", HOME), [feed], now=NOW)
    assert [(one.outlet_id, one.url, one.first_polled_at) for one in found] == [(after.id, feed.url, None)]


def test_a_feed_that_another_outlet_is_followed_by_is_refused(database: Database) -> None:
    followed(database)
    other = NewOutlet("Other", "https://other.example/")
    with pytest.raises(UsageError, match="followed already, for “Al-Ofoq”"):
        database.write_now(add_outlet, other, [NewSource(f"{HOME}feed/")], now=NOW)


def test_what_rested_while_its_outlet_was_removed_begins_in_silence(database: Database) -> None:
    outlet_id = followed(database)
    (source,) = database.read_now(sources_of, outlet_id)
    database.write_now(record_poll, Poll(source.id, NOW, NOW + 300 * SECOND, validators=Validators('"1"', None)))
    database.write_now(remove_outlet, outlet_id)
    followed(database)
    (source,) = database.read_now(sources_of, outlet_id)
    assert (source.first_polled_at, source.validators, source.next_poll_at) == (None, Validators(), NOW)


def test_a_paused_outlet_is_not_polled_and_begins_in_silence_when_it_is_resumed(database: Database) -> None:
    outlet_id = followed(database)
    (source,) = database.read_now(sources_of, outlet_id)
    database.write_now(record_poll, Poll(source.id, NOW, NOW, validators=Validators('"1"', None)))
    assert database.write_now(pause_outlet, outlet_id)
    assert not database.write_now(pause_outlet, outlet_id)
    assert database.read_now(find_outlet, HOME).state is OutletState.PAUSED
    assert database.read_now(due_sources, now=NOW, limit=9) == []
    assert database.write_now(resume_outlet, outlet_id, now=NOW)
    (source,) = database.read_now(due_sources, now=NOW, limit=9)
    assert (source.first_polled_at, source.validators) == (None, Validators())


def test_resuming_what_is_not_paused_changes_nothing(database: Database) -> None:
    outlet_id = followed(database)
    assert not database.write_now(resume_outlet, outlet_id, now=NOW)
    database.write_now(remove_outlet, outlet_id)
    assert not database.write_now(pause_outlet, outlet_id)
    assert not database.write_now(resume_outlet, outlet_id, now=NOW)
    assert database.read_now(list_outlets) == []


def test_adding_a_followed_outlet_again_does_not_hurry_its_polls(database: Database) -> None:
    outlet_id = followed(database)
    (source,) = database.read_now(sources_of, outlet_id)
    database.write_now(record_poll, Poll(source.id, NOW, NOW + 300 * SECOND))
    followed(database)
    assert database.read_now(due_sources, now=NOW, limit=9) == []


def test_an_outlet_that_was_removed_comes_back_under_the_name_it_is_given_now(database: Database) -> None:
    outlet_id = followed(database)
    again = NewOutlet("The Horizon", HOME)
    kept, _ = database.write_now(add_outlet, again, [], now=NOW)
    assert kept.name == "Al-Ofoq", "it is followed: adding it again renames nothing"
    database.write_now(remove_outlet, outlet_id)
    back, _ = database.write_now(add_outlet, again, [], now=NOW)
    assert (back.id, back.name, back.language) == (outlet_id, "The Horizon", "ar")


def test_a_name_that_stands_for_several_outlets_is_refused_with_their_numbers(database: Database) -> None:
    followed(database)
    database.write_now(add_outlet, NewOutlet("Al-Ofoq", "https://second.example/"), [], now=NOW)
    with pytest.raises(UsageError, match=r"1 \(https://alofoq.example/\), 2 \(https://second.example/\)"):
        database.read_now(find_outlet, "al-ofoq")


def test_a_password_in_an_address_nobody_follows_is_not_repeated(sqlite_database: Database) -> None:
    with pytest.raises(NotFound) as caught:
        sqlite_database.read_now(find_outlet, "https://user:secret@outlet.example/")
    assert "secret" not in str(caught.value)
