"""The examples of docs/outlets.md, run as they stand there."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.entries import NotAListing
from crawler.outlets.catalogue import read_catalogue
from crawler.pages.site_rules import Calendar, SiteRules, is_article
from crawler.sites.spider import SiteSpider
from monitors.catalogue import CatalogueEntry, Leaning

PAGE = (Path(__file__).parents[2] / "docs" / "outlets.md").read_text(encoding="utf-8")
LIST = "https://harbour.example/api/latest"


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.+?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def rows(heading: str) -> set[str]:
    """The names in the first column of the first table after a heading."""
    table = PAGE[PAGE.index(f"## {heading}") :]
    table = table[table.index("|---") : table.index("\n\n", table.index("|---"))]
    return set(re.findall(r"`(\w+)`", " ".join(row.split("|")[1] for row in table.splitlines()[1:])))


def harbour() -> SiteSpider:
    names: dict[str, Any] = {}
    exec(compile(block("python"), "docs/outlets.md", "exec"), names)  # the page is ours
    spider = names["Harbour"]()
    assert isinstance(spider, SiteSpider)
    return spider


def test_the_outlet_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "sy.toml").write_text(block("toml"), encoding="utf-8")
    (outlet,) = read_catalogue(tmp_path)
    assert outlet.entry.leaning is Leaning.PRIVATE
    assert len(outlet.entry.sources) == 2
    assert outlet.entry.verified
    assert outlet.rules is not None
    assert outlet.rules.calendar is Calendar.GREGORIAN
    assert outlet.rules.time_zone == "Asia/Damascus"
    assert is_article(outlet.rules, "https://harbour.example/news/41/ferry/")


def test_every_field_and_every_rule_is_explained() -> None:
    assert rows("Adding an outlet") == {field.name for field in fields(CatalogueEntry)} | {"telegram", "rules"}
    assert rows("Rules") == {field.name for field in fields(SiteRules)}
    assert all(f"`{each}`" in PAGE for each in (*Leaning, *Calendar))


def test_the_spider_reads_its_list() -> None:
    spider = harbour()
    assert spider.serves(LIST)
    assert spider.lists(LIST)
    first, second = spider.listing(block("json").encode(), url=LIST, content_type=None).entries
    assert (first.url, first.title) == ("https://harbour.example/news/41/", "Ferry delayed")
    assert first.published_at == datetime(2026, 3, 14, 5, 15, tzinfo=UTC)
    assert second.guid == "40"


def test_the_spider_refuses_what_is_no_list_in_words() -> None:
    with pytest.raises(NotAListing, match="not the Harbour's list"):
        harbour().listing(b"[]", url=LIST, content_type=None)
