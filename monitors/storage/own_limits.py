"""Limits of one's own as rows. Telegram's numbers, of people and of groups, as of those who are let in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from monitors.own_limits import Size, sized
from monitors.settings import LimitSettings
from monitors.storage.tables import own_limits
from monitors.storage.upserts import insert


def size_of(connection: Connection, *numbers: int) -> Size:
    """What counts for somebody in a chat, given the chat's number and theirs: the first that has limits of its own."""
    rows = connection.execute(
        select(own_limits.c.user_id, own_limits.c.size).where(own_limits.c.user_id.in_(sorted(set(numbers))))
    )
    sizes = {row.user_id: Size(row.size) for row in rows}
    return next((sizes[number] for number in numbers if number in sizes), Size.USUAL)


def limits_of(connection: Connection, usual: LimitSettings, *numbers: int) -> LimitSettings | None:
    """The same as limits; None for none."""
    return sized(usual, size_of(connection, *numbers))


def set_size(connection: Connection, number: int, size: Size, *, by_id: int, now: datetime) -> None:
    """It counts from the next update and article on."""
    if size is Size.USUAL:
        connection.execute(delete(own_limits).where(own_limits.c.user_id == number))
        return
    values = {"size": size, "since": now, "by_id": by_id}
    row = insert(connection, own_limits).values(user_id=number, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=values))
