"""The inbox: raw updates stored before they are confirmed, handled once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, cast, delete, select, tuple_, update

from monitors.storage.marks import mark_of, set_mark
from monitors.storage.tables import inbox
from monitors.storage.upserts import insert

FORGOTTEN_AT_ONCE = LOOKED_AT_ONCE = 1_000

_BEFORE_ALL = "1970-01-01T00:00:00+00:00 0"


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """One raw update, as Telegram sent it."""

    update_id: int
    payload: Mapping[str, Any]


def store_updates(connection: Connection, updates: Sequence[Mapping[str, Any]], *, now: datetime) -> int:
    """Stores those not yet known by their `update_id`; how many were new."""
    return sum(
        len(
            connection.scalars(
                insert(connection, inbox)
                .values(update_id=update["update_id"], payload=dict(update), received_at=now)
                .on_conflict_do_nothing(index_elements=["update_id"])
                .returning(inbox.c.update_id)
            ).all()
        )
        for update in updates
    )


def unhandled_updates(connection: Connection, *, limit: int) -> list[StoredUpdate]:
    """Updates waiting to be handled, in the order Telegram numbered them."""
    rows = connection.execute(
        select(inbox).where(inbox.c.handled_at.is_(None)).order_by(inbox.c.update_id).limit(limit)
    )
    return [StoredUpdate(row.update_id, row.payload) for row in rows]


def payload_of(connection: Connection, update_id: int) -> Mapping[str, Any] | None:
    """An update as Telegram sent it, while it is kept."""
    payload: Mapping[str, Any] | None = connection.scalar(select(inbox.c.payload).where(inbox.c.update_id == update_id))
    return payload


def mark_handled(connection: Connection, update_id: int, *, now: datetime, error: str | None = None) -> bool:
    """Part of the transaction that holds the update's effects, so that they happen once.

    False when it was handled already: then this transaction must have no effects.
    """
    marked: int = connection.execute(
        update(inbox)
        .where(inbox.c.update_id == update_id, inbox.c.handled_at.is_(None))
        .values(handled_at=now, error=error)
    ).rowcount
    return marked == 1


def forget_person(connection: Connection, user_id: int) -> bool:
    """Empties this person's among the next updates that were handled, some at a time, for everybody waits meanwhile;
    whether there may be more. A mark says how far it has come, until `forgot_person`.

    Their numbers stay, by which a repeat is recognised: they are Telegram's and say nothing of anybody.
    """
    known = mark_of(connection, _forgetting(user_id))
    moment, _, number = (known or _BEFORE_ALL).partition(" ")
    looked_at = connection.execute(
        select(inbox.c.update_id, inbox.c.handled_at)
        .where(tuple_(inbox.c.handled_at, inbox.c.update_id) > (datetime.fromisoformat(moment), int(number)))
        .order_by(inbox.c.handled_at, inbox.c.update_id)
        .limit(LOOKED_AT_ONCE)
    ).all()
    if not looked_at:
        return False
    mentioned = cast(inbox.c.payload, Text).contains(str(user_id))
    these = inbox.c.update_id.in_([row.update_id for row in looked_at])
    found = connection.execute(select(inbox.c.update_id, inbox.c.payload).where(these, mentioned))
    theirs = [row.update_id for row in found if _is_of(row.payload, user_id)]
    connection.execute(update(inbox).where(inbox.c.update_id.in_(theirs)).values(payload={}, error=None))
    last = looked_at[-1]
    set_mark(connection, _forgetting(user_id), f"{last.handled_at.isoformat()} {last.update_id}")
    return len(looked_at) == LOOKED_AT_ONCE


def forgot_person(connection: Connection, user_id: int) -> None:
    set_mark(connection, _forgetting(user_id), None)


def _forgetting(user_id: int) -> str:
    return f"inbox.forgetting.{user_id}"


def _is_of(value: Any, user_id: int) -> bool:
    """Whether somebody or some chat of this number is in it."""
    if isinstance(value, Mapping):
        return value.get("id") == user_id or any(_is_of(item, user_id) for item in value.values())
    return isinstance(value, list) and any(_is_of(item, user_id) for item in value)


def forget_handled(connection: Connection, *, before: datetime) -> bool:
    """Deletes updates handled before then, some at a time, for everybody waits meanwhile; whether there may be more.

    Telegram offers none again after 24 hours.
    """
    old = (
        select(inbox.c.update_id)
        .where(inbox.c.handled_at < before)
        .order_by(inbox.c.handled_at)
        .limit(FORGOTTEN_AT_ONCE)
    )
    forgotten = connection.execute(delete(inbox).where(inbox.c.update_id.in_(old)))
    return forgotten.rowcount == FORGOTTEN_AT_ONCE
