"""Looks at addresses that chats asked for, as rows: asked, found, followed, and shown to whoever asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, case, func, literal, select, update

from monitors.alerts import DeliveryKind, NewDelivery
from monitors.outlets import OutletState
from monitors.requests import LONGEST_DISCOVERY, Discovery, DiscoveryKind, DiscoveryState, Trouble
from monitors.storage.deliveries import enqueue, say_again
from monitors.storage.tables import discoveries, outlets
from monitors.storage.watchlists import find_watchlist, limit_watchlist

HOUR = timedelta(hours=1)

_OVER = (DiscoveryState.FOLLOWED, DiscoveryState.CANCELLED, DiscoveryState.FAILED)
# The partial index is used only if its states are literals.
_OPEN = discoveries.c.state.in_(
    [literal(state.value, literal_execute=True) for state in (DiscoveryState.WAITING, DiscoveryState.FOLLOWING)]
)


def ask_discovery(
    connection: Connection,
    kind: DiscoveryKind,
    address: str,
    *,
    chat_id: int,
    person_id: int | None,
    now: datetime,
    result: Mapping[str, Any] | None = None,
    watchlist_id: int | None = None,
) -> Discovery:
    """Asks for a look at the address, and for the message that will say what is there."""
    discovery_id = connection.execute(
        discoveries.insert().values(
            chat_id=chat_id,
            person_id=person_id,
            kind=kind,
            address=address,
            state=DiscoveryState.WAITING,
            result=dict(result) if result is not None else None,
            requested_at=now,
            updated_at=now,
            watchlist_id=watchlist_id,
        )
    ).inserted_primary_key[0]  # type: ignore[index]  # one row was inserted
    delivery_id = enqueue(connection, NewDelivery(chat_id, DeliveryKind.REPLY, {"discovery": discovery_id}), now=now)
    connection.execute(update(discoveries).where(discoveries.c.id == discovery_id).values(delivery_id=delivery_id))
    found = get_discovery(connection, discovery_id)
    assert found is not None
    return found


def get_discovery(connection: Connection, discovery_id: int) -> Discovery | None:
    row = connection.execute(select(discoveries).where(discoveries.c.id == discovery_id)).one_or_none()
    return None if row is None else _discovery(row)


def open_discoveries(connection: Connection) -> list[Discovery]:
    """What is the crawler's turn, oldest first."""
    rows = connection.execute(select(discoveries).where(_OPEN).order_by(discoveries.c.id))
    return [_discovery(row) for row in rows]


def asked_within_an_hour(connection: Connection, person_id: int | None, *, now: datetime) -> int:
    query = select(func.count()).where(
        discoveries.c.person_id == person_id,
        discoveries.c.requested_at > now - HOUR,
        discoveries.c.kind != DiscoveryKind.IMPORTED,
    )
    return connection.scalar(query) or 0


def outlets_added_by(connection: Connection, person_id: int | None) -> int:
    """How many of the outlets that are followed now were brought here by this person."""
    query = (
        select(func.count(discoveries.c.outlet_id.distinct()))
        .join(outlets, discoveries.c.outlet_id == outlets.c.id)
        .where(discoveries.c.person_id == person_id, discoveries.c.added, outlets.c.state != OutletState.REMOVED)
    )
    return connection.scalar(query) or 0


def was_brought_by_chats(connection: Connection, outlet_id: int) -> bool:
    """Whether the outlet is here only because chats asked for it, and not because its operator did."""
    query = select(discoveries.c.id).where(discoveries.c.outlet_id == outlet_id, discoveries.c.added).limit(1)
    return connection.scalar(query) is not None


def record_found(connection: Connection, discovery_id: int, result: Mapping[str, Any], *, now: datetime) -> bool:
    """What is at the address; False if nobody waits for it any more."""
    values = {"state": DiscoveryState.FOUND, "result": dict(result), "updated_at": now}
    return _change(connection, discovery_id, (DiscoveryState.WAITING,), values)


def accept(connection: Connection, discovery_id: int, chat_id: int, *, now: datetime) -> bool:
    """The chat wants what was found; False if that was decided before, or is not its to decide."""
    if not _is_of(connection, discovery_id, chat_id):
        return False
    values = {"state": DiscoveryState.FOLLOWING, "updated_at": now}
    return _change(connection, discovery_id, (DiscoveryState.FOUND,), values)


def decline(connection: Connection, discovery_id: int, chat_id: int, *, now: datetime) -> bool:
    if not _is_of(connection, discovery_id, chat_id):
        return False
    values = {"state": DiscoveryState.CANCELLED, "updated_at": now}
    return _change(connection, discovery_id, (DiscoveryState.WAITING, DiscoveryState.FOUND), values)


def record_followed(
    connection: Connection,
    discovery_id: int,
    *,
    outlet_id: int | None,
    added: bool,
    now: datetime,
    result: Mapping[str, Any] | None = None,
) -> bool:
    """It is followed as this outlet, which was `added` by it or not (None: a list of outlets was imported); the
    watchlist for which it was chosen looks at it."""
    values: dict[str, Any] = {
        "state": DiscoveryState.FOLLOWED,
        "outlet_id": outlet_id,
        "added": added,
        "updated_at": now,
    }
    if result is not None:
        values["result"] = dict(result)
    changed = _change(connection, discovery_id, (DiscoveryState.FOLLOWING,), values)
    if changed and outlet_id is not None:
        _let_list_look(connection, discovery_id, outlet_id)
    return changed


def _let_list_look(connection: Connection, discovery_id: int, outlet_id: int) -> None:
    look = get_discovery(connection, discovery_id)
    if look is None or look.watchlist_id is None:
        return
    watchlist = find_watchlist(connection, look.chat_id, look.watchlist_id)
    if watchlist is not None:
        outlet_ids = {*(watchlist.outlets or ()), outlet_id}
        limit_watchlist(
            connection,
            watchlist,
            excluding=watchlist.excluding,
            outlets=outlet_ids,
            languages=watchlist.languages,
        )


def record_step(connection: Connection, discovery_id: int, result: Mapping[str, Any], *, now: datetime) -> None:
    """How far a list of outlets has been followed."""
    connection.execute(
        update(discoveries)
        .where(discoveries.c.id == discovery_id, discoveries.c.state == DiscoveryState.FOLLOWING)
        .values(result=dict(result), updated_at=now)
    )


def record_import(connection: Connection, look: Discovery, address: str, outlet_id: int, *, now: datetime) -> None:
    """An outlet that a list brought: it counts as one that the person added."""
    connection.execute(
        discoveries.insert().values(
            chat_id=look.chat_id,
            person_id=look.person_id,
            kind=DiscoveryKind.IMPORTED,
            address=address,
            state=DiscoveryState.FOLLOWED,
            requested_at=now,
            updated_at=now,
            outlet_id=outlet_id,
            added=True,
        )
    )


def fail_discovery(connection: Connection, discovery_id: int, error: Trouble, *, now: datetime) -> bool:
    values = {"state": DiscoveryState.FAILED, "error": error, "updated_at": now}
    return _change(connection, discovery_id, (DiscoveryState.WAITING, DiscoveryState.FOLLOWING), values)


def fail_overdue(connection: Connection, *, now: datetime) -> int:
    """Ends what nobody can be working on any more; how many that were."""
    overdue = connection.scalars(
        select(discoveries.c.id).where(_OPEN, discoveries.c.updated_at < now - LONGEST_DISCOVERY)
    ).all()
    for discovery_id in overdue:
        fail_discovery(connection, discovery_id, Trouble.OVERDUE, now=now)
    return len(overdue)


def _is_of(connection: Connection, discovery_id: int, chat_id: int) -> bool:
    return connection.scalar(select(discoveries.c.chat_id).where(discoveries.c.id == discovery_id)) == chat_id


def _change(
    connection: Connection, discovery_id: int, before: tuple[DiscoveryState, ...], values: Mapping[str, Any]
) -> bool:
    """Changes the row and lets its message say so, if the row is in one of the states before."""
    if values["state"] in _OVER:  # a file has served its purpose
        is_file = discoveries.c.kind == DiscoveryKind.OPML
        values = {**values, "address": case((is_file, ""), else_=discoveries.c.address)}
    changed = connection.execute(
        update(discoveries)
        .where(discoveries.c.id == discovery_id, discoveries.c.state.in_([state.value for state in before]))
        .values(**values)
        .returning(discoveries.c.delivery_id)
    ).one_or_none()
    if changed is not None and changed.delivery_id is not None:
        say_again(connection, changed.delivery_id, DeliveryKind.REPLY)
    return changed is not None


def _discovery(row: Row[Any]) -> Discovery:
    return Discovery(
        id=row.id,
        chat_id=row.chat_id,
        person_id=row.person_id,
        kind=DiscoveryKind(row.kind),
        address=row.address,
        state=DiscoveryState(row.state),
        result=row.result,
        error=Trouble(row.error) if row.error else None,
        requested_at=row.requested_at,
        updated_at=row.updated_at,
        outlet_id=row.outlet_id,
        added=row.added,
        delivery_id=row.delivery_id,
        watchlist_id=row.watchlist_id,
    )
