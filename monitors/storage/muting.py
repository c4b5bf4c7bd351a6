"""What is muted in a chat, by name: for those who want to hear it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, exists, func, or_, select

from monitors.storage.subscriptions import unmute
from monitors.storage.tables import articles, mutes, outlets, subscriptions, watches, watchlists
from monitors.subscriptions import Mute, MuteKind
from monitors.watchlists import UNTOLD_NAME


@dataclass(frozen=True, slots=True)
class Muted:
    """A mute that holds now. `name` is the outlet's, the watch's words (UNTOLD_NAME of somebody's private list) or a
    title of the story; None for everything."""

    id: int
    mute: Mute
    name: str | None


def muted_in(connection: Connection, chat_id: int, *, now: datetime) -> list[Muted]:
    """What is muted there now, oldest first."""
    title = (
        select(func.min(articles.c.title)).where(
            articles.c.story_id == mutes.c.target_id, mutes.c.kind == MuteKind.STORY
        )
    ).scalar_subquery()
    shared = exists().where(
        subscriptions.c.watchlist_id == watchlists.c.id, subscriptions.c.chat_id == chat_id, ~subscriptions.c.owned
    )
    query = case((or_(watchlists.c.chat_id == chat_id, shared), watches.c.query), else_=UNTOLD_NAME)
    rows = connection.execute(
        select(mutes, outlets.c.name.label("outlet"), query.label("query"), title.label("title"))
        .outerjoin(outlets, (mutes.c.target_id == outlets.c.id) & (mutes.c.kind == MuteKind.OUTLET))
        .outerjoin(watches, (mutes.c.target_id == watches.c.id) & (mutes.c.kind == MuteKind.WATCH))
        .outerjoin(watchlists, watches.c.watchlist_id == watchlists.c.id)
        .where(mutes.c.chat_id == chat_id, or_(mutes.c.until.is_(None), mutes.c.until > now))
        .order_by(mutes.c.id)
    )
    return [
        Muted(
            row.id,
            Mute(chat_id, MuteKind(row.kind), row.target_id, row.until),
            {MuteKind.OUTLET: row.outlet, MuteKind.WATCH: row.query, MuteKind.STORY: row.title}.get(row.kind),
        )
        for row in rows
    ]


def unmute_one(connection: Connection, chat_id: int, mute_id: int) -> bool:
    """False if the chat has no such mute any more."""
    row = connection.execute(
        select(mutes.c.kind, mutes.c.target_id).where(mutes.c.id == mute_id, mutes.c.chat_id == chat_id)
    ).one_or_none()
    return row is not None and unmute(connection, chat_id, MuteKind(row.kind), row.target_id)
