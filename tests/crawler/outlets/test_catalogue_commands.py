from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitors.catalogue import NOT_VERIFIED
from monitors.cli import build
from monitors.errors import NotFound, UsageError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rasid(*arguments: str) -> str:
    result = CliRunner().invoke(build(), arguments)
    if result.exception is not None:
        raise result.exception
    return result.stdout


@pytest.mark.parametrize("text", ["البعث", "baath", "al-baath"])
def test_the_catalogue_is_searched(text: str) -> None:
    first, last = rasid("outlet", "catalogue", text).splitlines()
    assert first.split()[:5] == ["al-baath", "Al-Baath", "البعث", "SY", "ar"]
    assert first.endswith(NOT_VERIFIED)
    assert last.startswith("1 outlet.")


def test_a_listing_says_of_every_entry_whether_it_was_verified() -> None:
    (baath,) = json.loads(rasid("outlet", "catalogue", "baath", "--json"))
    assert (baath["verified"], baath["note"]) == (False, NOT_VERIFIED)
    *lines, _ = rasid("outlet", "catalogue", "--country", "km").splitlines()
    assert len(lines) >= 3
    assert all(line.endswith(NOT_VERIFIED) for line in lines)


def test_country_and_language_narrow_what_is_listed() -> None:
    listed = json.loads(rasid("outlet", "catalogue", "--country", "LB", "--language", "fr", "--json"))
    assert {(entry["country"], entry["language"]) for entry in listed} == {("LB", "fr")}


def test_countries_are_counted() -> None:
    assert rasid("outlet", "catalogue", "--countries").startswith("SY   ")
    assert list(json.loads(rasid("outlet", "catalogue", "--countries", "--json")))[:2] == ["SY", "LB"]


def test_countries_are_counted_of_what_is_found() -> None:
    baath = json.loads(rasid("outlet", "catalogue", "baath", "--countries", "--json"))
    assert baath == {"SY": len(json.loads(rasid("outlet", "catalogue", "baath", "--json")))}
    assert set(json.loads(rasid("outlet", "catalogue", "--countries", "--country", "lb", "--json"))) == {"LB"}
    with pytest.raises(NotFound, match="is called “nobody”"):
        rasid("outlet", "catalogue", "nobody", "--countries")


def test_a_search_that_finds_nothing_says_so() -> None:
    with pytest.raises(NotFound, match="No outlet of SY in the catalogue is called “nobody”"):
        rasid("outlet", "catalogue", "nobody", "--country", "sy")


def test_a_check_is_of_an_address_or_of_the_catalogue() -> None:
    with pytest.raises(UsageError, match="Give the address to check, or --catalogue"):
        rasid("outlet", "check")
    with pytest.raises(UsageError, match="Give the address to check, or --catalogue"):
        rasid("outlet", "check", "https://daily.example/", "--catalogue")
    with pytest.raises(UsageError, match="--country and --language go with --catalogue"):
        rasid("outlet", "check", "https://daily.example/", "--country", "SY")
