from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.site_rules import Calendar, SiteRules, is_article, read_rules
from crawler.sites.reading import read_listing

FEED = b"""<rss version="2.0"><channel><title>Harbour</title>
<item><title>Ferry delayed</title><link>https://harbour.example/1</link><description>All of it.</description></item>
<item><title>Only a title</title><link>https://harbour.example/2</link></item>
</channel></rss>"""
PAGE = b"""<html><body><main>
<a href="/p?id=41">Pier</a><a href="/p?id=40">Fish</a><a href="/p?id=now">Now</a>
<a href="/news/about-our-paper/">The story of our paper and of the people who have made it</a>
<a href="https://other.example/p?id=9">Elsewhere</a>
</main></body></html>"""


@pytest.mark.parametrize(
    ("shape", "path", "fits"),
    [
        ("/news/{number}/*", "/news/41/ferry/", True),
        ("/news/{number}/*", "/news/41/%d8%b9", True),
        ("/news/{number}/*", "/news/41/", False),
        ("/news/{number}/*", "/news/41/ferry/comments", False),
        ("/news/{number}/*", "/news/today/ferry", False),
        ("/news/{number}/*", "/en/news/41/ferry", False),
        ("/*/{number}-*", "/world/41-ferry", True),
        ("/*/{number}.html", "/world/41.html", True),
        ("/*/{number}.html", "/world/41xhtml", False),
        ("/news/**", "/news/a/b/c?x=1", True),
        ("/news/**", "/newsletter/a", False),
        ("/p?id={number}", "/p?id=41", True),
        ("/p?id={number}", "/p?id=41&page=2", False),
        ("/?p={number}", "/?p=790787", True),
        ("/{number}", "/٤١", False),
    ],
)
def test_a_shape_tells_articles_by_their_addresses(shape: str, path: str, fits: bool) -> None:
    rules = read_rules({"article_paths": [shape]})
    assert is_article(rules, f"https://www.harbour.example{path}") is fits


def test_without_shapes_nothing_is_told() -> None:
    assert not is_article(SiteRules(), "https://harbour.example/news/41")
    assert not is_article(read_rules({"article_paths": ["/**"]}), "http://[x")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"txt": "p"}, "“txt” is no rule; there are title, text"),
        ({"text": "p["}, "text: “p[” is no CSS selector"),
        ({"text": ""}, "text has to be text"),
        ({"text": "p" * 301}, "text: a selector of 301 characters is too long"),
        ({"remove": ".x"}, "remove has to be a list of texts"),
        ({"remove": [".x", "["]}, "remove: “[” is no CSS selector"),
        ({"remove": [".x"] * 31}, "remove has more than 30 members"),
        ({"time_zone": "Damascus"}, "time_zone: “Damascus” is no IANA time zone"),
        ({"calendar": "lunar"}, "calendar is “lunar”, not one of gregorian, hijri, jalali"),
        ({"day_first": "yes"}, "day_first has to be true or false"),
        ({"article_paths": ["news"]}, "“news” is not a path such as /news/{number}/*"),
        ({"article_paths": ["/**/x"]}, "two open ends"),
        ({"article_paths": ["/*-*/"]}, "two open ends"),
        ({"article_paths": ["/{number}{number}"]}, "two open ends"),
        ({"article_paths": ["/{slug}"]}, "braces around something else than number"),
    ],
)
def test_a_wrong_rule_is_refused_in_words(table: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        read_rules(table)


RULES = st.builds(
    SiteRules,
    title=st.none() | st.just("h1.title"),
    remove=st.lists(st.sampled_from([".share", "aside"]), max_size=30).map(tuple),
    time_zone=st.none() | st.just("Asia/Aden"),
    day_first=st.none() | st.booleans(),
    calendar=st.none() | st.sampled_from(Calendar),
    entry_text_is_whole=st.booleans(),
    article_paths=st.lists(st.sampled_from(["/a/*", "/p?id={number}"]), max_size=30).map(tuple),
)


@given(RULES)
def test_rules_survive_the_way_to_a_child(rules: SiteRules) -> None:
    assert read_rules(json.loads(json.dumps(rules.as_json()))) == rules


def test_a_hostile_address_takes_no_time() -> None:
    rules = read_rules({"article_paths": ["/*/{number}-*/**"]})
    assert not is_article(rules, f"https://harbour.example/{'1-' * 50_000}")


def test_a_section_page_lists_what_the_rules_call_an_article_and_nothing_else() -> None:
    rules = read_rules({"article_paths": ["/p?id={number}"]}).as_json()
    url = "https://harbour.example/"
    listing = read_listing(PAGE, kind="section", url=url, content_type="text/html", rules=rules)
    assert [entry.url for entry in listing.entries] == [f"{url}p?id=41", f"{url}p?id=40"]


def test_whole_texts_in_a_list_need_no_page() -> None:
    rules = SiteRules(entry_text_is_whole=True).as_json()
    whole, none = read_listing(
        FEED, kind="feed", url="https://harbour.example/feed", content_type=None, rules=rules
    ).entries
    assert (whole.complete, whole.text) == (True, "All of it.")
    assert not none.complete
