"""Alerts as they are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, Row, Select, and_, bindparam, func, select

from monitors.alerts import Alert, DeliveryState, MatchedWatch, Spans, Telling, ToldAlert, untold_query, words_at
from monitors.articles import TextOrigin
from monitors.storage.articles import get_articles
from monitors.storage.edits import versions_of
from monitors.storage.naming import meetings
from monitors.storage.subscriptions import name_for
from monitors.storage.tables import (
    alerts,
    articles,
    chats,
    deliveries,
    matches,
    outlets,
    subscriptions,
    watches,
    watchlists,
)
from monitors.watchlists import UNTOLD_NAME


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
    fields = earlier[0].fields if earlier else article.fields
    named = {one.id for one in met if one.version == number}
    return Alert(
        id=alert_id,
        article_id=article.id,
        outlet_id=article.outlet_id,
        story_id=row.story_id,
        outlet_name=article.outlet_name,
        url=article.url,
        fields=fields,
        author=", ".join(article.authors) or None,
        published_at=article.published_at,
        seen_at=row.seen_at or article.first_seen_at,
        text_note=article.text_note if article.text_origin is TextOrigin.ENTRY else None,
        watches=tuple(_matched(one, fields) for one in met if one.version == number),
        names_lists=_takes_several(connection, row.chat_id),
        previews=row.previews,
        also=_also(connection, alert_id, named),
        growths=row.growths,
    )


def _matched(row: Row[Any], fields: Mapping[str, str]) -> MatchedWatch:
    spans = spans_from_json(row.spans)
    query = untold_query(words_at(spans, fields)) if row.name == UNTOLD_NAME else row.query
    return MatchedWatch(row.id, row.name, query, spans)


def alert_of(connection: Connection, chat_id: int, alert_id: int) -> ToldAlert | None:
    """The alert, if it is this chat's."""
    mine = (deliveries.c.alert_id == alert_id, deliveries.c.chat_id == chat_id)
    row = connection.execute(select(deliveries.c.repeats).where(*mine)).one_or_none()
    return None if row is None else ToldAlert(get_alert(connection, alert_id), row.repeats)


@cache
def _told() -> Select[Any]:
    return (
        select(deliveries.c.chat_id, alerts.c.article_id, alerts.c.story_id, alerts.c.seen_at, chats.c.previews)
        .add_columns(alerts.c.growths)
        .join(deliveries, deliveries.c.alert_id == alerts.c.id)
        .join(chats, deliveries.c.chat_id == chats.c.id)
        .where(alerts.c.id == bindparam("alert"))
    )


@cache
def _met() -> Select[Any]:
    chat = bindparam("chat", type_=Integer)
    mine = and_(matches.c.article_id == bindparam("article"), matches.c.watch_id == watches.c.id)
    return (
        select(watches.c.id, watches.c.query, name_for(chat).label("name"), matches.c.spans, matches.c.version)
        .select_from(subscriptions)
        .join(watchlists, subscriptions.c.watchlist_id == watchlists.c.id)
        .join(watches, watches.c.watchlist_id == watchlists.c.id)
        .outerjoin(matches, mine)
        .where(subscriptions.c.chat_id == chat, func.coalesce(matches.c.version, 0) > 0)  # as in naming.py
        .order_by(watches.c.id)
    )


def _takes_several(connection: Connection, chat_id: int) -> bool:
    return (connection.scalar(_taken(), {"chat": chat_id}) or 0) > 1


@cache
def _taken() -> Select[Any]:
    mine = (subscriptions.c.chat_id == bindparam("chat"), watchlists.c.removed_at.is_(None))
    return select(func.count()).select_from(subscriptions).join(watchlists).where(*mine)


def _also(connection: Connection, alert_id: int, named: Set[int]) -> tuple[Telling, ...]:
    """Other outlets' articles that stand in its message, are being added to it now, or may have been (joining.py); not
    those that are to be let go, for it does not name what they met."""
    rows = connection.execute(_told_too(), {"alert": alert_id}).all()
    about = meetings(connection, [row.id for row in rows])
    return tuple(Telling(row.id, row.name, row.url) for row in rows if about[row.id].stand <= named)


@cache
def _told_too() -> Select[Any]:
    teller = deliveries.alias()
    is_added = deliveries.c.state.in_([DeliveryState.MERGED.value, DeliveryState.SENDING.value])
    may_be_added = (deliveries.c.state == DeliveryState.PENDING) & (deliveries.c.repeats > 0)
    return (
        select(alerts.c.id, outlets.c.name, articles.c.url)
        .select_from(outlets)
        .join(articles, articles.c.outlet_id == outlets.c.id)
        .join(alerts, alerts.c.article_id == articles.c.id)
        .join(deliveries, deliveries.c.alert_id == alerts.c.id)
        .join(teller, deliveries.c.told_in == teller.c.id)
        .where(teller.c.alert_id == bindparam("alert"))
        .where(is_added | may_be_added)
        .order_by(deliveries.c.claimed_at, deliveries.c.id)
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


def newest_told(connection: Connection, chat_id: int, *, before: int | None, limit: int) -> list[tuple[int, int]]:
    """(alert, article) ids of what the chat was told, or is to be, newest first; of alerts before `before`."""
    told = select(alerts.c.id, alerts.c.article_id).where(alerts.c.chat_id == chat_id)
    if before is not None:
        told = told.where(alerts.c.id < before)
    return [(row.id, row.article_id) for row in connection.execute(told.order_by(alerts.c.id.desc()).limit(limit))]


def spans_from_json(spans: Mapping[str, Sequence[Sequence[int]]]) -> Spans:
    return {name: tuple((start, end) for start, end in places) for name, places in spans.items()}
