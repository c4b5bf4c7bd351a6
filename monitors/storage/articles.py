"""Articles as rows: known or new, saved with what their poll learnt (T1), waiting to be decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, literal, or_, select

from monitors.articles import SAME_INSTANT, Article, ArticleState, DateConfidence, DateOrigin, NewArticle, TextOrigin
from monitors.outlets import Poll
from monitors.storage.copies import keep_page
from monitors.storage.identities import hold, owners_of, remember
from monitors.storage.polls import record_poll
from monitors.storage.tables import articles, outlets

_PENDING = literal(ArticleState.PENDING.value, literal_execute=True)  # a partial index needs the literal

LONGEST_HEADLINE = 300
"""Characters of a headline whose words are known; a guess."""


def save(
    connection: Connection,
    found: Sequence[NewArticle],
    *,
    now: datetime,
    state: ArticleState = ArticleState.PENDING,
    poll: Poll | None = None,
    crawl_id: int | None = None,
) -> list[int]:
    """T1: the new ones of these articles, their fingerprints and, with the last of a poll, what it learnt.

    Whether an article is new is decided here, inside the transaction: it is new only if its outlet knows none of its
    fingerprints. So two polls that found it at once save it once. Returns the ids of those that were saved, in order;
    silent ones are saved and not among them. `crawl_id` is the crawl on demand that found them.
    """
    saved: list[int] = []
    for outlet_id in dict.fromkeys(article.outlet_id for article in found):
        mine = [article for article in found if article.outlet_id == outlet_id]
        saved += _save_new(connection, outlet_id, mine, now=now, state=state, crawl_id=crawl_id)
    if poll is not None:
        record_poll(connection, poll)
    return saved


def _save_new(
    connection: Connection,
    outlet_id: int,
    found: Sequence[NewArticle],
    *,
    now: datetime,
    state: ArticleState,
    crawl_id: int | None,
) -> list[int]:
    hold(connection, outlet_id)
    owners = _owners_of(connection, outlet_id, found)
    known = set(owners)
    seen, new = set(known), []
    for article in found:
        if seen.isdisjoint(article.fingerprints):
            new.append(article)
        seen.update(article.fingerprints)
    ids: Sequence[int] = []
    if new:
        rows = [_row_of(article, now=now, state=state) | {"crawl_id": crawl_id} for article in new]
        ids = connection.scalars(articles.insert().returning(articles.c.id, sort_by_parameter_order=True), rows).all()
        _save_with_them(connection, outlet_id, new, ids)
    for article, article_id in zip(new, ids, strict=True):
        for number in (*article.fingerprints, *article.page_keys):
            owners.setdefault(number, article_id)
    # A known article may have learnt a second identity (a new address for the same guid), which is recorded too.
    for article in found:
        owner = next((owners[number] for number in article.fingerprints if number in owners), None)
        for number in article.fingerprints:
            owners.setdefault(number, owner)
    remember(connection, outlet_id, {number: owner for number, owner in owners.items() if number not in known})
    return [article_id for article, article_id in zip(new, ids, strict=True) if not article.silent]


def _owners_of(connection: Connection, outlet_id: int, found: Sequence[NewArticle]) -> dict[int, int | None]:
    """Whose the identities of these articles are, of those that are known; of some, only their pages tell."""
    asked = {number for article in found for number in (*article.fingerprints, *article.page_keys)}
    titles = {article.title_key for article in found if article.page_keys and article.title_key is not None}
    owners = owners_of(connection, outlet_id, asked | titles)
    for article in found:
        if (same := _same_behind_redirects(connection, article, owners)) is not None:
            remember(connection, outlet_id, dict.fromkeys(article.fingerprints, same))
            owners |= dict.fromkeys(article.fingerprints, same)
    return owners


def _same_behind_redirects(connection: Connection, article: NewArticle, owners: Mapping[int, int | None]) -> int | None:
    """The article that was saved from another source, which links to the same page directly.

    By that page, the title and the time together: every page of a site may lead to one page that asks for consent.
    """
    titled = owners.get(article.title_key) if article.title_key is not None else None
    if titled is None or article.published_at is None or titled not in map(owners.get, article.page_keys):
        return None
    published = connection.scalar(select(articles.c.published_at).where(articles.c.id == titled))
    return titled if published is not None and abs(published - article.published_at) < SAME_INSTANT else None


def _save_with_them(connection: Connection, outlet_id: int, new: Sequence[NewArticle], ids: Sequence[int]) -> None:
    """What is kept beside new articles: what they took over from others, and the bytes of their pages."""
    taken: dict[int, int | None] = {}
    for article, article_id in zip(new, ids, strict=True):
        taken.update(dict.fromkeys(article.adopted, article_id))
        if article.title_key is not None:
            taken[article.title_key] = article_id
        if article.page is not None:
            keep_page(connection, article_id, 1, article.page)
    remember(connection, outlet_id, taken, taking_over=True)


def _row_of(article: NewArticle, *, now: datetime, state: ArticleState) -> dict[str, Any]:
    state = ArticleState.ARCHIVED if article.silent else state
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
        # What was there before us was seen by everybody: of an edit, only what it adds is news.
        "judged_version": 1 if state is ArticleState.ARCHIVED and not article.silent else 0,
        "entry_hash": article.entry_hash,
        # What is archived unread stays so: its page would seem to be news.
        "retry_at": article.retry_at if article.silent or state is ArticleState.PENDING else None,
    }


def pending_articles(connection: Connection, *, limit: int) -> list[Article]:
    """Articles waiting to be matched, oldest first."""
    rows = connection.execute(_articles().where(articles.c.state == _PENDING).order_by(articles.c.id).limit(limit))
    return [_article(row) for row in rows]


def newest_articles(connection: Connection, *, limit: int) -> list[Article]:
    """Those saved last, newest first."""
    return [_article(row) for row in connection.execute(_articles().order_by(articles.c.id.desc()).limit(limit))]


def newest_headlines(connection: Connection, *, limit: int) -> list[str]:
    """Of those saved last, newest first; of very long ones the beginning."""
    return list(
        connection.scalars(
            select(func.substr(articles.c.title, 1, LONGEST_HEADLINE)).order_by(articles.c.id.desc()).limit(limit)
        )
    )


def get_articles(connection: Connection, ids: Collection[int]) -> list[Article]:
    """The articles of these ids, by id."""
    rows = connection.execute(_these_articles(), {"ids": list(ids)})
    return [_article(row) for row in rows]


def recent_addresses(connection: Connection, outlet_id: int, *, limit: int) -> list[str]:
    """Of the outlet's articles, newest first; not of what turned out to be none."""
    return list(
        connection.scalars(
            select(articles.c.url)
            .where(articles.c.outlet_id == outlet_id, or_(articles.c.judged_version > 0, articles.c.state == _PENDING))
            .order_by(articles.c.first_seen_at.desc(), articles.c.id.desc())
            .limit(limit)
        )
    )


def recent_page_texts(connection: Connection, source_id: int, *, limit: int, longest: int) -> list[str]:
    """What was read off the pages of the source's last articles, newest first; entries' own texts are passed over.

    Of each text at most the first `longest` characters.
    """
    recent = connection.execute(
        select(func.substr(articles.c.text, 1, longest), articles.c.text_origin)
        .where(articles.c.source_id == source_id)
        .order_by(articles.c.first_seen_at.desc(), articles.c.id.desc())
        .limit(limit)
    )
    return [text for text, origin in recent if origin == TextOrigin.PAGE]


def count_by_state(connection: Connection) -> dict[ArticleState, int]:
    rows = connection.execute(select(articles.c.state, func.count()).group_by(articles.c.state))
    return {ArticleState(state): count for state, count in rows}


@cache
def _these_articles() -> Select[Any]:
    return _articles().where(articles.c.id.in_(bindparam("ids", expanding=True))).order_by(articles.c.id)


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
        version=row.version,
        judged_version=row.judged_version,
        edited_at=row.edited_at,
    )
