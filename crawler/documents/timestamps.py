"""Times as machines write them, RFC 822, RFC 3339 and their relatives → UTC; and what makes a time of its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from crawler.documents.calendars import GREGORIAN_MONTHS
from crawler.documents.spelling import fold

_EARLIEST_YEAR, _LATEST_YEAR = 1990, 2100

# Offsets of RFC 822 §5 and the names feeds use beside them, in minutes.
_ZONES = {
    **dict.fromkeys(("", "z", "ut", "utc", "gmt", "wet"), 0),
    **dict.fromkeys(("edt", "ast"), -240),
    **dict.fromkeys(("est", "cdt"), -300),
    **dict.fromkeys(("cst", "mdt"), -360),
    **dict.fromkeys(("mst", "pdt"), -420),
    "pst": -480,
    **dict.fromkeys(("bst", "cet"), 60),
    **dict.fromkeys(("cest", "eet"), 120),
    **dict.fromkeys(("eest", "msk"), 180),
}

_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:(?:[t_]|\s+)(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*([a-z]*|[+-]\d{2}(?::?\d{2})?))?"
)
_MONTH_NAMES = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_RFC822_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), 1)}
_USUAL = re.compile(
    r"[A-Z][a-z]{2}, ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) (GMT|[+-][0-9]{4})"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_CLOCK = r"(?:(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?)"
_RFC822 = re.compile(
    rf"(?:[a-z]+,?\s*)?(\d{{1,2}})[\s-]+([a-z]{{3,9}})\.?,?[\s-]+(\d{{4}}|\d{{2}})(?:,?\s+{_CLOCK}\s*"
    r"(?:([+-]\d{1,2}:?\d{2})|\(?([a-z]*)\)?(?:([+-]\d{1,2}:?\d{2}))?)(?:\s*\([^)]*\))?)?"
)
_ASCTIME = re.compile(rf"[a-z]{{3,9}},?\s+([a-z]{{3,9}})\s+(\d{{1,2}})\s+{_CLOCK}\s+(?:([a-z]+)\s+)?(\d{{4}})")


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A time as somebody wrote it. `at` is UTC.

    `has_time`: not only the day; `has_zone`: with an offset, not in a zone that was assumed; `certain` is False for
    what was converted from another calendar (a Hijri day may be one off), reckoned from now, or could be read with day
    and month the other way round.
    """

    at: datetime
    has_time: bool
    has_zone: bool
    certain: bool = True


def read_timestamp(text: str, zone: tzinfo) -> WrittenDate | None:
    """A timestamp; without an offset it is one of `zone`, without a time midnight there."""
    line = " ".join(text.split()).lower()
    for read in (_read_iso, _read_rfc822, _read_asctime):
        if (found := read(line, zone)) is not None:
            return found
    return None


def read_usual(text: str) -> datetime | None:
    """The two forms nearly all feeds write (`Wed, 01 May 2024 10:20:30 +0300`, `2024-05-01T10:20:30Z`), letter by
    letter; None for everything else, also for what is wrong in them.
    """
    found = _USUAL.fullmatch(text)
    if not found:
        return None
    try:
        if found[1] is None:
            at = datetime.fromisoformat(text)
        else:
            day, name, year, hour, minute, second, shift = found.groups()
            month = _RFC822_MONTHS.get(name, 0)
            at = datetime(
                int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=offset(shift.lower(), UTC)
            )
        at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if _EARLIEST_YEAR < at.year < _LATEST_YEAR else None


def _read_iso(line: str, zone: tzinfo) -> WrittenDate | None:
    found = _ISO.fullmatch(line)
    if not found:
        return None
    year, month, day, hour, minute, second, shift = found.groups()
    at = (int(hour or 0), int(minute or 0), int(second or 0))
    return _written((int(year), int(month), int(day)), at, shift, zone, has_time=hour is not None)


def _read_rfc822(line: str, zone: tzinfo) -> WrittenDate | None:
    found = _RFC822.fullmatch(line)
    if not found:
        return None
    day, month, year, hour, minute, second, before, name, after = found.groups()
    at = (int(hour or 0), int(minute or 0), int(second or 0))
    day_of = (_century(year), month_number(month, GREGORIAN_MONTHS), int(day))
    return _written(day_of, at, before or after or name, zone, has_time=hour is not None)


def _read_asctime(line: str, zone: tzinfo) -> WrittenDate | None:
    found = _ASCTIME.fullmatch(line)
    if not found:
        return None
    month, day, hour, minute, second, name, year = found.groups()
    at = (int(hour), int(minute), int(second or 0))
    return _written((int(year), month_number(month, GREGORIAN_MONTHS), int(day)), at, name, zone, has_time=True)


def _written(
    day: tuple[int, int, int], clock: tuple[int, int, int], shift: str | None, zone: tzinfo, *, has_time: bool
) -> WrittenDate | None:
    at = utc_of(day, clock, offset(shift, zone))
    return WrittenDate(at, has_time, has_zone=bool(shift)) if at is not None else None


def offset(text: str | None, zone: tzinfo) -> tzinfo | None:
    """The zone an offset or abbreviation names; None when it names none we know."""
    if not text:
        return zone
    if text[0] in "+-":
        digits = text[1:].replace(":", "").rjust(4, "0") if len(text) > 3 else f"{text[1:]:0>2}00"
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        if minutes >= 24 * 60:
            return None
        return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
    return timezone(timedelta(minutes=_ZONES[text])) if text in _ZONES else None


def _century(year: str) -> int:
    # RFC 2822 §4.3: two digits, 00-49 are 2000-2049.
    return int(year) + ((2000 if int(year) < 50 else 1900) if len(year) == 2 else 0)


def month_number(name: str, months: dict[str, int]) -> int:
    """0 when there is no such month."""
    name = " ".join(fold(name).split())
    number = months.get(name) or months.get(name[:3] if name.isascii() else name)
    if number is None:  # «كانونالثاني», written together
        number = next((n for month, n in months.items() if month.replace(" ", "") == name), 0)
    return number


def utc_of(date: tuple[int, int, int], at: tuple[int, int, int], zone: tzinfo | None) -> datetime | None:
    if zone is None or not _EARLIEST_YEAR <= date[0] <= _LATEST_YEAR:
        return None
    hour, minute, second = at
    try:
        # 24:00 and the leap second are legal in RFC 3339 and ISO 8601, but not in Python.
        base = datetime(*date, hour % 24, minute, min(second, 59), tzinfo=zone)
        return (base + timedelta(days=hour // 24)).astimezone(UTC) if hour <= 24 else None
    except (ValueError, OverflowError):
        return None
