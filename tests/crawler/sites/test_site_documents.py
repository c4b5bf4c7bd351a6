"""Each saved document of a site gives what the JSON beside it says; nothing of a site is read without one.

A document NAME.html (or .json, .xml) in the folder of a spider, or of an outlet whose rules have selectors, has its
NAME.expected.json: whether it is read as "listing" or "article", its address, and the fields that matter.
"""

from __future__ import annotations

import json
import pkgutil
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import crawler.sites
from crawler.outlets.catalogue import load_catalogue
from crawler.outlets.lookup import entry_of, rules_for
from crawler.sites.reading import extract_article, read_listing
from crawler.sites.registry import SPIDERS, article_spider, listing_spider

FOLDER = Path(__file__).parent
CASES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/*.expected.json"))
SELECTORS = {"title", "text", "author", "date", "remove"}
RULED = [outlet.entry.key for outlet in load_catalogue() if outlet.rules and SELECTORS & outlet.rules.as_json().keys()]
MACHINERY = {"spider", "registry", "reading"}


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def only(found: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    return {field: plain(found[field]) for field in expected}


def rules_of(url: str) -> dict[str, Any] | None:
    rules = rules_for(url)
    return rules.as_json() if rules is not None else None


def document_of(case: str) -> bytes:
    stem = case.removesuffix(".expected.json").rpartition("/")[2]
    (document,) = (path for path in (FOLDER / case).parent.glob(f"{stem}.*") if path != FOLDER / case)
    return document.read_bytes()


@pytest.mark.parametrize("case", CASES)
def test_a_saved_document_gives_exactly_what_is_expected(case: str) -> None:
    told = json.loads((FOLDER / case).read_text("utf-8"))
    expected, url, content_type = told["expected"], told["url"], told["content_type"]
    if told["reads"] == "article":
        page = extract_article(document_of(case), url=url, content_type=content_type, rules=rules_of(url))
        assert only(asdict(page), expected) == expected
        return
    kind = told.get("kind", "section")
    listing = read_listing(document_of(case), kind=kind, url=url, content_type=content_type, rules=rules_of(url))
    entries = expected.pop("entries")
    assert only(asdict(listing), expected) == expected
    found = [asdict(entry) for entry in listing.entries]
    assert [only(one, other) for one, other in zip(found, entries, strict=True)] == entries


def cases_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in FOLDER.glob(f"{name}/*.expected.json")]


def test_every_module_for_a_site_registers_its_spider() -> None:
    modules = {module.name for module in pkgutil.iter_modules(crawler.sites.__path__)} - MACHINERY
    assert modules == {spider.name for spider in SPIDERS}
    assert all(type(spider).__module__ == f"crawler.sites.{spider.name}" for spider in SPIDERS)


@pytest.mark.parametrize("name", [spider.name for spider in SPIDERS])
def test_a_spider_has_a_saved_document_that_it_reads(name: str) -> None:
    for case in (cases := cases_of(name)):
        spider = article_spider(case["url"]) if case["reads"] == "article" else listing_spider(case["url"])
        assert spider is not None
        assert spider.name == name
    assert cases, f"tests/crawler/sites/{name}/ holds no document with its .expected.json"


@pytest.mark.parametrize("key", RULED)
def test_selectors_have_a_saved_page_on_which_they_are_right(key: str) -> None:
    cases = [case for case in cases_of(key) if case["reads"] == "article"]
    assert cases, f"tests/crawler/sites/{key}/ holds no page with its .expected.json"
    for case in cases:
        entry = entry_of(case["url"])
        assert entry is not None
        assert entry.key == key


@pytest.mark.parametrize("case", [case for case in CASES if case.partition("/")[0] in RULED])
def test_without_its_rules_a_saved_page_is_read_differently(case: str) -> None:
    told = json.loads((FOLDER / case).read_text("utf-8"))
    page = extract_article(document_of(case), url=told["url"], content_type=told["content_type"])
    assert only(asdict(page), told["expected"]) != told["expected"]


def test_every_saved_document_belongs_to_a_spider_or_to_rules() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == {spider.name for spider in SPIDERS} | set(RULED)
