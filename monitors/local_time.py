"""Times of day where people live (pure): minutes after midnight on local dates, as instants in UTC.

Worked out date by date: where clocks are changed an hour is missing or comes twice, and a digest is due once all the
same. A time that does not exist that day is as much later as the clocks are put forward.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


def at_minute(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """That time of the local day; of two, the first."""
    return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone).astimezone(UTC)


def next_at_minute(after: datetime, minute: int, zone: ZoneInfo) -> datetime:
    """The first moment after `after` at which it is so late there."""
    day = after.astimezone(zone).date() - _DAY
    while (moment := at_minute(day, minute, zone)) <= after:
        day += _DAY
    return moment


def last_at_minute(before: datetime, minute: int, zone: ZoneInfo) -> datetime:
    """The last moment up to `before` at which it was so late there."""
    day = before.astimezone(zone).date() + _DAY
    while (moment := at_minute(day, minute, zone)) > before:
        day -= _DAY
    return moment


def next_hour(after: datetime, zone: ZoneInfo) -> datetime:
    """The next full hour there; some zones are half an hour or a quarter apart from others."""
    local = after.astimezone(zone)
    begun = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return after.astimezone(UTC) - begun + timedelta(hours=1)


def midnight(moment: datetime, zone: ZoneInfo) -> datetime:
    """When the local day of the moment began."""
    return at_minute(moment.astimezone(zone).date(), 0, zone)
