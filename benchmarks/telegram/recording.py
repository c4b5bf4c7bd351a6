"""Chats that watch, and articles that are decided for them, each with its number in its title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, update

from benchmarks.telegram.fates import title
from monitors.alerts import Cause, Judgement, Match, Verdict
from monitors.storage import lanes
from monitors.storage.articles import save
from monitors.storage.decisions import record_decision
from monitors.storage.stories import Retelling
from monitors.storage.tables import deliveries
from monitors.storage.watches import add_watch
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet

_OPEN = "SELECT count(*) FROM deliveries WHERE state IN ('held', 'pending', 'sending', 'uncertain')"
_STATES = "SELECT state, count(*) FROM deliveries GROUP BY state ORDER BY state"
_ADDED = (
    "SELECT count(*) FROM deliveries JOIN deliveries AS teller ON deliveries.told_in = teller.id "
    "WHERE deliveries.state = 'merged' AND teller.kind = 'alert'"
)


@dataclass(frozen=True, slots=True)
class Reader:
    """A chat with one watch; `address` is its Telegram chat."""

    address: int
    chat_id: int
    watch_id: int


def readers(connection: Connection, addresses: Sequence[int]) -> list[Reader]:
    chats = [a_telegram_chat(connection, address) for address in addresses]
    return [
        Reader(chat.address.chat_id, chat.id, add_watch(connection, chat.id, "الميناء", now=NOW)[0].id)
        for chat in chats
    ]


def record(
    connection: Connection,
    number: int,
    told: Sequence[Reader],
    *,
    now: datetime,
    verdict: Verdict = Verdict.NOW,
    due_at: datetime | None = None,
    again: int | None = None,
) -> int:
    """An article comes in and is decided: each of these is to be told of it; its id. It may say `again` what another
    article said: then an outlet printed it that has its number in its name, by which it is added to a message."""
    outlet, _ = an_outlet(connection, *([] if again is None else [title(number, "وكالة")]))
    article = a_new_article(outlet, number, title=title(number, "فتح الميناء"), first_seen_at=now)
    (article_id,) = save(connection, [article], now=now)
    found = [Match(reader.watch_id, {"title": ((12, 19),)}) for reader in told]
    judgements = [Judgement(reader.chat_id, verdict, Cause.TAKEN, due_at=due_at) for reader in told]
    telling = Retelling() if again is None else Retelling(told={again: 1})
    record_decision(connection, article_id, found, judgements, now=now, telling=telling)
    return article_id


def still_open(connection: Connection) -> int:
    """Deliveries that have yet to be settled."""
    return int(connection.exec_driver_sql(_OPEN).scalar_one())


def states(connection: Connection) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.exec_driver_sql(_STATES)}


def added(connection: Connection) -> int:
    """Alerts that were added to messages of others."""
    return int(connection.exec_driver_sql(_ADDED).scalar_one())


def hurry(connection: Connection, *, now: datetime) -> None:
    """What is uncertain is repeated now, and not after up to fifty minutes."""
    uncertain = update(deliveries).where(deliveries.c.state == "uncertain", deliveries.c.not_before > now)
    lanes.refresh(
        connection, connection.scalars(uncertain.values(not_before=now).returning(deliveries.c.chat_id)).all()
    )
