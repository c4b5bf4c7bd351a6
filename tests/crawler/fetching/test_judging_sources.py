"""Which of the sources found are followed; arithmetic beside the numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.candidates import Candidate, Failed
from crawler.discovery.judging import FoundSource, Verdict, ago, judge
from crawler.entries import Entry, Listing
from crawler.web.answers import Fetched
from monitors.outlets import NewSource, SourceKind

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entry(number: int, *, dated: bool = True) -> Entry:
    """Article `number` appeared so many hours ago."""
    return Entry(
        guid=None,
        url=f"https://daily.example/news/{number}",
        title=f"عنوان {number}",
        summary="",
        text="",
        author=None,
        published_at=NOW - number * HOUR if dated else None,
        image_url=None,
        tags=(),
    )


def candidate(
    path: str, numbers: Iterable[int], kind: SourceKind = SourceKind.FEED, *, dated: bool = True, narrow: bool = False
) -> Candidate:
    url = f"https://daily.example/{path}"
    listing = Listing(None, None, None, None, tuple(entry(number, dated=dated) for number in numbers))
    return Candidate(NewSource(url, kind), listing, Fetched(url, url, {}, b"", NOW), narrow=narrow)


def chosen(candidates: Sequence[Candidate]) -> list[str]:
    return [name(each) for each in judge(candidates, now=NOW) if each.chosen]


def name(found: FoundSource) -> str:
    return found.source.url.removeprefix("https://daily.example/")


def test_of_sources_that_list_the_same_the_one_that_says_most_is_chosen() -> None:
    kinds = (SourceKind.SECTION, SourceKind.SITEMAP, SourceKind.FEED, SourceKind.WORDPRESS)
    candidates = [candidate(kind.value, range(20), kind) for kind in kinds]
    while candidates:
        assert chosen(candidates) == [candidates.pop().source.kind.value]


def test_a_source_is_measured_against_what_appeared_since_its_oldest_entry() -> None:
    feed = candidate("feed", range(10))
    sitemap = candidate("sitemap", range(70), SourceKind.SITEMAP)
    main, _ = judge([feed, sitemap], now=NOW)
    # Of ten entries the oldest is left aside, for it may be pinned: nine of nine.
    assert (name(main), main.numbers.covered, main.numbers.of) == ("feed", 9, 9)
    assert main.reason == "lists 9 of 9 articles since its oldest; newest just now"


def test_a_pinned_entry_does_not_lengthen_a_feeds_reach() -> None:
    feed = candidate("feed", [*range(12), 60])
    assert chosen([feed, candidate("sitemap", range(70), SourceKind.SITEMAP)]) == ["feed"]


def test_a_feed_of_one_entry_does_not_pass_for_a_complete_one() -> None:
    assert "sitemap" in chosen([candidate("feed", [0]), candidate("sitemap", range(30), SourceKind.SITEMAP)])


def test_a_sitemap_that_lists_five_times_more_than_the_feed_joins_it() -> None:
    feed, sitemap = candidate("feed", range(0, 50, 5)), candidate("sitemap", range(50), SourceKind.SITEMAP)
    main, other = judge([feed, sitemap], now=NOW)
    assert (name(main), main.numbers.covered, main.numbers.of) == ("sitemap", 45, 45)
    assert (name(other), other.verdict, other.reason) == (
        "feed",
        Verdict.ADDS,
        "has texts for 9 articles; newest just now",
    )
    rest = [number for number in range(50) if number % 5]
    assert chosen([feed, candidate("sitemap", rest, SourceKind.SITEMAP)]) == ["sitemap", "feed"]


def test_one_article_more_is_not_worth_a_second_source() -> None:
    feed = candidate("feed", [number for number in range(20) if number != 7])
    sitemap = candidate("sitemap", range(20), SourceKind.SITEMAP)
    main, other = judge([feed, sitemap], now=NOW)
    assert (name(main), other.verdict, other.numbers.adds) == ("feed", Verdict.ADDS_NOTHING, 1)
    assert other.reason == "lists only 1 recent article that the chosen ones do not"


def test_sections_take_the_dates_that_others_give() -> None:
    section = candidate("section", range(30), SourceKind.SECTION, dated=False)
    feed = candidate("feed", range(0, 30, 3))
    assert chosen([section, feed]) == ["feed"]  # what only the section lists may be years old
    assert chosen([section]) == ["section"]


def test_a_pasted_section_keeps_to_its_own_sources() -> None:
    assert chosen([candidate("feed", range(20)), candidate("economy/feed", range(0, 20, 4), narrow=True)]) == [
        "economy/feed"
    ]


def test_two_addresses_of_one_feed_are_one() -> None:
    atom, rss = candidate("atom", range(20)), candidate("rss", range(20))
    first, second = judge([atom, rss], now=NOW)
    assert (name(first), second.verdict) == ("atom", Verdict.REPEATS)
    assert second.reason == "the same articles as https://daily.example/atom"


def test_a_channel_beside_other_sources_is_left_for_it_tells_the_news_again() -> None:
    feed, telegram = candidate("feed", range(20)), candidate("channel", range(100, 120), SourceKind.CHANNEL)
    main, other = judge([telegram, feed], now=NOW)
    assert (name(main), other.verdict) == ("feed", Verdict.REPEATS)
    assert chosen([telegram]) == ["channel"]
    assert all(each.chosen for each in judge([telegram, feed], now=NOW, everything=True))


def test_when_all_rest_the_best_is_followed_all_the_same() -> None:
    assert chosen([candidate("feed", range(2_000, 2_020))]) == ["feed"]


def test_an_empty_feed_can_be_followed_and_nothing_cannot() -> None:
    assert chosen([candidate("feed", [])]) == ["feed"]
    failed = Failed(NewSource("https://daily.example/gone"), "The site answered 404 (Not Found).")
    (found,) = judge([], [failed], now=NOW)
    assert (found.chosen, found.reason) == (False, failed.reason)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=47), "1 day ago"),
        (timedelta(days=40), "40 days ago"),
    ],
)
def test_ages_are_said_in_words(span: timedelta, said: str) -> None:
    assert ago(span) == said


@given(
    st.lists(
        st.tuples(st.sets(st.integers(0, 60), max_size=30), st.sampled_from(list(SourceKind)), st.booleans()),
        min_size=1,
        max_size=6,
    )
)
def test_every_candidate_gets_one_verdict_and_something_is_followed(
    described: list[tuple[set[int], SourceKind, bool]],
) -> None:
    candidates = [
        candidate(str(index), sorted(numbers), kind, dated=dated)
        for index, (numbers, kind, dated) in enumerate(described)
    ]
    found = judge(candidates, now=NOW)
    assert sorted(map(name, found)) == [str(index) for index in range(len(candidates))]
    assert [each.verdict for each in found].count(Verdict.MAIN) == 1
    assert {each.verdict for each in found} <= set(Verdict) - {Verdict.FAILED, Verdict.ASKED_FOR}
    flags = [each.chosen for each in found]
    assert flags == sorted(flags, reverse=True)
    assert all(each.numbers.covered <= each.numbers.of for each in found)
