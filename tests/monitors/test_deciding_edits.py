"""Articles that were edited: who is told what, and that nothing is lost or told twice on the way."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from monitors.alerts import Alert, Delivery
from monitors.articles import ArticleState, Edit, NewArticle
from monitors.chats import Chat, Transport
from monitors.finding import find
from monitors.outlets import Outlet
from monitors.recording import record
from monitors.roles import RoleContext
from monitors.service import decide_pending
from monitors.settings import Settings
from monitors.storage.alerts import get_alert
from monitors.storage.articles import count_by_state, get_articles, save
from monitors.storage.delays import delivery_counts
from monitors.storage.deliveries import claim
from monitors.storage.edits import save_edits, versions_of
from monitors.storage.engine import Database
from monitors.storage.revisions import changes_since
from monitors.storage.settlements import settle_sent
from monitors.storage.subjects import out_of_date
from monitors.storage.watches import add_watch
from monitors.wakeups import Wakeups
from monitors.watching import StandingWatches
from tests.rows import NOW, SECOND, a_new_article, a_telegram_chat, an_outlet


class Desk:
    """One article, the chats that watch, and who has been told."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.context = RoleContext(Settings(), database, Wakeups(), asyncio.Event())
        self.watches = StandingWatches()
        self.outlet: Outlet = database.write_now(an_outlet)[0]
        self.article: NewArticle = a_new_article(self.outlet, title="اجتماع في بغداد", text="نص أول")
        self.article_id = 0

    def watch(self, number: int, *queries: str) -> Chat:
        chat = self.database.write_now(a_telegram_chat, number)
        for query in queries:
            self.database.write_now(add_watch, chat.id, query, now=NOW)
        return chat

    def publish(self, **options: Any) -> None:
        saved = self.database.write_now(save, [self.article], now=NOW, **options)
        self.article_id = saved[0]

    def edit(self, seconds: int = 60, **changes: Any) -> bool:
        """Whether it is to be decided again."""
        self.article = replace(self.article, first_seen_at=NOW + seconds * SECOND, **changes)
        return bool(self.database.write_now(save_edits, [Edit(self.article_id, self.article)]))

    async def decide(self) -> list[Delivery]:
        """What goes out."""
        await decide_pending(self.context, self.watches)
        return self.claim()

    def claim(self) -> list[Delivery]:
        claimed = self.database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9)
        for delivery in claimed:
            self.database.write_now(settle_sent, delivery.id, 1, now=NOW + 100 * SECOND)
        return claimed

    def alert(self, delivery: Delivery) -> Alert:
        assert delivery.alert_id is not None
        return self.database.read_now(get_alert, delivery.alert_id)

    def states(self) -> dict[ArticleState, int]:
        return self.database.read_now(count_by_state)


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def words(alert: Alert) -> list[str]:
    return [
        alert.fields[field][start:end]
        for watch in alert.watches
        for field, spans in watch.spans.items()
        for start, end in spans
    ]


async def test_an_edit_tells_the_chats_whose_watches_meet_only_what_is_new(desk: Desk) -> None:
    desk.watch(1, "بغداد")
    second = desk.watch(2, "دمشق")
    desk.publish()
    assert [delivery.chat.address.chat_id for delivery in await desk.decide()] == [1]
    assert desk.edit(text="نص أول، ووصل الوفد إلى دمشق")
    (told,) = await desk.decide()
    assert told.chat.id == second.id
    assert words(desk.alert(told)) == ["دمشق"]
    assert desk.alert(told).seen_at == NOW + 60 * SECOND  # its delay counts from the edit
    assert desk.database.read_now(delivery_counts).delays_s == [40.0, 100.0]


async def test_a_chat_that_was_told_of_a_story_is_not_told_again(desk: Desk) -> None:
    desk.watch(1, "بغداد", "دمشق")
    desk.publish()
    assert len(await desk.decide()) == 1
    assert desk.edit(text="ووصل الوفد إلى دمشق")
    assert await desk.decide() == []
    assert desk.states() == {ArticleState.DECIDED: 1}


async def test_the_message_of_an_article_that_comes_to_meet_more_says_so(desk: Desk) -> None:
    desk.watch(1, "بغداد", "دمشق")
    desk.publish()
    (told,) = await desk.decide()
    assert desk.edit(text="ووصل الوفد إلى دمشق")
    await desk.decide()
    (message,) = desk.database.read_now(out_of_date, now=datetime.now(UTC))
    assert message.delivery_id == told.id
    alert = desk.alert(told)
    assert words(alert) == ["بغداد", "دمشق"]
    assert alert.also == ()


async def test_an_article_edited_before_it_was_decided_loses_nothing(desk: Desk) -> None:
    desk.watch(1, "أول")
    desk.watch(2, "ثان")
    desk.publish()
    assert desk.edit(text="نص ثان")
    assert desk.edit(120, text="نص ثالث")
    told = {delivery.chat.address.chat_id: desk.alert(delivery) for delivery in await desk.decide()}
    assert {chat: words(alert) for chat, alert in told.items()} == {1: ["أول"], 2: ["ثان"]}
    assert [told[chat].fields["text"] for chat in (1, 2)] == ["نص أول", "نص ثان"]
    assert [alert.seen_at for alert in told.values()] == [NOW, NOW]


async def test_what_was_there_before_us_alerts_only_for_what_an_edit_adds(desk: Desk) -> None:
    desk.watch(1, "بغداد")
    desk.watch(2, "دمشق")
    desk.database.write_now(save, [desk.article], now=NOW, state=ArticleState.ARCHIVED)
    desk.article_id = 1
    assert await desk.decide() == []
    assert desk.edit(text="ووصل الوفد إلى دمشق")
    assert [delivery.chat.address.chat_id for delivery in await desk.decide()] == [2]


async def test_a_silent_article_that_turns_out_to_be_one_is_decided_whole(desk: Desk) -> None:
    desk.watch(1, "بغداد")
    desk.article = replace(desk.article, text="", silent=True)
    assert desk.database.write_now(save, [desk.article], now=NOW) == []
    desk.article_id = 1
    assert await desk.decide() == []
    assert not desk.edit(text="قائمة")
    assert desk.edit(120, text="نص الخبر", silent=False)
    assert [delivery.chat.address.chat_id for delivery in await desk.decide()] == [1]


async def test_an_edit_that_changes_nothing_is_none(desk: Desk) -> None:
    desk.publish()
    desk.database.write_now(record, the_article(desk), await find_all(desk), zone="UTC", now=NOW)
    assert not desk.edit(entry_hash=5, tags=("محليات",))
    assert desk.database.read_now(versions_of, desk.article_id) == []
    assert desk.states() == {ArticleState.DECIDED: 1}


def test_what_an_article_said_is_kept_in_order(desk: Desk) -> None:
    desk.publish()
    for number, text in enumerate(("نص ثان", "نص ثالث"), 1):
        assert desk.edit(number * 60, text=text, modified_at=NOW + number * SECOND)
    assert [
        (version.number, version.text, version.seen_at)
        for version in desk.database.read_now(versions_of, desk.article_id)
    ] == [(1, "نص أول", NOW), (2, "نص ثان", NOW + 60 * SECOND)]
    assert the_article(desk).version == 3
    assert the_article(desk).modified_at == NOW + 2 * SECOND


async def test_an_edit_between_matching_and_recording_is_matched_too(desk: Desk) -> None:
    """T1 of the edit comes after the article was read and before T2: what was matched is not what is there."""
    desk.watch(1, "دمشق")
    desk.publish()
    stale, findings = the_article(desk), await find_all(desk)
    assert desk.edit(text="ووصل الوفد إلى دمشق")
    assert desk.database.write_now(record, stale, findings, zone="UTC", now=NOW) == []
    assert desk.states() == {ArticleState.PENDING: 1}
    assert [delivery.chat.address.chat_id for delivery in await desk.decide()] == [1]


async def test_an_edit_between_deciding_and_telling_leaves_the_alert_as_it_was_matched(desk: Desk) -> None:
    desk.watch(1, "بغداد")
    desk.publish()
    await decide_pending(desk.context, desk.watches)
    assert desk.edit(title="عنوان آخر", text="نص آخر")
    (told,) = desk.claim()
    assert words(desk.alert(told)) == ["بغداد"]
    assert desk.alert(told).fields["title"] == "اجتماع في بغداد"
    await decide_pending(desk.context, desk.watches)
    assert words(desk.alert(told)) == ["بغداد"]


async def test_a_crash_between_the_transactions_tells_once(desk: Desk) -> None:
    desk.watch(1, "دمشق")
    desk.publish()
    await desk.decide()
    edit = [Edit(desk.article_id, replace(desk.article, text="ووصل الوفد إلى دمشق"))]

    class Crash(Exception):
        """The process dies here."""

    def die_saving(connection: Any) -> None:
        save_edits(connection, edit)
        raise Crash

    def die_deciding(connection: Any) -> None:
        assert record(connection, the_article(desk), findings, zone="UTC", now=NOW)
        raise Crash

    with pytest.raises(Crash):
        desk.database.write_now(die_saving)
    assert desk.states() == {ArticleState.DECIDED: 1}
    desk.database.write_now(save_edits, edit)
    findings = await find_all(desk)
    with pytest.raises(Crash):
        desk.database.write_now(die_deciding)
    assert desk.states() == {ArticleState.PENDING: 1}
    assert len(await desk.decide()) == 1
    assert not desk.database.write_now(save_edits, edit)
    assert await desk.decide() == []


def the_article(desk: Desk) -> Any:
    (article,) = desk.database.read_now(get_articles, [desk.article_id])
    return article


async def find_all(desk: Desk) -> Any:
    desk.watches.apply(desk.database.read_now(changes_since, desk.watches.revision))
    article = the_article(desk)
    earlier = desk.database.read_now(versions_of, article.id, since=article.judged_version)
    return await find(article, earlier, desk.watches.lanes.first)
