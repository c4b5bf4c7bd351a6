"""Digests as they are told: which alerts one tells, in the sections of the subscriptions that brought them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, and_, select

from monitors.alerts import DeliveryKind, DeliveryState, Digest, DigestItem, DigestSection, Telling
from monitors.storage.portions import portions
from monitors.storage.subscriptions import name_for, numbers_of_nameless
from monitors.storage.tables import (
    alerts,
    articles,
    deliveries,
    matches,
    outlets,
    retellings,
    subscriptions,
    watches,
    watchlists,
)

_TITLE = "title"

_Places: TypeAlias = tuple[tuple[int, int], ...]


def find_digest(connection: Connection, delivery_id: int, chat_id: int) -> Digest | None:
    """The digest that this chat was told in that delivery: sections by the age of their subscriptions, articles in the
    order in which they came. None for what is no digest, or another chat's."""
    mine = select(deliveries.c.repeats, deliveries.c.state).where(
        deliveries.c.id == delivery_id, deliveries.c.chat_id == chat_id, deliveries.c.kind == DeliveryKind.DIGEST
    )
    digest = connection.execute(mine).one_or_none()
    if digest is None:
        return None
    rows = _parts(connection, delivery_id, chat_id)
    if digest.state == DeliveryState.SENDING:  # what met more since it was made at first is told by itself
        rows = [row for row in rows if row.state == DeliveryState.MERGED] or rows
    places = _places(connection, delivery_id, chat_id)
    # What belongs to no subscription any more comes last.
    ordered = sorted(rows, key=lambda row: (row.subscription_id is None, row.subscription_id or 0, row.id))
    numbers = numbers_of_nameless(connection, chat_id)
    ids = [row.article_id for row in rows]
    told, met = _told_again(connection, ids), _met(connection, ids, chat_id)
    sections = []
    for _, grouped in groupby(ordered, key=lambda row: row.subscription_id):
        of_one = list(grouped)
        items = tuple(_items(of_one, told, met, places))
        sections.append(_section(of_one[0], items, numbers.get(of_one[0].subscription_id)))
    return Digest(delivery_id, tuple(sections), digest.repeats)


def _parts(connection: Connection, delivery_id: int, chat_id: int) -> Sequence[Row[Any]]:
    return connection.execute(
        select(
            deliveries.c.id,
            deliveries.c.alert_id,
            deliveries.c.state,
            subscriptions.c.id.label("subscription_id"),
            subscriptions.c.outlet_id,
        )
        .add_columns(name_for(chat_id).label("watchlist"), outlets.c.name.label("outlet"))
        .add_columns(articles.c.id.label("article_id"), articles.c.url, articles.c.title)
        .join(alerts, deliveries.c.alert_id == alerts.c.id)
        .join(articles, alerts.c.article_id == articles.c.id)
        .join(outlets, articles.c.outlet_id == outlets.c.id)
        .outerjoin(
            subscriptions, and_(alerts.c.subscription_id == subscriptions.c.id, subscriptions.c.chat_id == chat_id)
        )
        .outerjoin(watchlists, subscriptions.c.watchlist_id == watchlists.c.id)
        .where(deliveries.c.told_in == delivery_id)
    ).all()


def _items(
    rows: Sequence[Row[Any]],
    told: Mapping[int, set[int]],
    met: Mapping[int, set[int]],
    places: Mapping[int, _Places],
) -> Iterator[DigestItem]:
    """One for each report, however many outlets print it, unless one meets more watches of the chat."""
    also: dict[int, list[Telling]] = {}
    for row in rows:
        mine = row.article_id
        same = next((first for first in also if first in told[mine] and met[mine] <= met[first]), None)
        if same is None:
            also[mine] = []
        else:
            also[same].append(Telling(row.alert_id, row.outlet, row.url))
    for row in rows:
        if row.article_id in also:
            about = (row.alert_id, row.outlet, row.url, row.title)
            yield DigestItem(*about, places[row.article_id], tuple(also[row.article_id]))


def _met(connection: Connection, article_ids: Sequence[int], chat_id: int) -> dict[int, set[int]]:
    """Article → the watches that it met, of those that the chat takes."""
    found: dict[int, set[int]] = defaultdict(set)
    for some in portions(article_ids):
        rows = connection.execute(
            select(matches.c.article_id, matches.c.watch_id)
            .join(watches, matches.c.watch_id == watches.c.id)
            .join(subscriptions, subscriptions.c.watchlist_id == watches.c.watchlist_id)
            .where(matches.c.article_id.in_(some), subscriptions.c.chat_id == chat_id)
        )
        for row in rows:
            found[row.article_id].add(row.watch_id)
    return found


def _told_again(connection: Connection, article_ids: Sequence[int]) -> dict[int, set[int]]:
    """Article → those that said the same before, as both are now."""
    found: dict[int, set[int]] = defaultdict(set)
    told = articles.alias()
    for some in portions(article_ids):
        these = (
            select(retellings)
            .join(articles, (articles.c.id == retellings.c.article_id) & (articles.c.version == retellings.c.version))
            .join(told, (told.c.id == retellings.c.told_id) & (told.c.version == retellings.c.told_version))
            .where(retellings.c.article_id.in_(some))
        )
        for row in connection.execute(these):
            found[row.article_id].add(row.told_id)
    return found


def _section(row: Row[Any], items: tuple[DigestItem, ...], number: int | None) -> DigestSection:
    whole_outlet = row.outlet_id is not None
    name = row.outlet if whole_outlet else row.watchlist
    return DigestSection(row.subscription_id, name or "", whole_outlet, items, number)


def _places(connection: Connection, delivery_id: int, chat_id: int) -> dict[int, _Places]:
    """Article → where the chat's watches met the title that it has now."""
    rows = connection.execute(
        select(matches.c.article_id, matches.c.spans)
        .join(alerts, matches.c.article_id == alerts.c.article_id)
        .join(deliveries, deliveries.c.alert_id == alerts.c.id)
        .join(articles, and_(matches.c.article_id == articles.c.id, matches.c.version == articles.c.version))
        .join(watches, matches.c.watch_id == watches.c.id)
        .join(subscriptions, subscriptions.c.watchlist_id == watches.c.watchlist_id)
        .where(deliveries.c.told_in == delivery_id, subscriptions.c.chat_id == chat_id)
    )
    found: dict[int, _Places] = defaultdict(tuple)
    for row in rows:
        found[row.article_id] += tuple((start, end) for start, end in row.spans.get(_TITLE, ()))
    return found
