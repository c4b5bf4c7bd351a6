"""Pauses: from when until when something was paused, so that it can be said later (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

MOST = 100
"""The newest so many of one thing are known; a guess at more than anybody asks about."""


@dataclass(frozen=True, slots=True)
class Pause:
    """`until` is None while it lasts."""

    since: datetime
    until: datetime | None = None


def begun(pauses: Sequence[Pause], *, now: datetime) -> tuple[Pause, ...]:
    """With one that begins now, unless one lasts already."""
    return tuple(pauses) if pauses and pauses[-1].until is None else (*pauses, Pause(now))[-MOST:]


def ended(pauses: Sequence[Pause], *, now: datetime) -> tuple[Pause, ...]:
    """With the one that lasts over now."""
    lasts = pauses and pauses[-1].until is None
    return (*pauses[:-1], replace(pauses[-1], until=now)) if lasts else tuple(pauses)


def pause_at(pauses: Sequence[Pause], moment: datetime | None) -> Pause | None:
    """The one that the moment lies in; the one that lasts for None."""
    for pause in pauses:
        over = pause.until is not None and (moment is None or pause.until <= moment)
        if not over and (moment is None or pause.since <= moment):
            return pause
    return None


def pause_within(pauses: Sequence[Pause], since: datetime, until: datetime | None) -> Pause | None:
    """The newest one that lasted at any time between these moments; `until` None: until now."""
    return next(
        (
            pause
            for pause in reversed(pauses)
            if (until is None or pause.since <= until) and (pause.until is None or pause.until > since)
        ),
        None,
    )


def as_rows(pauses: Sequence[Pause]) -> list[list[str | None]]:
    return [[one.since.isoformat(), None if one.until is None else one.until.isoformat()] for one in pauses]


def from_rows(rows: Sequence[Sequence[str | None]] | None) -> tuple[Pause, ...]:
    """None: it was never paused."""
    found = []
    for since, until in rows or ():
        assert since is not None  # as it was written
        found.append(Pause(datetime.fromisoformat(since), None if until is None else datetime.fromisoformat(until)))
    return tuple(found)
