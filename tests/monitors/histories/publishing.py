"""Outlets print, articles are edited, and it is known who is to be told of them."""

from __future__ import annotations

import asyncio

from sqlalchemy import Connection, select

from monitors.articles import Edit
from monitors.chats import ChatAddress, Transport
from monitors.outlets import Outlet
from monitors.roles import RoleContext
from monitors.service import decide_pending
from monitors.settings import Settings
from monitors.storage.articles import save
from monitors.storage.chats import find_chat
from monitors.storage.edits import save_edits
from monitors.storage.subscriptions import subscribe
from monitors.storage.tables import articles
from monitors.storage.watches import add_watch
from monitors.subscriptions import MuteKind
from monitors.wakeups import Wakeups
from monitors.watching import StandingWatches
from tests.monitors.histories.things import (
    GROUP,
    PERSON,
    QUERIES,
    Article,
    OneTransaction,
    Place,
    Slot,
    WatchedList,
    Words,
)
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet


class Desk:
    """Outlets, two chats – a group with the first list, and a person who takes it, too, and has one –, and the time."""

    def __init__(self, connection: Connection, runner: asyncio.Runner) -> None:
        self.connection, self.runner = connection, runner
        self.database = OneTransaction(connection)
        self.context = RoleContext(Settings(), self.database, Wakeups(), asyncio.Event())
        self.standing = StandingWatches()
        self.now, self.at = NOW, 0
        self.outlets: list[Outlet] = [an_outlet(connection, name)[0] for name in ("one", "two", "three", "four")]
        self.articles: list[Article] = []
        self.places = [Place(GROUP), Place(PERSON)]
        group, person = (a_telegram_chat(connection, place.telegram_id) for place in self.places)
        owners = (0, 0, 1)
        watches = [
            add_watch(connection, (group, person)[owner].id, query, now=NOW)[0]
            for owner, query in zip(owners, QUERIES, strict=True)
        ]
        self.slots = [Slot(watch, owner, watch.watchlist_id) for owner, watch in zip(owners, watches, strict=True)]
        self.lists = {slot.list_id: WatchedList(slot.list_id, slot.owner) for slot in self.slots}
        shared, own = self.lists
        subscribe(connection, person.id, watchlist_id=shared, owned=False, now=NOW)
        self.places[0].lists = {shared: True}
        self.places[1].lists = {shared: True, own: True}

    # -- who is told ------------------------------------------------------------------------------------------------

    def chat_id(self, place: Place) -> int:
        chat = find_chat(self.connection, ChatAddress(Transport.TELEGRAM, place.telegram_id))
        assert chat is not None
        return chat.id

    def article_at(self, url: str) -> int:
        return next(one.id for one in self.articles if url == f"{self.outlets[one.outlet].homepage}{one.number}")

    def stands(self, slot: Slot) -> bool:
        its_list = self.lists[slot.list_id]
        return slot.standing and slot.removed_at is None and not its_list.paused and its_list.removed_at is None

    def is_muted(self, place: Place, article: Article, watch: int | None) -> bool:
        def muted(kind: MuteKind, target: int | None) -> bool:
            until = place.mutes.get((kind, target), self.now)
            return until is None or until > self.now

        told = {words.number for words in article.said}
        same = [one for one in self.articles if told & {words.number for words in one.said}]
        return (
            muted(MuteKind.EVERYTHING, None)
            or muted(MuteKind.OUTLET, self.outlets[article.outlet].id)
            or (watch is not None and muted(MuteKind.WATCH, watch))
            or any(muted(MuteKind.STORY, one.id) for one in same)
        )

    def story_of(self, article_id: int) -> int:
        story: int | None = self.connection.scalar(select(articles.c.story_id).where(articles.c.id == article_id))
        assert story is not None
        return story

    def forgive_for(self, place: Place, list_id: int) -> None:
        """Nobody takes there what these watches meet."""
        gone = {slot.watch.id for slot in self.slots if slot.list_id == list_id}
        owed = place.reader.owed
        place.reader.owed = {key: since for key, since in owed.items() if key[1] not in gone}
        place.reader.stood = {article: stood - gone for article, stood in place.reader.stood.items()}

    def forgive_for_outlet(self, place: Place, outlet: int) -> None:
        for article in self.articles:
            if article.outlet == outlet:
                place.reader.owed.pop((article.id, None), None)

    # -- what is printed --------------------------------------------------------------------------------------------

    def prints(self, outlet: int, words: Words) -> None:
        number = len(self.articles) + 1
        new = a_new_article(self.outlets[outlet], number, **words.fields, first_seen_at=self.now)
        (article_id,) = save(self.connection, [new], now=self.now)
        self.articles.append(Article(article_id, outlet, number, [words]))

    def rewrites(self, article: Article, words: Words) -> None:
        if article.said[-1] == words:
            return
        new = a_new_article(self.outlets[article.outlet], article.number, **words.fields, first_seen_at=self.now)
        assert save_edits(self.connection, [Edit(article.id, new)]) == [article.id]
        article.said.append(words)

    def decide(self) -> None:
        self.at += 1
        while self.runner.run(decide_pending(self.context, self.standing)):
            pass
        for article in self.articles:
            if article.judged < len(article.said):
                self._is_judged(article)

    def looking_at(self, place: Place) -> frozenset[int]:
        """The watches that look for something for this place now."""
        return frozenset(slot.watch.id for slot in self.slots if self.stands(slot) and place.lists.get(slot.list_id))

    def _is_judged(self, article: Article) -> None:
        fresh = frozenset[int]().union(*(words.meets for words in article.said[article.judged :]))
        before = article.said[article.judged - 1].meets if article.judged else frozenset()
        met = [slot for query, slot in enumerate(self.slots) if query in fresh - before and self.stands(slot)]
        for place in self.places:
            if place.lost:
                continue
            wanted: list[int | None] = [slot.watch.id for slot in met if place.lists.get(slot.list_id)]
            wanted += [None] if not article.judged and place.outlets.get(article.outlet) else []
            if wanted:
                place.reader.met_more[article.id] = self.at
            for watch in wanted:
                if not self.is_muted(place, article, watch):
                    place.reader.is_owed(article.id, watch, at=self.at)
            if article.judged:
                place.reader.edited[article.id] = self.at
        article.decided_at = article.decided_at if article.judged else self.now
        article.judged = len(article.said)
