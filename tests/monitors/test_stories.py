"""Which articles are one story: the same report in several outlets, and never news that only looks like it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from monitors.alerts import Alert
from monitors.outlets import Outlet
from monitors.roles import RoleContext
from monitors.service import decide_pending
from monitors.settings import Settings
from monitors.storage.alerts import get_alert
from monitors.storage.articles import save
from monitors.storage.engine import Database
from monitors.storage.stories import WITHIN, forget_runs
from monitors.storage.tables import alerts, articles, story_runs
from monitors.storage.watches import add_watch
from monitors.stories import COMMON, KEPT, LEAST, SAME, likeness, runs_of
from monitors.wakeups import Wakeups
from monitors.watching import StandingWatches
from tests.rows import NOW, SECOND, a_new_article, a_telegram_chat, an_outlet

VOCABULARY = [f"{first}{second}{third}" for first in "بتثجحخدر" for second in "اويسعف" for third in "لمنكقطهز"]


def sentences(seed: int, count: int, words: int = 12) -> list[str]:
    """Sentences that no other seed has."""
    random = Random(seed)
    return [" ".join(random.choices(VOCABULARY, k=words)) for _ in range(count)]


def report(*parts: Sequence[str]) -> dict[str, str]:
    return {"title": parts[0][0], "text": ". ".join(sentence for part in parts for sentence in part)}


def alike(one: dict[str, str], other: dict[str, str]) -> float:
    return likeness(runs_of(one), runs_of(other), set())


def test_a_report_is_known_by_its_text_under_another_headline_and_in_other_spelling() -> None:
    text = sentences(1, 20)
    assert alike(report(text), report(text)) == 1
    other = report(sentences(2, 1), text)
    assert alike(report(text), {**other, "text": other["text"].replace("ا", "أ").replace("ك", "ک")}) > SAME
    assert alike(report(text), report(text[:12], sentences(3, 2))) > SAME


def test_what_shares_a_few_sentences_only_is_other_news() -> None:
    background = sentences(1, 4)
    assert alike(report(sentences(2, 16), background), report(sentences(3, 16), background)) < SAME
    assert alike(report(sentences(2, 16)), report(sentences(3, 16))) == 0


def test_a_round_up_that_has_all_of_a_report_is_no_copy_of_it() -> None:
    text = sentences(1, 20)
    assert alike(report(text), report(*(sentences(seed, 20) for seed in range(2, 7)), text)) == 0


def test_what_is_too_short_to_tell_is_like_nothing() -> None:
    short = {"title": "وصل المسافر إلى المطار صباح اليوم", "text": ""}
    assert len(runs_of(short)) < LEAST
    assert alike(short, short) == 0
    assert runs_of({"title": "", "text": ""}) == ()


@given(st.text(max_size=400), st.text(max_size=400))
def test_likeness_is_mutual_between_nought_and_one_and_whole_with_oneself(one: str, other: str) -> None:
    mine, theirs = runs_of({"text": one}), runs_of({"text": other})
    assert list(mine) == sorted(set(mine))
    assert all(0 <= run < 1 << 63 for run in mine)
    assert 0 <= likeness(mine, theirs, set()) == likeness(theirs, mine, set()) <= 1
    assert likeness(mine, mine, set()) == (1 if len(mine) >= LEAST else 0)
    assert likeness(mine, mine, set(mine)) == 0


class Newsroom:
    """Outlets, and somebody who watches a word of all of them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.context = RoleContext(Settings(), database, Wakeups(), asyncio.Event())
        self.watches = StandingWatches()
        self.outlets = [database.write_now(an_outlet, name)[0] for name in ("one", "two", "three")]
        self.chat = database.write_now(a_telegram_chat)
        database.write_now(add_watch, self.chat.id, "بغداد", now=NOW)
        self._number = 0

    async def publishes(self, outlet: Outlet, fields: dict[str, str], seconds: int = 0) -> int:
        """The article's story."""
        self._number += 1
        title = f"{fields['title']} بغداد"
        about = {"title": title, "text": fields["text"], "first_seen_at": NOW + seconds * SECOND}
        (article_id,) = self.database.write_now(save, [a_new_article(outlet, self._number, **about)], now=NOW)
        assert await decide_pending(self.context, self.watches) == 1
        story = select(articles.c.story_id).where(articles.c.id == article_id)
        return int(self.database.read_now(lambda connection: connection.scalars(story).one()))

    @property
    def told(self) -> list[Alert]:
        ids = self.database.read_now(lambda connection: list(connection.scalars(select(alerts.c.id))))
        return [self.database.read_now(get_alert, alert_id) for alert_id in ids]

    @property
    def runs(self) -> int:
        return self.database.read_now(lambda connection: connection.scalar(select(func.count(story_runs.c.run)))) or 0


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return Newsroom(database)


async def test_an_agencys_report_in_three_outlets_is_one_alert_that_names_them_all(newsroom: Newsroom) -> None:
    text = sentences(1, 15)
    one, two, three = newsroom.outlets
    story = await newsroom.publishes(one, report(text))
    assert await newsroom.publishes(two, report(sentences(2, 1), text), 600) == story
    assert await newsroom.publishes(three, report(text[:10]), 900) == story
    (alert,) = newsroom.told
    assert [also.outlet_name for also in alert.also] == ["two", "three"]


async def test_other_news_and_what_the_same_outlet_publishes_are_alerts_of_their_own(newsroom: Newsroom) -> None:
    text = sentences(1, 15)
    one, two, _ = newsroom.outlets
    stories = [
        await newsroom.publishes(one, report(text)),
        await newsroom.publishes(one, report(sentences(2, 2), text)),
        await newsroom.publishes(two, report(sentences(3, 15))),
    ]
    assert len(set(stories)) == len(newsroom.told) == 3


async def test_an_outlets_next_article_is_news_although_others_printed_its_last(newsroom: Newsroom) -> None:
    text = sentences(1, 15)
    one, two, _ = newsroom.outlets
    story = await newsroom.publishes(one, report(text))
    assert await newsroom.publishes(two, report(text)) == story
    assert await newsroom.publishes(one, report(sentences(2, 2), text)) != story


async def test_a_template_that_many_articles_are_made_of_makes_no_story(newsroom: Newsroom) -> None:
    weather = sentences(1, 6)
    one, two, _ = newsroom.outlets
    for day in range(30):
        await newsroom.publishes(one, report(sentences(100 + day, 4), weather), day)
    before = len(newsroom.told)
    await newsroom.publishes(two, report(sentences(200, 4), weather), 60)
    assert len(newsroom.told) == before + 1


async def test_a_report_that_everybody_prints_stays_one_story(newsroom: Newsroom) -> None:
    text = sentences(1, 15)
    many = [newsroom.database.write_now(an_outlet, f"outlet {number}")[0] for number in range(COMMON + 3)]
    stories = [await newsroom.publishes(outlet, report(sentences(2 + outlet.id, 1), text)) for outlet in many]
    assert len(set(stories)) == len(newsroom.told) == 1


async def test_what_is_told_again_days_later_is_news_again(newsroom: Newsroom) -> None:
    text = report(sentences(1, 15))
    one, two, _ = newsroom.outlets
    await newsroom.publishes(one, text)
    await newsroom.publishes(two, text, int(WITHIN.total_seconds()) + 1)
    assert len(newsroom.told) == 2


async def test_runs_are_forgotten_when_they_are_compared_with_nothing_any_more(newsroom: Newsroom) -> None:
    one, two, _ = newsroom.outlets
    await newsroom.publishes(one, report(sentences(1, 15)))
    assert newsroom.runs == KEPT
    assert not newsroom.database.write_now(forget_runs, before=NOW)
    assert newsroom.runs == KEPT
    assert not newsroom.database.write_now(forget_runs, before=NOW + 86_400 * SECOND)
    assert newsroom.runs == 0
    await newsroom.publishes(two, report(sentences(1, 15)))
    assert len(newsroom.told) == 2
