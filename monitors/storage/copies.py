"""Pages as they came, kept as evidence (`crawl.keep_pages`)."""

from __future__ import annotations

import zlib

from sqlalchemy import Connection, select

from monitors.articles import PageCopy
from monitors.storage.tables import page_copies


def keep_page(connection: Connection, article_id: int, version: int, page: PageCopy) -> None:
    """Keeps the page of an article's version. Part of the transaction that saves the version."""
    connection.execute(
        page_copies.insert().values(
            article_id=article_id,
            version=version,
            url=page.url,
            content_type=page.content_type,
            fetched_at=page.fetched_at,
            body=zlib.compress(page.body),
        )
    )


def kept_page(connection: Connection, article_id: int, version: int | None = None) -> PageCopy | None:
    """The page of this version, or the newest that was kept; None when there is none."""
    query = select(page_copies).where(page_copies.c.article_id == article_id)
    if version is not None:
        query = query.where(page_copies.c.version == version)
    row = connection.execute(query.order_by(page_copies.c.version.desc()).limit(1)).one_or_none()
    return None if row is None else PageCopy(row.url, row.content_type, row.fetched_at, zlib.decompress(row.body))
