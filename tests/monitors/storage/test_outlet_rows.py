from __future__ import annotations

import pytest

from monitors.errors import NotFound
from monitors.outlets import NewOutlet, NewSource
from monitors.storage.articles import save
from monitors.storage.engine import Database
from monitors.storage.outlets import (
    add_outlet,
    due_sources,
    find_outlet,
    list_outlets,
    next_due_at,
    remove_outlet,
    sources_health,
)
from tests.rows import NOW, a_new_article, an_outlet

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
    assert database.read_now(next_due_at) is None
    with pytest.raises(NotFound):
        database.read_now(find_outlet, HOME)
    assert followed(database) == outlet_id
    assert database.read_now(next_due_at) == NOW
    assert database.write_now(save, [a_new_article(outlet)], now=NOW) == []


def test_health_counts_what_each_source_brought(database: Database) -> None:
    outlet, source = database.write_now(an_outlet)
    database.write_now(save, [a_new_article(outlet, number, source_id=source.id) for number in (1, 2)], now=NOW)
    (health,) = database.read_now(sources_health, outlet.id)
    assert (health.articles, health.newest_article_at) == (2, NOW)
