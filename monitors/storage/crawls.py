"""Crawls somebody asked for, as rows: asked, worked on, withdrawn, over, and shown to whoever asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, literal, or_, select, update

from monitors.alerts import DeliveryKind, NewDelivery
from monitors.articles import ArticleState
from monitors.outlets import OutletState
from monitors.requests import (
    COOL_DOWN,
    LISTED,
    LONGEST_BACKFILL,
    LONGEST_VISIT,
    Crawl,
    CrawlState,
    CrawlView,
    FoundArticle,
    NewCrawl,
    Trouble,
)
from monitors.storage.deliveries import enqueue, say_again
from monitors.storage.outlets import pause_outlet, remove_outlet
from monitors.storage.tables import articles, crawl_requests, matches, outlets, owed, watches, watchlists

HOUR = timedelta(hours=1)
SHELL_SILENCE = timedelta(minutes=10)
"""A command writes down how far its crawl is every second or so; one that was silent so long is dead."""

# The partial index is used only if its states are literals.
_OPEN = crawl_requests.c.state.in_(
    [literal(state.value, literal_execute=True) for state in (CrawlState.WAITING, CrawlState.RUNNING)]
)


class Reception(StrEnum):
    """How a wish for a crawl was received."""

    BEGUN = "begun"
    UNDER_WAY = "under_way"  # somebody's crawl of the same outlet is not over
    RECENT = "recent"  # the outlet was visited a moment ago
    TOO_MANY = "too_many"  # the person has used up this hour's crawls
    NOT_FOLLOWED = "not_followed"


@dataclass(frozen=True, slots=True)
class Received:
    """`crawl` is the one that was begun, or the one that answers the wish; `again_at` is when TOO_MANY ends."""

    reception: Reception
    crawl: Crawl | None = None
    again_at: datetime | None = None


def ask(connection: Connection, wish: NewCrawl, *, now: datetime, per_hour: int | None) -> Received:
    """Takes a wish for a crawl; with its message, if it was begun for a chat.

    `per_hour` is how many crawls a person may have in an hour; None for no limit.
    """
    state = connection.scalar(select(outlets.c.state).where(outlets.c.id == wish.outlet_id))
    if state != OutletState.ACTIVE:
        return Received(Reception.NOT_FOLLOWED)
    if (earlier := _answering(connection, wish, now=now)) is not None:
        return Received(Reception.UNDER_WAY if earlier.state.open else Reception.RECENT, earlier)
    if per_hour is not None and (again_at := _again_at(connection, wish.person_id, per_hour, now=now)) is not None:
        return Received(Reception.TOO_MANY, again_at=again_at)
    crawl = add_crawl(connection, wish, now=now)
    if wish.chat_id is not None:
        delivery_id = show_to(connection, crawl.id, wish.chat_id, now=now)
        connection.execute(
            update(crawl_requests).where(crawl_requests.c.id == crawl.id).values(delivery_id=delivery_id)
        )
    return Received(Reception.BEGUN, get_crawl(connection, crawl.id))


def add_crawl(
    connection: Connection, wish: NewCrawl, *, now: datetime, state: CrawlState = CrawlState.WAITING
) -> Crawl:
    crawl_id = connection.execute(
        crawl_requests.insert().values(
            outlet_id=wish.outlet_id,
            chat_id=wish.chat_id,
            person_id=wish.person_id,
            requested_at=now,
            updated_at=now,
            since=wish.since,
            alerts=wish.alerts,
            state=state,
        )
    ).inserted_primary_key[0]  # type: ignore[index]  # one row was inserted
    crawl = get_crawl(connection, crawl_id)
    assert crawl is not None
    return crawl


def show_to(connection: Connection, crawl_id: int, chat_id: int, *, now: datetime) -> int | None:
    """A message that says how far the crawl is at the moment it is sent; its delivery."""
    return enqueue(connection, NewDelivery(chat_id, DeliveryKind.REPLY, {"crawl": crawl_id}), now=now)


def _answering(connection: Connection, wish: NewCrawl, *, now: datetime) -> Crawl | None:
    """An open crawl of the outlet, or one that was over a moment ago and went as far back."""
    backfill = crawl_requests.c.since.is_not(None)
    alike = ~backfill if wish.since is None else crawl_requests.c.since <= wish.since + HOUR
    open_one = and_(_OPEN, or_(crawl_requests.c.requested_at > now - LONGEST_VISIT, backfill))
    recent = and_(crawl_requests.c.state == CrawlState.FINISHED, crawl_requests.c.updated_at > now - COOL_DOWN, alike)
    row = connection.execute(
        _crawls()
        .where(crawl_requests.c.outlet_id == wish.outlet_id, backfill if wish.since is not None else ~backfill)
        .where(or_(open_one, recent))
        .order_by(crawl_requests.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _crawl(row)


def _again_at(connection: Connection, person_id: int | None, per_hour: int, *, now: datetime) -> datetime | None:
    """When the person may ask again; None when now."""
    asked = connection.scalars(
        select(crawl_requests.c.requested_at)
        .where(crawl_requests.c.person_id == person_id, crawl_requests.c.requested_at > now - HOUR)
        .order_by(crawl_requests.c.requested_at.desc())
        .limit(per_hour)
    ).all()
    if len(asked) < per_hour:
        return None
    return (asked[-1] if asked else now) + HOUR


def open_crawls(connection: Connection) -> list[Crawl]:
    """What chats have asked for and is not over, oldest first. A shell works on its own crawls itself."""
    rows = connection.execute(
        _crawls().where(_OPEN, crawl_requests.c.chat_id.is_not(None)).order_by(crawl_requests.c.id)
    )
    return [_crawl(row) for row in rows]


def get_crawl(connection: Connection, crawl_id: int) -> Crawl | None:
    row = connection.execute(_crawls().where(crawl_requests.c.id == crawl_id)).one_or_none()
    return None if row is None else _crawl(row)


def begin_crawl(connection: Connection, crawl_id: int, *, now: datetime) -> bool:
    """Takes it up, perhaps not for the first time: what was counted before is counted anew. False if it is over."""
    changed = connection.execute(
        update(crawl_requests)
        .where(crawl_requests.c.id == crawl_id, _OPEN)
        .values(state=CrawlState.RUNNING, found=0, failed=0, updated_at=now)
    )
    return changed.rowcount > 0


def record_progress(connection: Connection, crawl_id: int, *, found: int, failed: int, now: datetime) -> None:
    """How far it is. What it saved so far, the articles themselves say."""
    new = select(func.count()).where(articles.c.crawl_id == crawl_id).scalar_subquery()
    connection.execute(
        update(crawl_requests)
        .where(crawl_requests.c.id == crawl_id)
        .values(found=found, failed=failed, new=new, updated_at=now)
    )


def end_crawl(
    connection: Connection, crawl_id: int, state: CrawlState, *, now: datetime, error: Trouble | None = None
) -> bool:
    """It is over; its message will say so. False if it had been over before."""
    changed = connection.execute(
        update(crawl_requests)
        .where(crawl_requests.c.id == crawl_id, _OPEN)
        .values(state=state, error=error, updated_at=now)
    )
    if changed.rowcount:
        say_how_far(connection, crawl_id, DeliveryKind.NOTICE)
    return changed.rowcount > 0


def cancel_crawl(connection: Connection, crawl_id: int, chat_id: int, *, now: datetime) -> bool:
    """The chat that asked for it does not want it any more; False if it is another's or over."""
    crawl = get_crawl(connection, crawl_id)
    if crawl is None or crawl.chat_id != chat_id:
        return False
    return end_crawl(connection, crawl_id, CrawlState.CANCELLED, now=now)


def end_overdue(connection: Connection, *, now: datetime) -> int:
    """Ends what nobody can be working on any more; how many that were."""
    overdue = connection.execute(
        _crawls().where(
            _OPEN,
            or_(
                and_(crawl_requests.c.since.is_(None), crawl_requests.c.requested_at < now - LONGEST_VISIT),
                crawl_requests.c.requested_at < now - LONGEST_BACKFILL,
                and_(crawl_requests.c.chat_id.is_(None), crawl_requests.c.updated_at < now - SHELL_SILENCE),
            ),
        )
    ).all()
    for row in overdue:
        end_crawl(connection, row.id, CrawlState.FAILED, now=now, error=Trouble.OVERDUE)
    return len(overdue)


def say_how_far(connection: Connection, crawl_id: int, kind: DeliveryKind = DeliveryKind.PROGRESS) -> bool:
    """Lets the message of a crawl be changed to what is the case now; False while it is on its way out."""
    delivery_id = connection.scalar(select(crawl_requests.c.delivery_id).where(crawl_requests.c.id == crawl_id))
    return delivery_id is not None and say_again(connection, delivery_id, kind)


def view_crawl(connection: Connection, crawl_id: int, chat_id: int | None) -> CrawlView | None:
    """The crawl as this chat is shown it (None: as the shell is, with the matches of all)."""
    crawl = get_crawl(connection, crawl_id)
    if crawl is None:
        return None
    matched = (
        select(func.count(matches.c.article_id.distinct()))
        .join(articles, matches.c.article_id == articles.c.id)
        .where(articles.c.crawl_id == crawl_id)
    )
    if chat_id is not None:
        matched = (
            matched.join(watches, matches.c.watch_id == watches.c.id)
            .join(watchlists, watches.c.watchlist_id == watchlists.c.id)
            .where(watchlists.c.chat_id == chat_id)
        )
    waits = or_(articles.c.state == ArticleState.PENDING, articles.c.id.in_(select(owed.c.article_id)))
    undecided = select(func.count()).where(articles.c.crawl_id == crawl_id, waits)
    newest = connection.execute(
        select(articles.c.title, articles.c.url)
        .where(articles.c.crawl_id == crawl_id)
        .order_by(func.coalesce(articles.c.published_at, articles.c.first_seen_at).desc(), articles.c.id.desc())
        .limit(LISTED)
    )
    return CrawlView(
        crawl=crawl,
        matched=connection.scalar(matched) or 0,
        undecided=connection.scalar(undecided) or 0,
        articles=tuple(FoundArticle(row.title, row.url) for row in newest),
        own=crawl.chat_id == chat_id,
    )


def stop_following(connection: Connection, outlet_id: int, *, now: datetime) -> None:
    """Removes the outlet; whoever waits for a crawl of it is told."""
    remove_outlet(connection, outlet_id)
    _end_all(connection, outlet_id, now=now)


def stop_polling(connection: Connection, outlet_id: int, *, now: datetime) -> None:
    """Pauses the outlet; whoever waits for a crawl of it is told."""
    pause_outlet(connection, outlet_id)
    _end_all(connection, outlet_id, now=now)


def _end_all(connection: Connection, outlet_id: int, *, now: datetime) -> None:
    open_ones = select(crawl_requests.c.id).where(crawl_requests.c.outlet_id == outlet_id, _OPEN)
    for crawl_id in connection.scalars(open_ones).all():
        end_crawl(connection, crawl_id, CrawlState.FAILED, now=now, error=Trouble.REMOVED)


def _crawls() -> Select[Any]:
    return select(crawl_requests, outlets.c.name).join(outlets, crawl_requests.c.outlet_id == outlets.c.id)


def _crawl(row: Row[Any]) -> Crawl:
    return Crawl(
        id=row.id,
        outlet_id=row.outlet_id,
        outlet_name=row.name,
        chat_id=row.chat_id,
        person_id=row.person_id,
        requested_at=row.requested_at,
        updated_at=row.updated_at,
        since=row.since,
        alerts=row.alerts,
        state=CrawlState(row.state),
        found=row.found,
        new=row.new,
        failed=row.failed,
        error=Trouble(row.error) if row.error else None,
        delivery_id=row.delivery_id,
    )
