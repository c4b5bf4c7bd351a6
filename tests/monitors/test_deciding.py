from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

import pytest

from monitors import service
from monitors.alerts import DeliveryKind, Spans
from monitors.chats import Transport
from monitors.finding import find
from monitors.query.occurrences import Occurrences
from monitors.query.plan import Plan
from monitors.roles import RoleContext
from monitors.service import decide_pending, run
from monitors.settings import Settings
from monitors.storage.alerts import get_alert
from monitors.storage.articles import pending_articles, save
from monitors.storage.chats import set_unreachable
from monitors.storage.deliveries import claim
from monitors.storage.engine import Database
from monitors.storage.revisions import changes_since
from monitors.storage.subscriptions import subscribe
from monitors.storage.tables import watches as watch_rows
from monitors.storage.watches import add_watch
from monitors.wakeups import ARTICLES, DELIVERIES, Wakeups
from monitors.watching import StandingWatches
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet, remove_watch


@pytest.fixture
def context(database: Database) -> RoleContext:
    return RoleContext(Settings(), database, Wakeups(), asyncio.Event())


def publish(context: RoleContext, title: str, text: str = "", number: int = 1) -> int:
    outlet, _ = context.database.write_now(an_outlet)
    new = a_new_article(outlet, number, title=title, text=text)
    (article_id,) = context.database.write_now(save, [new], now=NOW)
    return article_id


async def test_an_article_that_meets_a_watch_becomes_an_alert_with_the_words_that_matched(
    context: RoleContext,
) -> None:
    chat = context.database.write_now(a_telegram_chat)
    context.database.write_now(add_watch, chat.id, "القوات", now=NOW)
    context.database.write_now(add_watch, chat.id, "القيارة", now=NOW)
    publish(context, "الأهالي والقوات", "انسحبت من قاعدة بالقيّارة أمس")
    assert await decide_pending(context, StandingWatches()) == 1
    (delivery,) = context.database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9)
    assert delivery.kind is DeliveryKind.ALERT
    assert delivery.alert_id is not None
    alert = context.database.read_now(get_alert, delivery.alert_id)
    words = {
        watch.query: [alert.fields[field][start:end] for field, spans in watch.spans.items() for start, end in spans]
        for watch in alert.watches
    }
    assert words == {"القوات": ["والقوات"], "القيارة": ["بالقيّارة"]}


async def test_while_a_long_article_is_read_the_loop_is_free_for_other_work(context: RoleContext) -> None:
    chat = context.database.write_now(a_telegram_chat)
    context.database.write_now(add_watch, chat.id, "القوات", now=NOW)
    publish(context, "تقرير", "كلمة أخرى " * 20_000 + "والقوات")
    turns = 0

    async def other_work() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(other_work())
    (article,) = context.database.read_now(pending_articles, limit=9)
    watches = StandingWatches()
    watches.apply(context.database.read_now(changes_since, 0))
    turns = 0
    findings = await find(article, (), watches.lanes.first)
    other.cancel()
    assert len(findings.met) == 1
    assert turns >= 20


async def test_what_an_alert_shows_is_worked_out_before_the_transaction_that_records_it(
    context: RoleContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = context.database.write_now(a_telegram_chat)
    context.database.write_now(add_watch, chat.id, "غزة", now=NOW)
    context.database.write_now(add_watch, chat.id, "غزة OR نهر", now=NOW)
    publish(context, "غزة", "نهر غزة " * 1_000)
    worked_out_in = []
    spans = Occurrences.spans

    def noted(self: Occurrences, plan: Plan) -> Spans:
        worked_out_in.append(threading.current_thread())
        return spans(self, plan)

    monkeypatch.setattr(Occurrences, "spans", noted)
    assert await decide_pending(context, StandingWatches()) == 1
    assert worked_out_in == [threading.main_thread()] * 2
    (delivery,) = context.database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9)
    assert delivery.alert_id is not None
    alert = context.database.read_now(get_alert, delivery.alert_id)
    assert [watch.spans["title"] for watch in alert.watches] == [((0, 3),)] * 2


async def test_an_article_that_meets_nothing_is_decided_too(context: RoleContext) -> None:
    chat = context.database.write_now(a_telegram_chat)
    context.database.write_now(add_watch, chat.id, "علي", now=NOW)
    publish(context, "اتفاق على توريد القمح")
    await decide_pending(context, StandingWatches())
    assert context.database.read_now(pending_articles, limit=9) == []
    assert context.database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9) == []


async def test_a_new_watch_stands_and_a_removed_one_falls_at_once(context: RoleContext) -> None:
    standing = StandingWatches()
    await decide_pending(context, standing)
    chat = context.database.write_now(a_telegram_chat)
    watch, _ = context.database.write_now(add_watch, chat.id, "بغداد", now=NOW)
    publish(context, "أمطار في بغداد", number=1)
    await decide_pending(context, standing)
    assert len(context.database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9)) == 1
    context.database.write_now(remove_watch, chat.id, str(watch.id), now=NOW)
    publish(context, "غبار في بغداد", number=2)
    await decide_pending(context, standing)
    assert context.database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9) == []


async def test_one_chat_is_told_once_about_an_article_whatever_the_number_of_its_watches(
    context: RoleContext,
) -> None:
    first, second = (context.database.write_now(a_telegram_chat, number) for number in (1, 2))
    for chat, queries in ((first, ["بغداد", "أمطار"]), (second, ["بغداد"])):
        for query in queries:
            context.database.write_now(add_watch, chat.id, query, now=NOW)
    publish(context, "أمطار في بغداد")
    await decide_pending(context, StandingWatches())
    told = context.database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9)
    assert sorted(delivery.chat.id for delivery in told) == [first.id, second.id]


async def test_a_chat_that_cannot_be_reached_gets_no_alerts_piled_up(context: RoleContext) -> None:
    chat = context.database.write_now(a_telegram_chat, 7)
    context.database.write_now(add_watch, chat.id, "بغداد", now=NOW)
    context.database.write_now(set_unreachable, 7, "blocked")
    publish(context, "أمطار في بغداد")
    await decide_pending(context, StandingWatches())
    context.database.write_now(a_telegram_chat, 7)
    assert context.database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9) == []


async def test_a_watch_that_no_longer_parses_stops_nobody_else(
    context: RoleContext, caplog: pytest.LogCaptureFixture
) -> None:
    chat = context.database.write_now(a_telegram_chat)
    broken, _ = context.database.write_now(add_watch, chat.id, "x", now=NOW)
    context.database.write_now(
        lambda connection: connection.execute(
            watch_rows.update().values(query="(((").where(watch_rows.c.id == broken.id)
        )
    )
    context.database.write_now(add_watch, chat.id, "بغداد", now=NOW)
    publish(context, "أمطار في بغداد")
    await decide_pending(context, StandingWatches())
    assert len(context.database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9)) == 1
    assert f"watch {broken.id} cannot be understood" in caplog.text


async def test_the_role_decides_when_woken_and_wakes_the_teller(context: RoleContext) -> None:
    chat = context.database.write_now(a_telegram_chat)
    context.database.write_now(add_watch, chat.id, "بغداد", now=NOW)
    deciding = asyncio.create_task(run(context))
    publish(context, "أمطار في بغداد")
    context.wakeups.kick(ARTICLES)
    await context.wakeups.wait(DELIVERIES, 10)
    assert context.database.read_now(pending_articles, limit=9) == []
    context.stopping.set()
    context.wakeups.kick(ARTICLES)
    with suppress(asyncio.CancelledError):
        await asyncio.wait_for(deciding, 10)


async def test_whoever_takes_all_of_an_outlet_is_told_what_no_watch_met(context: RoleContext) -> None:
    chat = context.database.write_now(a_telegram_chat)
    outlet, _ = context.database.write_now(an_outlet)
    context.database.write_now(subscribe, chat.id, outlet_id=outlet.id, now=NOW)
    publish(context, "اتفاق على توريد القمح")
    await decide_pending(context, StandingWatches())
    (delivery,) = context.database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9)
    assert delivery.alert_id is not None
    alert = context.database.read_now(get_alert, delivery.alert_id)
    assert (alert.outlet_id, alert.watches) == (outlet.id, ())


async def test_an_article_that_cannot_be_compared_with_others_is_told_all_the_same(
    context: RoleContext, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise IndexError("string index out of range")

    monkeypatch.setattr(service, "gist_steps", broken)
    chat = context.database.write_now(a_telegram_chat)
    context.database.write_now(add_watch, chat.id, "القوات", now=NOW)
    publish(context, "الأهالي والقوات")
    assert await decide_pending(context, StandingWatches()) == 1
    assert len(context.database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9)) == 1
    assert "cannot be compared with others" in caplog.text
