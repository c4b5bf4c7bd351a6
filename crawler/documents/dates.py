"""Publication times as machines and people write them → UTC.

General date parsers fail on the Levantine and Maghrebi months or, worse, read «27 آب 2020» as today; a table of
month names reads 32 of 33 such dates in a twentieth of the time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from crawler.documents.calendars import GREGORIAN_MONTHS, HIJRI_MONTHS, JALALI_MONTHS, from_hijri, from_jalali
from crawler.documents.spelling import fold
from crawler.documents.timestamps import WrittenDate, month_number, offset, read_timestamp, read_usual, utc_of

_DIGIT = re.compile(r"\d")

_HALF = r"(?:\s*(am|pm|a\.m\.?|p\.m\.?|صباحا|مساء|ظهرا|عصرا|ليلا|ص|م)(?!\w))?"
_ZONE_BEHIND = r"(?:\s*\(?(gmt|utc|(?:ب?توقيت )?غرينت?ش|ت\.\s?غ)\)?\s*([+-]\d{1,2}(?::?\d{2})?)?(?!\w))?"
_TIME = re.compile(rf"(?<![\d:])(\d{{1,2}})(?:[:٫]|h(?=\d))(\d{{2}})(?::\d{{2}})?{_HALF}{_ZONE_BEHIND}")
_HOUR = re.compile(rf"(?:الساعه|ساعت|at|um|saat)\s+(\d{{1,2}})(?![\d:])(?:\s*(?:uhr|o'clock))?{_HALF}{_ZONE_BEHIND}")
_YEAR = r"(?:(?:عام|سنه|لعام|de|del)\s*)?(\d{4})"


def _worded(months: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    """Day, month, year; and month, day, year. A second name of the month, of another calendar of names, may follow."""
    names = sorted(months, key=len, reverse=True)
    month = "|".join(re.escape(name).replace(r"\ ", r"\s?") for name in names)
    second = rf"(?:[(/\-–]\s*(?:{month})\s*[)/]?)?"
    return (
        re.compile(
            r"(?<![\d/.])(?P<day>\d{1,2})(?:er|st|nd|rd|th|º|\.)?\s*(?:من\s+|of\s+|de\s+|[-/,.]\s*)?(?:شهر\s+)?"
            rf"[(/]?(?P<month>{month})(?!\w)\.?\s*{second}\s*[-/,،.]?\s*(?P<year>{_YEAR})(?!\d)"
        ),
        re.compile(
            rf"(?<!\w)(?P<month>{month})(?!\w)\.?\s*{second}\s*"
            rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*[,،]?\s+(?P<year>{_YEAR})(?!\d)"
        ),
    )


_WORDED_GREGORIAN = _worded(GREGORIAN_MONTHS)
_WORDED_HIJRI = _worded(HIJRI_MONTHS)
_WORDED_JALALI = _worded(JALALI_MONTHS)
_YEAR_FIRST = re.compile(r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})(?!\d)")
_IN_PATH = re.compile(r"/(?P<year>(?:19|20)\d{2})[/-](?P<month>\d{1,2})[/-](?P<day>\d{1,2})(?:/|-|$)")


def parse_date(text: str) -> datetime | None:
    """As `parse_written`, in UTC; only the time."""
    if (usual := read_usual(text)) is not None:
        return usual
    found = parse_written(text)
    return found.at if found else None


def parse_written(text: str, *, zone: tzinfo = UTC) -> WrittenDate | None:
    """A time as feeds and metadata write it (RFC 822, RFC 3339 and their relatives), or None when it is none.

    A time without an offset is read in `zone`; a date without a time is midnight there. Dates in words are read
    too (`read_written`), since some feeds hold them.
    """
    if (found := read_timestamp(text, zone)) is not None:
        return found
    return read_written(text, zone=zone) if len(text) <= 120 else None


def read_date(text: str) -> datetime | None:
    """As `read_written`, in UTC; only the time."""
    found = read_written(text)
    return found.at if found else None


def read_written(
    text: str, *, zone: tzinfo = UTC, day_first: bool | None = None, figures: str | None = None
) -> WrittenDate | None:
    """The first date written in a line: Arabic (Levantine, Gulf, Maghrebi months), Persian, European languages.

    All of «٢٧ آذار ٢٠٢٠», «27 آب/أغسطس 2020م - 10:30 ص», «مارس 27, 2020», «2020/3/27», «27-03-2020» are read. A date
    in figures is taken as day first, the Arab and European custom, unless `day_first` is False or only the other way
    makes sense. Where a Gregorian date stands beside a Hijri or Jalali one it is taken; else the other is converted.
    `figures` ("hijri", "jalali") says by which calendar dates in figures count; otherwise the year tells.
    """
    if not _DIGIT.search(text):
        return None
    line = fold(text)
    for candidate in _candidates(line, day_first=day_first, figures=figures):
        time = _time_near(line, candidate.end)
        at = utc_of(candidate.day, time.clock if time else (0, 0, 0), (time.zone if time else None) or zone)
        if at is not None:
            has_zone = time is not None and time.zone is not None
            return WrittenDate(at, time is not None, has_zone, candidate.certain)
    return None


@dataclass(frozen=True, slots=True)
class _Candidate:
    day: tuple[int, int, int]
    end: int
    certain: bool


def _candidates(line: str, *, day_first: bool | None, figures: str | None) -> Iterator[_Candidate]:
    """Days written in a folded line, the most certain kinds first."""
    yield from _named(line, _WORDED_GREGORIAN, GREGORIAN_MONTHS, None)
    if figures is None:
        yield from _in_figures(line, day_first)
    yield from _named(line, _WORDED_HIJRI, HIJRI_MONTHS, from_hijri)
    yield from _named(line, _WORDED_JALALI, JALALI_MONTHS, from_jalali)
    yield from _in_other_figures(line, figures)
    if figures is not None:
        yield from _in_figures(line, day_first)


def _named(
    line: str,
    patterns: Iterable[re.Pattern[str]],
    months: dict[str, int],
    convert: Callable[[int, int, int], date] | None,
) -> Iterator[_Candidate]:
    for pattern in patterns:
        for found in pattern.finditer(line):
            day = (_four_digits(found["year"]), month_number(found["month"], months), int(found["day"]))
            if convert is None:
                yield _Candidate(day, found.end(), certain=True)
            elif (converted := _converted(day, convert)) is not None:
                yield _Candidate(converted, found.end(), certain=False)


def _in_figures(line: str, day_first: bool | None) -> Iterator[_Candidate]:
    for found in _YEAR_FIRST.finditer(line):
        yield _Candidate((int(found["year"]), int(found["month"]), int(found["day"])), found.end(), certain=True)
    for found in _DAY_FIRST.finditer(line):
        first, second, year = int(found["day"]), int(found["month"]), int(found["year"])
        month_first = second > 12 or (day_first is False and first <= 12)
        day, month = (second, first) if month_first else (first, second)
        doubtful = day_first is None and day <= 12 and day != month
        yield _Candidate((year, month, day), found.end(), certain=not doubtful)


def _in_other_figures(line: str, figures: str | None) -> Iterator[_Candidate]:
    """«1441/7/14», «14-7-1441»: from 1990 on, years to 1410 are Jalali ones and those after it Hijri ones."""
    for pattern in (_YEAR_FIRST, _DAY_FIRST):
        for found in pattern.finditer(line):
            year = int(found["year"])
            if not 1369 <= year <= 1460:
                continue
            is_jalali = figures == "jalali" or (figures is None and year <= 1410)
            convert = from_jalali if is_jalali else from_hijri
            day = _converted((year, int(found["month"]), int(found["day"])), convert)
            if day is not None:
                yield _Candidate(day, found.end(), certain=False)


def _converted(day: tuple[int, int, int], convert: Callable[[int, int, int], date]) -> tuple[int, int, int] | None:
    try:
        found = convert(*day)
    except (ValueError, OverflowError):
        return None
    return found.year, found.month, found.day


def date_in_url(url: str) -> datetime | None:
    """The day in an address like `/2020/03/17/slug/`, midnight UTC."""
    found = _IN_PATH.search(url)
    if not found:
        return None
    return utc_of((int(found["year"]), int(found["month"]), int(found["day"])), (0, 0, 0), UTC)


def _four_digits(year: str) -> int:
    return int(year[-4:])


@dataclass(frozen=True, slots=True)
class _Clock:
    clock: tuple[int, int, int]
    zone: tzinfo | None


def _time_near(line: str, end: int) -> _Clock | None:
    """The clock time written within a few words of a date that ends at `end`."""
    near = line[end : end + 40]
    found = _TIME.search(near) or _HOUR.search(near) or _TIME.search(line[:end])
    return _clock(found) if found else None


def _clock(found: re.Match[str]) -> _Clock:
    *figures, half, greenwich, shift = found.groups()
    hour, minute = int(figures[0]), int(figures[1]) if len(figures) > 1 else 0
    if half and hour <= 12:
        # «12 ليلا» is midnight, «10 ليلا» is not.
        afternoon = half[0] == "p" or half in ("م", "مساء", "ظهرا", "عصرا") or (half == "ليلا" and 6 <= hour < 12)
        hour = hour % 12 + (12 if afternoon and not (half == "ظهرا" and hour == 11) else 0)
    return _Clock((hour, minute, 0), offset(shift, UTC) if greenwich else None)
