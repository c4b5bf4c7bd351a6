"""When alerts that wait for one chat are told together (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

GROWN: Final = 4
"""So many alerts are one message rather than one each: a chat is told one a second, a group one in four seconds."""
LONG: Final = timedelta(seconds=60)
"""When the first has waited so long, two are told together already."""
MOST: Final = 30
"""Alerts in one message; a person reads no more, and Telegram shows a hundred links and marks."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An alert in its chat's lane. `alone`: told by itself, for it may have been told already, or is something else."""

    delivery_id: int
    since: datetime
    alone: bool = False


def told_together(lane: Sequence[Waiting], *, now: datetime) -> list[int]:
    """Which of the first alerts of a lane (in its order) are one message: their deliveries' ids; none for one each."""
    run: list[Waiting] = []
    for waiting in lane[:MOST]:
        if waiting.alone:
            break
        run.append(waiting)
    long = len(run) > 1 and now - run[0].since > LONG
    return [waiting.delivery_id for waiting in run] if len(run) >= GROWN or long else []
