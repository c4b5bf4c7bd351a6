"""Articles that a watch met."""

from __future__ import annotations

from sqlalchemy import Connection, select

from monitors.articles import Article
from monitors.storage.articles import get_articles
from monitors.storage.tables import matches


def articles_met(connection: Connection, watch_id: int, *, but: int, limit: int) -> list[Article]:
    """The newest that the watch met, without the one of this number."""
    found = connection.scalars(
        select(matches.c.article_id)
        .where(matches.c.watch_id == watch_id, matches.c.article_id != but)
        .order_by(matches.c.article_id.desc())
        .limit(limit)
    )
    return get_articles(connection, list(found))


def recorded_watches(connection: Connection, article_id: int) -> frozenset[int]:
    """The watches that met any version of the article while they looked."""
    return frozenset(connection.scalars(select(matches.c.watch_id).where(matches.c.article_id == article_id)))
