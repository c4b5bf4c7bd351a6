"""Articles that meet a watch, judged by the rules of whoever takes it at a moment of our choice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from monitors.alerts import Match
from monitors.chats import Chat
from monitors.judging import Case, judge
from monitors.recording import watches_of
from monitors.storage.articles import save
from monitors.storage.decisions import record_decision
from monitors.storage.subscriptions import mutes_of, takers_of, told_today
from monitors.storage.tables import alerts, deliveries
from monitors.storage.watches import add_watch, list_watches
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet

ZONE = "Asia/Damascus"
"""UTC+3, no summer time."""


def a_chat_that_watches(connection: Connection) -> Chat:
    """It watches what every article here is about."""
    chat = a_telegram_chat(connection)
    add_watch(connection, chat.id, "النفط", now=NOW)
    return chat


def an_article(
    connection: Connection,
    number: int,
    /,
    *,
    now: datetime,
    zone: str = ZONE,
    chat_id: int | None = None,
    full: bool = False,
    **changes: object,
) -> list[int]:
    """An article that every watch meets, of this chat or of all; the ids of the alerts. `full` when whoever is told was
    told as much within the hour as may be."""
    outlet, _ = an_outlet(connection)
    new = a_new_article(outlet, number, first_seen_at=now, **{"title": f"النفط {number}"} | changes)
    (article_id,) = save(connection, [new], now=now)
    ids = [watch.id for watch in list_watches(connection, chat_id)]
    takers = takers_of(connection, ids, outlet_id=outlet.id, language="ar", zone=zone)
    met = [Match(watch_id, {"title": ((0, 5),)}) for watch_id in sorted(watches_of(takers))]
    case = Case(
        outlet_id=outlet.id,
        story_ids=(),
        mutes=mutes_of(connection, {taker.chat_id for taker in takers}, now=now),
        told_today=told_today(connection, takers, now=now),
        now=now,
        full={taker.chat_id for taker in takers} if full else (),
    )
    return record_decision(connection, article_id, met, judge(takers, case), now=now)


def fates(connection: Connection) -> list[tuple[str, str, str]]:
    """(kind, state, why) of every delivery, in order; of digests nothing says why."""
    rows = connection.execute(
        select(deliveries.c.kind, deliveries.c.state, alerts.c.reason)
        .outerjoin(alerts, deliveries.c.alert_id == alerts.c.id)
        .order_by(deliveries.c.id)
    )
    return [(row.kind, row.state, row.reason or "") for row in rows]
