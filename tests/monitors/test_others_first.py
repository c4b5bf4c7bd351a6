"""Watches that would keep everybody waiting: asked after all others, and nothing is lost or told twice for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from monitors.articles import Article, Edit, NewArticle
from monitors.chats import Chat, Transport
from monitors.finding import find
from monitors.outlets import Outlet
from monitors.recording import record, record_owed
from monitors.roles import RoleContext
from monitors.service import decide_owed, decide_pending, run
from monitors.settings import Settings
from monitors.storage.articles import pending_articles, save
from monitors.storage.deliveries import claim
from monitors.storage.edits import save_edits
from monitors.storage.engine import Database
from monitors.storage.owed import is_owed, late_chats, owed_articles
from monitors.storage.settlements import settle_sent
from monitors.storage.supergroups import migrate
from monitors.storage.watches import add_watch, add_watches, list_watches
from monitors.wakeups import ARTICLES, DELIVERIES, Wakeups
from monitors.watching import StandingWatches
from monitors.watchlists import NewWatch
from tests.rows import NOW, SECOND, a_new_article, a_telegram_chat, an_outlet, remove_watch

_COMMON = ("في", "من", "على", "إلى", "عن", "بعد", "قبل", "خلال", "بين", "كما", "ذلك", "كل", "غير", "حيث", "وقد", "منذ")
HEAVY = [f"{one} AND {other}" for one, other in combinations(_COMMON, 2)]
"""Of words that are in every other article: a chat that has all of them is late."""


class Desk:
    """Two chats that watch the same town: one asks for little else, the other for too much."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.context = RoleContext(Settings(), database, Wakeups(), asyncio.Event())
        self.watches = StandingWatches()
        self.outlet: Outlet = database.write_now(an_outlet)[0]
        self.light, self.heavy = (database.write_now(a_telegram_chat, number) for number in (1, 2))
        for chat in (self.light, self.heavy):
            database.write_now(add_watch, chat.id, "بغداد", now=NOW)
        self.burden(self.heavy)

    def burden(self, chat: Chat, queries: list[str] = HEAVY) -> None:
        self.database.write_now(add_watches, chat.id, [NewWatch(query) for query in queries], now=NOW)

    def relieve(self, chat: Chat) -> None:
        for watch in self.database.read_now(list_watches, chat.id):
            if watch.query in HEAVY:
                self.database.write_now(remove_watch, chat.id, str(watch.id), now=NOW)

    def publish(self, title: str = "أمطار في بغداد", number: int = 1) -> tuple[int, NewArticle]:
        new = a_new_article(self.outlet, number, title=title)
        (article_id,) = self.database.write_now(save, [new], now=NOW)
        return article_id, new

    def edit(self, article_id: int, new: NewArticle, title: str) -> None:
        changed = replace(new, title=title, first_seen_at=NOW + 60 * SECOND)
        assert self.database.write_now(save_edits, [Edit(article_id, changed)])

    async def first(self) -> list[int]:
        """The Telegram chats that are told once everybody else's watches have been asked."""
        await decide_pending(self.context, self.watches)
        return self.told()

    async def then(self) -> list[int]:
        """Those that are told once late watches have been asked."""
        await decide_owed(self.context, self.watches, 60)
        return self.told()

    def told(self) -> list[int]:
        told: list[int] = []
        while claimed := self.database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9):
            for delivery in claimed:
                self.database.write_now(settle_sent, delivery.id, 1, now=NOW)
                told.append(delivery.chat.address.chat_id)
        return sorted(told)

    def late(self) -> set[int]:
        return self.database.read_now(late_chats)

    def restart(self) -> None:
        self.watches = StandingWatches()


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


async def test_others_are_told_first_and_the_late_chat_right_after(desk: Desk) -> None:
    desk.publish()
    assert await desk.first() == [1]
    assert desk.late() == {desk.heavy.id}
    assert await desk.then() == [2]
    assert not desk.database.read_now(is_owed)
    assert await desk.first() == await desk.then() == []


async def test_while_nobody_is_late_nothing_is_owed(desk: Desk) -> None:
    desk.relieve(desk.heavy)
    desk.publish()
    assert await desk.first() == [1, 2]
    assert not desk.database.read_now(is_owed)


async def test_an_expression_that_no_word_leads_to_is_late_in_any_chat(desk: Desk) -> None:
    desk.relieve(desk.heavy)
    desk.database.write_now(add_watch, desk.light.id, "/غب[ا]ر/", now=NOW)
    desk.publish("غبار في بغداد")
    desk.publish("غبار في دمشق", 2)
    assert await desk.first() == [1, 2]
    assert await desk.then() == [1]
    assert desk.late() == set()


async def test_the_service_may_end_between_the_two(desk: Desk) -> None:
    desk.publish()
    assert await desk.first() == [1]
    desk.restart()
    assert await desk.first() == []
    assert await desk.then() == [2]


async def test_a_crash_while_late_watches_are_recorded_tells_once(desk: Desk) -> None:
    desk.publish()
    await desk.first()
    ((article, version),) = desk.database.read_now(owed_articles, limit=9)
    findings = await find(article, (), desk.watches.lanes.late)

    def die(connection: Any) -> None:
        assert record_owed(connection, article, findings, version=version, zone="UTC", now=NOW)
        raise RuntimeError("the process dies here")

    with pytest.raises(RuntimeError):
        desk.database.write_now(die)
    assert await desk.then() == [2]
    assert desk.database.write_now(record_owed, article, findings, version=version, zone="UTC", now=NOW) == []


async def test_a_crash_while_others_are_recorded_owes_once(desk: Desk) -> None:
    desk.publish()
    await desk.watches.catch_up(desk.database, asyncio.Event())
    article = waiting(desk)
    findings = await find(article, (), desk.watches.lanes.first)

    def die(connection: Any) -> None:
        assert record(connection, article, findings, zone="UTC", now=NOW, owed=True)
        raise RuntimeError("the process dies here")

    with pytest.raises(RuntimeError):
        desk.database.write_now(die)
    assert not desk.database.read_now(is_owed)
    assert await desk.first() == [1]
    assert await desk.then() == [2]


async def test_a_chat_that_becomes_late_after_it_was_told_is_not_told_again(desk: Desk) -> None:
    desk.publish()
    assert await desk.first() == [1]
    desk.burden(desk.light)
    assert await desk.first() == []
    assert desk.late() == {desk.light.id, desk.heavy.id}
    assert await desk.then() == [2]


async def test_a_chat_is_late_until_it_has_been_told_of_what_is_owed(desk: Desk) -> None:
    desk.publish()
    assert await desk.first() == [1]
    desk.relieve(desk.heavy)
    desk.publish("غبار في بغداد", 2)
    assert await desk.first() == [1]
    assert desk.late() == {desk.heavy.id}
    assert await desk.then() == [2, 2]
    desk.publish("برد في بغداد", 3)
    assert await desk.first() == [1, 2]
    assert desk.late() == set()


async def test_a_chat_that_gave_up_its_burden_while_the_service_was_away_loses_nothing(desk: Desk) -> None:
    desk.publish()
    assert await desk.first() == [1]
    desk.relieve(desk.heavy)
    desk.restart()
    assert await desk.first() == []
    assert await desk.then() == [2]


async def test_an_edit_before_late_watches_were_asked_loses_nothing(desk: Desk) -> None:
    article_id, new = desk.publish()
    assert await desk.first() == [1]
    desk.edit(article_id, new, "أمطار في دمشق")
    desk.database.write_now(add_watch, desk.light.id, "دمشق", now=NOW)
    assert await desk.first() == []  # the light chat was told of the story
    assert await desk.then() == [2]
    assert await desk.then() == []


async def test_an_edit_is_owed_after_its_first_version_was(desk: Desk) -> None:
    article_id, new = desk.publish("أمطار في دمشق")
    assert await desk.first() == await desk.then() == []
    desk.edit(article_id, new, "أمطار في بغداد")
    assert await desk.first() == [1]
    assert await desk.then() == [2]


async def test_an_edit_between_the_two_is_told_once(desk: Desk) -> None:
    article_id, new = desk.publish()
    assert await desk.first() == [1]
    desk.edit(article_id, new, "أمطار على بغداد")
    assert await desk.then() == [2]
    assert await desk.first() == await desk.then() == []


async def test_what_a_late_watch_met_before_is_no_news_to_it(desk: Desk) -> None:
    article_id, new = desk.publish()
    desk.relieve(desk.heavy)
    assert await desk.first() == [1, 2]
    third = desk.database.write_now(a_telegram_chat, 3)
    desk.database.write_now(add_watch, third.id, "بغداد", now=NOW)
    desk.burden(third)
    desk.edit(article_id, new, "أمطار غزيرة في بغداد")
    assert await desk.first() == await desk.then() == []


async def test_a_group_that_moves_takes_what_is_owed_with_it(desk: Desk) -> None:
    desk.publish()
    assert await desk.first() == [1]
    desk.database.write_now(a_telegram_chat, 22)
    desk.database.write_now(migrate, 2, 22)
    desk.restart()
    assert await desk.first() == []
    assert await desk.then() == [22]


async def test_the_role_decides_what_is_owed_when_nothing_waits(desk: Desk) -> None:
    deciding = asyncio.create_task(run(desk.context))
    desk.publish()
    desk.context.wakeups.kick(ARTICLES)
    told: list[int] = []
    async with asyncio.timeout(30):
        while len(told) < 2:
            await desk.context.wakeups.wait(DELIVERIES, 1)
            told += desk.told()
    assert told == [1, 2]
    desk.context.stopping.set()
    desk.context.wakeups.kick(ARTICLES)
    await asyncio.wait_for(deciding, 30)
    assert not desk.database.read_now(is_owed)


def waiting(desk: Desk) -> Article:
    (article,) = desk.database.read_now(pending_articles, limit=9)
    return article
