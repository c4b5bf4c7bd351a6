"""«قبل ساعتين», "3 hours ago", «أمس، 14:20» → a time, reckoned from when the page was seen.

Only a line that says nothing else is taken: in a text, «منذ ثلاثة أيام» tells when something happened.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

from crawler.documents.spelling import fold
from crawler.documents.timestamps import WrittenDate

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_WEEK, _MONTH, _YEAR = 7 * _DAY, 30 * _DAY, 365 * _DAY

# In the spelling of `fold`. Duals, and "an hour", hold their number themselves.
_UNITS = {
    1: "ثانيه ثواني ثوان second seconds sec secs seconde secondes saniye segundo segundos sekunde sekunden",
    _MINUTE: """دقيقه دقائق دقايق minute minutes min mins m dakika dk minuto minutos minuten منٹ""",
    _HOUR: """ساعه ساعات ساعت hour hours hr hrs h heure heures saat hora horas stunde stunden گھنٹے گھنٹہ""",
    _DAY: """يوم يوما ايام روز day days d jour jours gun gün dia dias tag tage tagen دن""",
    _WEEK: """اسبوع اسابيع هفته week weeks w semaine semaines hafta semana semanas woche wochen ہفتے""",
    _MONTH: """شهر شهور اشهر ماه month months mois ay mes meses monat monate monaten ماہ""",
    _YEAR: """سنه سنوات عام اعوام سال year years an ans yil yıl ano anos jahr jahre jahren""",
}
_DUALS = {
    "ثانيتين": 2,
    "دقيقتين": 2 * _MINUTE,
    "ساعتين": 2 * _HOUR,
    "يومين": 2 * _DAY,
    "اسبوعين": 2 * _WEEK,
    "شهرين": 2 * _MONTH,
    "سنتين": 2 * _YEAR,
    "عامين": 2 * _YEAR,
}
_NUMBERS = """
    a:1 an:1 one:1 une:1 un:1 una:1 eine:1 einer:1 einem:1 bir:1 two:2 deux:2 three:3 واحد:1 واحده:1 ثلاث:3 ثلاثه:3
    اربع:4 اربعه:4 خمس:5 خمسه:5 ست:6 سته:6 سبع:7 سبعه:7 ثماني:8 ثمان:8 ثمانيه:8 تسع:9 تسعه:9 عشر:10 عشره:10 يك:1 دو:2
"""
_NUMBER = {word: int(number) for word, _, number in (pair.partition(":") for pair in _NUMBERS.split())}
_SECONDS = {word: seconds for seconds, words in _UNITS.items() for word in words.split()}
# Days back; None is this very moment.
_DAYS = {
    **dict.fromkeys(("الان", "قبل قليل", "منذ قليل", "قبل لحظات", "منذ لحظات", "just now", "now"), None),
    **dict.fromkeys(("a l'instant", "az once", "ahora", "gerade eben", "هم اكنون", "لحظاتي پيش"), None),
    **dict.fromkeys(("اليوم", "today", "aujourd'hui", "bugun", "hoy", "heute", "امروز", "اج"), 0),
    **dict.fromkeys(("امس", "البارحه", "يوم امس", "yesterday", "hier", "dun", "ayer", "gestern", "ديروز"), 1),
    **dict.fromkeys(("اول امس", "امس الاول", "اول من امس", "avant-hier", "anteayer", "vorgestern", "پريروز"), 2),
}

_LONGEST = 80
_LABEL = re.compile(
    r"(?:(?:نشر(?:ت)?|تاريخ النشر|تم النشر|اخر تحديث|تحديث|حدث|اضيف(?:ت)?|published|posted|updated|last updated|publie"
    r"|mis a jour|publicado|actualizado|veroffentlicht|guncelleme|انتشار)\s*(?:في|on|le|el|am)?\s*[:：-]?\s*)"
)
_UNIT = "|".join(sorted(map(re.escape, _SECONDS), key=len, reverse=True))
_COUNT = rf"(?P<count>\d{{1,4}}|{'|'.join(sorted(_NUMBER, key=len, reverse=True))})"
_AGO = (
    re.compile(
        rf"(?:منذ|قبل|من|il y a|hace|vor|ha)\s+(?:حوالي |نحو |environ )?(?:{_COUNT}\s*)?(?P<unit>{_UNIT})(?: واحده?)?"
    ),
    re.compile(rf"(?:about |around )?{_COUNT}\s*(?P<unit>{_UNIT})\s+(?:ago|once|önce|پيش|قبل|پہلے|atras)"),
    re.compile(rf"(?:منذ|قبل|من)\s+(?P<dual>{'|'.join(_DUALS)})"),
)
_CLOCK = re.compile(
    r"(?P<day>[^\d،,|–—-]+?)\s*(?:[،,|–—-]|الساعه|at|a|um|saat)?\s*(?P<hour>\d{1,2})[:h](?P<minute>\d{2})"
    r"\s*(?P<half>am|pm|ص|م|صباحا|مساء)?"
)


def read_relative(text: str, *, now: datetime, zone: tzinfo = UTC) -> WrittenDate | None:
    """The time a line names in relation to `now` (UTC), never certain; None when it names none. Days are `zone`'s."""
    if len(text) > _LONGEST:
        return None
    line = " ".join(fold(text).replace("’", "'").split()).strip(" .،,|·•-–—()")
    line = line[label.end() :] if (label := _LABEL.match(line)) else line
    for pattern in _AGO:
        if found := pattern.fullmatch(line):
            return _before(now, found)
    return _on_day(line, now, zone)


def _before(now: datetime, found: re.Match[str]) -> WrittenDate | None:
    parts = found.groupdict()
    if dual := parts.get("dual"):
        seconds, unit = _DUALS[dual], _DUALS[dual] // 2
    else:
        count = parts.get("count")
        unit = _SECONDS[parts["unit"]]
        seconds = unit * (1 if not count else int(count) if count.isdigit() else _NUMBER[count])
    if seconds > 50 * _YEAR:
        return None
    return WrittenDate(now - timedelta(seconds=seconds), has_time=unit <= _HOUR, has_zone=True, certain=False)


def _on_day(line: str, now: datetime, zone: tzinfo) -> WrittenDate | None:
    if line in _DAYS and _DAYS[line] is None:
        return WrittenDate(now, has_time=True, has_zone=True, certain=False)
    found = _CLOCK.fullmatch(line)
    back = _DAYS.get(found["day"].strip() if found else line)
    if back is None:
        return None
    hour, minute = (int(found["hour"]), int(found["minute"])) if found else (0, 0)
    if found and (half := found["half"]) and hour <= 12:
        hour = hour % 12 + (12 if half[0] in "pم" else 0)
    if hour > 23 or minute > 59:
        return None
    day = (now.astimezone(zone) - timedelta(days=back)).date()
    at = datetime.combine(day, time(hour, minute), tzinfo=zone).astimezone(UTC)
    return WrittenDate(at, has_time=found is not None, has_zone=False, certain=False)
