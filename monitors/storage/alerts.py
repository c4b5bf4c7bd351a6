"""What was decided about articles (T2), and alerts as they are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from monitors.alerts import (
    Alert,
    DeliveryKind,
    DeliveryState,
    Judgement,
    Match,
    MatchedWatch,
    NewDelivery,
    Spans,
)
from monitors.articles import ArticleState, TextOrigin
from monitors.storage.articles import get_articles
from monitors.storage.deliveries import enqueue
from monitors.storage.tables import alerts, articles, deliveries, matches, stories, watches, watchlists


def record_decision(
    connection: Connection,
    article_id: int,
    found: Sequence[Match],
    judgements: Sequence[Judgement],
    *,
    now: datetime,
) -> list[int]:
    """T2: matches, story, alerts and their deliveries, and the article is decided; the new alerts' ids.

    An article already decided stays as it is, so that a repeated attempt changes nothing.
    """
    claimed = connection.execute(
        update(articles)
        .where(articles.c.id == article_id, articles.c.state == ArticleState.PENDING)
        .values(state=ArticleState.DECIDED, decided_at=now)
    ).rowcount
    if not claimed:
        return []
    if not found:
        return []
    story = connection.execute(stories.insert().values(created_at=now)).inserted_primary_key
    assert story is not None
    connection.execute(update(articles).where(articles.c.id == article_id).values(story_id=story[0]))
    connection.execute(
        matches.insert(),
        [
            {"article_id": article_id, "watch_id": match.watch_id, "spans": _spans_to_json(match.spans)}
            for match in found
        ],
    )
    return [_record_alert(connection, article_id, story[0], judgement, now=now) for judgement in judgements]


def _record_alert(
    connection: Connection, article_id: int, story_id: int, judgement: Judgement, *, now: datetime
) -> int:
    key = connection.execute(
        alerts.insert().values(
            chat_id=judgement.chat_id,
            story_id=story_id,
            article_id=article_id,
            verdict=judgement.verdict,
            reason=judgement.reason,
            created_at=now,
        )
    ).inserted_primary_key
    assert key is not None
    alert_id = int(key[0])
    enqueue(connection, NewDelivery(judgement.chat_id, DeliveryKind.ALERT, alert_id=alert_id), now=now)
    return alert_id


def get_alert(connection: Connection, alert_id: int) -> Alert:
    """The alert with its article and every watch of its chat that met it."""
    # The chat of the delivery: it follows a group that became a supergroup, as the watches do.
    row = connection.execute(
        select(deliveries.c.chat_id, alerts.c.article_id)
        .join(deliveries, deliveries.c.alert_id == alerts.c.id)
        .where(alerts.c.id == alert_id)
    ).one()
    (article,) = get_articles(connection, [row.article_id])
    met = connection.execute(
        select(watches.c.id, watches.c.query, watchlists.c.name, matches.c.spans)
        .join(watches, matches.c.watch_id == watches.c.id)
        .join(watchlists, watches.c.watchlist_id == watchlists.c.id)
        .where(matches.c.article_id == row.article_id, watchlists.c.chat_id == row.chat_id)
        .order_by(watches.c.id)
    )
    return Alert(
        id=alert_id,
        outlet_name=article.outlet_name,
        url=article.url,
        fields=article.fields,
        author=", ".join(article.authors) or None,
        published_at=article.published_at,
        seen_at=article.first_seen_at,
        text_note=article.text_note if article.text_origin is TextOrigin.ENTRY else None,
        watches=tuple(MatchedWatch(one.id, one.name, one.query, _spans_from_json(one.spans)) for one in met),
    )


def sent_alerts(connection: Connection, chat_id: int) -> list[Alert]:
    """What a chat has been told, oldest first; an alert repeated after a recorded ambiguity stands once."""
    ids = connection.scalars(
        select(alerts.c.id)
        .join(deliveries, deliveries.c.alert_id == alerts.c.id)
        .where(alerts.c.chat_id == chat_id, deliveries.c.state == DeliveryState.SENT)
        .order_by(alerts.c.id)
    ).all()
    return [get_alert(connection, alert_id) for alert_id in ids]


def _spans_to_json(spans: Spans) -> dict[str, list[list[int]]]:
    return {name: [[start, end] for start, end in places] for name, places in spans.items()}


def _spans_from_json(spans: Mapping[str, Sequence[Sequence[int]]]) -> Spans:
    return {name: tuple((start, end) for start, end in places) for name, places in spans.items()}
