from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select, update

from bot.outbox import showing
from bot.outbox.showing import GROUP_PACE, PRIVATE_PACE, due
from monitors.alerts import Cause, Judgement, Match, Verdict
from monitors.chats import Chat
from monitors.storage.articles import save
from monitors.storage.decisions import record_decision
from monitors.storage.subjects import OutOfDate
from monitors.storage.tables import alert_articles, alerts, articles
from tests.bot.conftest import RunningBot, eventually
from tests.bot.test_telling_on_telegram import a_watching_chat
from tests.rows import NOW, SECOND, a_new_article, an_outlet


def message(delivery_id: int, chat_id: int, ago: timedelta, *, urgent: bool = False) -> OutOfDate:
    return OutOfDate(delivery_id, chat_id, NOW - ago, urgent)


@pytest.mark.parametrize(("chat_id", "pace"), [(7, PRIVATE_PACE), (-500, GROUP_PACE)])
def test_a_chat_sees_progress_some_seconds_apart(chat_id: int, pace: timedelta) -> None:
    assert due([message(1, chat_id, pace - SECOND)], now=NOW) == []
    assert due([message(1, chat_id, pace)], now=NOW) == [1]


def test_several_crawls_of_a_chat_take_turns() -> None:
    assert due([message(1, 7, 9 * SECOND), message(2, 7, 20 * SECOND)], now=NOW) == [2]
    assert due([message(1, 7, 9 * SECOND), message(2, 7, SECOND)], now=NOW) == []


def test_chats_do_not_wait_for_each_other() -> None:
    assert due([message(1, 7, SECOND), message(2, 8, 9 * SECOND)], now=NOW) == [2]


def test_the_end_waits_for_nobody() -> None:
    assert due([message(1, -500, SECOND, urgent=True), message(2, -500, SECOND)], now=NOW) == [1]


def told_too(connection: Connection, chat: Chat, outlet_name: str) -> None:
    """Another outlet tells the chat's newest story now."""
    now, (outlet, _) = datetime.now(UTC), an_outlet(connection, outlet_name)
    (article_id,) = save(connection, [a_new_article(outlet, 9, title="الميناء")], now=now)
    story = select(func.max(alerts.c.story_id)).scalar_subquery()
    connection.execute(update(articles).where(articles.c.id == article_id).values(story_id=story))
    judged = [Judgement(chat.id, Verdict.NOW, Cause.TAKEN)]
    record_decision(connection, article_id, [Match(1, {"title": ((0, 7),)})], judged, now=now)


def meets_more(connection: Connection) -> None:
    """The article of the newest alert was edited, and meets another watch now."""
    newest = select(alerts.c.id, alerts.c.article_id).order_by(alerts.c.id.desc()).limit(1)
    alert = connection.execute(newest).one()
    seen = {"alert_id": alert.id, "article_id": alert.article_id, "seen_at": datetime.now(UTC)}
    connection.execute(alert_articles.insert().values(seen))


async def test_a_story_that_grows_changes_its_alert_and_one_that_was_deleted_stays_so(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "TICK_S", 0.05)
    monkeypatch.setattr(showing, "PRIVATE_PACE", timedelta())
    chat = a_watching_chat(bot.database)
    await bot.alert(chat, title="فتح الميناء")
    (alert,) = await bot.telegram.wait_for(1)
    await bot.database.write(told_too, chat, "وكالة الشرق")
    await bot.telegram.wait_until(lambda: "وكالة الشرق" in alert.text)
    assert len(bot.telegram.sent) == 1
    for number, refusal in enumerate(("message to edit not found", "message can't be edited"), 1):
        bot.telegram.fail("editMessageText", "refuse", description=f"Bad Request: {refusal}")
        await bot.database.write(told_too, chat, f"قناة الغرب {number}")
        await eventually(lambda: bot.telegram.struck["refuse"] == number)  # noqa: B023
    await bot.database.write(told_too, chat, "صحيفة الشمال")
    await bot.telegram.wait_until(lambda: "صحيفة الشمال" in alert.text)
    assert len(bot.telegram.sent) == 1
    bot.telegram.fail("editMessageText", "refuse", description="Bad Request: message to edit not found")
    await bot.database.write(meets_more)
    await bot.database.write(told_too, chat, "مجلة الجنوب")  # so that the message changes
    await bot.telegram.wait_for(2)
