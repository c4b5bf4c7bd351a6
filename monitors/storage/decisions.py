"""What was decided about articles, recorded in one transaction (T2): matches, story, alerts and their deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, select, update

from monitors.alerts import DeliveryKind, Judgement, Match, NewDelivery, Spans, Verdict
from monitors.articles import ArticleState
from monitors.storage.deliveries import enqueue_all
from monitors.storage.growing import STATES, grow
from monitors.storage.owed import owe, settle_owed
from monitors.storage.stories import Retelling, begin
from monitors.storage.tables import alerts, articles, matches
from monitors.storage.upserts import insert

_TOLD: Sequence[Column[Any]] = (
    articles.c.id,
    articles.c.outlet_id,
    articles.c.story_id,
    articles.c.first_seen_at,
    articles.c.edited_at,
    articles.c.published_at,
)
_UNLIKE_OTHERS = Retelling()


def record_decision(
    connection: Connection,
    article_id: int,
    found: Sequence[Match],
    judgements: Sequence[Judgement],
    *,
    now: datetime,
    version: int = 1,
    seen_at: datetime | None = None,
    owed_since: int | None = None,
    telling: Retelling = _UNLIKE_OTHERS,
) -> list[int]:
    """T2: matches, story, alerts and their deliveries, and this version of the article is decided; the new alerts' ids.

    An article already decided, or edited since it was read, stays as it is: a repeated attempt changes nothing, and
    what is decided is what was matched. A chat that has been told of the article is not told again. `seen_at` is when
    what is told had arrived, if not with the article. With `owed_since`, what came after that version has yet to be
    judged for late watches. `telling` is what the article tells, if it is told of for the first time.
    """
    claimed = connection.execute(
        update(articles)
        .where(articles.c.id == article_id, articles.c.state == ArticleState.PENDING, articles.c.version == version)
        .values(state=ArticleState.DECIDED, decided_at=now, judged_version=version)
        .returning(*_TOLD)
    ).one_or_none()
    if claimed is None:
        return []
    if owed_since is not None:
        owe(connection, article_id, judged_version=owed_since, version=version)
    return _record_found(connection, claimed, found, judgements, telling, now=now, seen_at=seen_at)


def record_late(
    connection: Connection,
    article_id: int,
    found: Sequence[Match],
    judgements: Sequence[Judgement],
    *,
    now: datetime,
    version: int,
    seen_at: datetime | None = None,
    telling: Retelling = _UNLIKE_OTHERS,
) -> list[int]:
    """The same for late watches, of an article that was owed up to this version, and only if it still is."""
    if not settle_owed(connection, article_id, version=version) or not found:
        return []
    # Whoever shows what articles came to looks again.
    decided = (articles.c.id == article_id, articles.c.state == ArticleState.DECIDED)
    connection.execute(update(articles).where(*decided).values(decided_at=now))
    row = connection.execute(select(*_TOLD).where(articles.c.id == article_id).with_for_update()).one()
    return _record_found(connection, row, found, judgements, telling, now=now, seen_at=seen_at)


def _record_found(
    connection: Connection,
    article: Row[Any],
    found: Sequence[Match],
    judgements: Sequence[Judgement],
    telling: Retelling,
    *,
    now: datetime,
    seen_at: datetime | None,
) -> list[int]:
    if found:
        _record_matches(connection, article.id, found)
    if not judgements:  # a whole outlet is told without a match
        return []
    story_id = article.story_id or begin(connection, article, telling, now=now)
    seen_at = seen_at or article.first_seen_at
    return _record_alerts(connection, article.id, story_id, judgements, now=now, seen_at=seen_at)


def _record_matches(connection: Connection, article_id: int, found: Sequence[Match]) -> None:
    """A watch that met an earlier version too is remembered with the newest one."""
    statement = insert(connection, matches)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["article_id", "watch_id"],
            set_={"spans": statement.excluded.spans, "version": statement.excluded.version},
        ),
        [
            {
                "article_id": article_id,
                "watch_id": match.watch_id,
                "spans": _spans_to_json(match.spans),
                "version": match.version,
            }
            for match in found
        ],
    )


def _record_alerts(
    connection: Connection,
    article_id: int,
    story_id: int,
    judgements: Sequence[Judgement],
    *,
    now: datetime,
    seen_at: datetime,
) -> list[int]:
    """The ids of the alerts that are to be told; chats that were told of the article before get none, for what they
    were told grows (growing.py).

    All at once: thousands can watch what an article is about, and one by one each takes two questions.
    """
    statement = insert(connection, alerts).on_conflict_do_nothing(index_elements=["chat_id", "story_id"])
    rows = [
        {
            "chat_id": judgement.chat_id,
            "story_id": story_id,
            "article_id": article_id,
            "verdict": judgement.verdict,
            "reason": judgement.reason,
            "created_at": now,
            "seen_at": seen_at,
            "subscription_id": judgement.subscription_id,
        }
        for judgement in judgements
    ]
    recorded = connection.execute(statement.returning(alerts.c.id, alerts.c.chat_id), rows).all()
    of_chats = {judgement.chat_id: judgement for judgement in judgements}
    enqueue_all(connection, [_delivery_of(row.id, of_chats.pop(row.chat_id)) for row in sorted(recorded)], now=now)
    told = {chat_id: one for chat_id, one in of_chats.items() if one.verdict is not Verdict.DROPPED}
    return sorted([*(row.id for row in recorded), *grow(connection, story_id, told, now=now, seen_at=seen_at)])


def _delivery_of(alert_id: int, judgement: Judgement) -> NewDelivery:
    return NewDelivery(
        judgement.chat_id,
        DeliveryKind.ALERT,
        alert_id=alert_id,
        state=STATES[judgement.verdict],
        not_before=judgement.due_at,
        silent=judgement.silent,
    )


def _spans_to_json(spans: Spans) -> dict[str, list[list[int]]]:
    return {name: [[start, end] for start, end in places] for name, places in spans.items()}
