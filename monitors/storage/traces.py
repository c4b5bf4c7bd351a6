"""What rows tell of one article: by which addresses it is found, what was decided, and what became of its alert."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select, union

from monitors.alerts import Cause, DeliveryKind, DeliveryState, Telling
from monitors.articles import Article
from monitors.outlets import Outlet, Source
from monitors.spellings import host_of, spellings_of
from monitors.storage.alerts import spans_from_json
from monitors.storage.articles import get_articles
from monitors.storage.outlets import list_outlets, sources_of
from monitors.storage.owed import is_owed
from monitors.storage.portions import portions
from monitors.storage.queues import is_held_back
from monitors.storage.tables import (
    alerts,
    articles,
    chats,
    crawl_requests,
    deliveries,
    matches,
    outlets,
    sources,
    subscriptions,
    watches,
    watchlists,
)
from monitors.storage.watches import watch_in, watches_in_lists
from monitors.why import Met

MOST_FOUND = 20
"""Articles that one address may lead to: one for each outlet that lists it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """How an article came in, and when it was decided. `archive` says that a crawl of the archive brought it, and
    `owed` that late watches have yet to be asked."""

    saved_at: datetime
    decided_at: datetime | None
    source: Source | None
    by_crawl: bool
    archive: bool
    owed: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """An alert's way out. Of one that is told together with others, `together`, this is the way of the message that
    tells it; of one that was added to the message of another outlet's article, `added_to`, its own.

    `ahead` counts what goes out before it in its chat's lane; `rests_until` is when the lane moves again. `not_before`
    is when what is held is due, and until when what was dropped is muted. `daily_limit` is that of the subscription
    which brought it, by all news of the `whole_outlet` or by watches; `held_back` when an operator lets no alert out.
    `told_at` is when it was told; `state` tells then what becomes of a change of its message.
    `changed_at` is when the message was last changed because the article had come to meet more.
    """

    alert_id: int
    verdict: str
    reason: Cause
    created_at: datetime
    state: DeliveryState
    attempts: int
    repeats: int
    claimed_at: datetime | None
    settled_at: datetime | None
    not_before: datetime | None
    error: str | None
    ahead: int
    rests_until: datetime | None
    together: bool = False
    added_to: Telling | None = None
    daily_limit: int | None = None
    held_back: bool = False
    whole_outlet: bool = False
    told_at: datetime | None = None
    changed_at: datetime | None = None


def find_articles(connection: Connection, address: str) -> list[Article]:
    """The articles with this address, canonical or as it was listed, newest first; those of its own outlets only, if
    they have any."""
    outlet_of = outlets_of_articles_at(connection, spellings_of(address))
    near = {outlet.id for outlet in outlets_at(connection, address)}
    found = [number for number, outlet_id in outlet_of.items() if outlet_id in near] or list(outlet_of)
    return get_articles(connection, found[-MOST_FOUND:])[::-1]


def outlets_of_articles_at(connection: Connection, addresses: Sequence[str]) -> dict[int, int]:
    """The ids of the articles with one of these addresses, oldest first, each with its outlet's."""
    ways = (
        articles.c.url.in_(addresses),
        and_(articles.c.canonical_url.in_(addresses), articles.c.canonical_url != articles.c.url),
    )
    found = union(*(select(articles.c.id, articles.c.outlet_id).where(way) for way in ways)).order_by("id")
    return {row.id: row.outlet_id for row in connection.execute(found)}


def articles_at(connection: Connection, addresses: Iterable[str]) -> dict[str, list[int]]:
    """For each of many addresses the ids of the articles with it, canonical or as it was listed, oldest first."""
    spelled = {address: spellings_of(address) for address in addresses}
    at: dict[str, set[int]] = defaultdict(set)
    for some in portions(list({each for every in spelled.values() for each in every})):
        for column in (articles.c.url, articles.c.canonical_url):
            for row in connection.execute(select(articles.c.id, column.label("at")).where(column.in_(some))):
                at[row.at].add(row.id)
    return {
        address: sorted({number for each in every if each in at for number in at[each]})
        for address, every in spelled.items()
    }


def outlets_at(connection: Connection, address: str) -> list[Outlet]:
    """The outlets, followed or paused, whose home page or a source of which is at the address's host."""
    host = host_of(address)
    if not host:
        return []
    rows = connection.execute(select(sources.c.outlet_id, sources.c.url))
    there = {row.outlet_id for row in rows if host_of(row.url) == host}
    return [outlet for outlet in list_outlets(connection) if outlet.id in there or host_of(outlet.homepage) == host]


def decision_on(connection: Connection, article: Article) -> Decision:
    row = connection.execute(
        select(articles, crawl_requests.c.since.label("back_to"))
        .outerjoin(crawl_requests, articles.c.crawl_id == crawl_requests.c.id)
        .where(articles.c.id == article.id)
    ).one()
    its_sources = {source.id: source for source in sources_of(connection, article.outlet_id)}
    return Decision(
        saved_at=row.saved_at,
        decided_at=row.decided_at,
        source=its_sources.get(row.source_id),
        by_crawl=row.crawl_id is not None,
        archive=row.back_to is not None,
        owed=is_owed(connection, article.id),
    )


def recorded_matches(connection: Connection, article_id: int, chat_id: int) -> list[Met]:
    """The chat's matches with the article, also of watches that have been removed since, and of those that others
    share with it."""
    taken = select(subscriptions.c.watchlist_id).where(
        subscriptions.c.chat_id == chat_id, subscriptions.c.watchlist_id.is_not(None)
    )
    rows = connection.execute(
        watches_in_lists()
        .add_columns(matches.c.spans, matches.c.version)
        .join(matches, matches.c.watch_id == watches.c.id)
        .where(matches.c.article_id == article_id)
        .where(or_(watchlists.c.chat_id == chat_id, watchlists.c.id.in_(taken)))
        .order_by(watches.c.id)
    )
    return [_met(row) for row in rows]


def way_of(connection: Connection, article: Article, chat_id: int) -> Way | None:
    """What became of the chat's alert about the article."""
    row = connection.execute(
        select(deliveries, alerts.c.verdict, alerts.c.reason)
        .add_columns(alerts.c.created_at.label("alerted_at"), chats.c.rests_until)
        .add_columns(subscriptions.c.daily_limit, subscriptions.c.outlet_id.label("whole_outlet_id"))
        .join(deliveries, deliveries.c.alert_id == alerts.c.id)
        .join(chats, deliveries.c.chat_id == chats.c.id)
        .outerjoin(subscriptions, alerts.c.subscription_id == subscriptions.c.id)
        .where(deliveries.c.chat_id == chat_id, alerts.c.article_id == article.id)
        .order_by(alerts.c.id)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    told, added_to = row, None
    if row.state == DeliveryState.MERGED:
        teller = connection.execute(_tellers().where(deliveries.c.id == row.told_in)).one()
        if teller.alert_id is None:
            told = teller
        else:
            added_to = Telling(teller.alert_id, teller.name, teller.url)
    return _way(row, told, added_to, _ahead(connection, told), is_held_back(connection))


def _tellers() -> Select[Any]:
    """The deliveries that tell others, too, with the article of those that are no digests."""
    return (
        select(deliveries, outlets.c.name, articles.c.url)
        .outerjoin(alerts, deliveries.c.alert_id == alerts.c.id)
        .outerjoin(articles, alerts.c.article_id == articles.c.id)
        .outerjoin(outlets, articles.c.outlet_id == outlets.c.id)
    )


def told_chats(connection: Connection, article_id: int) -> int:
    """How many chats there is an alert about the article for."""
    return connection.scalar(select(func.count()).select_from(alerts).where(alerts.c.article_id == article_id)) or 0


def _ahead(connection: Connection, row: Row[Any]) -> int:
    if row.state not in (DeliveryState.PENDING, DeliveryState.UNCERTAIN):
        return 0
    open_states = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNCERTAIN)
    return (
        connection.scalar(
            select(func.count())
            .select_from(deliveries)
            .where(deliveries.c.chat_id == row.chat_id, deliveries.c.state.in_(open_states))
            .where(deliveries.c.id < row.id, deliveries.c.kind != DeliveryKind.PROGRESS)
        )
        or 0
    )


def _met(row: Row[Any]) -> Met:
    watch = watch_in(row)
    return Met(watch, spans_from_json(row.spans), row.version)


def _changed_at(told: Row[Any]) -> datetime | None:
    is_later = told.state == DeliveryState.SENT and told.growths and told.settled_at and told.claimed_at
    return told.claimed_at if is_later and told.claimed_at > told.settled_at else None


_TOLD_IF_SETTLED = (DeliveryState.SENT, DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNCERTAIN)
"""What is open and was settled is told once more."""


def _way(alert: Row[Any], told: Row[Any], added_to: Telling | None, ahead: int, held_back: bool) -> Way:
    """`told` is the delivery that tells the alert."""
    return Way(
        alert_id=alert.alert_id,
        verdict=alert.verdict,
        reason=Cause(alert.reason),
        created_at=alert.alerted_at,
        state=DeliveryState(told.state),
        attempts=told.attempts,
        repeats=told.repeats,
        claimed_at=told.claimed_at,
        settled_at=told.settled_at,
        not_before=told.not_before,
        error=told.error,
        ahead=ahead,
        rests_until=alert.rests_until,
        together=told is not alert,
        added_to=added_to,
        daily_limit=alert.daily_limit,
        held_back=held_back,
        whole_outlet=alert.whole_outlet_id is not None,
        told_at=told.settled_at if told.message_id is not None or told.state in _TOLD_IF_SETTLED else None,
        changed_at=_changed_at(told),
    )
