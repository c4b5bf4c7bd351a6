"""Which roles run, written down by their processes every few seconds; how far the watches are loaded; and what is wrong
with the line to Telegram."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, delete, select

from monitors.storage.marks import mark_of, set_mark
from monitors.storage.tables import marks

BEAT_S = 10.0
MISSED = timedelta(seconds=45)
"""A process that has not been heard for so long is dead, or the machine sleeps."""

_ROLE = "role."
_LOADING = "watches.loading"
_TROUBLE = "telegram.trouble"


@dataclass(frozen=True, slots=True)
class Role:
    """A role whose process was last heard at `seen_at`. `since` when it has run; None while it is started (again)."""

    name: str
    since: datetime | None
    seen_at: datetime

    def is_heard(self, now: datetime) -> bool:
        return now - self.seen_at < MISSED


@dataclass(frozen=True, slots=True)
class Loading:
    """So many of all watches are in memory; articles wait until all are."""

    loaded: int
    of: int


class Trouble(StrEnum):
    """What may be wrong with the line to Telegram."""

    AWAY = "away"  # it cannot be reached
    DEAF = "deaf"  # it answers, and takes no messages
    SHARED = "shared"  # another program reads this bot's messages
    UNAUTHORIZED = "unauthorized"  # it does not accept the token


def beat(connection: Connection, since: Mapping[str, datetime | None], *, now: datetime) -> None:
    """A process lives, with these roles."""
    for name, began in since.items():
        seen = {"since": began and began.isoformat(), "seen": now.isoformat()}
        set_mark(connection, f"{_ROLE}{name}", json.dumps(seen))


def fall_silent(connection: Connection, names: Iterable[str]) -> None:
    """The process ends in good order, and these roles with it."""
    connection.execute(delete(marks).where(marks.c.name.in_([f"{_ROLE}{name}" for name in names])))


def roles(connection: Connection) -> list[Role]:
    """Those that were not ended in good order, by their names."""
    rows = connection.execute(select(marks).where(marks.c.name.startswith(_ROLE)).order_by(marks.c.name))
    found = []
    for row in rows:
        seen = json.loads(row.value)
        since = seen["since"] and datetime.fromisoformat(seen["since"])
        found.append(Role(row.name.removeprefix(_ROLE), since, datetime.fromisoformat(seen["seen"])))
    return found


def say_loading(connection: Connection, progress: Loading | None) -> None:
    """None: all watches stand."""
    value = None if progress is None else json.dumps([progress.loaded, progress.of])
    set_mark(connection, _LOADING, value)


def loading(connection: Connection) -> Loading | None:
    known = mark_of(connection, _LOADING)
    return None if known is None else Loading(*json.loads(known))


def say_trouble(connection: Connection, trouble: Trouble | None, *, now: datetime) -> None:
    """None: nothing is wrong."""
    known = trouble_since(connection)
    since = now if known is None else known[1]
    set_mark(connection, _TROUBLE, None if trouble is None else json.dumps([trouble, since.isoformat()]))


def trouble_since(connection: Connection) -> tuple[Trouble, datetime] | None:
    """What is wrong now, and since when anything is."""
    known = mark_of(connection, _TROUBLE)
    if known is None:
        return None
    trouble, since = json.loads(known)
    return Trouble(trouble), datetime.fromisoformat(since)
