"""Articles that chats keep to read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select

from monitors.storage.tables import articles, outlets, saved_articles
from monitors.storage.upserts import insert


@dataclass(frozen=True, slots=True)
class SavedArticle:
    id: int
    title: str
    url: str
    outlet_name: str
    saved_at: datetime


def save_article(connection: Connection, chat_id: int, article_id: int, *, now: datetime) -> bool:
    """False if it was saved already."""
    made = connection.scalar(
        insert(connection, saved_articles)
        .values(chat_id=chat_id, article_id=article_id, saved_at=now)
        .on_conflict_do_nothing()
        .returning(saved_articles.c.article_id)
    )
    return made is not None


def let_go(connection: Connection, chat_id: int, article_id: int) -> bool:
    """False if it was not saved."""
    return connection.execute(delete(saved_articles).where(_this(chat_id, article_id))).rowcount > 0


def is_saved(connection: Connection, chat_id: int, article_id: int) -> bool:
    return connection.scalar(select(saved_articles.c.saved_at).where(_this(chat_id, article_id))) is not None


def saved_in(connection: Connection, chat_id: int, *, first: int = 0, limit: int) -> tuple[list[SavedArticle], int]:
    """Some of what the chat saved, what it saved last first, and how much it saved in all."""
    mine = saved_articles.c.chat_id == chat_id
    rows = connection.execute(
        select(articles.c.id, articles.c.title, articles.c.url, outlets.c.name, saved_articles.c.saved_at)
        .join(articles, saved_articles.c.article_id == articles.c.id)
        .join(outlets, articles.c.outlet_id == outlets.c.id)
        .where(mine)
        .order_by(saved_articles.c.saved_at.desc(), articles.c.id.desc())
        .offset(first)
        .limit(limit)
    )
    total = connection.scalar(select(func.count()).select_from(saved_articles).where(mine)) or 0
    return [SavedArticle(row.id, row.title, row.url, row.name, row.saved_at) for row in rows], total


def _this(chat_id: int, article_id: int) -> ColumnElement[bool]:
    return and_(saved_articles.c.chat_id == chat_id, saved_articles.c.article_id == article_id)
