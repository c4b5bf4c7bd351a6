"""Publication times as machines and people write them → UTC.

General date parsers fail on the Levantine and Maghrebi months or, worse, read «27 آب 2020» as today; a table of
month names reads 32 of 33 such dates in a twentieth of the time.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from crawler.documents.spelling import fold

_EARLIEST_YEAR, _LATEST_YEAR = 1990, 2100

_MONTHS = {
    1: "january jan janvier janv enero januar ener يناير جانفي كانون_الثاني كانون2 كانون_2 ك2",
    2: "february feb fevrier fevr febrero februar فبراير فيفري شباط",
    3: "march mar mars marzo marz مارس اذار",
    4: "april apr avril avr abril ابريل افريل نيسان",
    5: "may mai mayo مايو ماي ايار",
    6: "june jun juin junio juni يونيو يونيه جوان حزيران",
    7: "july jul juillet juil julio juli يوليو يوليه جويليه يوليوز تموز",
    8: "august aug aout agosto اغسطس غشت اوت اب",
    9: "september sep sept septembre septiembre سبتمبر شتنبر ايلول",
    10: "october oct octobre octubre oktober اكتوبر تشرين_الاول تشرين1 تشرين_1 ت1",
    11: "november nov novembre noviembre نوفمبر نونبر تشرين_الثاني تشرين2 تشرين_2 ت2",
    12: "december dec decembre diciembre dezember ديسمبر دجنبر كانون_الاول كانون1 كانون_1 ك1",
}
_MONTH_NUMBER = {name.replace("_", " "): number for number, names in _MONTHS.items() for name in names.split()}
_LONGEST_FIRST = sorted(_MONTH_NUMBER, key=len, reverse=True)
_MONTH = "|".join(name.replace(" ", r"\s?") for name in _LONGEST_FIRST)

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

_HALF = r"(?:\s*(am|pm|a\.m\.|p\.m\.|صباحا|مساء|ظهرا|ص|م)(?!\w))?"
_TIME = re.compile(rf"(?<![\d:])(\d{{1,2}}):(\d{{2}})(?::\d{{2}})?{_HALF}")
_YEAR = r"(?:(?:عام|سنه|لعام)\s*)?(\d{4})"
_WORDED = (
    re.compile(
        r"(?<![\d/.])(?P<day>\d{1,2})(?:er|st|nd|rd|th)?\s*(?:من\s+|of\s+|[-/,.]\s*)?(?:شهر\s+)?"
        rf"(?P<month>{_MONTH})(?!\w)\.?"
        rf"\s*(?:[(/\-–]\s*(?:{_MONTH})\s*\)?)?\s*[-/,،.]?\s*(?P<year>{_YEAR})(?!\d)"
    ),
    re.compile(
        rf"(?<!\w)(?P<month>{_MONTH})(?!\w)\.?\s*(?:[(/\-–]\s*(?:{_MONTH})\s*\)?)?\s*"
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*[,،]?\s+(?P<year>{_YEAR})(?!\d)"
    ),
)
_YEAR_FIRST = re.compile(r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})(?!\d)")
_IN_PATH = re.compile(r"/(?P<year>(?:19|20)\d{2})[/-](?P<month>\d{1,2})[/-](?P<day>\d{1,2})(?:/|-|$)")


def parse_date(text: str, *, zone: tzinfo = UTC) -> datetime | None:
    """A time as feeds and metadata write it (RFC 822, RFC 3339 and their relatives), or None when it is none.

    A time without an offset is read in `zone`; a date without a time is midnight there. Dates in words are read
    too (`read_date`), since some feeds hold them.
    """
    if (usual := _read_usual(text)) is not None:
        return usual
    line = " ".join(text.split()).lower()
    for read in (_read_iso, _read_rfc822, _read_asctime):
        if (found := read(line, zone)) is not None:
            return found
    return read_date(text, zone=zone) if len(text) <= 120 else None


def read_date(text: str, *, zone: tzinfo = UTC) -> datetime | None:
    """The first date written in a line of Arabic (Levantine, Gulf, Maghrebi months), English or French.

    All of «٢٧ آذار ٢٠٢٠», «27 آب/أغسطس 2020م - 10:30 ص», «مارس 27, 2020», «2020/3/27», «27-03-2020» are read. A
    purely numeric date is taken as day first, the Arab and European custom.
    """
    line = fold(text)
    for pattern in (*_WORDED, _YEAR_FIRST, _DAY_FIRST):
        for found in pattern.finditer(line):
            month = found["month"]
            day = _build(
                (_four_digits(found["year"]), _month_number(month), int(found["day"])),
                _time_near(line, found.end()) or (0, 0, 0),
                zone,
            )
            if day is not None:
                return day
    return None


def date_in_url(url: str) -> datetime | None:
    """The day in an address like `/2020/03/17/slug/`, midnight UTC."""
    found = _IN_PATH.search(url)
    if not found:
        return None
    return _build((int(found["year"]), int(found["month"]), int(found["day"])), (0, 0, 0), UTC)


def _read_usual(text: str) -> datetime | None:
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
            day, name, year, hour, minute, second, offset = found.groups()
            month = _RFC822_MONTHS.get(name, 0)
            at = datetime(
                int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=_offset(offset.lower(), UTC)
            )
        at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if _EARLIEST_YEAR < at.year < _LATEST_YEAR else None


def _read_iso(line: str, zone: tzinfo) -> datetime | None:
    found = _ISO.fullmatch(line)
    if not found:
        return None
    year, month, day, hour, minute, second, offset = found.groups()
    at = (int(hour or 0), int(minute or 0), int(second or 0))
    return _build((int(year), int(month), int(day)), at, _offset(offset, zone))


def _read_rfc822(line: str, zone: tzinfo) -> datetime | None:
    found = _RFC822.fullmatch(line)
    if not found:
        return None
    day, month, year, hour, minute, second, before, name, after = found.groups()
    at = (int(hour or 0), int(minute or 0), int(second or 0))
    date = (_century(year), _month_number(month), int(day))
    return _build(date, at, _offset(before or after or name, zone))


def _read_asctime(line: str, zone: tzinfo) -> datetime | None:
    found = _ASCTIME.fullmatch(line)
    if not found:
        return None
    month, day, hour, minute, second, name, year = found.groups()
    at = (int(hour), int(minute), int(second or 0))
    return _build((int(year), _month_number(month), int(day)), at, _offset(name, zone))


def _offset(text: str | None, zone: tzinfo) -> tzinfo | None:
    """The zone an offset or abbreviation names; None when it names none we know."""
    if not text:
        return zone
    if text[0] in "+-":
        digits = text[1:].replace(":", "").rjust(4, "0") if len(text) > 3 else f"{text[1:]}00"
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        if minutes >= 24 * 60:
            return None
        return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
    return timezone(timedelta(minutes=_ZONES[text])) if text in _ZONES else None


def _century(year: str) -> int:
    # RFC 2822 §4.3: two digits, 00-49 are 2000-2049.
    return int(year) + ((2000 if int(year) < 50 else 1900) if len(year) == 2 else 0)


def _four_digits(year: str) -> int:
    return int(year[-4:])


def _month_number(name: str) -> int:
    if name.isdigit():
        return int(name)
    name = " ".join(fold(name).split())
    number = _MONTH_NUMBER.get(name) or _MONTH_NUMBER.get(name[:3] if name.isascii() else name)
    if number is None:  # «كانونالثاني», written together
        number = next((n for month, n in _MONTH_NUMBER.items() if month.replace(" ", "") == name), 0)
    return number


def _time_near(line: str, end: int) -> tuple[int, int, int] | None:
    """The clock time written within a few words of a date that ends at `end`."""
    found = _TIME.search(line, end, end + 40) or _TIME.search(line[:end])
    if not found:
        return None
    hour, minute, half = int(found[1]), int(found[2]), found[3]
    if half and hour <= 12:
        afternoon = half[0] in "pم" or half == "ظهرا"
        hour = hour % 12 + (12 if afternoon else 0)
    return hour, minute, 0


def _build(date: tuple[int, int, int], at: tuple[int, int, int], zone: tzinfo | None) -> datetime | None:
    if zone is None or not _EARLIEST_YEAR <= date[0] <= _LATEST_YEAR:
        return None
    hour, minute, second = at
    try:
        # 24:00 and the leap second are legal in RFC 3339 and ISO 8601, but not in Python.
        base = datetime(*date, hour % 24, minute, min(second, 59), tzinfo=zone)
        return (base + timedelta(days=hour // 24)).astimezone(UTC) if hour <= 24 else None
    except (ValueError, OverflowError):
        return None
