"""Articles that were edited: what they said before is kept, and they are decided again for what is new in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from monitors.articles import ArticleState, Edit, Lacking, NewArticle, TextOrigin, Version
from monitors.storage.copies import keep_page
from monitors.storage.identities import remember
from monitors.storage.outlets import get_sources
from monitors.storage.tables import articles, versions


def save_edits(connection: Connection, edits: Sequence[Edit]) -> list[int]:
    """Part of T1: what these articles say now. The ids of those that are to be decided again.

    What an article said before becomes a version of its own in the same transaction, so nothing that has been told, or
    has yet to be matched, is lost. An article that says the same as before changes nothing, however often it is saved.
    """
    return [edit.article_id for edit in edits if _save_edit(connection, edit)]


def _save_edit(connection: Connection, edit: Edit) -> bool:
    """Whether the article is to be decided again."""
    new = edit.article
    row = connection.execute(select(articles).where(articles.c.id == edit.article_id).with_for_update()).one_or_none()
    if row is None:
        return False
    noticed: dict[str, Any] = {"entry_hash": new.entry_hash, "retry_at": new.retry_at}
    said = _said(row, new)
    is_news = any(getattr(row, name) != said[name] for name in ("title", "summary", "text"))
    # A page that turned out to hold an article is decided, whatever it is called.
    wakes = not new.silent and (is_news or (row.state == ArticleState.ARCHIVED and row.judged_version == 0))
    if is_news:
        _keep_version(connection, row)
        noticed |= said | {
            "version": row.version + 1,
            "edited_at": new.first_seen_at,
            "modified_at": new.modified_at or row.modified_at,
        }
        if new.page is not None:
            keep_page(connection, row.id, row.version + 1, new.page)
        if new.title_key is not None:
            remember(connection, row.outlet_id, {new.title_key: row.id}, taking_over=True)
    if wakes:
        noticed |= {"state": ArticleState.PENDING, "decided_at": None}
    connection.execute(update(articles).where(articles.c.id == row.id).values(noticed))
    return wakes


def _said(row: Row[Any], new: NewArticle) -> dict[str, Any]:
    """The columns of an article as it is now. A page that could be read once is not given up for an excerpt."""
    said: dict[str, Any] = {"title": new.title or row.title, "summary": new.summary or row.summary}
    keeps_text = not new.text or (row.text_origin == TextOrigin.PAGE and new.text_origin is TextOrigin.ENTRY)
    said["text"] = row.text if keeps_text else new.text
    if keeps_text:
        return said
    return said | {
        "text_origin": new.text_origin,
        "text_note": new.text_note,
        "authors": list(new.authors) or row.authors,
        "published_at": row.published_at or new.published_at,
        "published_origin": row.published_origin or new.published_origin,
        "published_confidence": row.published_confidence or new.published_confidence,
        "language": new.language or row.language,
        "image_url": new.image_url or row.image_url,
        "section": new.section or row.section,
        "tags": list(new.tags) or row.tags,
    }


def _keep_version(connection: Connection, row: Row[Any]) -> None:
    connection.execute(
        versions.insert().values(
            article_id=row.id,
            number=row.version,
            title=row.title,
            summary=row.summary,
            text=row.text,
            seen_at=row.edited_at or row.first_seen_at,
        )
    )


def versions_of(connection: Connection, article_id: int, *, since: int = 0) -> list[Version]:
    """What an article said before it was edited, from version `since` on, oldest first."""
    rows = connection.execute(
        select(versions)
        .where(versions.c.article_id == article_id, versions.c.number >= since)
        .order_by(versions.c.number)
    )
    return [Version(row.number, row.title, row.summary, row.text, row.seen_at) for row in rows]


def lacking_pages(connection: Connection, *, now: datetime, limit: int) -> list[Lacking]:
    """The articles whose pages are to be asked for again, longest due first."""
    rows = connection.execute(
        select(articles)
        .where(articles.c.retry_at <= now, articles.c.source_id.is_not(None))
        .order_by(articles.c.retry_at)
        .limit(limit)
    ).all()
    sources = get_sources(connection, {row.source_id for row in rows})
    return [
        Lacking(
            article_id=row.id,
            source=sources[row.source_id],
            guid=row.guid,
            url=row.url,
            canonical_url=row.canonical_url,
            title=row.title,
            summary=row.summary,
            text=row.text,
            authors=tuple(row.authors),
            published_at=row.published_at,
            modified_at=row.modified_at,
            first_seen_at=row.first_seen_at,
            image_url=row.image_url,
            tags=tuple(row.tags),
            entry_hash=row.entry_hash,
        )
        for row in rows
    ]
