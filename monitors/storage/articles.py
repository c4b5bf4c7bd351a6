"""Articles as rows: known or new, saved with what their poll learnt (T1), waiting to be decided."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, literal, select

from monitors.articles import Article, ArticleState, DateConfidence, DateOrigin, NewArticle, TextOrigin
from monitors.outlets import Poll
from monitors.storage.outlets import record_poll
from monitors.storage.tables import articles, fingerprints, outlets
from monitors.storage.upserts import insert

_PENDING = literal(ArticleState.PENDING.value, literal_execute=True)  # a partial index needs the literal

_CHUNK = 500
"""Parameters per statement, far below SQLite's limit of 32,766."""


def known_fingerprints(connection: Connection, outlet_id: int, asked: Collection[int]) -> frozenset[int]:
    """Those of the asked fingerprints that the outlet has shown before."""
    wanted = list(asked)
    known: set[int] = set()
    for start in range(0, len(wanted), _CHUNK):
        known.update(
            connection.scalars(
                select(fingerprints.c.fingerprint).where(
                    fingerprints.c.outlet_id == outlet_id,
                    fingerprints.c.fingerprint.in_(wanted[start : start + _CHUNK]),
                )
            )
        )
    return frozenset(known)


def save(
    connection: Connection,
    found: Sequence[NewArticle],
    *,
    now: datetime,
    state: ArticleState = ArticleState.PENDING,
    poll: Poll | None = None,
) -> list[int]:
    """T1: the new ones of these articles, their fingerprints and, with the last of a poll, what it learnt.

    Whether an article is new is decided here, inside the transaction: it is new only if its outlet knows none of its
    fingerprints. So two polls that found it at once save it once. Returns the saved ids, in order.
    """
    saved: list[int] = []
    for outlet_id in dict.fromkeys(article.outlet_id for article in found):
        new = _claim_new(connection, outlet_id, [article for article in found if article.outlet_id == outlet_id])
        if new:
            saved += connection.scalars(
                articles.insert().returning(articles.c.id, sort_by_parameter_order=True),
                [_row_of(article, now=now, state=state) for article in new],
            )
    if poll is not None:
        record_poll(connection, poll)
    return saved


def _claim_new(connection: Connection, outlet_id: int, found: Sequence[NewArticle]) -> list[NewArticle]:
    """The articles the outlet has never shown, their fingerprints now its own.

    A known article may have learnt a second identity (a new address for the same guid), which is recorded too.
    """
    known = known_fingerprints(connection, outlet_id, {number for article in found for number in article.fingerprints})
    seen, new = set(known), []
    for article in found:
        if seen.isdisjoint(article.fingerprints):
            new.append(article)
        seen.update(article.fingerprints)
    rows = [{"outlet_id": outlet_id, "fingerprint": number} for number in sorted(seen - known)]
    mine: set[int] = set()
    for start in range(0, len(rows), _CHUNK):
        mine.update(
            connection.scalars(
                insert(connection, fingerprints)
                .values(rows[start : start + _CHUNK])
                .on_conflict_do_nothing()
                .returning(fingerprints.c.fingerprint)
            )
        )
    # On PostgreSQL somebody else may have saved one between our reading and our writing.
    return [article for article in new if mine.issuperset(article.fingerprints)]


def _row_of(article: NewArticle, *, now: datetime, state: ArticleState) -> dict[str, Any]:
    return {
        "outlet_id": article.outlet_id,
        "source_id": article.source_id,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "guid": article.guid,
        "title": article.title,
        "summary": article.summary,
        "text": article.text,
        "text_origin": article.text_origin,
        "text_note": article.text_note,
        "authors": list(article.authors),
        "published_at": article.published_at,
        "published_origin": article.published_origin,
        "published_confidence": article.published_confidence,
        "modified_at": article.modified_at,
        "language": article.language,
        "image_url": article.image_url,
        "section": article.section,
        "tags": list(article.tags),
        "first_seen_at": article.first_seen_at,
        "saved_at": now,
        "state": state,
        "decided_at": None if state is ArticleState.PENDING else now,
    }


def pending_articles(connection: Connection, *, limit: int) -> list[Article]:
    """Articles waiting to be matched, oldest first."""
    rows = connection.execute(_articles().where(articles.c.state == _PENDING).order_by(articles.c.id).limit(limit))
    return [_article(row) for row in rows]


def get_articles(connection: Connection, ids: Collection[int]) -> list[Article]:
    """The articles of these ids, by id."""
    rows = connection.execute(_articles().where(articles.c.id.in_(list(ids))).order_by(articles.c.id))
    return [_article(row) for row in rows]


def count_by_state(connection: Connection) -> dict[ArticleState, int]:
    rows = connection.execute(select(articles.c.state, func.count()).group_by(articles.c.state))
    return {ArticleState(state): count for state, count in rows}


def _articles() -> Select[Any]:
    return select(articles, outlets.c.name.label("outlet_name")).join(outlets, articles.c.outlet_id == outlets.c.id)


def _article(row: Row[Any]) -> Article:
    return Article(
        id=row.id,
        outlet_id=row.outlet_id,
        outlet_name=row.outlet_name,
        url=row.url,
        canonical_url=row.canonical_url,
        title=row.title,
        summary=row.summary,
        text=row.text,
        text_origin=TextOrigin(row.text_origin),
        text_note=row.text_note,
        authors=tuple(row.authors),
        published_at=row.published_at,
        published_origin=DateOrigin(row.published_origin) if row.published_origin else None,
        published_confidence=DateConfidence(row.published_confidence) if row.published_confidence else None,
        modified_at=row.modified_at,
        language=row.language,
        image_url=row.image_url,
        section=row.section,
        tags=tuple(row.tags),
        first_seen_at=row.first_seen_at,
        state=ArticleState(row.state),
    )
