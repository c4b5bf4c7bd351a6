"""What was decided about articles (T2), and alerts as they are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, Select, bindparam, func, select, update

from monitors.alerts import (
    Alert,
    DeliveryKind,
    DeliveryState,
    Judgement,
    Match,
    MatchedWatch,
    NewDelivery,
    Spans,
    Telling,
    ToldAlert,
    Verdict,
)
from monitors.articles import ArticleState, TextOrigin
from monitors.storage.articles import get_articles
from monitors.storage.deliveries import enqueue_all
from monitors.storage.edits import versions_of
from monitors.storage.growing import STATES, add_to_told
from monitors.storage.owed import owe, settle_owed
from monitors.storage.subscriptions import name_for
from monitors.storage.tables import (
    alert_articles,
    alerts,
    articles,
    chats,
    deliveries,
    matches,
    outlets,
    stories,
    subscriptions,
    watches,
    watchlists,
)
from monitors.storage.upserts import insert


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
) -> list[int]:
    """T2: matches, story, alerts and their deliveries, and this version of the article is decided; the new alerts' ids.

    An article already decided, or edited since it was read, stays as it is: a repeated attempt changes nothing, and
    what is decided is what was matched. A chat that has been told of the story is not told again. `seen_at` is when
    what is told had arrived, if not with the article. With `owed_since`, what came after that version has yet to be
    judged for late watches.
    """
    claimed = connection.execute(
        update(articles)
        .where(articles.c.id == article_id, articles.c.state == ArticleState.PENDING, articles.c.version == version)
        .values(state=ArticleState.DECIDED, decided_at=now, judged_version=version)
        .returning(articles.c.story_id, articles.c.first_seen_at)
    ).one_or_none()
    if claimed is None:
        return []
    if owed_since is not None:
        owe(connection, article_id, judged_version=owed_since, version=version)
    return _record_found(
        connection,
        article_id,
        claimed.story_id,
        found,
        judgements,
        now=now,
        seen_at=seen_at or claimed.first_seen_at,
    )


def record_late(
    connection: Connection,
    article_id: int,
    found: Sequence[Match],
    judgements: Sequence[Judgement],
    *,
    now: datetime,
    version: int,
    seen_at: datetime | None = None,
) -> list[int]:
    """The same for late watches, of an article that was owed up to this version, and only if it still is."""
    if not settle_owed(connection, article_id, version=version) or not found:
        return []
    # Whoever shows what articles came to looks again.
    decided = (articles.c.id == article_id, articles.c.state == ArticleState.DECIDED)
    connection.execute(update(articles).where(*decided).values(decided_at=now))
    row = connection.execute(
        select(articles.c.story_id, articles.c.first_seen_at).where(articles.c.id == article_id).with_for_update()
    ).one()
    return _record_found(
        connection, article_id, row.story_id, found, judgements, now=now, seen_at=seen_at or row.first_seen_at
    )


def _record_found(
    connection: Connection,
    article_id: int,
    story_id: int | None,
    found: Sequence[Match],
    judgements: Sequence[Judgement],
    *,
    now: datetime,
    seen_at: datetime,
) -> list[int]:
    if found:
        _record_matches(connection, article_id, found)
    if not judgements:  # a whole outlet is told without a match
        return []
    story_id = story_id or _begin_story(connection, article_id, now=now)
    return _record_alerts(connection, article_id, story_id, judgements, now=now, seen_at=seen_at)


def story_of(connection: Connection, article_id: int) -> int | None:
    return connection.scalar(select(articles.c.story_id).where(articles.c.id == article_id))


def _begin_story(connection: Connection, article_id: int, *, now: datetime) -> int:
    story = connection.execute(stories.insert().values(created_at=now)).inserted_primary_key
    assert story is not None
    connection.execute(update(articles).where(articles.c.id == article_id).values(story_id=story[0]))
    return int(story[0])


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
    """The ids of the alerts that are to be told; chats that were told of the story before get none, for what they were
    told grows (growing.py).

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
    return sorted([*(row.id for row in recorded), *add_to_told(connection, article_id, story_id, told, now=now)])


def _delivery_of(alert_id: int, judgement: Judgement) -> NewDelivery:
    return NewDelivery(
        judgement.chat_id,
        DeliveryKind.ALERT,
        alert_id=alert_id,
        state=STATES[judgement.verdict],
        not_before=judgement.due_at,
        silent=judgement.silent,
    )


def get_alert(connection: Connection, alert_id: int) -> Alert:
    """The alert with its article and every watch of its chat that met it.

    The text is the newest version that a watch of the chat met, which may not be the present one: an article can have
    been edited since, and the places of the words are of the version that was matched.
    """
    # The chat of the delivery: it follows a group that became a supergroup, as the watches do.
    row = connection.execute(_told(), {"alert": alert_id}).one()
    (article,) = get_articles(connection, [row.article_id])
    met = connection.execute(_met(), {"article": row.article_id, "chat": row.chat_id}).all()
    number = max((one.version for one in met), default=article.version)
    earlier = versions_of(connection, article.id, since=number) if number != article.version else []
    return Alert(
        id=alert_id,
        article_id=article.id,
        outlet_id=article.outlet_id,
        story_id=row.story_id,
        outlet_name=article.outlet_name,
        url=article.url,
        fields=earlier[0].fields if earlier else article.fields,
        author=", ".join(article.authors) or None,
        published_at=article.published_at,
        seen_at=row.seen_at or article.first_seen_at,
        text_note=article.text_note if article.text_origin is TextOrigin.ENTRY else None,
        watches=tuple(
            MatchedWatch(one.id, one.name, one.query, _spans_from_json(one.spans))
            for one in met
            if one.version == number
        ),
        names_lists=_takes_several(connection, row.chat_id),
        previews=row.previews,
        also=_also(connection, alert_id),
    )


def alert_of(connection: Connection, chat_id: int, alert_id: int) -> ToldAlert | None:
    """The alert, if it is this chat's."""
    mine = (deliveries.c.alert_id == alert_id, deliveries.c.chat_id == chat_id)
    row = connection.execute(select(deliveries.c.repeats).where(*mine)).one_or_none()
    return None if row is None else ToldAlert(get_alert(connection, alert_id), row.repeats)


@cache
def _told() -> Select[Any]:
    return (
        select(deliveries.c.chat_id, alerts.c.article_id, alerts.c.story_id, alerts.c.seen_at, chats.c.previews)
        .join(deliveries, deliveries.c.alert_id == alerts.c.id)
        .join(chats, deliveries.c.chat_id == chats.c.id)
        .where(alerts.c.id == bindparam("alert"))
    )


@cache
def _met() -> Select[Any]:
    chat = bindparam("chat", type_=Integer)
    return (
        select(watches.c.id, watches.c.query, name_for(chat).label("name"), matches.c.spans, matches.c.version)
        .join(watches, matches.c.watch_id == watches.c.id)
        .join(watchlists, watches.c.watchlist_id == watchlists.c.id)
        .join(subscriptions, subscriptions.c.watchlist_id == watchlists.c.id)
        .where(matches.c.article_id == bindparam("article"), subscriptions.c.chat_id == chat)
        .order_by(watches.c.id)
    )


def _takes_several(connection: Connection, chat_id: int) -> bool:
    return (connection.scalar(_taken(), {"chat": chat_id}) or 0) > 1


@cache
def _taken() -> Select[Any]:
    mine = (subscriptions.c.chat_id == bindparam("chat"), subscriptions.c.watchlist_id.is_not(None))
    return select(func.count()).select_from(subscriptions).where(*mine)


def _also(connection: Connection, alert_id: int) -> tuple[Telling, ...]:
    return tuple(Telling(row.name, row.url) for row in connection.execute(_told_too(), {"alert": alert_id}))


@cache
def _told_too() -> Select[Any]:
    return (
        select(outlets.c.name, articles.c.url)
        .join(articles, articles.c.outlet_id == outlets.c.id)
        .join(alert_articles, alert_articles.c.article_id == articles.c.id)
        .join(alerts, alert_articles.c.alert_id == alerts.c.id)
        .where(alert_articles.c.alert_id == bindparam("alert"), articles.c.id != alerts.c.article_id)
        .order_by(alert_articles.c.seen_at, articles.c.id)
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


def newest_told(connection: Connection, chat_id: int, *, before: int | None, limit: int) -> list[tuple[int, int]]:
    """(alert, article) ids of what the chat was told, or is to be, newest first; of alerts before `before`."""
    told = select(alerts.c.id, alerts.c.article_id).where(alerts.c.chat_id == chat_id)
    if before is not None:
        told = told.where(alerts.c.id < before)
    return [(row.id, row.article_id) for row in connection.execute(told.order_by(alerts.c.id.desc()).limit(limit))]
