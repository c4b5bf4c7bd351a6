"""Whatever the clock of the machine does, the upkeep goes on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest
from apscheduler.schedulers import base
from apscheduler.triggers.interval import IntervalTrigger

from monitors import schedules
from monitors.schedules import Scheduler

YEAR = timedelta(days=365)


class Clock(datetime):
    """The machine's, set wrong."""

    ahead = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + cls.ahead


async def test_a_year_forward_or_back_lists_no_missed_times_and_stops_no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "datetime", Clock)
    monkeypatch.setattr(schedules, "datetime", Clock)
    next_of, asked, ran = IntervalTrigger.get_next_fire_time, [], asyncio.Event()

    def counted(self: Any, *times: Any) -> Any:
        asked.append(times)
        return next_of(self, *times)

    monkeypatch.setattr(IntervalTrigger, "get_next_fire_time", counted)

    async def tick() -> None:
        ran.set()

    scheduler = Scheduler(timezone=UTC, job_defaults={"misfire_grace_time": None})
    scheduler.add_job(tick, "interval", seconds=0.1, next_run_time=datetime.now(UTC))
    scheduler.start()
    for ahead in (timedelta(), YEAR, -YEAR, timedelta()):
        monkeypatch.setattr(Clock, "ahead", ahead)
        ran.clear()
        await asyncio.wait_for(ran.wait(), 10)
    scheduler.shutdown(wait=False)
    assert len(asked) < 20
