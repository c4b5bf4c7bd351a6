"""What is new in a document, what is known, and what was edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from crawler.articles import Listed, listed
from crawler.entries import Entry
from crawler.recognition import (
    EDITABLE,
    MOST_ALIASES,
    MOST_DATED_EDITS,
    MOST_EDITS,
    may_be_migration,
    recognise,
    without_migrated,
)
from monitors.articles import KnownArticle, TextOrigin
from tests.crawler.fetching.test_scheduling import NOW, SOURCE

HOUR = timedelta(hours=1)


def entry(number: int, **changes: object) -> Entry:
    values: dict[str, object] = {
        "guid": f"post-{number}",
        "url": f"https://example.org/news/{number}/",
        "title": f"خبر رقم {number}",
        "summary": f"ملخص {number}",
        "text": "",
        "author": None,
        "published_at": NOW - HOUR,
        "image_url": None,
        "tags": (),
    } | changes
    return Entry(**values)  # type: ignore[arg-type]  # the names are checked by the constructor


def items(*entries: Entry) -> list[Listed]:
    return listed(entries, SOURCE)


def remembered(number: int, **changes: object) -> KnownArticle:
    """The article that was saved from `entry(number)`."""
    (item,) = items(entry(number))
    values: dict[str, object] = {
        "id": number,
        "source_id": SOURCE.id,
        "url": item.canonical_url,
        "title": item.entry.title,
        "published_at": item.entry.published_at,
        "modified_at": None,
        "first_seen_at": NOW - HOUR,
        "text_origin": TextOrigin.PAGE,
        "text_note": None,
        "version": 1,
        "entry_hash": item.entry_hash,
        "aliases": 0,
    } | changes
    return KnownArticle(**values)  # type: ignore[arg-type]


def known(*articles: KnownArticle) -> dict[int, KnownArticle | None]:
    """Their identities, and the titles by which a relaunch is seen."""
    found: dict[int, KnownArticle | None] = {}
    for article in articles:
        (item,) = items(entry(article.id))
        found |= dict.fromkeys(item.fingerprints, article)
    return found


def by_title(*articles: KnownArticle) -> dict[int, KnownArticle | None]:
    keys = [items(entry(article.id))[0].title_key for article in articles]
    return {key: article for key, article in zip(keys, articles, strict=True) if key is not None}


def new_of(found: list[Listed], memory: dict[int, KnownArticle | None], at: datetime = NOW) -> list[str]:
    return [each.item.entry.title for each in recognise(found, memory, SOURCE, seen_at=at).new]


def test_an_entry_is_new_if_neither_its_guid_nor_its_address_is_known() -> None:
    memory = known(remembered(1))
    renamed, moved = entry(1, guid="another"), entry(1, url="https://example.org/other/")
    for again in (entry(1), renamed, moved, replace(renamed, title="عنوان آخر")):
        assert new_of(items(again), memory) == []
    assert new_of(items(entry(1), entry(2)), memory) == ["خبر رقم 2"]


def test_an_article_nobody_remembers_is_known_all_the_same() -> None:
    memory: dict[int, KnownArticle | None] = dict.fromkeys(items(entry(1))[0].fingerprints)
    for again in (entry(1), entry(1, url="https://example.org/other/")):
        assert new_of(items(again), memory) == []


def test_a_guid_is_used_again_only_with_another_address_another_title_and_a_newer_date() -> None:
    memory = known(remembered(1))
    other = {"url": "https://example.org/other/", "title": "خبر آخر", "published_at": NOW}
    recognised = recognise(items(entry(1, **other)), memory, SOURCE, seen_at=NOW)
    (new,) = recognised.new
    assert new.adopted == (new.item.guid_key,)
    for same in other:
        partly = {name: value for name, value in other.items() if name != same}
        assert new_of(items(entry(1, **partly)), memory) == [], same
    undated = other | {"published_at": None}
    assert new_of(items(entry(1, **undated)), memory) == ["خبر آخر"]  # it counts from when it is seen


def test_a_second_identity_is_remembered_a_few_times() -> None:
    moved = items(entry(1, url="https://example.org/other/"))
    (alias,) = recognise(moved, known(remembered(1)), SOURCE, seen_at=NOW).aliases
    assert (alias.article_id, alias.fingerprint) == (1, moved[0].url_key)
    tired = known(remembered(1, aliases=MOST_ALIASES))
    assert recognise(moved, tired, SOURCE, seen_at=NOW).aliases == ()


def test_a_date_alone_is_no_edit_and_neither_is_white_space() -> None:
    memory = known(remembered(1))
    for same in (entry(1, published_at=NOW), entry(1, modified_at=NOW), entry(1, summary=" ملخص  1\n")):
        assert recognise(items(same), memory, SOURCE, seen_at=NOW).edited == ()
    for changed in (entry(1, title="عنوان آخر"), entry(1, summary="ملخص آخر"), entry(1, text="نص")):
        (edited,) = recognise(items(changed), memory, SOURCE, seen_at=NOW).edited
        assert edited.known.id == 1


def test_only_the_source_that_found_an_article_edits_it() -> None:
    memory = known(remembered(1, source_id=SOURCE.id + 1))
    assert recognise(items(entry(1, title="عنوان آخر")), memory, SOURCE, seen_at=NOW).edited == ()


def test_edits_end() -> None:
    changed, dated = items(entry(1, title="عنوان آخر")), items(entry(1, title="عنوان آخر", modified_at=NOW))

    def edits(found: list[Listed], **changes: object) -> int:
        return len(recognise(found, known(remembered(1, **changes)), SOURCE, seen_at=NOW).edited)

    assert edits(changed, first_seen_at=NOW - EDITABLE) == 1
    assert edits(changed, first_seen_at=NOW - EDITABLE - HOUR) == 0
    assert (edits(changed, version=MOST_EDITS), edits(changed, version=MOST_EDITS + 1)) == (1, 0)
    assert (edits(dated, version=MOST_EDITS + 1), edits(dated, version=MOST_DATED_EDITS + 1)) == (1, 0)
    assert edits(dated, version=MOST_EDITS + 1, modified_at=NOW) == 0


def relaunched(*numbers: int, **changes: object) -> list[Listed]:
    return items(
        *(entry(n, guid=f"relaunch-{n}", url=f"https://example.org/relaunch/{n}/", **changes) for n in numbers)
    )


def after_relaunch(found: list[Listed], *articles: KnownArticle) -> list[str]:
    recognised = recognise(found, known(*articles), SOURCE, seen_at=NOW)
    if not may_be_migration(recognised):
        return [each.item.entry.title for each in recognised.new]
    left = without_migrated(recognised, by_title(*articles), seen_at=NOW)
    assert {alias.article_id for alias in left.aliases} | {each.item.entry.title for each in left.new}
    return [each.item.entry.title for each in left.new]


def test_a_relaunch_gives_known_articles_new_identities_silently() -> None:
    articles = [remembered(number) for number in range(1, 9)]
    assert after_relaunch(relaunched(*range(1, 9)), *articles) == []
    assert after_relaunch([*relaunched(*range(1, 9)), *items(entry(9))], *articles) == ["خبر رقم 9"]


def test_a_relaunch_is_told_from_news_by_numbers_titles_and_dates() -> None:
    articles = [remembered(number) for number in range(1, 9)]
    few = relaunched(1, 2, 3, 4)
    assert len(after_relaunch(few, *articles)) == 4
    half_news = [*relaunched(1, 2, 3, 4), *items(*(entry(number) for number in range(20, 23)))]
    assert len(after_relaunch(half_news, *articles)) == 7
    yesterday = [remembered(number, published_at=NOW - 25 * HOUR) for number in range(1, 9)]
    assert len(after_relaunch(relaunched(*range(1, 9)), *yesterday)) == 8  # the weather: the same titles every day


def test_undated_articles_are_followed_through_a_relaunch_word_for_word() -> None:
    articles = [remembered(number, published_at=None) for number in range(1, 9)]
    assert after_relaunch(relaunched(*range(1, 9), published_at=None), *articles) == []
    assert len(after_relaunch(relaunched(*range(1, 9), published_at=None, summary="آخر"), *articles)) == 8
