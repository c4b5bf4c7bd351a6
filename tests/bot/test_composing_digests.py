"""Alerts told together: what their message says, and where it is cut into pages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words.digests import LONG, PAGE_ENTITIES, PAGE_ITEMS, PAGE_POINTS, compose_digest
from bot.words.language import voice
from bot.words.messages import Message
from bot.words.text import utf16_length
from monitors.alerts import Digest, DigestItem, DigestSection
from monitors.watchlists import UNTOLD_NAME

ENGLISH = voice("en")
HOST = "\u2068news.example\u2069"
"""As it stands in a message, apart from the direction of what is around it."""


def an_item(number: int = 1, **changes: object) -> DigestItem:
    values: dict[str, object] = {
        "alert_id": 100 + number,
        "outlet_name": "The Daily News",
        "url": f"https://www.news.example/{number}",
        "title": f"Oil price number {number}",
        "places": ((0, 3),),
    } | changes
    return DigestItem(**values)  # type: ignore[arg-type]


def a_section(*items: DigestItem, name: str = "Energy", subscription_id: int | None = 4) -> DigestSection:
    return DigestSection(subscription_id, name, False, items)


def covered(message: Message, kind: str) -> list[str]:
    units = message.body.text.encode("utf-16-le")
    return [
        units[entity.offset * 2 : entity.end * 2].decode("utf-16-le")
        for entity in message.body.entities
        if entity.type == kind
    ]


def data(message: Message) -> list[tuple[str, str | None]]:
    return [(button.label, button.data) for row in message.keyboard for button in row]


def test_each_article_is_a_numbered_line_that_leads_to_it() -> None:
    message = compose_digest(Digest(9, (a_section(an_item(1), an_item(2)),)), ENGLISH)
    lines = message.body.text.splitlines()
    assert lines[0] == "📰 2 alerts"
    assert lines[1:3] == ["", "\u2068Energy\u2069"]
    assert lines[3].lstrip("\u200e").startswith("1. Oil price number 1 — ")
    assert "news.example" in lines[3]
    assert "www." not in lines[3]
    assert covered(message, "text_link") == ["Oil price number 1", "Oil price number 2"]
    assert covered(message, "underline") == ["Oil", "Oil"]
    assert message.preview_url is None


def test_every_watchlist_has_its_heading_and_the_numbers_go_on() -> None:
    sections = (a_section(an_item(1)), a_section(an_item(2), name="Ports", subscription_id=5))
    message = compose_digest(Digest(9, sections), ENGLISH)
    assert covered(message, "bold") == ["📰 2 alerts", "Energy", "Ports"]
    assert "2. Oil price number 2" in message.body.text
    assert data(message)[-1] == ("⏰ When and how", "v1:+times:0")


def test_lists_whose_names_are_not_told_have_the_numbers_that_times_shows() -> None:
    sections = tuple(replace(a_section(an_item(one), name=UNTOLD_NAME), number=one) for one in (1, 3))
    message = compose_digest(Digest(9, sections), ENGLISH)
    assert covered(message, "bold") == ["📰 2 alerts", "A watchlist 1", "A watchlist 3"]


def test_the_times_of_one_watchlist_are_a_tap_away() -> None:
    message = compose_digest(Digest(9, (a_section(an_item()),)), ENGLISH)
    assert data(message)[-1] == ("⏰ When and how", "v1:+rules:4")


def test_each_alert_is_a_button_away() -> None:
    digest = Digest(9, (a_section(*map(an_item, range(32))),))
    assert ("🔔 One of them", "v1:each:9:1") in data(compose_digest(digest, ENGLISH, 1))
    first, last = (compose_digest(digest, ENGLISH, page, choosing=True) for page in (0, 1))
    assert data(first)[::29] == [("🔔 1", "v1:open:100"), ("🔔 30", "v1:open:129")]
    assert data(last) == [("🔔 31", "v1:open:130"), ("🔔 32", "v1:open:131"), ("Back", "v1:digest:9:1")]
    assert last.body == compose_digest(digest, ENGLISH, 1).body


def test_many_articles_of_one_watchlist_are_folded() -> None:
    few = compose_digest(Digest(9, (a_section(*map(an_item, range(LONG - 1))),)), ENGLISH)
    many = compose_digest(Digest(9, (a_section(*map(an_item, range(LONG))),)), ENGLISH)
    assert not covered(few, "expandable_blockquote")
    (quote,) = covered(many, "expandable_blockquote")
    assert quote.lstrip("\u200e").startswith("1. ")


def test_pages_lead_to_each_other() -> None:
    digest = Digest(9, (a_section(*map(an_item, range(80))),))
    first, second, last = (compose_digest(digest, ENGLISH, page) for page in (0, 1, 9))
    assert "Page 1 of 3" in first.body.text
    assert data(first)[0] == ("Next", "v1:digest:9:1")
    assert [label for label, _ in data(second)] == ["Previous", "Next", "🔔 One of them", "⏰ When and how"]
    assert "Page 3 of 3" in last.body.text
    assert [label for label, _ in data(compose_digest(digest, ENGLISH, 1, in_channel=True))] == ["Previous", "Next"]
    assert "Energy" in covered(second, "bold")


def test_an_article_without_title_or_a_true_address_is_told_all_the_same() -> None:
    message = compose_digest(Digest(9, (a_section(an_item(title=" ", url="javascript:x")),)), ENGLISH)
    assert "1. (no title) — " in message.body.text
    assert not covered(message, "text_link")


titles = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
items = st.builds(
    lambda title, places, name: an_item(title=title, places=tuple(sorted(places)), outlet_name=name),
    titles,
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 300)), max_size=4),
    titles,
)
sections = st.builds(
    lambda some, name, number: a_section(*some, name=name, subscription_id=number),
    st.lists(items, min_size=1, max_size=45),
    titles,
    st.integers(1, 9),
)


@pytest.mark.parametrize("language", ["ar", "en"])
@given(st.lists(sections, min_size=1, max_size=4))
def test_no_page_is_too_long_and_no_article_is_left_out(language: str, several: list[DigestSection]) -> None:
    digest, speech = Digest(9, tuple(several)), voice(language)
    told, page = 0, 0
    while True:
        message = compose_digest(digest, speech, page)
        body = message.body
        assert len(body.text) <= PAGE_POINTS
        assert len(body.entities) <= PAGE_ENTITIES
        assert all(entity.end <= utf16_length(body.text) for entity in body.entities)
        here = body.text.count(HOST)
        assert here <= PAGE_ITEMS
        told, page = told + here, page + 1
        if f"v1:digest:9:{page}" not in [to for _, to in data(message)]:
            break
    assert told == sum(len(section.items) for section in several)
