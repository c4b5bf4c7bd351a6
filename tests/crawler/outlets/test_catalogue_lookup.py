from __future__ import annotations

import pytest

from crawler.outlets.catalogue import load_catalogue
from crawler.outlets.lookup import entry_of, find_in_catalogue, rules_for
from crawler.outlets.mirroring import mirror_catalogue
from crawler.pages.site_rules import SiteRules
from monitors.errors import UsageError
from monitors.storage.catalogue import search_catalogue
from monitors.storage.engine import Database


@pytest.mark.parametrize(
    "text", ["al-baath", "Al-Baath", "albaath", "Ba'ath", "البعث", "صحيفة البعث", " AL-BAATH ", "al baath"]
)
def test_an_outlet_is_found_by_key_or_name(text: str) -> None:
    found = find_in_catalogue(text)
    assert found is not None
    assert found.key == "al-baath"


@pytest.mark.parametrize("text", ["", "nobody at all", "newspaper.albaathmedia.sy", "https://sana.sy/", "baa"])
def test_what_is_no_name_is_not_found(text: str) -> None:
    assert find_in_catalogue(text) is None


def test_a_name_of_several_asks_for_a_key() -> None:
    with pytest.raises(UsageError, match=r"Several outlets are called “al-watan”\. .*al-watan-syria \(SY\), "):
        find_in_catalogue("al-watan")


@pytest.mark.parametrize(
    ("text", "key"), [("الثورة", "al-thawra"), ("الجزيرة", "al-jazeera"), ("Al-Thawra", "al-thawra")]
)
def test_what_an_outlet_calls_itself_comes_before_what_else_others_are_called(text: str, key: str) -> None:
    found = find_in_catalogue(text)
    assert found is not None
    assert found.key == key


def test_every_entry_is_found_by_its_key_and_is_at_home_on_its_home_page() -> None:
    for outlet in load_catalogue():
        assert find_in_catalogue(outlet.entry.key) == outlet.entry
        assert entry_of(outlet.entry.homepage) == outlet.entry


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://enabbaladi.net/123/story/", "enab-baladi"),
        ("http://www.enabbaladi.net:80/", "enab-baladi"),
        ("https://english.enabbaladi.net/archives/", "enab-baladi-english"),
        ("https://feeds.elpais.com/rss", "el-pais"),
        ("https://www.bbc.com/arabic/articles/x", "bbc-arabic"),
        ("https://www.bbc.com/persian/articles/x", "bbc-persian"),
        ("https://www.bbc.com/news/articles/x", "bbc"),
        ("https://WWW.SANA.SY/", "sana"),
        ("https://www.aa.com.tr/ar", "anadolu-arabic"),
        ("https://www.aa.com.tr/artvin", "anadolu-english"),
    ],
)
def test_an_address_belongs_to_the_nearest_outlet(url: str, key: str) -> None:
    found = entry_of(url)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize("url", ["https://daily.example/", "https://co.uk/", "nonsense", "http://[x", ""])
def test_an_address_of_nobody_has_no_rules(url: str) -> None:
    assert entry_of(url) is None
    assert rules_for(url) is None


def test_an_outlet_without_rules_has_at_least_its_time_zone() -> None:
    assert rules_for("https://www.enabbaladi.net/1/") == SiteRules(time_zone="Asia/Damascus")


def test_the_catalogue_is_mirrored_once(sqlite_database: Database) -> None:
    assert mirror_catalogue(sqlite_database)
    assert not mirror_catalogue(sqlite_database)
    assert len(sqlite_database.read_now(search_catalogue)) == len(load_catalogue())


@pytest.mark.parametrize("text", ["البعث", "baath", "al-baath"])
def test_the_shipped_catalogue_finds_al_baath(sqlite_database: Database, text: str) -> None:
    mirror_catalogue(sqlite_database)
    assert sqlite_database.read_now(search_catalogue, text)[0].key == "al-baath"
