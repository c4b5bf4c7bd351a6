"""Everything of a person's private chat: what their account file says, and what of their limits they use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from monitors.account_files import FORMAT
from monitors.storage.crawls import HOUR
from monitors.storage.discoveries import asked_within_an_hour, outlets_added_by
from monitors.storage.tables import (
    alerts,
    articles,
    chats,
    crawl_requests,
    deliveries,
    followers,
    mutes,
    outlets,
    saved_articles,
    searches,
    shares,
    subscriptions,
    watches,
    watchlists,
)
from monitors.watchlists import WatchState

ALERTS_SINCE = timedelta(days=90)
"""Older alerts are left out of the file: they lead to pages that have moved on."""


def belongings(connection: Connection, chat_id: int, *, now: datetime) -> dict[str, Any]:
    """As the account file has it (docs/telegram.md): JSON, times in UTC as ISO 8601, oldest first."""
    chat = connection.execute(select(chats).where(chats.c.id == chat_id)).one()
    return {
        "rasid": FORMAT,
        "written_at": _at(now),
        "chat": {
            "telegram_id": chat.telegram_chat_id,
            "name": chat.title,
            "language": chat.language,
            "time_zone": chat.time_zone,
            "previews": chat.previews,
            "since": _at(chat.created_at),
        },
        "watchlists": _watchlists(connection, chat_id),
        "subscriptions": _subscriptions(connection, chat_id),
        "muted": _muted(connection, chat_id),
        "saved": _saved(connection, chat_id),
        "searched": _searched(connection, chat_id),
        "follows": _follows(connection, chat_id),
        "manages": [
            {"telegram_id": row.telegram_chat_id, "thread": row.thread_id, "name": row.title}
            for row in connection.execute(select(chats).where(chats.c.keeper_id == chat_id).order_by(chats.c.id))
        ],
        "alerts": _alerts(connection, chat_id, since=now - ALERTS_SINCE),
    }


def _at(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")


def _watchlists(connection: Connection, chat_id: int) -> list[dict[str, Any]]:
    mine = select(watchlists).where(watchlists.c.chat_id == chat_id, watchlists.c.removed_at.is_(None))
    found = []
    for row in connection.execute(mine.order_by(watchlists.c.id)).all():
        standing = watches.c.state.in_([WatchState.ACTIVE, WatchState.PAUSED])
        asked = select(watches).where(watches.c.watchlist_id == row.id, standing).order_by(watches.c.id)
        told = (
            select(subscriptions, chats.c.title, chats.c.telegram_chat_id)
            .join(chats, subscriptions.c.chat_id == chats.c.id)
            .where(subscriptions.c.watchlist_id == row.id, subscriptions.c.owned)
            .order_by(subscriptions.c.id)
        )
        found.append(
            {
                "name": row.name,
                "paused": row.paused_at is not None,
                "excluding": row.excluding,
                "languages": row.languages,
                "outlets": _homepages(connection, row.outlets),
                "watches": [
                    {"query": one.query, "state": one.state, "since": _at(one.created_at)}
                    for one in connection.execute(asked)
                ],
                "told_in": [
                    {"telegram_id": one.telegram_chat_id, "name": one.title} | _rules(one)
                    for one in connection.execute(told)
                ],
            }
        )
    return found


def _homepages(connection: Connection, ids: list[int] | None) -> list[str] | None:
    if ids is None:
        return None
    return list(connection.scalars(select(outlets.c.homepage).where(outlets.c.id.in_(ids)).order_by(outlets.c.id)))


def _rules(row: Any) -> dict[str, Any]:
    return {
        "state": row.state,
        "mode": row.mode,
        "digest_at": _clock(row.digest_at),
        "quiet": None if row.quiet_from is None else f"{_clock(row.quiet_from)}-{_clock(row.quiet_to)}",
        "daily_limit": row.daily_limit,
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _subscriptions(connection: Connection, chat_id: int) -> list[dict[str, Any]]:
    """What they take of others: shared watchlists, by the links that lead there now, and whole outlets."""
    rows = connection.execute(
        select(subscriptions, watchlists.c.name.label("watchlist"), outlets.c.homepage.label("outlet"), shares.c.token)
        .outerjoin(watchlists, subscriptions.c.watchlist_id == watchlists.c.id)
        .outerjoin(shares, shares.c.watchlist_id == watchlists.c.id)
        .outerjoin(outlets, subscriptions.c.outlet_id == outlets.c.id)
        .where(subscriptions.c.chat_id == chat_id)
        .where(watchlists.c.chat_id.is_(None) | (watchlists.c.chat_id != chat_id))
        .order_by(subscriptions.c.id)
    )
    return [
        {"watchlist": row.watchlist, "link": row.token, "outlet": row.outlet, "since": _at(row.since)} | _rules(row)
        for row in rows
    ]


def _muted(connection: Connection, chat_id: int) -> list[dict[str, Any]]:
    """Outlets by their home pages, watches by their words and lists, stories by the address of their first article."""
    story = (
        select(articles.c.url)
        .where(mutes.c.kind == "story", articles.c.story_id == mutes.c.target_id)
        .order_by(articles.c.id)
        .limit(1)
        .scalar_subquery()
        .label("story")
    )
    rows = connection.execute(
        select(mutes, outlets.c.homepage.label("outlet"), watches.c.query, watchlists.c.name.label("watchlist"), story)
        .outerjoin(outlets, (mutes.c.kind == "outlet") & (mutes.c.target_id == outlets.c.id))
        .outerjoin(watches, (mutes.c.kind == "watch") & (mutes.c.target_id == watches.c.id))
        .outerjoin(watchlists, watches.c.watchlist_id == watchlists.c.id)
        .where(mutes.c.chat_id == chat_id)
        .order_by(mutes.c.id)
    )
    return [
        {
            "what": row.kind,
            "name": row.outlet or row.query or row.story,
            "watchlist": row.watchlist,
            "since": _at(row.since),
            "until": _at(row.until),
        }
        for row in rows
    ]


def _saved(connection: Connection, chat_id: int) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(articles.c.title, articles.c.url, saved_articles.c.saved_at)
        .join(articles, saved_articles.c.article_id == articles.c.id)
        .where(saved_articles.c.chat_id == chat_id)
        .order_by(saved_articles.c.saved_at, articles.c.id)
    )
    return [{"title": row.title, "address": row.url, "saved_at": _at(row.saved_at)} for row in rows]


def _searched(connection: Connection, chat_id: int) -> list[dict[str, Any]]:
    rows = connection.execute(select(searches).where(searches.c.chat_id == chat_id).order_by(searches.c.id))
    return [{"query": row.query, "days": row.days, "at": _at(row.asked_at)} for row in rows]


def _follows(connection: Connection, chat_id: int) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(outlets.c.name, outlets.c.homepage, followers.c.since)
        .join(outlets, followers.c.outlet_id == outlets.c.id)
        .where(followers.c.chat_id == chat_id)
        .order_by(outlets.c.id)
    )
    return [{"outlet": row.name, "homepage": row.homepage, "since": _at(row.since)} for row in rows]


def _alerts(connection: Connection, chat_id: int, *, since: datetime) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(articles.c.title, articles.c.url, outlets.c.name, alerts.c.verdict, alerts.c.created_at)
        .add_columns(deliveries.c.state, deliveries.c.settled_at)
        .join(articles, alerts.c.article_id == articles.c.id)
        .join(outlets, articles.c.outlet_id == outlets.c.id)
        .outerjoin(deliveries, deliveries.c.alert_id == alerts.c.id)
        .where(alerts.c.chat_id == chat_id, alerts.c.created_at >= since)
        .order_by(alerts.c.id)
    )
    return [
        {
            "title": row.title,
            "address": row.url,
            "outlet": row.name,
            "at": _at(row.created_at),
            "verdict": row.verdict,
            "state": row.state,
            "told_at": _at(row.settled_at) if row.state == "sent" else None,
        }
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Used:
    """What somebody uses of what they may have."""

    watches: int
    watchlists: int
    outlets: int
    crawls: int
    addresses: int


def used_by(connection: Connection, chat_id: int, person_id: int, *, now: datetime) -> Used:
    """The chat's watches and watchlists; the rest is the person's in all chats, visits and addresses of an hour."""
    standing = watches.c.state.in_([WatchState.ACTIVE, WatchState.PAUSED])
    count = (
        select(func.count())
        .select_from(watches)
        .join(watchlists, watches.c.watchlist_id == watchlists.c.id)
        .where(watchlists.c.chat_id == chat_id, watchlists.c.removed_at.is_(None), standing)
    )
    mine = (watchlists.c.chat_id == chat_id, watchlists.c.removed_at.is_(None))
    lists = select(func.count()).select_from(watchlists).where(*mine)
    crawls = select(func.count()).where(
        crawl_requests.c.person_id == person_id, crawl_requests.c.requested_at > now - HOUR
    )
    return Used(
        watches=connection.scalar(count) or 0,
        watchlists=connection.scalar(lists) or 0,
        outlets=outlets_added_by(connection, person_id),
        crawls=connection.scalar(crawls) or 0,
        addresses=asked_within_an_hour(connection, person_id, now=now),
    )
