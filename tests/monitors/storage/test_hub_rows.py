"""Subscriptions to hubs follow what the sources' documents name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from monitors.hubs import HubState, HubSubscription
from monitors.outlets import NewOutlet, NewSource
from monitors.storage import hubs, tables
from monitors.storage.engine import Database
from monitors.storage.outlets import add_outlet, remove_outlet

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def source_ids(database: Database) -> list[int]:
    """Two sources of an outlet, the first of which names a hub."""
    found = [NewSource("https://daily.example/feed"), NewSource("https://daily.example/sport")]
    _, sources = database.write_now(add_outlet, NewOutlet("الميناء", "https://daily.example/"), found, now=NOW)
    ids = [source.id for source in sources]
    name(database, ids[0], "https://hub.example/", "https://daily.example/feed")
    return ids


def name(database: Database, source_id: int, hub: str | None, topic: str | None) -> None:
    change = update(tables.sources).where(tables.sources.c.id == source_id).values(hub=hub, topic=topic)
    database.write_now(lambda connection: connection.execute(change))


def reconciled(database: Database, ids: list[int], *, now: datetime = NOW) -> dict[int, HubSubscription]:
    database.write_now(hubs.reconcile, now=now)
    return database.read_now(hubs.subscriptions_of, ids)


def confirm(database: Database, subscription: HubSubscription) -> None:
    until = NOW + timedelta(days=10)
    database.write_now(
        hubs.record_confirmed, subscription, now=NOW, lease_until=until, renew_at=NOW + timedelta(days=3)
    )


def test_only_sources_that_name_a_hub_and_a_topic_are_subscribed(database: Database, source_ids: list[int]) -> None:
    name(database, source_ids[1], "https://hub.example/", None)
    held = reconciled(database, source_ids)
    assert list(held) == source_ids[:1]
    assert held[source_ids[0]].state is HubState.WANTED
    assert database.read_now(hubs.due_to_ask, now=NOW, limit=10) == [held[source_ids[0]]]


def test_looking_again_changes_nothing(database: Database, source_ids: list[int]) -> None:
    held = reconciled(database, source_ids)
    confirm(database, held[source_ids[0]])
    again = reconciled(database, source_ids, now=NOW + timedelta(hours=1))
    assert again[source_ids[0]].token == held[source_ids[0]].token
    assert again[source_ids[0]].state is HubState.ACTIVE
    assert database.read_now(hubs.due_to_ask, now=NOW + timedelta(hours=1), limit=10) == []


def test_another_topic_is_another_subscription(database: Database, source_ids: list[int]) -> None:
    before = reconciled(database, source_ids)[source_ids[0]]
    confirm(database, before)
    name(database, source_ids[0], "https://hub.example/", "https://daily.example/other")
    after = reconciled(database, source_ids)[source_ids[0]]
    assert after.state is HubState.WANTED
    assert {after.token, after.secret}.isdisjoint({before.token, before.secret})
    assert database.read_now(hubs.subscription_at, before.token) is None
    assert database.read_now(hubs.subscription_at, after.token) == after


@pytest.mark.parametrize("how", ["removed", "named no more"])
def test_what_nobody_needs_is_left(database: Database, source_ids: list[int], how: str) -> None:
    confirm(database, reconciled(database, source_ids)[source_ids[0]])
    if how == "removed":
        database.write_now(remove_outlet, 1)
    else:
        name(database, source_ids[0], None, None)
    later = NOW + timedelta(hours=1)
    left = reconciled(database, source_ids, now=later)[source_ids[0]]
    assert (left.state, left.next_ask_at) == (HubState.LEAVING, later)


def test_a_denied_one_that_nobody_needs_is_forgotten(database: Database, source_ids: list[int]) -> None:
    held = reconciled(database, source_ids)[source_ids[0]]
    database.write_now(hubs.record_denied, held, "no", again_at=NOW + timedelta(days=7))
    database.write_now(remove_outlet, 1)
    assert reconciled(database, source_ids) == {}


def test_which_way_was_first_is_counted_while_the_hub_has_promised_to_push(
    database: Database, source_ids: list[int]
) -> None:
    held = reconciled(database, source_ids)[source_ids[0]]
    database.write_now(hubs.count_first_by_poll, source_ids[0], 3)
    confirm(database, held)
    database.write_now(hubs.count_first_by_poll, source_ids[0], 2)
    database.write_now(hubs.record_push, source_ids[0], now=NOW, first=4)
    counted = database.read_now(hubs.subscriptions_of, source_ids)[source_ids[0]]
    assert (counted.first_by_poll, counted.first_by_push, counted.last_push_at) == (2, 4, NOW)


def test_asking_counts_as_a_failure_until_the_hub_confirms(database: Database, source_ids: list[int]) -> None:
    held = reconciled(database, source_ids)[source_ids[0]]
    again_at = NOW + timedelta(minutes=5)
    database.write_now(hubs.record_asking, held, now=NOW, again_at=again_at)
    database.write_now(hubs.record_problem, held, "The site answered 500.")
    asked = database.read_now(hubs.subscriptions_of, source_ids)[source_ids[0]]
    assert (asked.failures, asked.next_ask_at, asked.error) == (1, again_at, "The site answered 500.")
    confirm(database, asked)
    confirmed = database.read_now(hubs.subscriptions_of, source_ids)[source_ids[0]]
    assert (confirmed.failures, confirmed.error, confirmed.verified_at) == (0, None, NOW)
