from __future__ import annotations

from dataclasses import replace

import pytest

from monitors.catalogue import CatalogueEntry, Leaning
from monitors.storage.catalogue import (
    catalogue_countries,
    catalogue_entry,
    mirror,
    mirror_is_current,
    search_catalogue,
)
from monitors.storage.engine import Database


def entry(key: str, name: str, name_ar: str, **values: str) -> CatalogueEntry:
    about = {"country": "SY", "language": "ar", "time_zone": "Asia/Damascus", "homepage": f"https://www.{key}.example/"}
    return CatalogueEntry(key=key, name=name, name_ar=name_ar, **{**about, **values})  # type: ignore[arg-type]


BAATH = replace(entry("al-baath", "Al-Baath", "البعث"), leaning=Leaning.PARTY, also=("Ba'ath", "جريدة البعث"))
WATAN_SYRIA = entry("al-watan-syria", "Al-Watan (Syria)", "الوطن السورية")
WATAN_OMAN = entry("al-watan-oman", "Al-Watan (Oman)", "الوطن العمانية", country="OM")
WATANIYA = entry("wataniya", "Wataniya", "الوطنية", country="TN")
MEDIAS = entry("medias", "Médias", "ميديا", country="MA", language="fr-MA")
ALL = [WATANIYA, BAATH, WATAN_SYRIA, WATAN_OMAN, MEDIAS]


@pytest.fixture
def filled(database: Database) -> Database:
    database.write_now(mirror, ALL, content_hash="a")
    return database


def found(database: Database, text: str = "", **filters: str) -> list[str]:
    return [each.key for each in database.read_now(search_catalogue, text, **filters)]


@pytest.mark.parametrize("text", ["البعث", "بعث", "baath", "al-baath", "albaath", "BA'ATH", "جريدة"])
def test_an_outlet_is_found_by_any_of_its_names(filled: Database, text: str) -> None:
    assert found(filled, text) == ["al-baath"]


def test_whole_words_come_before_beginnings(filled: Database) -> None:
    assert found(filled, "watan") == ["al-watan-syria", "al-watan-oman", "wataniya"]
    assert found(filled, "watan oman") == ["al-watan-oman"]


def test_country_and_language_narrow_the_search(filled: Database) -> None:
    assert found(filled, "watan", country="om") == ["al-watan-oman"]
    assert found(filled, language="fr") == ["medias"]
    assert found(filled, language="FR-ma") == ["medias"]
    assert found(filled, language="f") == []


def test_without_words_everything_is_listed_in_its_order_and_with_mere_signs_nothing(filled: Database) -> None:
    assert found(filled) == [each.key for each in ALL]
    assert found(filled, "%") == []


def test_what_is_found_is_the_entry_itself(filled: Database) -> None:
    (baath,) = filled.read_now(search_catalogue, "baath")
    assert baath == replace(BAATH, also=())
    assert filled.read_now(catalogue_entry, "al-baath") == baath
    assert filled.read_now(catalogue_entry, "nobody") is None
    assert baath.note == "not verified: written offline"


def test_countries_are_counted_in_the_catalogues_order(filled: Database) -> None:
    assert filled.read_now(catalogue_countries) == [("TN", 1), ("SY", 2), ("OM", 1), ("MA", 1)]


def test_the_rows_follow_the_files(filled: Database) -> None:
    assert filled.read_now(mirror_is_current, "a")
    assert not filled.read_now(mirror_is_current, "b")
    renamed = replace(BAATH, name="The Renaissance", name_ar="النهضة", also=())
    filled.write_now(mirror, [renamed, MEDIAS], content_hash="b")
    assert filled.read_now(mirror_is_current, "b")
    assert found(filled) == ["al-baath", "medias"]
    assert found(filled, "renaissance") == ["al-baath"]
    assert found(filled, "watan") == []


@pytest.mark.parametrize("text", ["oman", "عمان", "عُمان"])
def test_a_country_finds_its_outlets_after_those_that_are_called_so(filled: Database, text: str) -> None:
    in_oman = entry("the-daily", "The Daily", "اليومية", country="OM")
    called = entry("today", "Oman Today", "عمان اليوم", country="TN")
    filled.write_now(mirror, [WATANIYA, in_oman, called], content_hash="c")
    assert found(filled, text) == ["today", "the-daily"]


@pytest.mark.parametrize("text", ["فلسطين", "palestine", "الأراضي الفلسطينية"])
def test_a_country_is_found_by_the_name_that_newspapers_give_it(database: Database, text: str) -> None:
    database.write_now(mirror, [entry("the-daily", "The Daily", "اليومية", country="PS"), MEDIAS], content_hash="a")
    assert found(database, text) == ["the-daily"]
